/** One pass over one Job: what is known of its pods, and the status as it will be written. */
import { isPodReady } from '../../api/pods.ts';
import type { Job, Pod } from '../../api/types.ts';
import { conditionOf } from '../conditions.ts';
import type { ControllerContext } from '../controller.ts';
import { namespacedKey } from '../controller.ts';
import { isActive } from '../owned-pods.ts';
import { nextBackoff, type Backoff } from './backoff.ts';
import { judge } from './failure-policy.ts';
import { parseIndexes } from './indexes.ts';
import {
  allFailuresBefore,
  failuresBefore,
  finishedAt,
  hasFailed,
  hasSucceeded,
  indexOf,
  isInRange,
  isIndexed,
  isTerminating,
  isTracked,
} from './pods.ts';

export const RESOURCE = 'jobs.batch';
export const COMPONENT = 'job-controller';

export type Status = NonNullable<Job['status']>;
export type JobCondition = NonNullable<Status['conditions']>[number];

export interface Pass {
  context: ControllerContext;
  job: Job;
  /** A copy of ours. */
  status: Status;
  /** As they were when the pass began. */
  pods: readonly Pod[];
  active: readonly Pod[];
  /** As they are after what the pass has done. */
  counts: { active: number; ready: number; terminating: number };
  succeeded: number;
  failed: number;
  /** Indexes that had succeeded before this pass, and all that have. */
  doneBefore: ReadonlySet<number>;
  done: ReadonlySet<number>;
  /** Indexes given up, where each has a limit of its own. */
  lost: ReadonlySet<number> | undefined;
  /** By index, the failed pods that stay until their successors have taken over the count of failures. */
  replaced: ReadonlyMap<number, Pod>;
  backoff: Backoff;
  /** How the Job ends, once that is decided. */
  ending: JobCondition | undefined;
}

export const isFinished = (job: Job): boolean =>
  ['Complete', 'Failed'].some((type) => conditionOf(job.status?.conditions, type)?.status === 'True');

export function condition(type: string, status: string, reason: string, message: string, now: string): JobCondition {
  return { type, status, reason, message, lastProbeTime: now, lastTransitionTime: now };
}

/** Looks at the pods; nothing is decided yet. */
export function look(context: ControllerContext, job: Job, pods: readonly Pod[]): Pass {
  const status: Status = { ...job.status, conditions: [...(job.status?.conditions ?? [])] };
  const active = pods.filter(isActive);
  const uncounted = status.uncountedTerminatedPods ?? {};
  const isNew = (pod: Pod, known: readonly string[] = []) =>
    isTracked(pod) && isInRange(job, pod) && !known.includes(pod.metadata.uid ?? '');
  const newlySucceeded = pods.filter((pod) => isNew(pod, uncounted.succeeded) && hasSucceeded(pod));
  const newlyFailed = pods.filter((pod) => isNew(pod, uncounted.failed) && hasFailed(job, pod));
  const counted = newlyFailed.filter((pod) => judge(job, pod).counts);
  const completions = job.spec?.completions ?? 0;
  const doneBefore = parseIndexes(status.completedIndexes, completions);
  const done = new Set(doneBefore);
  if (isIndexed(job)) for (const pod of pods) if (isNew(pod) && hasSucceeded(pod)) done.add(indexOf(pod) ?? 0);
  const lost = lostIndexes(job, pods);
  const succeeded = (status.succeeded ?? 0) + newlySucceeded.length + (uncounted.succeeded?.length ?? 0);
  return {
    context,
    job,
    status,
    pods,
    active,
    counts: {
      active: active.length,
      ready: active.filter(isPodReady).length,
      terminating: pods.filter(isTerminating).length,
    },
    succeeded: isIndexed(job) ? done.size : succeeded,
    failed: (status.failed ?? 0) + counted.length + (uncounted.failed?.length ?? 0),
    doneBefore,
    done,
    lost,
    replaced: lost === undefined ? new Map() : replacedPods(job, pods, active, done, lost),
    backoff: nextBackoff(context, namespacedKey(job), newlySucceeded, newlyFailed),
    ending: undefined,
  };
}

function lostIndexes(job: Job, pods: readonly Pod[]): Set<number> | undefined {
  const { completions = 0, backoffLimitPerIndex: limit } = job.spec ?? {};
  if (!isIndexed(job) || limit === undefined) return undefined;
  const lost = parseIndexes(job.status?.failedIndexes, completions);
  for (const pod of pods) {
    if (!isTracked(pod) || !isInRange(job, pod) || !hasFailed(job, pod)) continue;
    const { action, counts } = judge(job, pod);
    if (action === 'FailIndex' || (counts && failuresBefore(pod) >= limit)) lost.add(indexOf(pod) ?? 0);
  }
  return lost;
}

function replacedPods(
  job: Job,
  pods: readonly Pod[],
  active: readonly Pod[],
  done: ReadonlySet<number>,
  lost: ReadonlySet<number>,
): Map<number, Pod> {
  const running = new Set(active.map(indexOf));
  const replaced = new Map<number, Pod>();
  for (const pod of pods) {
    const index = indexOf(pod) ?? 0;
    if (!isTracked(pod) || !isInRange(job, pod) || !hasFailed(job, pod)) continue;
    if (done.has(index) || lost.has(index) || running.has(index)) continue;
    const other = replaced.get(index);
    const isLater =
      other === undefined ||
      (allFailuresBefore(other) <= allFailuresBefore(pod) && finishedAt(pod) >= finishedAt(other));
    if (isLater) replaced.set(index, pod);
  }
  return replaced;
}
