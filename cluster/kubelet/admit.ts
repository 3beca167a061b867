/** A pod that was put on the node past the scheduler may not fit it: the kubelet looks once more and rejects it for good. */
import { isTerminal } from '../api/pods.ts';
import { allocatableOf, requestsOf } from '../api/requests.ts';
import { nodeSelectorMatches } from '../api/selector.ts';
import { findUntolerated } from '../api/taints.ts';
import type { Node, Pod } from '../api/types.ts';
import { podsOn, type Reader } from '../store/client.ts';

export interface Rejection {
  reason: string;
  message: string;
}

export function rejection(store: Reader, pod: Pod, node: Node): Rejection | undefined {
  return resourceRejection(store, pod, node) ?? affinityRejection(pod, node) ?? taintRejection(pod, node);
}

function resourceRejection(store: Reader, pod: Pod, node: Node): Rejection | undefined {
  const others = podsOn(store, node.metadata.name).filter(
    (other) => other.metadata.uid !== pod.metadata.uid && other.status?.startTime !== undefined && !isTerminal(other),
  );
  const allocatable = allocatableOf(node);
  const short = (resource: string, requested: number, used: number, capacity: number): Rejection => ({
    reason: `OutOf${resource}`,
    message: `Node didn't have enough resource: ${resource}, requested: ${requested}, used: ${used}, capacity: ${capacity}`,
  });
  const maxPods = allocatable['pods'] ?? 110;
  if (others.length + 1 > maxPods) return short('pods', 1, others.length, maxPods);
  for (const [resource, requested] of Object.entries(requestsOf(pod))) {
    if (requested === 0) continue;
    const used = others.reduce((sum, other) => sum + (requestsOf(other)[resource] ?? 0), 0);
    const capacity = allocatable[resource] ?? 0;
    if (used + requested > capacity) return short(resource, requested, used, capacity);
  }
  return undefined;
}

function affinityRejection(pod: Pod, node: Node): Rejection | undefined {
  const labels = node.metadata.labels ?? {};
  const selected = Object.entries(pod.spec?.nodeSelector ?? {}).every(([key, value]) => labels[key] === value);
  const required = pod.spec?.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  if (selected && nodeSelectorMatches(required, node)) return undefined;
  const why = "node(s) didn't match Pod's node affinity/selector";
  return { reason: 'NodeAffinity', message: `Predicate NodeAffinity failed: ${why}` };
}

function taintRejection(pod: Pod, node: Node): Rejection | undefined {
  const taint = findUntolerated(node.spec?.taints ?? [], pod.spec?.tolerations ?? [], ['NoExecute']);
  if (taint === undefined) return undefined;
  return { reason: 'TaintToleration', message: 'Predicate TaintToleration failed: node(s) had untolerated taint(s)' };
}
