/** The Jobs of a CronJob: made from its template, listed while they run, removed when there are too many. */
import { StatusError } from '../../api/status.ts';
import { zonedTimeText } from '../../api/time-zone.ts';
import type { CronJob, Job } from '../../api/types.ts';
import { conditionOf, millisecondsOf } from '../conditions.ts';
import type { ControllerContext } from '../controller.ts';
import { controllerRef } from '../pod-control.ts';

export const JOBS = 'jobs.batch';
const COMPONENT = 'cronjob-controller';

type Active = NonNullable<NonNullable<CronJob['status']>['active']>;

export function tell(
  { events }: ControllerContext,
  regarding: CronJob,
  type: 'Normal' | 'Warning',
  reason: string,
  message: string,
): void {
  events.event(COMPONENT, { regarding, type, reason, message });
}

export const endOf = (job: Job): 'Complete' | 'Failed' | undefined =>
  (['Complete', 'Failed'] as const).find((type) => conditionOf(job.status?.conditions, type)?.status === 'True');

export const activeOf = (cron: CronJob): Active => cron.status?.active ?? [];
export const isListed = (cron: CronJob, uid: string | undefined): boolean =>
  activeOf(cron).some((reference) => reference.uid === uid);
export function strike(cron: CronJob, uid: string | undefined): void {
  cron.status = { ...cron.status, active: activeOf(cron).filter((reference) => reference.uid !== uid) };
}
export function list(cron: CronJob, { metadata }: Job): void {
  const { name, namespace, uid, resourceVersion } = metadata;
  const reference = { kind: 'Job', namespace, name, uid, apiVersion: 'batch/v1', resourceVersion };
  cron.status = { ...cron.status, active: [...activeOf(cron), reference] };
}

/** Finished Jobs beyond the limits go, those that started first. */
export function trimHistory(context: ControllerContext, cron: CronJob, jobs: readonly Job[]): void {
  const { successfulJobsHistoryLimit, failedJobsHistoryLimit } = cron.spec ?? {};
  const start = (job: Job) => millisecondsOf(job.status?.startTime) ?? Number.MAX_SAFE_INTEGER;
  for (const [type, limit] of [
    ['Complete', successfulJobsHistoryLimit],
    ['Failed', failedJobsHistoryLimit],
  ] as const) {
    if (limit === undefined) continue;
    const finished = jobs
      .filter((job) => endOf(job) === type)
      .toSorted((a, b) => start(a) - start(b) || (a.metadata.name < b.metadata.name ? -1 : 1));
    for (const job of finished.slice(0, Math.max(0, finished.length - limit))) remove(context, cron, job);
  }
}

/** Returns whether it was removed; why not is told. */
export function remove(context: ControllerContext, cron: CronJob, job: Job): boolean {
  const { name, namespace = '', uid } = job.metadata;
  try {
    context.client.delete(JOBS, namespace, name, { propagationPolicy: 'Background' });
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
    tell(context, cron, 'Warning', 'FailedDelete', `Deleted job: ${error.message}`);
    return false;
  }
  strike(cron, uid);
  tell(context, cron, 'Normal', 'SuccessfulDelete', `Deleted job ${name}`);
  return true;
}

/** The minute makes the name, so that no time is run twice. */
export const jobName = (cron: CronJob, due: number): string => `${cron.metadata.name}-${Math.floor(due / 60_000)}`;

export function jobFor(cron: CronJob, due: number): Job {
  const template = cron.spec?.jobTemplate;
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: {
      name: jobName(cron, due),
      namespace: cron.metadata.namespace ?? '',
      labels: { ...template?.metadata?.labels },
      annotations: {
        ...template?.metadata?.annotations,
        'batch.kubernetes.io/cronjob-scheduled-timestamp': zonedTimeText(due, cron.spec?.timeZone ?? ''),
      },
      ownerReferences: [controllerRef(cron)],
    },
    ...(template?.spec === undefined ? {} : { spec: structuredClone(template.spec) }),
  };
}
