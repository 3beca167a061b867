import { allocatableOf, requestsOf, scoredRequestsOf } from '../../api/requests.ts';
import type { Node, Pod } from '../../api/types.ts';
import type { NodeResourcesFitArgs, ResourceSpec } from '../configuration/types.ts';
import { isSame, leftNode, type Cycle, type Happening, type Plugin, type Rejection } from '../framework.ts';
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
  const capacity = info.allocatable[name] ?? 0;
  const own = scoredRequestsOf(cycle.pod)[name] ?? 0;
  if (capacity === 0 || (own === 0 && isScalar(name))) return undefined;
  const counted = name === 'cpu' || name === 'memory' ? info.spareRequested : info.requested;
  return { requested: (counted[name] ?? 0) + own, capacity };
}

/** Whether the pod would fit the node if it were alone there. */
function fitsEmpty(pod: Pod, node: Node, ignored: (name: string) => boolean): boolean {
  const allocatable = allocatableOf(node);
  return (
    (allocatable['pods'] ?? 0) >= 1 &&
    Object.entries(requestsOf(pod)).every(([name, amount]) => amount <= (allocatable[name] ?? 0) || ignored(name))
  );
}

/** Whether the node has more of what the pod asks for. */
function hasGrown(pod: Pod, before: Node, after: Node): boolean {
  const [had, has] = [allocatableOf(before), allocatableOf(after)];
  const asked = Object.entries(requestsOf(pod)).filter(([, amount]) => amount > 0);
  return ['pods', ...asked.map(([name]) => name)].some((name) => (has[name] ?? 0) > (had[name] ?? 0));
}

/** Whether a pod, this one or one on a node, was resized and leaves more to this one. */
function asksForLess(pod: Pod, { before, after }: Happening<Pod>): boolean {
  if (!before || !after) return false;
  const [had, has] = [requestsOf(before), requestsOf(after)];
  const less = (name: string) => (had[name] ?? 0) > (has[name] ?? 0);
  if (isSame(after, pod)) return Object.keys(had).some(less);
  return (
    Boolean(after.spec?.nodeName) && Object.entries(requestsOf(pod)).some(([name, amount]) => amount > 0 && less(name))
  );
}

/** Amounts asked for must fit what is left of what the node can give. Scores favour the emptier node, or what the strategy says. */
export function nodeResourcesFit(args: NodeResourcesFitArgs = {}): Plugin {
  const { ignoredResources = [], ignoredResourceGroups = [], scoringStrategy = { type: 'LeastAllocated' } } = args;
  const resources = scoringStrategy.resources?.length ? scoringStrategy.resources : COMPUTE;
  const ignored = (name: string) =>
    isExtended(name) && (ignoredResources.includes(name) || ignoredResourceGroups.includes(name.split('/')[0] ?? ''));
  return {
    name: 'NodeResourcesFit',
    hints: {
      nodes: (pod, { before, after }) =>
        after !== undefined && fitsEmpty(pod, after, ignored) && (!before || hasGrown(pod, before, after)),
      pods: (pod, happening) => leftNode(happening) || asksForLess(pod, happening),
    },
    filter(cycle, info) {
      const reasons: string[] = [];
      let code: Rejection['code'] = 'Unschedulable';
      const allocatable = info.allocatable;
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
