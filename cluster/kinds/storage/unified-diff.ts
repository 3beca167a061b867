/** The difference of two texts as `diff -u` prints it, without file names: the server shows it when a spec may not change. */

/** Lines of unchanged text around a change. */
const CONTEXT = 3;

interface Edit {
  mark: ' ' | '-' | '+';
  line: string;
}

/** Longest common subsequence; on a tie lines go before lines come. */
function edits(a: readonly string[], b: readonly string[]): Edit[] {
  const lengths = Array.from({ length: a.length + 1 }, () => Array.from({ length: b.length + 1 }, () => 0));
  const length = (i: number, j: number) => lengths[i]?.[j] ?? 0;
  for (let i = a.length - 1; i >= 0; i -= 1) {
    for (let j = b.length - 1; j >= 0; j -= 1) {
      const row = lengths[i];
      if (row) row[j] = a[i] === b[j] ? length(i + 1, j + 1) + 1 : Math.max(length(i + 1, j), length(i, j + 1));
    }
  }
  const result: Edit[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    const from = a[i];
    const to = b[j];
    if (from !== undefined && from === to) {
      result.push({ mark: ' ', line: from });
      i += 1;
      j += 1;
    } else if (from !== undefined && (to === undefined || length(i + 1, j) >= length(i, j + 1))) {
      result.push({ mark: '-', line: from });
      i += 1;
    } else {
      result.push({ mark: '+', line: to ?? '' });
      j += 1;
    }
  }
  return result;
}

/** `7,5`; one line needs no count, and none is counted from the line before. */
function range(start: number, count: number): string {
  if (count === 1) return String(start + 1);
  return `${count === 0 ? start : start + 1},${count}`;
}

export function unifiedDiff(a: readonly string[], b: readonly string[]): string {
  const all = edits(a, b);
  const changed = all.flatMap(({ mark }, at) => (mark === ' ' ? [] : [at]));
  const hunks: [from: number, to: number][] = [];
  for (const at of changed) {
    const last = hunks.at(-1);
    if (last && at - CONTEXT <= last[1]) last[1] = Math.min(at + CONTEXT + 1, all.length);
    else hunks.push([Math.max(at - CONTEXT, 0), Math.min(at + CONTEXT + 1, all.length)]);
  }
  const count = (from: number, to: number, mark: '-' | '+') =>
    all.slice(from, to).filter((edit) => edit.mark === ' ' || edit.mark === mark).length;
  return hunks
    .map(([from, to]) => {
      const before = range(count(0, from, '-'), count(from, to, '-'));
      const after = range(count(0, from, '+'), count(from, to, '+'));
      const lines = all.slice(from, to).map(({ mark, line }) => `${mark}${line}\n`);
      return `@@ -${before} +${after} @@\n${lines.join('')}`;
    })
    .join('');
}
