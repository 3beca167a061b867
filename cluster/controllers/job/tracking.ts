/**
 * Counting finished pods, each exactly once: their uids go into the status, then the pods are let go, then the numbers grow
 * and the uids leave the status again. Whoever stops in between can go on from what is written.
 */
import { equal } from '../../api/merge.ts';
import type { Job, Pod } from '../../api/types.ts';
import { conditionOf, omitEmpty, timestamp } from '../conditions.ts';
import { namespacedKey } from '../controller.ts';
import { keepBackoff } from './backoff.ts';
import { judge } from './failure-policy.ts';
import { indexesText } from './indexes.ts';
import { COMPONENT, RESOURCE, condition, type Pass, type Status } from './pass.ts';
import { hasFailed, hasSucceeded, indexOf, isInRange, isIndexed, isTracked } from './pods.ts';
import { release } from './release.ts';

/** Uids kept in a status at once. */
const MAX_UNCOUNTED = 500;

/** Writes the status, lets counted pods go, and ends the Job when all are counted. @throws StatusError */
export function track(pass: Pass): void {
  const { job, status, context, counts } = pass;
  Object.assign(status, { active: counts.active, ready: counts.ready, terminating: counts.terminating });
  const held = new Set(pass.pods.filter(isTracked).map((pod) => pod.metadata.uid ?? ''));
  status.uncountedTerminatedPods = { ...status.uncountedTerminatedPods };
  countReleased(status, held);
  const { counted, complete } = count(pass);
  const ending = announce(pass);
  if (write(pass)) keepBackoff(context, namespacedKey(job), pass.backoff);
  for (const pod of counted) {
    release(context, pod);
    held.delete(pod.metadata.uid ?? '');
  }
  countReleased(status, held);
  const { succeeded = [], failed = [] } = status.uncountedTerminatedPods;
  const over = ending !== undefined && complete && succeeded.length + failed.length + counts.terminating === 0;
  if (over) {
    status.conditions = [...(status.conditions ?? []), ending];
    if (ending.type === 'Complete') status.completionTime = ending.lastTransitionTime ?? '';
  }
  write(pass);
  if (over) tellEnd(pass, ending);
}

/** Takes pods into the status that have finished; all of them, when the Job ends. */
function count(pass: Pass): { counted: Pod[]; complete: boolean } {
  const { job, status, ending } = pass;
  const { succeeded = [], failed = [] } = status.uncountedTerminatedPods ?? {};
  const uncounted = { succeeded: [...succeeded], failed: [...failed] };
  const done = new Set(pass.doneBefore);
  const counted: Pod[] = [];
  const indexed = isIndexed(job);
  const ordered = indexed ? pass.pods.toSorted((a, b) => (indexOf(a) ?? -1) - (indexOf(b) ?? -1)) : pass.pods;
  let complete = true;
  for (const pod of ordered) {
    const { uid = '' } = pod.metadata;
    if (!isTracked(pod) || !mayGo(pass, pod)) continue;
    counted.push(pod);
    if (hasSucceeded(pod) && !failed.includes(uid)) {
      if (!indexed) {
        if (!succeeded.includes(uid)) uncounted.succeeded.push(uid);
      } else if (isInRange(job, pod)) done.add(indexOf(pod) ?? 0);
    } else if (hasFailed(job, pod) || (ending !== undefined && ending.type !== 'SuccessCriteriaMet')) {
      if (!failed.includes(uid) && isInRange(job, pod) && judge(job, pod).counts) uncounted.failed.push(uid);
    }
    const fresh = done.size - pass.doneBefore.size;
    if (fresh + uncounted.succeeded.length + uncounted.failed.length >= MAX_UNCOUNTED) {
      // the rest is counted in the next pass, which this one's writes bring about
      complete = false;
      break;
    }
  }
  status.uncountedTerminatedPods = uncounted;
  if (indexed) {
    const all = new Set([...pass.done, ...done]);
    status.succeeded = all.size;
    status.completedIndexes = indexesText(all);
    if (pass.lost === undefined) delete status.failedIndexes;
    else status.failedIndexes = indexesText(pass.lost);
  }
  return { counted, complete };
}

function mayGo({ job, ending, replaced }: Pass, pod: Pod): boolean {
  if (job.metadata.deletionTimestamp !== undefined || ending !== undefined || hasSucceeded(pod)) return true;
  if (!hasFailed(job, pod)) return false;
  const index = indexOf(pod);
  return index === undefined || replaced.get(index)?.metadata.uid !== pod.metadata.uid;
}

/** Those that are held no longer count. */
function countReleased(status: Status, held: ReadonlySet<string>): void {
  const { succeeded = [], failed = [] } = status.uncountedTerminatedPods ?? {};
  const isHeld = (uid: string) => held.has(uid);
  const left = { succeeded: succeeded.filter(isHeld), failed: failed.filter(isHeld) };
  status.succeeded = (status.succeeded ?? 0) + succeeded.length - left.succeeded.length;
  status.failed = (status.failed ?? 0) + failed.length - left.failed.length;
  status.uncountedTerminatedPods = left;
}

/** Says that the Job will end, before its pods are let go; returns how it then ends. */
function announce({ status, ending, context }: Pass) {
  if (ending === undefined) return undefined;
  const { type, reason = '', message = '' } = ending;
  const isInterim = type === 'FailureTarget' || type === 'SuccessCriteriaMet';
  if (isInterim && conditionOf(status.conditions, type) === undefined)
    status.conditions = [...(status.conditions ?? []), ending];
  const last = type === 'SuccessCriteriaMet' ? 'Complete' : 'Failed';
  return condition(last, 'True', reason, message, timestamp(context.clock));
}

/** Whether there was anything to write. @throws StatusError */
function write(pass: Pass): boolean {
  const { active, succeeded, failed, completedIndexes, conditions, uncountedTerminatedPods, ...rest } = pass.status;
  const status: Status = {
    ...rest,
    ...omitEmpty({ active, succeeded, failed, completedIndexes, conditions }),
    uncountedTerminatedPods: omitEmpty({ ...uncountedTerminatedPods }),
  };
  if (equal(pass.job.status ?? {}, status)) return false;
  pass.job = pass.context.client.updateStatus<Job>(RESOURCE, { ...pass.job, status });
  return true;
}

function tellEnd({ job, context }: Pass, { type, reason = '', message = '' }: ReturnType<typeof condition>): void {
  const tell = (kind: 'Normal' | 'Warning', why: string, text: string) => {
    context.events.event(COMPONENT, { regarding: job, type: kind, reason: why, message: text });
  };
  if (type === 'Failed') return tell('Warning', reason, message);
  if (job.spec?.completions !== undefined && (job.status?.succeeded ?? 0) > job.spec.completions)
    tell('Warning', 'TooManySucceededPods', 'Too many succeeded pods running after completion count reached');
  tell('Normal', 'Completed', 'Job completed');
}
