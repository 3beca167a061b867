/** Checks of single values that many fields of a pod share: numbers, ports, names, keys and paths. */
import {
  dns1123Label,
  dns1123Subdomain,
  portName,
  portNumber as portNumberProblems,
  qualifiedName,
} from '../../api/names.ts';
import { forbidden, invalid, type FieldError, type Path } from '../../api/field.ts';

export const MAX_INT32 = 2147483647;

export const inclusiveRange = (low: number, high: number): string => `must be between ${low} and ${high}, inclusive`;

export const nonNegative = (value: number | undefined, path: Path): FieldError[] =>
  (value ?? 0) < 0 ? [invalid(path, value, 'must be greater than or equal to 0')] : [];

export const positive = (value: number | undefined, path: Path): FieldError[] =>
  (value ?? 0) <= 0 ? [invalid(path, value ?? 0, 'must be greater than zero')] : [];

/** One problem for each sentence of `check`. */
export const each = (path: Path, value: string, check: (text: string) => string[]): FieldError[] =>
  check(value).map((sentence) => invalid(path, value, sentence));

export const labelName = (key: string, path: Path): FieldError[] => each(path, key, qualifiedName);
export const label = (name: string, path: Path): FieldError[] => each(path, name, dns1123Label);
export const subdomain = (name: string, path: Path): FieldError[] => each(path, name, dns1123Subdomain);

export const portNumber = (port: number, path: Path): FieldError[] =>
  portNumberProblems(port).map((sentence) => invalid(path, port, sentence));

export const portNumberOrName = (port: string | number | undefined, path: Path): FieldError[] =>
  typeof port === 'string' ? each(path, port, portName) : portNumber(port ?? 0, path);

export const userId = (id: number | undefined, path: Path): FieldError[] =>
  id !== undefined && (id < 0 || id > MAX_INT32) ? [invalid(path, id, inclusiveRange(0, MAX_INT32))] : [];

export const noBacksteps = (text: string, path: Path): FieldError[] =>
  text.split('/').includes('..') ? [invalid(path, text, "must not contain '..'")] : [];

export const relativePath = (text: string, path: Path): FieldError[] => [
  ...(text.startsWith('/') ? [invalid(path, text, 'must be a relative path')] : []),
  ...noBacksteps(text, path),
];

export const unreservedPath = (text: string, path: Path): FieldError[] => [
  ...relativePath(text, path),
  ...(text.startsWith('..') && !text.startsWith('../') ? [invalid(path, text, "must not start with '..'")] : []),
];

export const fileMode = (mode: number | undefined, path: Path): FieldError[] =>
  mode !== undefined && (mode > 0o777 || mode < 0)
    ? [invalid(path, mode, 'must be a number between 0 and 0777 (octal), both inclusive')]
    : [];

export interface Alternative {
  field: Path;
  present: boolean;
  check: () => FieldError[];
  /** Asked of one that is forbidden, too. */
  always?: () => FieldError[];
}

/** For lists of alternatives of which one may be given: the first is checked, the others are forbidden. */
export function firstOf(
  alternatives: readonly Alternative[],
  sentence: string,
): { errors: FieldError[]; found: boolean } {
  const errors: FieldError[] = [];
  let found = false;
  for (const { field, present, check, always } of alternatives) {
    if (!present) continue;
    errors.push(...(found ? [forbidden(field, sentence)] : check()), ...(always?.() ?? []));
    found = true;
  }
  return { errors, found };
}
