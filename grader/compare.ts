/** Compares part of an object with what is there, by meaning: 1000m is 1, 1024Mi is 1Gi, the order of a set says nothing. */
import { parseQuantity } from '#cluster/api/quantity.ts';
import { childSchema, type FieldSchema, type ValueSchema } from '#cluster/schema/lookup.ts';
import { isQuantity } from './manifest.ts';
import type { Finding } from './types.ts';

type Difference = Omit<Finding, 'object'>;

/** Lists of words whose order is part of their meaning: everything else is a set. */
const ORDERED: ReadonlySet<string> = new Set(['command', 'args', 'matchLabelKeys']);

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A value as a learner reads it. */
export function show(value: unknown): string {
  if (value === undefined) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

const at = (path: string, key: string) => {
  const plain = /^[A-Za-z_][\w-]*$/.test(key);
  if (plain) return path === '' ? key : `${path}.${key}`;
  return `${path}["${key}"]`;
};

/** An empty map or list and none at all mean the same to Kubernetes. */
const isNothing = (value: unknown) =>
  value === undefined ||
  value === null ||
  (Array.isArray(value) && value.length === 0) ||
  (isObject(value) && Object.keys(value).length === 0);

function equalScalars(expected: unknown, actual: unknown, of: ValueSchema | undefined): boolean {
  if (isQuantity(of)) {
    const [wanted, found] = [expected, actual].map((one) =>
      typeof one === 'string' || typeof one === 'number' ? parseQuantity(one) : undefined,
    );
    if (wanted && found) return wanted.cmp(found) === 0;
  }
  // int-or-string fields take 80 and "80" for the same port
  if (of?.type === 'int-or-string' || of?.ref?.endsWith('.IntOrString')) return String(expected) === String(actual);
  return expected === actual;
}

/** What differs, each with its path; empty when all of `expected` is there. */
export function compare(expected: unknown, actual: unknown, of: ValueSchema | undefined, path = ''): Difference[] {
  if (expected === null) return isNothing(actual) ? [] : [{ path, expected: '', actual: show(actual) }];
  if (isNothing(expected) && isNothing(actual)) return [];
  if (Array.isArray(expected)) return compareLists(expected, actual, of as FieldSchema | undefined, path);
  if (!isObject(expected)) {
    return equalScalars(expected, actual, of) ? [] : [{ path, expected: show(expected), actual: show(actual) }];
  }
  if (!isObject(actual)) return [{ path, expected: show(expected), actual: show(actual) }];
  return Object.entries(expected).flatMap(([key, wanted]) =>
    compare(wanted, actual[key], of && childSchema(of, key), at(path, key)),
  );
}

function compareLists(expected: unknown[], actual: unknown, of: FieldSchema | undefined, path: string): Difference[] {
  const found = Array.isArray(actual) ? (actual as unknown[]) : [];
  const items = of?.items;
  const name = path.split('.').at(-1) ?? '';
  const differs: Difference = { path, expected: show(expected), actual: show(actual) };
  if (ORDERED.has(name)) {
    const same =
      found.length === expected.length &&
      expected.every((one, index) => compare(one, found[index], items).length === 0);
    return same ? [] : [differs];
  }
  if (expected.every((one) => !isObject(one))) {
    const same =
      found.length === expected.length &&
      expected.every((one) => found.some((other) => equalScalars(one, other, items)));
    return same ? [] : [differs];
  }
  // each expected item must be matched by one of its own
  const free = new Set(found.keys());
  return expected.flatMap((wanted, position) => {
    const keyed = keyedIndex(wanted, found, of);
    const candidates = keyed === undefined ? [...free] : [keyed];
    const fits = candidates.find((index) => free.has(index) && compare(wanted, found[index], items).length === 0);
    if (fits !== undefined) {
      free.delete(fits);
      return [];
    }
    // told about the entry that was meant, if one can be named
    const meant = keyed ?? (found.length === 1 ? 0 : undefined);
    const where = `${path}[${position}]`;
    return meant === undefined
      ? [{ path: where, expected: show(wanted), actual: show(actual) }]
      : compare(wanted, found[meant], items, `${path}[${meant}]`);
  });
}

/** The entry with the same merge key (a container's name, a taint's key), where the list has such keys. */
function keyedIndex(wanted: unknown, found: readonly unknown[], of: FieldSchema | undefined): number | undefined {
  const key = of?.patchMergeKey ?? of?.listMapKeys?.[0];
  if (key === undefined || !isObject(wanted) || wanted[key] === undefined) return undefined;
  const sameKey = found.filter((one) => isObject(one) && one[key] === wanted[key]);
  const only = sameKey.length === 1 ? found.indexOf(sameKey[0]) : -1;
  return only < 0 ? undefined : only;
}

/** The value at `spec.taints[0].key`; undefined when there is none. */
export function valueAt(object: unknown, path: string): unknown {
  const steps = path.match(/[^.[\]"]+|"[^"]+"/g) ?? [];
  let value = object;
  for (const step of steps) {
    const key = step.replace(/^"|"$/g, '');
    value = Array.isArray(value) ? value[Number(key)] : isObject(value) ? value[key] : undefined;
  }
  return value;
}
