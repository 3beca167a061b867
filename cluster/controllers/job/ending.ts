/** Whether a Job ends now, and why. */
import type { Job, Pod } from '../../api/types.ts';
import { conditionOf, millisecondsOf, timestamp } from '../conditions.ts';
import { judge } from './failure-policy.ts';
import { condition, type JobCondition, type Pass } from './pass.ts';
import { hasFailed, isIndexed } from './pods.ts';
import { metSuccessRule } from './success-policy.ts';

/** Decided before, or by failures, time and the policies. */
export function endingOf(pass: Pass): JobCondition | undefined {
  const { job, status, context } = pass;
  const now = timestamp(context.clock);
  const met = conditionOf(status.conditions, 'SuccessCriteriaMet');
  if (met?.status === 'True') return met;
  const target = conditionOf(status.conditions, 'FailureTarget');
  if (target?.status === 'True') return condition('Failed', 'True', target.reason ?? '', target.message ?? '', now);
  const failure = failureOf(pass);
  if (failure !== undefined) return condition('FailureTarget', 'True', ...failure, now);
  const rule = isIndexed(job) ? metSuccessRule(job, pass.done) : undefined;
  return rule === undefined ? undefined : condition('SuccessCriteriaMet', 'True', 'SuccessPolicy', rule, now);
}

type Reason = [reason: string, message: string];

function failureOf({ job, pods, failed, lost, done, status, context }: Pass): Reason | undefined {
  for (const pod of pods) {
    const message = hasFailed(job, pod) ? judge(job, pod).message : undefined;
    if (message !== undefined) return ['PodFailurePolicy', message];
  }
  const limit = job.spec?.backoffLimit ?? 6;
  if (failed > limit || restartedTooOften(job, pods, limit))
    return ['BackoffLimitExceeded', 'Job has reached the specified backoff limit'];
  if (untilDeadline(job, status.startTime, context.clock.now()) === 0)
    return ['DeadlineExceeded', 'Job was active longer than specified deadline'];
  if (lost === undefined) return undefined;
  const { maxFailedIndexes = Infinity, completions = 0 } = job.spec ?? {};
  if (lost.size > maxFailedIndexes)
    return ['MaxFailedIndexesExceeded', 'Job has exceeded the specified maximal number of failed indexes'];
  if (lost.size > 0 && lost.size + done.size >= completions) return ['FailedIndexes', 'Job has failed indexes'];
  return undefined;
}

/** Where containers are restarted in their pods, restarts count as failures. */
function restartedTooOften(job: Job, pods: readonly Pod[], limit: number): boolean {
  if (job.spec?.template.spec?.restartPolicy !== 'OnFailure') return false;
  const restarts = pods
    .filter((pod) => pod.status?.phase === 'Running' || pod.status?.phase === 'Pending')
    .flatMap((pod) => [...(pod.status?.initContainerStatuses ?? []), ...(pod.status?.containerStatuses ?? [])])
    .reduce((sum, status) => sum + status.restartCount, 0);
  return limit === 0 ? restarts > 0 : restarts >= limit;
}

/** Milliseconds until activeDeadlineSeconds have passed; undefined when nothing counts them. */
export function untilDeadline(job: Job, startTime: string | undefined, now: number): number | undefined {
  const deadline = job.spec?.activeDeadlineSeconds;
  const started = millisecondsOf(startTime);
  if (deadline === undefined || started === undefined || job.spec?.suspend === true) return undefined;
  return Math.max(0, started + deadline * 1000 - now);
}

/** All completions are there, and nothing runs any more. */
export function completion({ job, succeeded, counts, context }: Pass): JobCondition | undefined {
  const completions = job.spec?.completions;
  const enough = completions === undefined ? succeeded > 0 : succeeded >= completions;
  if (!enough || counts.active > 0) return undefined;
  const message = 'Reached expected number of succeeded pods';
  return condition('SuccessCriteriaMet', 'True', 'CompletionsReached', message, timestamp(context.clock));
}
