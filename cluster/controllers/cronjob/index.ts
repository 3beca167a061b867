/** CronJobs: makes a Job at each time of the schedule. */
import { controllerOf } from '../../api/pods.ts';
import { StatusError } from '../../api/status.ts';
import type { CronJob, Job } from '../../api/types.ts';
import { conditionOf, millisecondsOf, timestampOf } from '../conditions.ts';
import type { Again, Controller, ControllerContext } from '../controller.ts';
import { namespacedKey, splitKey } from '../controller.ts';
import { controllerRef, hasReason, namespaceIsTerminating } from '../pod-control.ts';
import { isTimeZone, nextTime, parseSchedule, type Schedule } from './schedule.ts';

const RESOURCE = 'cronjobs.batch';
const JOBS = 'jobs.batch';
const COMPONENT = 'cronjob-controller';
/** Milliseconds on top, as clocks differ. */
const SKEW = 100;
const TOO_MANY_MISSED = 100;

type Active = NonNullable<NonNullable<CronJob['status']>['active']>;

export const cronjob: Controller = {
  name: 'cronjob-controller',
  watches: {
    [RESOURCE]: ({ object }) => [namespacedKey(object)],
    [JOBS]: ({ object }) => {
      const owner = controllerOf(object);
      return owner?.kind === 'CronJob' ? [`${object.metadata.namespace ?? ''}/${owner.name}`] : [];
    },
  },
  reconcile(key, context) {
    const { namespace, name } = splitKey(key);
    const found = context.client.get<CronJob>(RESOURCE, namespace, name);
    if (found === undefined) return;
    return sync(found, context);
  },
};

const finishOf = (job: Job): 'Complete' | 'Failed' | undefined =>
  (['Complete', 'Failed'] as const).find((type) => conditionOf(job.status?.conditions, type)?.status === 'True');

function tell(
  { events }: ControllerContext,
  regarding: CronJob,
  type: 'Normal' | 'Warning',
  reason: string,
  message: string,
) {
  events.event(COMPONENT, { regarding, type, reason, message });
}

function sync(stored: CronJob, context: ControllerContext): Again {
  const { client } = context;
  const cron = structuredClone(stored);
  const jobs = client
    .list<Job>(JOBS, cron.metadata.namespace)
    .filter((job) => controllerOf(job)?.uid === cron.metadata.uid);
  trimHistory(context, cron, jobs);
  const again = schedule(context, cron, jobs);
  write(context, cron);
  return again;
}

function write({ client }: ControllerContext, cron: CronJob): void {
  const current = client.get<CronJob>(RESOURCE, cron.metadata.namespace ?? '', cron.metadata.name);
  if (current === undefined || current.metadata.uid !== cron.metadata.uid) return;
  const { active, ...rest } = cron.status ?? {};
  client.updateStatus<CronJob>(RESOURCE, {
    ...current,
    status: active === undefined || active.length === 0 ? rest : { ...rest, active },
  });
}

/** Finished Jobs beyond the limits go, oldest first. */
function trimHistory(context: ControllerContext, cron: CronJob, jobs: readonly Job[]): void {
  const { successfulJobsHistoryLimit = 3, failedJobsHistoryLimit = 1 } = cron.spec ?? {};
  const start = (job: Job) => millisecondsOf(job.status?.startTime) ?? Infinity;
  for (const [type, limit] of [
    ['Complete', successfulJobsHistoryLimit],
    ['Failed', failedJobsHistoryLimit],
  ] as const) {
    const finished = jobs.filter((job) => finishOf(job) === type).toSorted((a, b) => start(a) - start(b));
    for (const job of finished.slice(0, Math.max(0, finished.length - limit))) remove(context, cron, job);
  }
}

function remove(context: ControllerContext, cron: CronJob, job: Job): void {
  const { name, namespace = '', uid } = job.metadata;
  try {
    context.client.delete(JOBS, namespace, name, { propagationPolicy: 'Background' });
  } catch (error) {
    if (error instanceof StatusError) tell(context, cron, 'Warning', 'FailedDelete', `Deleted job: ${error.message}`);
    throw error;
  }
  setActive(
    cron,
    activeOf(cron).filter((reference) => reference.uid !== uid),
  );
  tell(context, cron, 'Normal', 'SuccessfulDelete', `Deleted job ${name}`);
}

const activeOf = (cron: CronJob): Active => cron.status?.active ?? [];
function setActive(cron: CronJob, active: Active): void {
  cron.status = { ...cron.status, active };
}

/** A Job started by hand from the CronJob's template counts too. */
function noteSuccess(cron: CronJob, job: Job): void {
  const lastSuccessfulTime = job.status?.completionTime;
  const last = millisecondsOf(cron.status?.lastSuccessfulTime) ?? 0;
  if (lastSuccessfulTime === undefined || (millisecondsOf(lastSuccessfulTime) ?? 0) <= last) return;
  cron.status = { ...cron.status, lastSuccessfulTime };
}

/** Brings the list of active Jobs up to date. */
function observe(context: ControllerContext, cron: CronJob, jobs: readonly Job[]): void {
  const known = new Set(jobs.map((job) => job.metadata.uid));
  for (const job of jobs) {
    const listed = activeOf(cron).some((reference) => reference.uid === job.metadata.uid);
    const finish = finishOf(job);
    if (!listed && finish === undefined) {
      const current = context.client.get<CronJob>(RESOURCE, cron.metadata.namespace ?? '', cron.metadata.name);
      if (current?.status?.active?.some((reference) => reference.uid === job.metadata.uid)) continue;
      const message = `Saw a job that the controller did not create or forgot: ${job.metadata.name}`;
      tell(context, cron, 'Warning', 'UnexpectedJob', message);
    } else if (finish !== undefined) {
      if (listed) {
        setActive(
          cron,
          activeOf(cron).filter((reference) => reference.uid !== job.metadata.uid),
        );
        const message = `Saw completed job: ${job.metadata.name}, condition: ${finish}`;
        tell(context, cron, 'Normal', 'SawCompletedJob', message);
      }
      if (finish === 'Complete') noteSuccess(cron, job);
    }
  }
  for (const reference of activeOf(cron)) {
    if (known.has(reference.uid)) continue;
    tell(context, cron, 'Normal', 'MissingJob', `Active job went missing: ${reference.name}`);
    setActive(
      cron,
      activeOf(cron).filter((other) => other.uid !== reference.uid),
    );
  }
}

function schedule(context: ControllerContext, cron: CronJob, jobs: readonly Job[]): Again {
  const now = context.clock.now();
  observe(context, cron, jobs);
  if (cron.metadata.deletionTimestamp !== undefined) return;
  const { timeZone, suspend } = cron.spec ?? {};
  const text = cron.spec?.schedule ?? '';
  if (timeZone !== undefined && !isTimeZone(timeZone)) {
    const why = `unknown time zone ${timeZone}`;
    tell(context, cron, 'Warning', 'UnknownTimeZone', `invalid timeZone: ${JSON.stringify(timeZone)}: ${why}`);
    return;
  }
  if (suspend === true) return;
  const parsed = parseSchedule(text, timeZone);
  if (parsed === undefined) {
    tell(context, cron, 'Warning', 'UnparseableSchedule', `unparseable schedule: ${JSON.stringify(text)}`);
    return;
  }
  const due = lastDue(context, cron, parsed, now);
  if (due !== undefined) run(context, cron, jobs, due, now);
  const next = nextTime(parsed, now);
  return next === undefined ? undefined : { afterMs: next - now + SKEW };
}

/** The latest time that has come and was not acted on. */
function lastDue(context: ControllerContext, cron: CronJob, parsed: Schedule, now: number): number | undefined {
  const created = millisecondsOf(cron.metadata.creationTimestamp) ?? now;
  let from = millisecondsOf(cron.status?.lastScheduleTime) ?? created;
  const deadline = cron.spec?.startingDeadlineSeconds;
  if (deadline !== undefined) from = Math.max(from, now - deadline * 1000);
  let latest: number | undefined;
  let missed = 0;
  for (let at = nextTime(parsed, from); at !== undefined && at <= now; at = nextTime(parsed, at)) {
    latest = at;
    if (++missed > TOO_MANY_MISSED) {
      const message = 'too many missed start times. Set or decrease .spec.startingDeadlineSeconds or check clock skew';
      tell(context, cron, 'Warning', 'TooManyMissedTimes', message);
      // older ones don't matter: go on from a day before now
      at = Math.max(at, now - 24 * 3600 * 1000);
      missed = Number.NEGATIVE_INFINITY;
    }
  }
  return latest;
}

function run(context: ControllerContext, cron: CronJob, jobs: readonly Job[], due: number, now: number): void {
  const deadline = cron.spec?.startingDeadlineSeconds;
  if (deadline !== undefined && due + deadline * 1000 < now) {
    const when = new Date(due).toUTCString().replace('GMT', '+0000');
    tell(context, cron, 'Warning', 'MissSchedule', `Missed scheduled time to start a job: ${when}`);
    return;
  }
  const policy = cron.spec?.concurrencyPolicy;
  if (policy === 'Forbid' && activeOf(cron).length > 0) {
    const message = 'Not starting job because prior execution is running and concurrency policy is Forbid';
    tell(context, cron, 'Normal', 'JobAlreadyActive', message);
    return;
  }
  if (policy === 'Replace') {
    for (const reference of activeOf(cron)) {
      const job = jobs.find((one) => one.metadata.uid === reference.uid);
      if (job !== undefined) remove(context, cron, job);
    }
  }
  const created = createJob(context, cron, due);
  if (created === undefined) return;
  const { name, namespace, uid, resourceVersion } = created.metadata;
  const reference = { kind: 'Job', namespace, name, uid, apiVersion: 'batch/v1', resourceVersion };
  setActive(cron, [...activeOf(cron), reference]);
  cron.status = { ...cron.status, lastScheduleTime: timestampOf(due) };
}

function createJob(context: ControllerContext, cron: CronJob, due: number): Job | undefined {
  const template = cron.spec?.jobTemplate;
  const zone = cron.spec?.timeZone;
  const wanted: Job = {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: {
      // the minute makes the name, so that no time is run twice
      name: `${cron.metadata.name}-${Math.floor(due / 60_000)}`,
      namespace: cron.metadata.namespace ?? '',
      labels: { ...template?.metadata?.labels },
      annotations: {
        ...template?.metadata?.annotations,
        'batch.kubernetes.io/cronjob-scheduled-timestamp': zone === undefined ? timestampOf(due) : inZone(due, zone),
      },
      ownerReferences: [controllerRef(cron)],
    },
    ...(template?.spec === undefined ? {} : { spec: structuredClone(template.spec) }),
  };
  try {
    const created = context.client.create(JOBS, wanted);
    tell(context, cron, 'Normal', 'SuccessfulCreate', `Created job ${created.metadata.name}`);
    return created;
  } catch (error) {
    if (namespaceIsTerminating(error) || hasReason(error, 'AlreadyExists')) return undefined;
    if (error instanceof StatusError)
      tell(context, cron, 'Warning', 'FailedCreate', `Error creating job: ${error.message}`);
    throw error;
  }
}

/** RFC 3339 with the zone's own offset. */
function inZone(at: number, timeZone: string): string {
  const name = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' })
    .formatToParts(at)
    .find((part) => part.type === 'timeZoneName')?.value;
  const offset = /GMT([+-])(\d\d):(\d\d)/.exec(name ?? '');
  if (offset === null) return timestampOf(at);
  const minutes = (Number(offset[2]) * 60 + Number(offset[3])) * (offset[1] === '-' ? -1 : 1);
  return timestampOf(at + minutes * 60_000).replace('Z', `${offset[1]}${offset[2]}:${offset[3]}`);
}
