/** Compares part of an object with what is there, by meaning: 1000m is 1, 1024Mi is 1Gi, the order of a set says nothing. */
import { parseQuantity } from '#cluster/api/quantity.ts';
import { childSchema, goStruct, type FieldSchema, type ValueSchema } from '#cluster/schema/lookup.ts';
import { canonical, LABEL_SELECTOR, selectorText } from './equivalents.ts';
import { isQuantity } from './manifest.ts';
import { fieldPath, isMap } from './paths.ts';
import { show } from './show.ts';
import type { Finding } from './types.ts';

export type Difference = Omit<Finding, 'object'>;

/** Lists of words whose order is part of their meaning: everything else is a set. */
const ORDERED: ReadonlySet<string> = new Set(['command', 'args', 'nameservers', 'searches']);

/** Nothing there: also an empty map or list. */
export const isNothing = (value: unknown): boolean =>
  value === undefined ||
  value === null ||
  (Array.isArray(value) && value.length === 0) ||
  (isMap(value) && Object.keys(value).length === 0);

const isZero = (value: unknown): boolean => value === false || value === 0 || value === '' || isNothing(value);

/** The API leaves a zero value out, save where a field that is absent means something else (a pointer in Go). */
function meansAbsent(value: unknown, parent: ValueSchema | undefined, key: string): boolean {
  if (!isZero(value) || parent?.ref === undefined) return false;
  const field = goStruct(parent.ref)?.fields.find(({ name }) => name === key);
  return field !== undefined && !field.pointer;
}

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

/**
 * What differs, each with its path; empty when all of `expected` is there. Objects may have more fields than expected, lists of
 * objects more entries; a list of words must have the same words, a selector must select the same. null: nothing may be there.
 */
export const compare = (expected: unknown, actual: unknown, of: ValueSchema | undefined, path = ''): Difference[] =>
  differences(expected, actual, of, path).map(({ path: at, wanted, found }) => ({
    path: at,
    expected: show(wanted),
    actual: show(found),
  }));

/** Whether all of `expected` is there. */
export const holds = (expected: unknown, actual: unknown, of: ValueSchema | undefined): boolean =>
  differences(expected, actual, of, '').length === 0;

/** How many single things `expected` demands. */
export const demandsIn = (expected: unknown): number => leaves(expected);

/** How many of them are not met. */
export const missedDemands = (expected: unknown, actual: unknown, of: ValueSchema | undefined): number =>
  differences(expected, actual, of, '').reduce((sum, { wanted }) => sum + leaves(wanted), 0);

/** A difference with its values: they are written out only for those who read them. */
interface Values {
  path: string;
  wanted: unknown;
  found: unknown;
}

function differences(expected: unknown, actual: unknown, of: ValueSchema | undefined, path: string): Values[] {
  const differ = (equal: boolean): Values[] => (equal ? [] : [{ path, wanted: expected, found: actual }]);
  if (expected === null) return differ(isNothing(actual));
  if (Array.isArray(expected)) return compareLists(expected, actual, of, path);
  if (!isMap(expected)) return differ(equalScalars(expected, actual, of));
  if (!isMap(actual)) return differ(false);
  if (of?.ref === LABEL_SELECTOR) {
    const [wanted, found] = [selectorText(expected), selectorText(actual)];
    if (wanted !== undefined && found !== undefined) return differ(wanted === found);
  }
  const found = canonical(actual, of?.ref) as Record<string, unknown>;
  return Object.entries(canonical(expected, of?.ref) as Record<string, unknown>).flatMap(([key, wanted]) => {
    const is = Object.hasOwn(found, key) ? found[key] : undefined;
    if (is === undefined && meansAbsent(wanted, of, key)) return [];
    return differences(wanted, is, of && childSchema(of, key), fieldPath(path, key));
  });
}

function compareLists(expected: unknown[], actual: unknown, of: FieldSchema | undefined, path: string): Values[] {
  const found = Array.isArray(actual) ? (actual as unknown[]) : [];
  const differ = (equal: boolean): Values[] => (equal ? [] : [{ path, wanted: expected, found: actual }]);
  const same = (one: unknown, index: number) => holds(one, found[index], of?.items);
  if (ORDERED.has(path.split('.').at(-1) ?? '')) {
    return differ(found.length === expected.length && expected.every(same));
  }
  const partners = pair(expected, found, same);
  if (!expected.some(isMap)) {
    return differ(found.length === expected.length && !partners.includes(undefined));
  }
  const taken = new Set(partners);
  return expected.flatMap((wanted, position) => {
    if (partners[position] !== undefined) return [];
    const meant = closest(wanted, found, taken, of);
    if (!meant) return [{ path, wanted, found: actual }];
    taken.add(meant.index);
    return differences(wanted, found[meant.index], of?.items, `${path}[${meant.label}]`);
  });
}

/** For each expected entry one of its own that it fits: with as many pairs as there can be. */
function pair(
  expected: readonly unknown[],
  found: readonly unknown[],
  fits: (expected: unknown, index: number) => boolean,
): (number | undefined)[] {
  const owners = new Map<number, number>();
  const claim = (position: number, tried: Set<number>): boolean =>
    found.some((_, index) => {
      if (tried.has(index) || !fits(expected[position], index)) return false;
      tried.add(index);
      const owner = owners.get(index);
      if (owner !== undefined && !claim(owner, tried)) return false;
      owners.set(index, position);
      return true;
    });
  for (const position of expected.keys()) claim(position, new Set());
  const partners: (number | undefined)[] = expected.map(() => undefined);
  for (const [index, position] of owners) partners[position] = index;
  return partners;
}

/** The entry that was meant: the one with the same key (a container's name), else the one that differs least. */
function closest(
  wanted: unknown,
  found: readonly unknown[],
  taken: ReadonlySet<number | undefined>,
  of: FieldSchema | undefined,
): { index: number; label: string } | undefined {
  const key = of?.patchMergeKey ?? of?.listMapKeys?.[0];
  if (key !== undefined && isMap(wanted) && wanted[key] !== undefined) {
    const name = show(wanted[key]);
    const index = found.findIndex((one) => isMap(one) && one[key] === wanted[key]);
    return index < 0 || taken.has(index) ? undefined : { index, label: `${key}=${name}` };
  }
  const ranked = [...found.keys()]
    .filter((index) => !taken.has(index))
    .map((index) => ({ index, label: String(index), away: differences(wanted, found[index], of?.items, '').length }))
    .sort((a, b) => a.away - b.away);
  const best = ranked[0];
  return best && best.away < leaves(wanted) ? best : undefined;
}

const leaves = (value: unknown): number =>
  typeof value === 'object' && value !== null
    ? Math.max(
        1,
        Object.values(value).reduce<number>((sum, inner) => sum + leaves(inner), 0),
      )
    : 1;
