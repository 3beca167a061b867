/** What controllers of pods ask of pods: which count, which are available since when, which go first. */
import { isPodReady, isTerminal } from '../api/pods.ts';
import type { Pod } from '../api/types.ts';
import { conditionOf, millisecondsOf } from './conditions.ts';

/** Neither finished nor on its way out. */
export const isActive = (pod: Pod): boolean => !isTerminal(pod) && pod.metadata.deletionTimestamp === undefined;

/** Milliseconds since 1970 at which the pod turned ready; undefined while it is not. */
export function readySince(pod: Pod): number | undefined {
  if (!isPodReady(pod)) return undefined;
  return millisecondsOf(conditionOf(pod.status?.conditions, 'Ready')?.lastTransitionTime);
}

/** Ready for at least minReadySeconds. */
export function isAvailable(pod: Pod, minReadySeconds: number | undefined, now: number): boolean {
  if (!isPodReady(pod)) return false;
  if (!minReadySeconds) return true;
  const since = readySince(pod);
  return since !== undefined && since + minReadySeconds * 1000 <= now;
}

/** Milliseconds until the next of these pods turns available; undefined when none is about to. */
export function untilAvailable(
  pods: readonly Pod[],
  minReadySeconds: number | undefined,
  now: number,
): number | undefined {
  const waits = pods
    .filter((pod) => isPodReady(pod) && !isAvailable(pod, minReadySeconds, now))
    .map((pod) => (readySince(pod) ?? now) + (minReadySeconds ?? 0) * 1000 - now);
  return waits.length === 0 ? undefined : Math.max(1, Math.min(...waits));
}

const PHASE_RANK: Record<string, number> = { Pending: 0, Unknown: 1, Running: 2 };
const restarts = (pod: Pod): number =>
  Math.max(0, ...(pod.status?.containerStatuses ?? []).map((status) => status.restartCount));
const deletionCost = (pod: Pod): number => {
  const text = pod.metadata.annotations?.['controller.kubernetes.io/pod-deletion-cost'] ?? '0';
  return /^(0|[+-]?[1-9]\d*)$/.test(text) ? Number(text) : 0;
};
/** Ages count in powers of two, so that pods of about the same age are told apart by uid instead. */
const logAge = (since: number, now: number): number => {
  const seconds = Math.floor((now - since) / 1000);
  return seconds <= 0 ? -1 : Math.floor(Math.log2(seconds));
};

/**
 * Orders pods so that those to be deleted first come first: unassigned, pending, unready, cheap, on a crowded node, ready for
 * a shorter time, restarted more often, younger.
 */
export function deletionOrder(pods: readonly Pod[], related: readonly Pod[], now: number): Pod[] {
  const onNode = new Map<string, number>();
  for (const pod of related) {
    const node = pod.spec?.nodeName;
    if (node && isActive(pod)) onNode.set(node, (onNode.get(node) ?? 0) + 1);
  }
  const rank = (pod: Pod) => onNode.get(pod.spec?.nodeName ?? '') ?? 0;
  const compare = (a: Pod, b: Pod): number => {
    const unassigned = (pod: Pod) => (pod.spec?.nodeName ? 1 : 0);
    if (unassigned(a) !== unassigned(b)) return unassigned(a) - unassigned(b);
    const phase = (pod: Pod) => PHASE_RANK[pod.status?.phase ?? 'Pending'] ?? 0;
    if (phase(a) !== phase(b)) return phase(a) - phase(b);
    if (isPodReady(a) !== isPodReady(b)) return isPodReady(a) ? 1 : -1;
    if (deletionCost(a) !== deletionCost(b)) return deletionCost(a) - deletionCost(b);
    if (rank(a) !== rank(b)) return rank(b) - rank(a);
    const readyA = readySince(a);
    const readyB = readySince(b);
    if (readyA !== undefined && readyB !== undefined && readyA !== readyB) {
      const ages = logAge(readyA, now) - logAge(readyB, now);
      return ages !== 0 ? ages : byUid(a, b);
    }
    if (restarts(a) !== restarts(b)) return restarts(b) - restarts(a);
    const createdA = millisecondsOf(a.metadata.creationTimestamp) ?? 0;
    const createdB = millisecondsOf(b.metadata.creationTimestamp) ?? 0;
    if (createdA !== createdB) {
      const ages = logAge(createdA, now) - logAge(createdB, now);
      return ages !== 0 ? ages : byUid(a, b);
    }
    return 0;
  };
  return [...pods].toSorted(compare);
}
const byUid = (a: Pod, b: Pod): number => ((a.metadata.uid ?? '') < (b.metadata.uid ?? '') ? -1 : 1);
