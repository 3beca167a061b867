/** Indexes of a Job's pods as texts: `0,2-4`. */

export interface Interval {
  first: number;
  last: number;
}

const isNumber = (text: string) => /^[+-]?[0-9]+$/.test(text) && Number.isSafeInteger(Number(text));

/** A sentence for what is no interval below `completions`. */
function parseInterval(text: string, completions: number): Interval | string {
  const parts = text.split('-');
  if (parts.length > 2)
    return `the fragment ${JSON.stringify(text)} violates the requirement that an index interval can have at most two parts separated by '-'`;
  const limits: number[] = [];
  for (const part of parts) {
    if (!isNumber(part)) return `cannot convert string to integer for index: ${JSON.stringify(part)}`;
    if (Number(part) >= completions) return `too large index: ${JSON.stringify(part)}`;
    limits.push(Number(part));
  }
  const [first = 0, last = first] = limits;
  if (parts.length === 2 && first >= last) return `non-increasing order, previous: ${first}, current: ${last}`;
  return { first, last };
}

/** How many indexes a text names, or what is wrong with it. */
export function countIndexes(text: string, completions: number): { total: number; problem?: string } {
  if (text === '') return { total: 0 };
  let before: number | undefined;
  let total = 0;
  for (const part of text.split(',')) {
    const interval = parseInterval(part, completions);
    if (typeof interval === 'string') return { total: 0, problem: interval };
    if (before !== undefined && before >= interval.first)
      return { total: 0, problem: `non-increasing order, previous: ${before}, current: ${interval.first}` };
    total += interval.last - interval.first + 1;
    before = interval.last;
  }
  return { total };
}

/** The first index that both texts name. What cannot be read is passed over: it is complained about elsewhere. */
export function overlap(completed: string, failed: string, completions: number): number | undefined {
  const intervals = (text: string) =>
    (text === '' ? [] : text.split(','))
      .map((part) => parseInterval(part, completions))
      .filter((one): one is Interval => typeof one !== 'string');
  const [done, lost] = [intervals(completed), intervals(failed)];
  let [i, j] = [0, 0];
  for (let a = done[i], b = lost[j]; a && b; a = done[i], b = lost[j]) {
    if (a.first <= b.last && b.first <= a.last) return Math.max(a.first, b.first);
    if (a.first <= b.first) i++;
    else j++;
  }
  return undefined;
}
