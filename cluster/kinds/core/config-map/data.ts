/** What ConfigMaps and Secrets have in common: keys and values. */

/** Bytes, of all values of one object together. */
export const MAX_DATA_BYTES = 1024 * 1024;
export const IMMUTABLE_SET = 'field is immutable when `immutable` is set';

type Data = Readonly<Record<string, string>> | undefined;

export function sameData(a: Data, b: Data): boolean {
  const keys = Object.keys(a ?? {});
  return keys.length === Object.keys(b ?? {}).length && keys.every((key) => a?.[key] === b?.[key]);
}

/** In key order: the real server's order is random. */
export const entriesOf = (data: Data): [string, string][] =>
  Object.entries(data ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
