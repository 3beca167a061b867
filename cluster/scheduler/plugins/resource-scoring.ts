/** Scores by how much of a node's resources would be used, for the strategies that a configuration can name. */
import type { ResourceSpec, ScoringStrategy, ShapePoint } from '../configuration/types.ts';
import { MAX_NODE_SCORE } from '../framework.ts';

/** What one resource of a node would be used for, of what there is. */
export interface Use {
  requested: number;
  /** Never zero. */
  capacity: number;
}
type Scorer = (use: Use) => number;

/** Shapes give scores of 0 to 10. */
const SHAPE_SCALE = MAX_NODE_SCORE / 10;

const least: Scorer = ({ requested, capacity }) =>
  requested > capacity ? 0 : Math.trunc(((capacity - requested) * MAX_NODE_SCORE) / capacity);
const most: Scorer = ({ requested, capacity }) =>
  Math.trunc((Math.min(requested, capacity) * MAX_NODE_SCORE) / capacity);

/** Straight lines between the points, whole numbers only. */
function shaped(shape: readonly ShapePoint[]): Scorer {
  const points = shape.map(({ utilization, score }) => ({ at: utilization, score: score * SHAPE_SCALE }));
  return ({ requested, capacity }) => {
    const used = requested > capacity ? 100 : Math.trunc((requested * 100) / capacity);
    const next = points.findIndex(({ at }) => used <= at);
    const [before, after] = [points[next - 1], points[next]];
    if (!after) return points.at(-1)?.score ?? 0;
    if (!before) return after.score;
    return before.score + Math.trunc(((after.score - before.score) * (used - before.at)) / (after.at - before.at));
  };
}

/** `uses`: by position in `resources`, undefined for what does not count on this node. */
export function scoreUses(
  { type, requestedToCapacityRatio }: ScoringStrategy,
  resources: readonly ResourceSpec[],
  uses: readonly (Use | undefined)[],
): number {
  const ratio = type === 'RequestedToCapacityRatio';
  const scorer = ratio ? shaped(requestedToCapacityRatio?.shape ?? []) : type === 'MostAllocated' ? most : least;
  let [sum, weights] = [0, 0];
  uses.forEach((use, i) => {
    if (!use) return;
    const score = scorer(use);
    // a shape's zero says nothing
    if (ratio && score <= 0) return;
    const weight = resources[i]?.weight ?? 1;
    sum += score * weight;
    weights += weight;
  });
  if (weights === 0) return 0;
  return ratio ? Math.round(sum / weights) : Math.trunc(sum / weights);
}
