import { MAX_NODE_SCORE, type Plugin, type Rejection } from '../framework.ts';
import { allocatableOf, requestsOf, spareRequestsOf } from '../../api/requests.ts';

/** Resources that scores look at, each with the same weight. */
const SCORED = ['cpu', 'memory'] as const;

/** Amounts asked for must fit what is left of what the node can give. Scores favour the emptier node. */
export const nodeResourcesFit: Plugin = {
  name: 'NodeResourcesFit',
  weight: 1,
  filter(cycle, info) {
    const reasons: string[] = [];
    let code: Rejection['code'] = 'Unschedulable';
    const allocatable = allocatableOf(info.node);
    if (info.pods.length + 1 > (allocatable['pods'] ?? 0)) reasons.push('Too many pods');
    const requests = requestsOf(cycle.pod);
    const first = ['cpu', 'memory', 'ephemeral-storage'];
    const rest = Object.keys(requests).filter((name) => !first.includes(name));
    for (const name of [...first, ...rest]) {
      const amount = requests[name] ?? 0;
      const capacity = allocatable[name] ?? 0;
      if (amount <= 0 || amount <= capacity - (info.requested[name] ?? 0)) continue;
      reasons.push(`Insufficient ${name}`);
      // more than the empty node has: removing pods can't help
      if (amount > capacity) code = 'Unresolvable';
    }
    return reasons.length === 0 ? undefined : { code, reasons };
  },
  score(cycle, info) {
    const allocatable = allocatableOf(info.node);
    const own = spareRequestsOf(cycle.pod);
    const scores = SCORED.flatMap((name) => {
      const capacity = allocatable[name] ?? 0;
      if (capacity === 0) return [];
      const requested = (info.spareRequested[name] ?? 0) + (own[name] ?? 0);
      return [requested > capacity ? 0 : Math.trunc(((capacity - requested) * MAX_NODE_SCORE) / capacity)];
    });
    return scores.length === 0 ? 0 : Math.trunc(scores.reduce((sum, score) => sum + score, 0) / scores.length);
  },
};
