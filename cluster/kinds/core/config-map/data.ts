/** What ConfigMaps and Secrets have in common: keys and values. */

/** Bytes, of all values of one object together. */
export const MAX_DATA_BYTES = 1024 * 1024;
export const IMMUTABLE_SET = 'field is immutable when `immutable` is set';

const MAX_KEY_LENGTH = 253;
const KEY = '[-._a-zA-Z0-9]+';
const WHOLE_KEY = new RegExp(`^${KEY}$`);

/** What is wrong with a key, [] when nothing is. Keys become file names, so paths are kept out. */
export function keyProblems(key: string): string[] {
  const problems: string[] = [];
  if (key.length > MAX_KEY_LENGTH) problems.push(`must be no more than ${MAX_KEY_LENGTH} characters`);
  if (!WHOLE_KEY.test(key)) {
    problems.push(
      "a valid config key must consist of alphanumeric characters, '-', '_' or '.' " +
        `(e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '${KEY}')`,
    );
  }
  if (key === '.' || key === '..') problems.push(`must not be '${key}'`);
  else if (key.startsWith('..')) problems.push("must not start with '..'");
  return problems;
}

type Data = Readonly<Record<string, string>> | undefined;

export function sameData(a: Data, b: Data): boolean {
  const keys = Object.keys(a ?? {});
  return keys.length === Object.keys(b ?? {}).length && keys.every((key) => a?.[key] === b?.[key]);
}

/** In key order: the real server's order is random. */
export const entriesOf = (data: Data): [string, string][] =>
  Object.entries(data ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
