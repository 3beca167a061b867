/** Which of the possible nodes is the best. */
import type { Random } from '../store/client.ts';
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

/** The highest score wins; chance decides between equals. */
export function pickNode(cycle: Cycle, feasible: readonly NodeInfo[], random: Random): NodeInfo | undefined {
  if (feasible.length <= 1) return feasible[0];
  const totals = scoreNodes(cycle, feasible);
  const highest = Math.max(...totals);
  const best = feasible.filter((_, i) => totals[i] === highest);
  return best.length === 1 ? best[0] : best[Math.floor(random.next() * best.length)];
}
