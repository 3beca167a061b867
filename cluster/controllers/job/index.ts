/** Jobs: runs pods until enough of them have succeeded, or too many have failed. */
import { controllerOf, isPodReady } from '../../api/pods.ts';
import { StatusError } from '../../api/status.ts';
import type { Job, Pod } from '../../api/types.ts';
import { claim, ownerKeys } from '../claim.ts';
import { conditionOf, millisecondsOf, omitEmpty, timestamp } from '../conditions.ts';
import type { Again, Controller, ControllerContext } from '../controller.ts';
import { namespacedKey, splitKey } from '../controller.ts';
import { deletionOrder, isActive } from '../owned-pods.ts';
import { createPod, deletePod, slowStart } from '../pod-control.ts';
import { judge } from './failure-policy.ts';
import { indexesText, parseIndexes } from './indexes.ts';
import { TRACKING, hasFailed, hasSucceeded, indexOf, isIndexed, isTracked, newPod, nextStart } from './pods.ts';

const RESOURCE = 'jobs.batch';
const COMPONENT = 'job-controller';
const ORPHAN = 'orphan|';
/** Pods made or removed in one pass. */
const BURST = 500;

type Status = NonNullable<Job['status']>;
type JobCondition = NonNullable<Status['conditions']>[number];

const ownersOfPod = ownerKeys<Job>({ resource: RESOURCE, kind: 'Job', selectorOf: (job) => job.spec?.selector });

export const job: Controller = {
  name: 'job-controller',
  watches: {
    [RESOURCE]: ({ object }) => [namespacedKey(object)],
    pods: (change, context) => {
      const pod: Pod = change.object;
      const owner = controllerOf(pod);
      const lost =
        isTracked(pod) &&
        change.type !== 'DELETED' &&
        context.client.get(RESOURCE, pod.metadata.namespace ?? '', owner?.name ?? '')?.metadata.uid !== owner?.uid;
      return lost ? [ORPHAN + namespacedKey(pod)] : ownersOfPod(change, context);
    },
  },
  reconcile(key, context) {
    if (key.startsWith(ORPHAN)) {
      const { namespace, name } = splitKey(key.slice(ORPHAN.length));
      const pod = context.client.get<Pod>('pods', namespace, name);
      if (pod !== undefined) release(context, pod);
      return;
    }
    const { namespace, name } = splitKey(key);
    const found = context.client.get<Job>(RESOURCE, namespace, name);
    if (found === undefined) {
      // its pods are held until somebody has counted them, and nobody will
      for (const pod of context.client.list<Pod>('pods', namespace)) {
        const owner = controllerOf(pod);
        if (owner?.kind === 'Job' && owner.name === name && isTracked(pod)) release(context, pod);
      }
      return;
    }
    return sync(found, context);
  },
};

/** Lets a counted pod go. */
function release({ client }: ControllerContext, pod: Pod): void {
  if (!isTracked(pod)) return;
  const { finalizers, ...metadata } = pod.metadata;
  const kept = (finalizers ?? []).filter((one) => one !== TRACKING);
  client.update<Pod>('pods', { ...pod, metadata: kept.length === 0 ? metadata : { ...metadata, finalizers: kept } });
}

const isFinished = (found: Job): boolean =>
  ['Complete', 'Failed'].some((type) => conditionOf(found.status?.conditions, type)?.status === 'True');

function condition(type: string, status: string, reason: string, message: string, now: string): JobCondition {
  return { type, status, reason, message, lastProbeTime: now, lastTransitionTime: now };
}

function sync(found: Job, context: ControllerContext): Again {
  const { client, clock } = context;
  if (isFinished(found)) return;
  const spec = found.spec;
  const now = clock.now();
  const suspended = spec?.suspend === true;
  const pods = claim(context, 'pods', found, spec?.selector, client.list<Pod>('pods', found.metadata.namespace));
  const tally = count(found, pods);
  const status: Status = { ...found.status };
  if (status.startTime === undefined && !suspended) status.startTime = timestamp(clock);

  let active = pods.filter(isActive);
  let again: Again;
  let failure: StatusError | undefined;
  const ending = endingOf(found, status, pods, tally, active.length, now);
  const conditions = [...(status.conditions ?? [])];
  if (ending?.type === 'FailureTarget') {
    failure = removePods(context, found, active);
    if (failure === undefined) active = [];
  } else if (found.metadata.deletionTimestamp === undefined) {
    ({ active, again, failure } = manage(context, found, pods, active, tally, suspended));
  }
  const enough = ending ?? (failure === undefined ? completion(found, tally, active.length) : undefined);
  if (enough === undefined) noteSuspension(context, found, status, conditions, suspended);

  const fresh = client
    .list<Pod>('pods', found.metadata.namespace)
    .filter((pod) => controllerOf(pod)?.uid === found.metadata.uid);
  const terminating = fresh.filter(
    (pod) => pod.metadata.deletionTimestamp !== undefined && !hasSucceeded(pod) && pod.status?.phase !== 'Failed',
  ).length;
  // what is being removed because the Job has failed counts as failed
  const dropped =
    ending?.type === 'FailureTarget' && failure === undefined ? pods.filter(isActive).filter(isTracked).length : 0;
  if (enough !== undefined && conditionOf(conditions, enough.type) === undefined) {
    conditions.push(condition(enough.type, 'True', enough.reason, enough.message, timestamp(clock)));
  }
  const next: Status = {
    ...status,
    ...(conditions.length === 0 ? {} : { conditions }),
    ready: active.filter(isPodReady).length,
    terminating,
    uncountedTerminatedPods: {},
  };
  for (const [name, value] of Object.entries({
    active: active.length,
    succeeded: tally.succeeded,
    failed: tally.failed + dropped,
  })) {
    delete next[name as 'active'];
    Object.assign(next, omitEmpty({ [name]: value }));
  }
  if (isIndexed(found)) Object.assign(next, omitEmpty({ completedIndexes: indexesText(tally.doneIndexes) }));
  if (spec?.backoffLimitPerIndex !== undefined) next.failedIndexes = indexesText(tally.failedIndexes);
  const over = enough !== undefined && terminating === 0 && active.length === 0;
  if (over) finish(next, enough, timestamp(clock));
  const stored = client.updateStatus<Job>(RESOURCE, { ...found, status: next });
  for (const pod of fresh) if (isCounted(found, pod) || enough !== undefined) release(context, pod);
  if (over) tellEnd(context, stored, enough);
  if (failure !== undefined) throw failure;
  return earliest(again, untilDeadline(found, status, now));
}

interface Tally {
  succeeded: number;
  failed: number;
  doneIndexes: Set<number>;
  failedIndexes: Set<number>;
}

const isCounted = (found: Job, pod: Pod): boolean => hasSucceeded(pod) || hasFailed(found, pod);

/** What was counted before and the finished pods that still are held. */
function count(found: Job, pods: readonly Pod[]): Tally {
  const tally: Tally = {
    succeeded: found.status?.succeeded ?? 0,
    failed: found.status?.failed ?? 0,
    doneIndexes: parseIndexes(found.status?.completedIndexes),
    failedIndexes: parseIndexes(found.status?.failedIndexes),
  };
  const indexed = isIndexed(found);
  for (const pod of pods) {
    if (!isTracked(pod)) continue;
    const index = indexOf(pod);
    const counts = !indexed || (index !== undefined && index < (found.spec?.completions ?? 0));
    if (hasSucceeded(pod) && counts) {
      if (index !== undefined && indexed) tally.doneIndexes.add(index);
      else tally.succeeded++;
    } else if (hasFailed(found, pod) && counts) {
      const { action } = judge(found, pod);
      if (action !== 'Ignore') tally.failed++;
      if (index !== undefined && indexIsLost(found, pods, index, action)) tally.failedIndexes.add(index);
    }
  }
  if (indexed) tally.succeeded = tally.doneIndexes.size;
  return tally;
}

function indexIsLost(found: Job, pods: readonly Pod[], index: number, action: string): boolean {
  const limit = found.spec?.backoffLimitPerIndex;
  if (limit === undefined) return false;
  const failures = pods.filter((pod) => indexOf(pod) === index && hasFailed(found, pod)).length;
  return action === 'FailIndex' || failures > limit;
}

interface Ending {
  type: 'FailureTarget' | 'SuccessCriteriaMet';
  reason: string;
  message: string;
}

/** Decided before, or by failures and time. */
function endingOf(
  found: Job,
  status: Status,
  pods: readonly Pod[],
  tally: Tally,
  active: number,
  now: number,
): Ending | undefined {
  for (const type of ['SuccessCriteriaMet', 'FailureTarget'] as const) {
    const decided = conditionOf(status.conditions, type);
    if (decided?.status === 'True') return { type, reason: decided.reason ?? '', message: decided.message ?? '' };
  }
  const failed = (reason: string, message: string): Ending => ({ type: 'FailureTarget', reason, message });
  const verdict = pods
    .filter((pod) => hasFailed(found, pod))
    .map((pod) => judge(found, pod))
    .find(({ action }) => action === 'FailJob');
  if (verdict) return failed('PodFailurePolicy', verdict.message);
  const limit = found.spec?.backoffLimit ?? 6;
  if (tally.failed > limit || restartedTooOften(found, pods, limit)) {
    return failed('BackoffLimitExceeded', 'Job has reached the specified backoff limit');
  }
  const deadline = found.spec?.activeDeadlineSeconds;
  const started = millisecondsOf(status.startTime);
  if (
    deadline !== undefined &&
    started !== undefined &&
    found.spec?.suspend !== true &&
    now - started >= deadline * 1000
  ) {
    return failed('DeadlineExceeded', 'Job was active longer than specified deadline');
  }
  const { maxFailedIndexes, completions = 1, successPolicy } = found.spec ?? {};
  const lost = tally.failedIndexes.size;
  if (maxFailedIndexes !== undefined && lost > maxFailedIndexes) {
    return failed('MaxFailedIndexesExceeded', 'Job has exceeded the specified maximal number of failed indexes');
  }
  if (lost > 0 && lost + tally.doneIndexes.size >= completions && active === 0) {
    return failed('FailedIndexes', 'Job has failed indexes');
  }
  for (const [position, rule] of (successPolicy?.rules ?? []).entries()) {
    const among = rule.succeededIndexes === undefined ? undefined : parseIndexes(rule.succeededIndexes);
    const done = [...tally.doneIndexes].filter((index) => among === undefined || among.has(index)).length;
    if (done < (rule.succeededCount ?? among?.size ?? completions)) continue;
    return { type: 'SuccessCriteriaMet', reason: 'SuccessPolicy', message: `Matched rules at index ${position}` };
  }
  return undefined;
}

function restartedTooOften(found: Job, pods: readonly Pod[], limit: number): boolean {
  if (found.spec?.template.spec?.restartPolicy !== 'OnFailure') return false;
  const restarts = pods
    .filter((pod) => pod.status?.phase === 'Running' || pod.status?.phase === 'Pending')
    .flatMap((pod) => [...(pod.status?.initContainerStatuses ?? []), ...(pod.status?.containerStatuses ?? [])])
    .reduce((sum, status) => sum + status.restartCount, 0);
  return limit === 0 ? restarts > 0 : restarts >= limit;
}

function completion(found: Job, { succeeded }: Tally, active: number): Ending | undefined {
  const completions = found.spec?.completions;
  const complete = active === 0 && (completions === undefined ? succeeded > 0 : succeeded >= completions);
  const message = 'Reached expected number of succeeded pods';
  return complete ? { type: 'SuccessCriteriaMet', reason: 'CompletionsReached', message } : undefined;
}

function removePods(context: ControllerContext, found: Job, pods: readonly Pod[]): StatusError | undefined {
  let failure: StatusError | undefined;
  for (const pod of pods) {
    failure ??= slowStart(1, () => {
      deletePod(context, COMPONENT, found, pod);
    });
  }
  return failure;
}

interface Managed {
  active: Pod[];
  again: Again;
  failure: StatusError | undefined;
}

function manage(
  context: ControllerContext,
  found: Job,
  pods: readonly Pod[],
  active: Pod[],
  tally: Tally,
  suspended: boolean,
): Managed {
  const { completions, parallelism = 1 } = found.spec ?? {};
  const left =
    completions === undefined ? parallelism : Math.max(0, completions - tally.succeeded - tally.failedIndexes.size);
  const open = completions === undefined && tally.succeeded > 0 ? active.length : Math.min(left, parallelism);
  const wanted = suspended ? 0 : open;
  const now = context.clock.now();
  const surplus = active.length - wanted;
  if (surplus > 0) {
    const leaving = deletionOrder(active, active, now).slice(0, Math.min(surplus, BURST));
    const failure = removePods(context, found, leaving);
    // a pod that is not wanted any more is not a failed one
    for (const { metadata } of leaving) {
      const pod = context.client.get<Pod>('pods', metadata.namespace ?? '', metadata.name);
      if (pod !== undefined) release(context, pod);
    }
    return {
      active: failure === undefined ? active.filter((pod) => !leaving.includes(pod)) : active,
      again: undefined,
      failure,
    };
  }
  const replaced =
    found.spec?.podReplacementPolicy === 'Failed'
      ? pods.filter((pod) => pod.metadata.deletionTimestamp !== undefined).length
      : 0;
  const missing = Math.min(wanted - active.length - replaced, BURST);
  if (missing <= 0) return { active, again: undefined, failure: undefined };
  const startAt = nextStart(found, pods);
  if (startAt > now) return { active, again: { afterMs: startAt - now }, failure: undefined };
  const indexes = isIndexed(found) ? pendingIndexes(found, active, tally, missing) : undefined;
  const made = [...active];
  const failure = slowStart(indexes?.length ?? missing, () => {
    made.push(createPod(context, COMPONENT, found, newPod(found, indexes?.shift())));
  });
  return { active: made, again: undefined, failure };
}

function pendingIndexes(found: Job, active: readonly Pod[], tally: Tally, count: number): number[] {
  const taken = new Set([...tally.doneIndexes, ...tally.failedIndexes, ...active.map(indexOf)]);
  const all = Array.from({ length: found.spec?.completions ?? 0 }, (_, index) => index);
  return all.filter((index) => !taken.has(index)).slice(0, count);
}

function noteSuspension(
  context: ControllerContext,
  found: Job,
  status: Status,
  conditions: JobCondition[],
  suspended: boolean,
): void {
  const position = conditions.findIndex((one) => one.type === 'Suspended');
  const current = conditions[position];
  const now = timestamp(context.clock);
  if (suspended ? current?.status === 'True' : current?.status !== 'True') return;
  const [reason, message] = suspended ? ['JobSuspended', 'Job suspended'] : ['JobResumed', 'Job resumed'];
  const next = condition('Suspended', suspended ? 'True' : 'False', reason, message, now);
  if (position === -1) conditions.push(next);
  else conditions[position] = next;
  if (suspended) delete status.startTime;
  else status.startTime = now;
  const told = suspended ? 'Suspended' : 'Resumed';
  context.events.event(COMPONENT, { regarding: found, type: 'Normal', reason: told, message });
}

function finish(status: Status, { type, reason, message }: Ending, now: string): void {
  const final = type === 'FailureTarget' ? 'Failed' : 'Complete';
  status.conditions = [...(status.conditions ?? []), condition(final, 'True', reason, message, now)];
  if (final === 'Complete') status.completionTime = now;
}

function tellEnd({ events }: ControllerContext, found: Job, { type, reason, message }: Ending): void {
  if (type === 'FailureTarget') events.event(COMPONENT, { regarding: found, type: 'Warning', reason, message });
  else events.event(COMPONENT, { regarding: found, type: 'Normal', reason: 'Completed', message: 'Job completed' });
}

function untilDeadline(found: Job, status: Status, now: number): Again {
  const deadline = found.spec?.activeDeadlineSeconds;
  const started = millisecondsOf(status.startTime);
  if (deadline === undefined || started === undefined || found.spec?.suspend === true) return;
  const wait = started + deadline * 1000 - now;
  return wait > 0 ? { afterMs: wait } : undefined;
}
function earliest(a: Again, b: Again): Again {
  if (!a || !b) return a ?? b;
  return a.afterMs <= b.afterMs ? a : b;
}
