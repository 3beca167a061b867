/** Which of the possible nodes is the best. */
import type { Cycle } from './framework.ts';
import { plugins } from './plugins/index.ts';
import type { NodeInfo } from './snapshot.ts';

/** The weighted sum over all plugins, for each node in the order given. */
export function scoreNodes(cycle: Cycle, feasible: readonly NodeInfo[]): number[] {
  const totals = feasible.map(() => 0);
  for (const plugin of plugins) {
    if (!plugin.score || plugin.scores?.(cycle, feasible) === false) continue;
    const raw = feasible.map((info) => plugin.score?.(cycle, info, feasible) ?? 0);
    const scores = plugin.normalize?.(raw, cycle, feasible) ?? raw;
    scores.forEach((score, i) => (totals[i] = (totals[i] ?? 0) + score * (plugin.weight ?? 1)));
  }
  return totals;
}

/** The nodes with the highest score. One node alone is not scored. */
export function bestNodes(
  cycle: Cycle,
  feasible: readonly NodeInfo[],
): { best: readonly NodeInfo[]; scores: Readonly<Record<string, number>> } {
  if (feasible.length <= 1) return { best: feasible, scores: {} };
  const totals = scoreNodes(cycle, feasible);
  const highest = Math.max(...totals);
  return {
    best: feasible.filter((_, i) => totals[i] === highest),
    scores: Object.fromEntries(feasible.map(({ name }, i) => [name, totals[i] ?? 0])),
  };
}
