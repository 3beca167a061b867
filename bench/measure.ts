/** Medians and pairs: machines are noisy, so nothing is quoted from one run. */

export const median = (values: readonly number[]): number => {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2;
};

/** Milliseconds of `runs` runs, after one that is not counted. */
export async function times(runs: number, work: (run: number) => Promise<void> | void): Promise<number[]> {
  const found: number[] = [];
  for (let run = 0; run <= runs; run++) {
    const start = performance.now();
    await work(run);
    if (run > 0) found.push(performance.now() - start);
  }
  return found;
}

/** The two in turn, A B A B ...: a machine whose speed drifts does so for both. */
export async function pairs(
  runs: number,
  a: (run: number) => Promise<void>,
  b: (run: number) => Promise<void>,
): Promise<{ a: number; b: number; ratio: number }> {
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let run = 0; run <= runs; run++) {
    const [one] = await times(1, async (again) => (again === 0 ? undefined : a(run)));
    const [other] = await times(1, async (again) => (again === 0 ? undefined : b(run)));
    if (run === 0 || one === undefined || other === undefined) continue;
    ours.push(one);
    theirs.push(other);
  }
  const ratios = ours.map((value, index) => value / (theirs[index] ?? Number.NaN));
  return { a: median(ours), b: median(theirs), ratio: median(ratios) };
}

export const row = (what: string, found: string, budget: string): void =>
  void process.stdout.write(`${what.padEnd(44)} ${found.padEnd(52)} ${budget}\n`);
