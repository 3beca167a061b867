import { expect, test } from '@jest/globals';
import type { CronJob } from '../../api/types.ts';
import { makeKubelet } from '../../kubelet/index.ts';
import { garbageCollector } from '../garbage-collector/index.ts';
import { job } from '../job/index.ts';
import { bench, make, names } from '../testing.ts';
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
