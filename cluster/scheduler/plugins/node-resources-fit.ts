import { allocatableOf, requestsOf, scoredRequestsOf } from '../../api/requests.ts';
import type { NodeResourcesFitArgs, ResourceSpec } from '../configuration/types.ts';
import type { Cycle, Plugin, Rejection } from '../framework.ts';
import type { NodeInfo } from '../snapshot.ts';
import { scoreUses, type Use } from './resource-scoring.ts';

/** Of these every node has some, and every container is taken to use some. */
export const COMPUTE: readonly ResourceSpec[] = [
  { name: 'cpu', weight: 1 },
  { name: 'memory', weight: 1 },
];
/** Told in this order, before all others. */
const FIRST = ['cpu', 'memory', 'ephemeral-storage'];

export const isExtended = (name: string): boolean =>
  name.includes('/') && !name.includes('kubernetes.io/') && !name.startsWith('requests.');
/** What only some nodes have, and only who asks for it is measured by. */
const isScalar = (name: string): boolean => !FIRST.includes(name);

function use(cycle: Cycle, info: NodeInfo, name: string): Use | undefined {
  const capacity = allocatableOf(info.node)[name] ?? 0;
  const own = scoredRequestsOf(cycle.pod)[name] ?? 0;
  if (capacity === 0 || (own === 0 && isScalar(name))) return undefined;
  const counted = name === 'cpu' || name === 'memory' ? info.spareRequested : info.requested;
  return { requested: (counted[name] ?? 0) + own, capacity };
}

/** Amounts asked for must fit what is left of what the node can give. Scores favour the emptier node, or what the strategy says. */
export function nodeResourcesFit(args: NodeResourcesFitArgs = {}): Plugin {
  const { ignoredResources = [], ignoredResourceGroups = [], scoringStrategy = { type: 'LeastAllocated' } } = args;
  const resources = scoringStrategy.resources?.length ? scoringStrategy.resources : COMPUTE;
  const ignored = (name: string) =>
    isExtended(name) && (ignoredResources.includes(name) || ignoredResourceGroups.includes(name.split('/')[0] ?? ''));
  return {
    name: 'NodeResourcesFit',
    filter(cycle, info) {
      const reasons: string[] = [];
      let code: Rejection['code'] = 'Unschedulable';
      const allocatable = allocatableOf(info.node);
      if (info.pods.length + 1 > (allocatable['pods'] ?? 0)) reasons.push('Too many pods');
      const requests = requestsOf(cycle.pod);
      const rest = Object.keys(requests).filter(isScalar);
      for (const name of [...FIRST, ...rest]) {
        const amount = requests[name] ?? 0;
        const capacity = allocatable[name] ?? 0;
        if (amount <= 0 || amount <= capacity - (info.requested[name] ?? 0) || ignored(name)) continue;
        reasons.push(`Insufficient ${name}`);
        // more than the empty node has: removing pods can't help
        if (amount > capacity) code = 'Unresolvable';
      }
      return reasons.length === 0 ? undefined : { code, reasons };
    },
    score: (cycle, info) =>
      scoreUses(
        scoringStrategy,
        resources,
        resources.map(({ name }) => use(cycle, info, name)),
      ),
  };
}
