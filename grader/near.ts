/** How far apart two names are: for "did you mean" and near misses. */

/** Insertions, deletions, replacements and swaps of neighbours (optimal string alignment); stops counting above `limit`. */
export function distance(a: string, b: string, limit = 3): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const same = a[row - 1] === b[column - 1];
      let best = Math.min(
        (last[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (last[column - 1] ?? 0) + (same ? 0 : 1),
      );
      const swapped = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      if (swapped) best = Math.min(best, (beforeLast[column - 2] ?? 0) + 1);
      current.push(best);
    }
    beforeLast = last;
    last = current;
  }
  return last[b.length] ?? limit + 1;
}

/** The nearest of several names, if it is near enough to be meant. */
export function nearest(name: string, choices: readonly string[], limit = 2): string | undefined {
  const ranked = choices
    .map((choice) => ({ choice, away: distance(name.toLowerCase(), choice.toLowerCase(), limit) }))
    .filter(({ away }) => away <= limit && away < name.length)
    .sort((a, b) => a.away - b.away);
  return ranked[0]?.choice;
}
