/** Which of the possible nodes is the best. */
import { PluginError, type Cycle } from './framework.ts';
import type { NodeInfo } from './snapshot.ts';

/** The weighted sum over all plugins, for each node in the order given. @throws PluginError */
export function scoreNodes(cycle: Cycle, feasible: readonly NodeInfo[]): number[] {
  const totals = feasible.map(() => 0);
  const scoring = cycle.profile.score.filter(({ plugin }) => scores(plugin, cycle, feasible));
  for (const { plugin, weight } of scoring) {
    const raw = feasible.map((info) => plugin.score?.(cycle, info, feasible) ?? 0);
    const own = plugin.normalize?.(raw, cycle, feasible) ?? raw;
    own.forEach((score, i) => (totals[i] = (totals[i] ?? 0) + score * weight));
  }
  return totals;
}

function scores(plugin: Cycle['profile']['score'][number]['plugin'], cycle: Cycle, feasible: readonly NodeInfo[]) {
  try {
    return plugin.scores?.(cycle, feasible) ?? true;
  } catch (error) {
    if (!(error instanceof PluginError)) throw error;
    throw new PluginError(`running PreScore plugin ${JSON.stringify(plugin.name)}: ${error.message}`, { cause: error });
  }
}

/** The nodes with the highest score. One node alone is not scored. @throws PluginError */
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
