import { requestsOf } from '../../api/requests.ts';
import type { NodeResourcesBalancedAllocationArgs } from '../configuration/types.ts';
import { MAX_NODE_SCORE, type Plugin } from '../framework.ts';
import { COMPUTE } from './node-resources-fit.ts';

const isScalar = (name: string) => !['cpu', 'memory', 'ephemeral-storage'].includes(name);

/** How far apart the shares are: half the difference of two, the standard deviation of more. */
function deviation(shares: readonly number[]): number {
  const [first = 0, second = first] = shares;
  if (shares.length <= 2) return Math.abs((first - second) / 2);
  const mean = shares.reduce((sum, share) => sum + share, 0) / shares.length;
  const squares = shares.reduce((sum, share) => sum + (share - mean) * (share - mean), 0);
  return Math.sqrt(squares / shares.length);
}

/** Favours nodes whose resources would be used in like measure: 100 for equal shares, less the further apart they are. */
export function nodeResourcesBalancedAllocation(args: NodeResourcesBalancedAllocationArgs = {}): Plugin {
  const resources = (args.resources?.length ? args.resources : COMPUTE).map(({ name }) => name);
  return {
    name: 'NodeResourcesBalancedAllocation',
    scores: ({ pod }) => resources.some((name) => (requestsOf(pod)[name] ?? 0) > 0),
    score(cycle, info) {
      const allocatable = info.allocatable;
      const own = requestsOf(cycle.pod);
      const shares = resources.flatMap((name) => {
        const [capacity, wanted] = [allocatable[name] ?? 0, own[name] ?? 0];
        if (capacity === 0 || (wanted === 0 && isScalar(name))) return [];
        return [Math.min(1, ((info.requested[name] ?? 0) + wanted) / capacity)];
      });
      return Math.trunc((1 - deviation(shares)) * MAX_NODE_SCORE);
    },
  };
}
