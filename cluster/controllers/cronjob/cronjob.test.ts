import { expect, test } from '@jest/globals';
import type { CronJob } from '../../api/types.ts';
import { makeKubelet } from '../../kubelet/index.ts';
import { garbageCollector } from '../garbage-collector/index.ts';
import { job } from '../job/index.ts';
import { bench, make, names, type Bench } from '../testing.ts';
import { cronjob } from './index.ts';

const every = (spec: object): CronJob =>
  make('batch/v1', 'CronJob', 'report', {
    spec: {
      schedule: '*/5 * * * *',
      concurrencyPolicy: 'Allow',
      successfulJobsHistoryLimit: 3,
      failedJobsHistoryLimit: 1,
      jobTemplate: {
        spec: {
          completions: 1,
          parallelism: 1,
          selector: { matchLabels: { a: 'b' } },
          template: {
            metadata: { labels: { a: 'b' } },
            spec: { restartPolicy: 'Never', containers: [{ name: 'c', image: 'busybox' }] },
          },
        },
      },
      ...spec,
    },
  });

test('a job at each time, of which the last three stay', () => {
  const cluster = bench([cronjob, job, garbageCollector, makeKubelet({ bare: true })]);
  cluster.client.create('cronjobs.batch', every({}));
  cluster.advance(4 * 60_000);
  expect(names(cluster.client, 'jobs.batch')).toEqual([]);
  cluster.advance(2 * 60_000);
  const minute = Date.UTC(2026, 4, 1, 10, 5) / 60_000;
  expect(names(cluster.client, 'jobs.batch')).toEqual([`report-${minute}`]);
  expect(cluster.client.get<CronJob>('cronjobs.batch', 'default', 'report')?.status).toEqual({
    lastScheduleTime: '2026-05-01T10:05:00Z',
    lastSuccessfulTime: '2026-05-01T10:05:00Z',
  });
  expect(cluster.events()).toEqual(
    expect.arrayContaining([
      `SuccessfulCreate: Created job report-${minute}`,
      `SawCompletedJob: Saw completed job: report-${minute}, condition: Complete`,
    ]),
  );
  cluster.advance(25 * 60_000);
  expect(names(cluster.client, 'jobs.batch')).toHaveLength(3);
});

test('a Job started by hand from the template of a suspended one counts as its last success', () => {
  const cluster = bench([cronjob, job, makeKubelet({ bare: true })]);
  const cron = cluster.client.create('cronjobs.batch', every({ suspend: true }));
  const owner = {
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    name: 'report',
    uid: cron.metadata.uid ?? '',
    controller: true,
  };
  cluster.client.create(
    'jobs.batch',
    make('batch/v1', 'Job', 'by-hand', {
      metadata: { name: 'by-hand', namespace: 'default', ownerReferences: [owner] },
      spec: cron.spec?.jobTemplate?.spec,
    }),
  );
  cluster.advance(5000);
  expect(cluster.client.get<CronJob>('cronjobs.batch', 'default', 'report')?.status).toEqual({
    lastSuccessfulTime: '2026-05-01T10:00:00Z',
  });
  expect(cluster.events()).toContain('UnexpectedJob: Saw a job that the controller did not create or forgot: by-hand');
});

test('suspended: none; forbidden to overlap: one', () => {
  const cluster = bench([cronjob, job]);
  cluster.client.create('cronjobs.batch', every({ suspend: true }));
  cluster.advance(20 * 60_000);
  expect(names(cluster.client, 'jobs.batch')).toEqual([]);
  const strict = bench([cronjob, job]);
  strict.client.create('cronjobs.batch', every({ concurrencyPolicy: 'Forbid' }));
  strict.advance(21 * 60_000);
  expect(names(strict.client, 'jobs.batch')).toHaveLength(1);
  expect(strict.events()).toContain(
    'JobAlreadyActive: Not starting job because prior execution is running and concurrency policy is Forbid',
  );
});

const stored = ({ client }: Bench) => client.get<CronJob>('cronjobs.batch', 'default', 'report')!;
function change(cluster: Bench, spec: object): void {
  const cron = stored(cluster);
  cluster.client.update<CronJob>('cronjobs.batch', { ...cron, spec: { ...cron.spec, ...spec } });
  cluster.settle();
}
const minuteOf = (text: string) => Date.parse(text) / 60_000;

test('another schedule begins with its next time, whatever it would have missed', () => {
  const cluster = bench([cronjob, job]);
  cluster.client.create('cronjobs.batch', every({ schedule: '0 0 1 1 *' }));
  cluster.advance(10 * 60_000 + 30_000);
  change(cluster, { schedule: '*/2 * * * *' });
  expect(names(cluster.client, 'jobs.batch')).toEqual([]);
  cluster.advance(2 * 60_000);
  expect(names(cluster.client, 'jobs.batch')).toEqual([`report-${minuteOf('2026-05-01T10:12:00Z')}`]);
});

test('a change of anything else makes up for the last time missed', () => {
  const cluster = bench([cronjob, job]);
  cluster.client.create('cronjobs.batch', every({ suspend: true }));
  cluster.advance(17 * 60_000);
  change(cluster, { suspend: false });
  expect(names(cluster.client, 'jobs.batch')).toEqual([`report-${minuteOf('2026-05-01T10:15:00Z')}`]);
});

test('with a deadline what is too old is left', () => {
  const cluster = bench([cronjob, job]);
  cluster.client.create('cronjobs.batch', every({ suspend: true, startingDeadlineSeconds: 60 }));
  cluster.advance(17 * 60_000);
  change(cluster, { suspend: false });
  expect(names(cluster.client, 'jobs.batch')).toEqual([]);
});

test('of more than a hundred missed times the last is run, and it is told', () => {
  const cluster = bench([cronjob, job]);
  cluster.client.create('cronjobs.batch', every({ suspend: true, schedule: '* * * * *' }));
  cluster.advance(150 * 60_000);
  change(cluster, { suspend: false });
  expect(names(cluster.client, 'jobs.batch')).toEqual([`report-${minuteOf('2026-05-01T12:30:00Z')}`]);
  expect(cluster.events()).toContain(
    'TooManyMissedTimes: too many missed start times. Set or decrease .spec.startingDeadlineSeconds or check clock skew',
  );
});

test('Replace removes what still runs', () => {
  const cluster = bench([cronjob, job, garbageCollector]);
  cluster.client.create('cronjobs.batch', every({ concurrencyPolicy: 'Replace' }));
  cluster.advance(10 * 60_000 + 1000);
  const [first, second] = ['2026-05-01T10:05:00Z', '2026-05-01T10:10:00Z'].map((at) => `report-${minuteOf(at)}`);
  expect(names(cluster.client, 'jobs.batch')).toEqual([second]);
  expect(stored(cluster).status?.active?.map(({ name }) => name)).toEqual([second]);
  expect(cluster.events()).toContain(`SuccessfulDelete: Deleted job ${first}`);
});

test('what somebody else removes is missed', () => {
  const cluster = bench([cronjob, job, garbageCollector]);
  cluster.client.create('cronjobs.batch', every({}));
  cluster.advance(5 * 60_000 + 1000);
  const [name = ''] = names(cluster.client, 'jobs.batch');
  cluster.client.delete('jobs.batch', 'default', name, { propagationPolicy: 'Background' });
  cluster.settle();
  expect(stored(cluster).status?.active).toBeUndefined();
  expect(cluster.events()).toContain(`MissingJob: Active job went missing: ${name}`);
});

test('in a zone of its own, which the Job is told', () => {
  const cluster = bench([cronjob, job]);
  cluster.client.create('cronjobs.batch', every({ schedule: '5 19 * * *', timeZone: 'Asia/Seoul' }));
  cluster.advance(6 * 60_000);
  const [made] = cluster.client.list('jobs.batch');
  expect(made?.metadata.annotations).toEqual({
    'batch.kubernetes.io/cronjob-scheduled-timestamp': '2026-05-01T19:05:00+09:00',
  });
});

test('a day that never comes is told, and nothing is run', () => {
  const cluster = bench([cronjob]);
  cluster.client.create('cronjobs.batch', every({ schedule: '59 23 31 2 *' }));
  cluster.settle();
  expect(cluster.events()).toEqual([
    'InvalidSchedule: invalid schedule: 59 23 31 2 * : time difference between two schedules is less than 1 second',
  ]);
});
