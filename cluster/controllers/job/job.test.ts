import { expect, test } from '@jest/globals';
import type { Job } from '../../api/types.ts';
import { makeKubelet } from '../../kubelet/index.ts';
import { SimulatedRuntime } from '../../kubelet/runtime/runtime.ts';
import { garbageCollector } from '../garbage-collector/index.ts';
import { bench, make, type Bench } from '../testing.ts';
import { ttlAfterFinished } from '../ttl-after-finished/index.ts';
import { indexesText, parseIndexes } from './indexes.ts';
import { job } from './index.ts';

const named = (spec: object, command = ['echo', 'hi']): Job =>
  make('batch/v1', 'Job', 'hello', {
    spec: {
      completions: 1,
      parallelism: 1,
      backoffLimit: 6,
      completionMode: 'NonIndexed',
      selector: { matchLabels: { 'job-name': 'hello' } },
      template: {
        metadata: { labels: { 'job-name': 'hello' } },
        spec: { restartPolicy: 'Never', containers: [{ name: 'c', image: 'busybox:1.36', command }] },
      },
      ...spec,
    },
  });
function running(found: Job, bare = true): Bench {
  const cluster = bench((parts) => [
    job,
    garbageCollector,
    ttlAfterFinished,
    bare
      ? makeKubelet({ bare })
      : makeKubelet({ bare, runtime: new SimulatedRuntime({ ...parts, token: () => 'token' }) }),
  ]);
  cluster.client.create('jobs.batch', found);
  cluster.settle();
  return cluster;
}
const status = ({ client }: Bench) => client.get<Job>('jobs.batch', 'default', 'hello')?.status;

test('one pod that succeeds', () => {
  const cluster = running(named({}));
  const now = '2026-05-01T10:00:00Z';
  const done = {
    status: 'True',
    reason: 'CompletionsReached',
    message: 'Reached expected number of succeeded pods',
    lastProbeTime: now,
    lastTransitionTime: now,
  };
  expect(status(cluster)).toEqual({
    startTime: now,
    completionTime: now,
    conditions: [
      { type: 'SuccessCriteriaMet', ...done },
      { type: 'Complete', ...done },
    ],
    succeeded: 1,
    ready: 0,
    terminating: 0,
    uncountedTerminatedPods: {},
  });
  expect(cluster.events()).toEqual([
    expect.stringMatching(/^SuccessfulCreate: Created pod: hello-/),
    'Completed: Job completed',
  ]);
  expect(cluster.pods()[0]?.metadata.finalizers).toBeUndefined();
});

test.each([
  { name: 'several at a time', spec: { completions: 4, parallelism: 2 }, pods: 4, expected: { succeeded: 4 } },
  {
    name: 'indexed',
    spec: { completions: 3, parallelism: 3, completionMode: 'Indexed' },
    pods: 3,
    expected: { succeeded: 3, completedIndexes: '0-2' },
  },
  { name: 'any one', spec: { completions: undefined, parallelism: 2 }, pods: 2, expected: { succeeded: 2 } },
])('$name', ({ spec, pods, expected }) => {
  const cluster = running(named(spec));
  expect(cluster.pods()).toHaveLength(pods);
  expect(status(cluster)).toMatchObject(expected);
});

test('pods that fail are tried again with a growing wait, up to the limit', () => {
  const cluster = running(named({ backoffLimit: 1 }, ['sh', '-c', 'exit 3']), false);
  cluster.advance(8000);
  expect(status(cluster)).toMatchObject({ failed: 1 });
  cluster.advance(30_000);
  expect(status(cluster)?.conditions?.map(({ type, reason }) => `${type} ${reason}`)).toEqual([
    'FailureTarget BackoffLimitExceeded',
    'Failed BackoffLimitExceeded',
  ]);
  expect(status(cluster)?.failed).toBe(2);
  expect(cluster.pods()).toHaveLength(2);
  expect(cluster.events()).toContain('BackoffLimitExceeded: Job has reached the specified backoff limit');
});

test('a deadline ends what still runs', () => {
  const cluster = running(named({ activeDeadlineSeconds: 3 }, ['sleep', '600']), false);
  cluster.advance(60_000);
  expect(status(cluster)?.conditions?.at(-1)).toMatchObject({
    type: 'Failed',
    reason: 'DeadlineExceeded',
    message: 'Job was active longer than specified deadline',
  });
  expect(cluster.pods()).toEqual([]);
});

test('suspended and resumed', () => {
  const cluster = running(named({ suspend: true }));
  expect(cluster.pods()).toEqual([]);
  expect(status(cluster)?.conditions).toMatchObject([{ type: 'Suspended', status: 'True', reason: 'JobSuspended' }]);
  const current = cluster.client.get<Job>('jobs.batch', 'default', 'hello')!;
  cluster.client.update('jobs.batch', { ...current, spec: { ...current.spec!, suspend: false } });
  cluster.settle();
  expect(status(cluster)?.succeeded).toBe(1);
});

test('deleting a job takes its pods along; a time to live does it alone', () => {
  const cluster = running(named({}));
  cluster.client.delete('jobs.batch', 'default', 'hello', { propagationPolicy: 'Background' });
  cluster.settle();
  expect(cluster.pods()).toEqual([]);
  const lasting = running(named({}, ['sleep', '600']), false);
  lasting.advance(5000);
  lasting.client.delete('jobs.batch', 'default', 'hello', { propagationPolicy: 'Background' });
  lasting.advance(40_000);
  expect(lasting.pods()).toEqual([]);
  const timed = running(named({ ttlSecondsAfterFinished: 60 }));
  timed.advance(59_000);
  expect(status(timed)).toBeDefined();
  timed.advance(2000);
  expect(status(timed)).toBeUndefined();
});

test.each([
  ['', []],
  ['0-2', [0, 1, 2]],
  ['1,3,5-9', [1, 3, 5, 6, 7, 8, 9]],
  ['4,5', [4, 5]],
])('indexes %s', (text, indexes) => {
  expect(indexesText(new Set(indexes))).toBe(text);
  expect([...parseIndexes(text, 10)]).toEqual(indexes);
  expect([...parseIndexes(text, 2)]).toEqual(indexes.filter((index) => index < 2));
});
