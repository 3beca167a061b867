/** The JSONPath of printer columns, selectable fields and scale: what client-go's jsonpath finds. */
import { equal } from '../api/merge.ts';
import type { Json } from '../api/types.ts';
import { goFloat } from '../schema/structural/go-value.ts';
import { goJson, isMap } from '../schema/structural/schema-props.ts';

type Step =
  | { kind: 'field'; name: string }
  | { kind: 'wildcard' }
  | { kind: 'recursive' }
  | { kind: 'slice'; from: number | undefined; to: number | undefined; step: number; single: boolean }
  | { kind: 'filter'; left: string; op: string; right: string };

export type JsonPath = readonly Step[];

const FIELD = /^[^\s.[\]{}()'"*@$,?]+/;
const FILTER = /^\?\(\s*(.+?)\s*(?:(==|!=|>=|<=|>|<)\s*(.+?)\s*)?\)$/;

/** undefined: it is none. */
export function parseJsonPath(text: string): JsonPath | undefined {
  const steps: Step[] = [];
  let rest = text.replace(/^[$@]/, '');
  while (rest !== '') {
    if (rest.startsWith('..')) {
      steps.push({ kind: 'recursive' });
      rest = rest.slice(1);
      continue;
    }
    if (rest.startsWith('[')) {
      const end = closing(rest);
      const step = end < 0 ? undefined : bracket(rest.slice(1, end).trim());
      if (!step) return undefined;
      steps.push(step);
      rest = rest.slice(end + 1);
      continue;
    }
    if (rest.startsWith('.')) rest = rest.slice(1);
    if (rest === '' || rest.startsWith('[')) continue;
    if (rest.startsWith('*')) {
      steps.push({ kind: 'wildcard' });
      rest = rest.slice(1);
      continue;
    }
    // a dot in a name is written with a backslash before it
    const name = FIELD.exec(rest.replaceAll('\\.', '\u0000'))?.[0];
    if (name === undefined) return undefined;
    const written = name.replaceAll('\u0000', '\\.');
    steps.push({ kind: 'field', name: name.replaceAll('\u0000', '.') });
    rest = rest.slice(written.length);
  }
  return steps;
}

function closing(text: string): number {
  let quote = '';
  let depth = 0;
  for (const [i, one] of Array.from(text).entries()) {
    if (quote !== '') quote = one === quote ? '' : quote;
    else if (one === "'" || one === '"') quote = one;
    else if (one === '[') depth++;
    else if (one === ']' && --depth === 0) return i;
  }
  return -1;
}

const unquoted = (text: string): string | undefined => /^(['"])(.*)\1$/s.exec(text)?.[2];

function bracket(inside: string): Step | undefined {
  if (inside === '*') return { kind: 'wildcard' };
  const name = unquoted(inside);
  if (name !== undefined) return { kind: 'field', name };
  const filter = FILTER.exec(inside);
  if (filter) return { kind: 'filter', left: filter[1] ?? '', op: filter[2] ?? '', right: filter[3] ?? '' };
  const slice = /^(-?\d*)(?:(:)(-?\d*)(?::(-?\d*))?)?$/.exec(inside);
  if (!slice) return undefined;
  const number = (part: string | undefined) => (part === undefined || part === '' ? undefined : Number(part));
  return {
    kind: 'slice',
    from: number(slice[1]),
    to: number(slice[3]),
    step: number(slice[4]) ?? 1,
    single: slice[2] === undefined,
  };
}

/** Everything found, in order. What is not there is not found. */
export function findAll(path: JsonPath, value: Json): Json[] {
  let found: Json[] = [value];
  for (const step of path) found = found.flatMap((one) => take(step, one));
  return found;
}

function take(step: Step, value: Json): Json[] {
  switch (step.kind) {
    case 'field':
      return isMap(value) && Object.hasOwn(value, step.name) ? [value[step.name] ?? null] : [];
    case 'wildcard':
      return Array.isArray(value) ? value : isMap(value) ? Object.values(value) : [];
    case 'recursive':
      return [
        value,
        ...(Array.isArray(value) ? value : isMap(value) ? Object.values(value) : []).flatMap((part) =>
          take(step, part),
        ),
      ];
    case 'slice':
      return Array.isArray(value) ? sliced(value, step) : [];
    case 'filter':
      return (Array.isArray(value) ? value : isMap(value) ? Object.values(value) : []).filter((item) =>
        matches(step, item),
      );
  }
}

function sliced(list: readonly Json[], { from, to, step, single }: Extract<Step, { kind: 'slice' }>): Json[] {
  const at = (position: number) => (position < 0 ? position + list.length : position);
  if (single) {
    const one = from === undefined ? undefined : list[at(from)];
    return one === undefined ? [] : [one];
  }
  const items = list.slice(
    from === undefined ? 0 : Math.max(at(from), 0),
    to === undefined ? list.length : Math.max(at(to), 0),
  );
  return step > 1 ? items.filter((_, i) => i % step === 0) : items;
}

function operand(text: string, item: Json): Json | undefined {
  const quoted = unquoted(text);
  if (quoted !== undefined) return quoted;
  if (/^-?\d+(?:\.\d+)?$/.test(text)) return Number(text);
  if (text === 'true' || text === 'false') return text === 'true';
  const path = parseJsonPath(text);
  return path && findAll(path, item)[0];
}

function matches({ left, op, right }: Extract<Step, { kind: 'filter' }>, item: Json): boolean {
  const a = operand(left, item);
  if (op === '') return a !== undefined;
  const b = operand(right, item);
  if (a === undefined || b === undefined) return false;
  if (op === '==') return equal(a, b);
  if (op === '!=') return !equal(a, b);
  if (typeof a !== typeof b || a === null || b === null) return false;
  return op === '<' ? a < b : op === '<=' ? a <= b : op === '>' ? a > b : a >= b;
}

/** A value as text. */
export function printed(value: Json): string {
  if (value === null) return '<no value>';
  if (typeof value === 'object') return goJson(value);
  return typeof value === 'number' ? goFloat(value) : String(value);
}
