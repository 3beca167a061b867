/** Making and removing a Job's pods. */
import { isPodReady } from '../../api/pods.ts';
import { StatusError } from '../../api/status.ts';
import type { Job, Pod } from '../../api/types.ts';
import { conditionOf, millisecondsOf } from '../conditions.ts';
import type { Again } from '../controller.ts';
import { createPod, deletePod, hasReason, slowStart } from '../pod-control.ts';
import { remaining, remainingFor } from './backoff.ts';
import { COMPONENT, type Pass } from './pass.ts';
import { indexOf, isIndexed, isInRange, isTerminating, newPod, replacesFailedOnly } from './pods.ts';
import { release } from './release.ts';

/** Pods made or removed in one pass. */
const BURST = 500;
/** Milliseconds: a Job is not looked at more often than this for its pods' sake. */
const LEAST_WAIT = 1000;

export interface Managed {
  again?: Again;
  /** The first refusal. */
  failure?: StatusError | undefined;
}

/** All that still run go; they stay held until they are counted. Returns the first refusal. */
export function removeActive(pass: Pass): StatusError | undefined {
  return remove(pass, pass.active, () => undefined);
}

export function manage(pass: Pass): Managed {
  const { job, active, succeeded, counts } = pass;
  const { completions, parallelism = 1, suspend } = job.spec ?? {};
  const open =
    completions === undefined
      ? succeeded > 0
        ? active.length
        : parallelism
      : Math.max(0, Math.min(completions - succeeded, parallelism));
  const wanted = suspend === true ? 0 : open;
  const surplus = surplusPods(job, active, Math.max(0, active.length - wanted));
  if (suspend === true || surplus.length > 0) {
    // a pod that is not wanted any more is not a failed one
    const letGo = (pod: Pod) => release(pass.context, pod);
    return { failure: remove(pass, suspend === true ? surplus : surplus.slice(0, BURST), letGo) };
  }
  const leaving = replacesFailedOnly(job) ? counts.terminating : 0;
  const missing = wanted - leaving - active.length;
  return missing > 0 ? create(pass, Math.min(missing, BURST)) : {};
}

function remove(pass: Pass, pods: readonly Pod[], before: (pod: Pod) => void): StatusError | undefined {
  let failure: StatusError | undefined;
  for (const pod of pods) {
    try {
      before(pod);
      deletePod(pass.context, COMPONENT, pass.job, pod);
    } catch (error) {
      if (!(error instanceof StatusError)) throw error;
      if (!hasReason(error, 'NotFound')) {
        failure ??= error;
        continue;
      }
    }
    pass.counts.active--;
    pass.counts.terminating++;
    if (isPodReady(pod)) pass.counts.ready--;
  }
  return failure;
}

function create(pass: Pass, count: number): Managed {
  const { job, context, replaced } = pass;
  const now = context.clock.now();
  const perIndex = job.spec?.backoffLimitPerIndex !== undefined;
  const wait = perIndex ? 0 : remaining(pass.backoff, now);
  let indexes = isIndexed(job) ? pendingIndexes(pass, count) : undefined;
  const waits = perIndex ? (indexes ?? []).map((index) => remainingFor(replaced.get(index), now)) : [];
  if (perIndex) indexes = indexes?.filter((_, position) => waits[position] === 0);
  const longest = wait > 0 ? wait : indexes?.length === 0 && waits.length > 0 ? Math.min(...waits) : 0;
  if (longest > 0) {
    // none is said to be active meanwhile, whatever runs
    pass.counts.active = 0;
    return { again: { afterMs: Math.max(longest, LEAST_WAIT) } };
  }
  let next = 0;
  const failure = slowStart(indexes?.length ?? count, () => {
    const index = indexes?.[next++];
    createPod(context, COMPONENT, job, newPod(job, index, index === undefined ? undefined : replaced.get(index)));
    pass.counts.active++;
  });
  return { failure };
}

/** The lowest indexes that nothing runs for and that have come to no end. */
function pendingIndexes({ job, active, pods, done, lost }: Pass, count: number): number[] {
  const leaving = replacesFailedOnly(job) ? pods.filter(isTerminating) : [];
  const taken = new Set([...done, ...(lost ?? []), ...[...active, ...leaving].map(indexOf)]);
  const pending: number[] = [];
  for (let index = 0; index < (job.spec?.completions ?? 0) && pending.length < count; index++)
    if (!taken.has(index)) pending.push(index);
  return pending;
}

/** Pods beyond their index's first and those without a valid one, and as many more as make `least`. */
function surplusPods(job: Job, active: readonly Pod[], least: number): Pod[] {
  if (!isIndexed(job)) return active.toSorted(byProgress).slice(0, least);
  const surplus = active.filter((pod) => indexOf(pod) === undefined);
  const left: Pod[] = [];
  const byIndex = [...Map.groupBy(active, indexOf)].toSorted(([a = 0], [b = 0]) => a - b);
  for (const [index, pods] of byIndex) {
    if (index === undefined) continue;
    const same = pods.toSorted(byProgress);
    const kept = same.at(-1);
    if (kept === undefined || !isInRange(job, kept)) surplus.push(...same);
    else {
      surplus.push(...same.slice(0, -1));
      left.push(kept);
    }
  }
  return [...surplus, ...left.toSorted(byProgress).slice(0, Math.max(0, least - surplus.length))];
}

const PHASE_RANK: Record<string, number> = { Pending: 0, Unknown: 1, Running: 2 };

/** Those that have come least far first: unassigned, pending, unready, ready for a shorter time, restarted more often, younger. */
function byProgress(a: Pod, b: Pod): number {
  const assigned = (pod: Pod) => (pod.spec?.nodeName ? 1 : 0);
  const rank = (pod: Pod) => PHASE_RANK[pod.status?.phase ?? 'Pending'] ?? 0;
  const ready = (pod: Pod) => (isPodReady(pod) ? 1 : 0);
  const since = (pod: Pod) =>
    millisecondsOf(conditionOf(pod.status?.conditions, 'Ready')?.lastTransitionTime) ?? Infinity;
  const readyFor = ready(a) && ready(b) ? since(b) - since(a) || 0 : 0;
  const restarts = (pod: Pod) => Math.max(0, ...(pod.status?.containerStatuses ?? []).map((one) => one.restartCount));
  const made = (pod: Pod) => millisecondsOf(pod.metadata.creationTimestamp) ?? Infinity;
  return (
    assigned(a) - assigned(b) ||
    rank(a) - rank(b) ||
    ready(a) - ready(b) ||
    readyFor ||
    restarts(b) - restarts(a) ||
    made(b) - made(a)
  );
}
