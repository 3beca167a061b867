/** CronJobs: makes a Job at each time of the schedule. */
import { parseSchedule, type Schedule } from '../../api/cron.ts';
import { equal } from '../../api/merge.ts';
import { controllerOf } from '../../api/pods.ts';
import { StatusError } from '../../api/status.ts';
import { isTimeZone } from '../../api/time-zone.ts';
import type { CronJob, Job } from '../../api/types.ts';
import { millisecondsOf, timestampOf } from '../conditions.ts';
import type { Again, Controller, ControllerContext } from '../controller.ts';
import { namespacedKey, splitKey } from '../controller.ts';
import { hasReason, namespaceIsTerminating } from '../pod-control.ts';
import { NEVER, dueTime, untilNext } from './due.ts';
import { JOBS, activeOf, endOf, isListed, jobFor, jobName, list, remove, strike, tell, trimHistory } from './jobs.ts';

const RESOURCE = 'cronjobs.batch';
/** Keys of those whose schedule has changed: they are looked at when its next time comes, not before. */
const CHANGED = 'changed|';

/** When that is, in milliseconds since 1970, by key. Lost with the process, as a real queue is. */
const waits = new WeakMap<ControllerContext, Map<string, number>>();
function waitsOf(context: ControllerContext): Map<string, number> {
  const known = waits.get(context) ?? new Map<string, number>();
  waits.set(context, known);
  return known;
}

export const cronjob: Controller = {
  name: 'cronjob-controller',
  watches: {
    [RESOURCE]: ({ type, object, old }, context) => {
      const [now, before] = [(object as CronJob).spec, (old as CronJob | undefined)?.spec];
      const changed = now?.schedule !== before?.schedule || now?.timeZone !== before?.timeZone;
      if (type !== 'MODIFIED' || !changed) return [namespacedKey(object)];
      waitsOf(context).delete(CHANGED + namespacedKey(object));
      return [CHANGED + namespacedKey(object)];
    },
    [JOBS]: ({ object, old }) => {
      const owners = [controllerOf(object), old && controllerOf(old)];
      return owners.flatMap((owner) =>
        owner?.kind === 'CronJob' ? [`${object.metadata.namespace ?? ''}/${owner.name}`] : [],
      );
    },
  },
  reconcile(key, context) {
    const changed = key.startsWith(CHANGED);
    const { namespace, name } = splitKey(changed ? key.slice(CHANGED.length) : key);
    const found = context.client.get<CronJob>(RESOURCE, namespace, name);
    if (found === undefined) {
      waitsOf(context).delete(key);
      return;
    }
    return (changed ? waitForNext(found, key, context) : undefined) ?? sync(found, context);
  },
};

/** undefined: the time has come. */
function waitForNext(found: CronJob, key: string, context: ControllerContext): Again {
  const now = context.clock.now();
  const schedule = scheduleOf(found);
  if (typeof schedule === 'string') {
    const message = `unparseable schedule for cronjob: ${found.spec?.schedule ?? ''}`;
    tell(context, found, 'Warning', 'UnParseableCronJobSchedule', message);
    return { afterMs: Number.MAX_SAFE_INTEGER };
  }
  const known = waitsOf(context).get(key);
  const at = known ?? now + (untilNext(found, schedule, now) ?? 0);
  if (at <= now) {
    waitsOf(context).delete(key);
    return;
  }
  waitsOf(context).set(key, at);
  return { afterMs: at - now };
}

/** A zone in the schedule itself counts before the field. */
function scheduleOf({ spec }: CronJob): Schedule | string {
  const text = spec?.schedule ?? '';
  const zone = spec?.timeZone;
  const inField = !text.includes('TZ') && zone !== undefined && isTimeZone(zone);
  return parseSchedule(inField ? `TZ=${zone} ${text}` : text);
}

function sync(stored: CronJob, context: ControllerContext): Again {
  const { client } = context;
  const cron = structuredClone(stored);
  const jobs = client
    .list<Job>(JOBS, cron.metadata.namespace)
    .filter((job) => controllerOf(job)?.name === cron.metadata.name);
  trimHistory(context, cron, jobs);
  let failure: StatusError | undefined;
  let again: Again;
  try {
    again = follow(context, cron, jobs);
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
    failure = error;
  }
  const { active = [], ...rest } = cron.status ?? {};
  const status = active.length === 0 ? rest : { ...rest, active };
  if (!equal(status, stored.status ?? {})) client.updateStatus<CronJob>(RESOURCE, { ...stored, status });
  if (failure !== undefined) throw failure;
  return again;
}

/** Brings the list of active Jobs up to date. */
function observe(context: ControllerContext, cron: CronJob, jobs: readonly Job[]): void {
  for (const job of jobs) {
    const { name, uid } = job.metadata;
    const end = endOf(job);
    if (end === undefined) {
      if (isListed(cron, uid)) continue;
      const message = `Saw a job that the controller did not create or forgot: ${name}`;
      tell(context, cron, 'Warning', 'UnexpectedJob', message);
      continue;
    }
    if (isListed(cron, uid)) {
      strike(cron, uid);
      tell(context, cron, 'Normal', 'SawCompletedJob', `Saw completed job: ${name}, condition: ${end}`);
    }
    const completed = millisecondsOf(job.status?.completionTime);
    // one that was started by hand counts, too
    if (
      end === 'Complete' &&
      completed !== undefined &&
      completed > (millisecondsOf(cron.status?.lastSuccessfulTime) ?? 0)
    )
      cron.status = { ...cron.status, lastSuccessfulTime: timestampOf(completed) };
  }
  const known = new Set(jobs.map((job) => job.metadata.uid));
  for (const { uid, name = '' } of activeOf(cron)) {
    if (known.has(uid)) continue;
    tell(context, cron, 'Normal', 'MissingJob', `Active job went missing: ${name}`);
    strike(cron, uid);
  }
}

/** @throws StatusError */
function follow(context: ControllerContext, cron: CronJob, jobs: readonly Job[]): Again {
  const now = context.clock.now();
  observe(context, cron, jobs);
  if (cron.metadata.deletionTimestamp !== undefined) return;
  const { timeZone, suspend } = cron.spec ?? {};
  const text = cron.spec?.schedule ?? '';
  const shown = JSON.stringify;
  if (timeZone !== undefined && !isTimeZone(timeZone)) {
    const message = `invalid timeZone: ${shown(timeZone)}: unknown time zone ${timeZone}`;
    return tell(context, cron, 'Warning', 'UnknownTimeZone', message);
  }
  if (suspend === true) return;
  if (text.includes('TZ')) {
    const message = `CRON_TZ or TZ used in schedule ${shown(text)} is not officially supported, see https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/ for more details`;
    tell(context, cron, 'Warning', 'UnsupportedSchedule', message);
  }
  const schedule = scheduleOf(cron);
  if (typeof schedule === 'string')
    return tell(context, cron, 'Warning', 'UnparseableSchedule', `unparseable schedule: ${shown(text)} : ${schedule}`);
  const due = dueTime(cron, schedule, now, true);
  if (due === NEVER) return tell(context, cron, 'Warning', 'InvalidSchedule', `invalid schedule: ${text} : ${NEVER}`);
  if (due.latest !== undefined) {
    if (due.missed === 'many') {
      const message = 'too many missed start times. Set or decrease .spec.startingDeadlineSeconds or check clock skew';
      tell(context, cron, 'Warning', 'TooManyMissedTimes', message);
    }
    run(context, cron, jobs, due.latest, now);
  }
  const wait = untilNext(cron, schedule, now);
  return wait === undefined ? undefined : { afterMs: Math.max(1, wait) };
}

/** @throws StatusError */
function run(context: ControllerContext, cron: CronJob, jobs: readonly Job[], due: number, now: number): void {
  const { startingDeadlineSeconds: deadline, concurrencyPolicy } = cron.spec ?? {};
  if (deadline !== undefined && due + deadline * 1000 < now) {
    const when = new Date(due).toUTCString().replace('GMT', '+0000');
    return tell(context, cron, 'Warning', 'MissSchedule', `Missed scheduled time to start a job: ${when}`);
  }
  const isRunning = activeOf(cron).some(({ name }) => name === jobName(cron, due));
  if (isRunning || millisecondsOf(cron.status?.lastScheduleTime) === due) return;
  if (concurrencyPolicy === 'Forbid' && activeOf(cron).length > 0) {
    const message = 'Not starting job because prior execution is running and concurrency policy is Forbid';
    return tell(context, cron, 'Normal', 'JobAlreadyActive', message);
  }
  if (concurrencyPolicy === 'Replace') {
    for (const { uid } of activeOf(cron)) {
      const job = jobs.find((one) => one.metadata.uid === uid);
      if (job !== undefined && !remove(context, cron, job))
        throw new StatusError({ message: `could not replace job ${job.metadata.namespace}/${job.metadata.name}` });
    }
  }
  const made = createJob(context, cron, due);
  if (made === undefined) return;
  list(cron, made);
  cron.status = { ...cron.status, lastScheduleTime: timestampOf(due) };
}

/** undefined: somebody else has made one of that name. @throws StatusError */
function createJob(context: ControllerContext, cron: CronJob, due: number): Job | undefined {
  const wanted = jobFor(cron, due);
  try {
    const created = context.client.create<Job>(JOBS, wanted);
    tell(context, cron, 'Normal', 'SuccessfulCreate', `Created job ${created.metadata.name}`);
    return created;
  } catch (error) {
    if (hasReason(error, 'AlreadyExists')) {
      const { namespace = '', name } = wanted.metadata;
      const present = context.client.get<Job>(JOBS, namespace, name);
      const isOurs = present !== undefined && controllerOf(present)?.uid === cron.metadata.uid;
      return isOurs && !isListed(cron, present.metadata.uid) ? present : undefined;
    }
    if (error instanceof StatusError && !namespaceIsTerminating(error))
      tell(context, cron, 'Warning', 'FailedCreate', `Error creating job: ${error.message}`);
    throw error;
  }
}
