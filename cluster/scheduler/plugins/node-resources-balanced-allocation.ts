import { MAX_NODE_SCORE, type Plugin } from '../framework.ts';
import { allocatableOf, requestsOf } from '../../api/requests.ts';

const SCORED = ['cpu', 'memory'] as const;

/** Favours nodes whose cpu and memory would be used in like measure: 100 for equal shares, less the further apart they are. */
export const nodeResourcesBalancedAllocation: Plugin = {
  name: 'NodeResourcesBalancedAllocation',
  weight: 1,
  scores: ({ pod }) => SCORED.some((name) => (requestsOf(pod)[name] ?? 0) > 0),
  score(cycle, info) {
    const allocatable = allocatableOf(info.node);
    const own = requestsOf(cycle.pod);
    const shares = SCORED.flatMap((name) => {
      const capacity = allocatable[name] ?? 0;
      return capacity === 0 ? [] : [Math.min(1, ((info.requested[name] ?? 0) + (own[name] ?? 0)) / capacity)];
    });
    const [first = 0, second = first] = shares;
    return Math.trunc((1 - Math.abs((first - second) / 2)) * MAX_NODE_SCORE);
  },
};
