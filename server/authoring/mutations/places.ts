/** Single places in an object: where two states of it differ, and what stands there. */
import { childSchema, type FieldSchema, type ValueSchema } from '#cluster/schema/lookup.ts';
import { fieldPath, isMap } from '#grader/paths.ts';

/** A leaf, or an entry of a list that is there as a whole. */
export interface Place {
  /** As `valueAt` reads it: `spec.template.spec.containers[name=web].image`. */
  path: string;
  steps: Step[];
  /** undefined: nothing was there. */
  was: unknown;
  is: unknown;
  of: FieldSchema | undefined;
}

/** A field; or an entry of a list, by its key where entries have one. */
export type Step = { field: string } | { index: number } | { key: string; value: unknown };

/** Lists of words whose order is part of what they say. */
export const SEQUENCES: ReadonlySet<string> = new Set([
  'command',
  'args',
  'env',
  'envFrom',
  'initContainers',
  'nameservers',
  'searches',
]);

const isNothing = (value: unknown): boolean =>
  value === undefined ||
  value === null ||
  (Array.isArray(value) && value.length === 0) ||
  (isMap(value) && Object.keys(value).length === 0);

const isWords = (value: unknown): boolean => Array.isArray(value) && !value.some((entry) => typeof entry === 'object');

/** The same for a reader: a list of words in any order. */
export function same(a: unknown, b: unknown): boolean {
  if (isNothing(a) && isNothing(b)) return true;
  if (isWords(a) && isWords(b)) return sorted(a as unknown[]) === sorted(b as unknown[]);
  return JSON.stringify(a) === JSON.stringify(b);
}
const sorted = (words: readonly unknown[]): string =>
  JSON.stringify(words.map((word) => JSON.stringify(word)).sort((a, b) => (a < b ? -1 : 1)));

/** Every place at which `is` differs from `was`, or every one that is set where `was` is undefined. */
export function placesOf(
  was: unknown,
  is: unknown,
  of: FieldSchema | undefined,
  path = '',
  steps: Step[] = [],
): Place[] {
  if (same(was, is)) return [];
  if (isMap(is) && (isMap(was) || was === undefined) && !isNothing(is)) {
    const before = was ?? {};
    return [...new Set([...Object.keys(before), ...Object.keys(is)])].flatMap((field) =>
      placesOf(before[field], is[field], of && childSchema(of as ValueSchema, field), fieldPath(path, field), [
        ...steps,
        { field },
      ]),
    );
  }
  if (Array.isArray(is) && !isWords(is) && (Array.isArray(was) || was === undefined)) {
    return placesInList((was ?? []) as unknown[], is, of, path, steps);
  }
  return [{ path, steps, was, is, of }];
}

function placesInList(
  was: unknown[],
  is: unknown[],
  of: FieldSchema | undefined,
  path: string,
  steps: Step[],
): Place[] {
  const key = keyOf(is, of);
  const whole: Place = { path, steps, was: was.length === 0 ? undefined : was, is, of };
  if (key === undefined) {
    if (was.length > 0 && was.length !== is.length) return [whole];
    return is.flatMap((entry, index) => inEntry(was[index], entry, { index }, `${path}[${index}]`));
  }
  const partner = (entry: unknown) => was.find((other) => isMap(other) && isMap(entry) && other[key] === entry[key]);
  const gone = was.some((entry) => !is.some((other) => isMap(other) && isMap(entry) && other[key] === entry[key]));
  const inside = is.flatMap((entry) => {
    const value = isMap(entry) ? entry[key] : undefined;
    return inEntry(partner(entry), entry, { key, value }, `${path}[${key}=${String(value)}]`);
  });
  return gone ? [whole, ...inside] : inside;

  function inEntry(before: unknown, entry: unknown, step: Step, at: string): Place[] {
    const here = [...steps, step];
    const added: Place[] =
      before === undefined && is.length > 1
        ? [{ path: at, steps: here, was: undefined, is: entry, of: of?.items }]
        : [];
    return [...added, ...placesOf(before, entry, of?.items, at, here)];
  }
}

/** The field by which this list's entries are told apart. */
function keyOf(list: readonly unknown[], of: FieldSchema | undefined): string | undefined {
  const key = of?.patchMergeKey ?? (of?.listMapKeys?.length === 1 ? of.listMapKeys[0] : undefined);
  if (key === undefined) return undefined;
  const values = list.map((entry) => (isMap(entry) ? entry[key] : undefined));
  const plain = values.every((value) => ['string', 'number'].includes(typeof value) && !String(value).includes(']'));
  return plain && new Set(values).size === list.length ? key : undefined;
}

const entryAt = (list: readonly unknown[], step: Exclude<Step, { field: string }>): number =>
  'index' in step ? step.index : list.findIndex((entry) => isMap(entry) && entry[step.key] === step.value);

export function valueAtSteps(object: unknown, steps: readonly Step[]): unknown {
  return steps.reduce<unknown>((value, step) => {
    if ('field' in step) return isMap(value) ? value[step.field] : undefined;
    return Array.isArray(value) ? (value as unknown[])[entryAt(value, step)] : undefined;
  }, object);
}

/** Puts a value there; undefined takes away what is there. The object is changed. */
export function putAt(object: unknown, steps: readonly Step[], value: unknown): void {
  const last = steps.at(-1);
  const parent = valueAtSteps(object, steps.slice(0, -1));
  if (last === undefined || typeof parent !== 'object' || parent === null) return;
  if ('field' in last) {
    if (value === undefined) delete (parent as Record<string, unknown>)[last.field];
    else (parent as Record<string, unknown>)[last.field] = value;
    return;
  }
  if (!Array.isArray(parent)) return;
  const at = entryAt(parent, last);
  if (at < 0) return;
  if (value === undefined) parent.splice(at, 1);
  else parent[at] = value;
}
