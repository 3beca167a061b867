import { expect, test } from '@jest/globals';
import type { Job, Pod } from '../../api/types.ts';
import { garbageCollector } from '../garbage-collector/index.ts';
import { bench, make, type Bench } from '../testing.ts';
import { job } from './index.ts';

const TRACKING = 'batch.kubernetes.io/job-tracking';
const INDEX = 'batch.kubernetes.io/job-completion-index';
const FAILURES = 'batch.kubernetes.io/job-index-failure-count';

/** A Job whose pods do nothing by themselves. */
function running(spec: object): Bench {
  const cluster = bench([job, garbageCollector]);
  const found: Job = make('batch/v1', 'Job', 'hello', {
    spec: {
      backoffLimit: 6,
      completionMode: 'NonIndexed',
      podReplacementPolicy: 'TerminatingOrFailed',
      selector: { matchLabels: { 'job-name': 'hello' } },
      template: {
        metadata: { labels: { 'job-name': 'hello' } },
        spec: {
          restartPolicy: 'Never',
          terminationGracePeriodSeconds: 0,
          containers: [{ name: 'main', image: 'busybox' }],
        },
      },
      ...spec,
    },
  });
  cluster.client.create('jobs.batch', found);
  cluster.settle();
  return cluster;
}
const stored = ({ client }: Bench) => client.get<Job>('jobs.batch', 'default', 'hello')!;
const reasons = (cluster: Bench) =>
  stored(cluster).status?.conditions?.map(({ type, reason, message }) => `${type} ${reason}: ${message}`);
const indexOf = (pod: Pod) => pod.metadata.annotations?.[INDEX];
const alive = (cluster: Bench) =>
  cluster.pods().filter(({ status, metadata }) => !status?.phase && metadata.deletionTimestamp === undefined);

interface Ending {
  index?: string;
  exitCode?: number;
  condition?: string;
}
/** One of the pods that still run ends. */
function end(cluster: Bench, phase: 'Succeeded' | 'Failed', { index, exitCode, condition }: Ending = {}): string {
  const pod = alive(cluster).find((one) => index === undefined || indexOf(one) === index)!;
  const state = { terminated: { exitCode: exitCode ?? 0, finishedAt: '2026-05-01T10:00:00Z' } };
  cluster.client.updateStatus<Pod>('pods', {
    ...pod,
    status: {
      phase,
      ...(exitCode === undefined
        ? {}
        : {
            containerStatuses: [{ name: 'main', image: '', imageID: '', ready: false, restartCount: 0, state }],
          }),
      ...(condition === undefined ? {} : { conditions: [{ type: condition, status: 'True' }] }),
    },
  });
  cluster.settle();
  return pod.metadata.name;
}

test.each([
  [
    'FailJob by exit code',
    { action: 'FailJob', onExitCodes: { operator: 'In', values: [42] } },
    { exitCode: 42 },
    (pod: string) =>
      `PodFailurePolicy: Container main for pod default/${pod} failed with exit code 42 matching FailJob rule at index 0`,
  ],
  [
    'FailJob by condition',
    { action: 'FailJob', onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }] },
    { condition: 'DisruptionTarget' },
    (pod: string) =>
      `PodFailurePolicy: Pod default/${pod} has condition DisruptionTarget matching FailJob rule at index 0`,
  ],
])('%s ends the Job', (_what, rule, ending, sentence) => {
  const cluster = running({ completions: 2, parallelism: 2, podFailurePolicy: { rules: [rule] } });
  const pod = end(cluster, 'Failed', ending);
  expect(reasons(cluster)).toEqual([`FailureTarget ${sentence(pod)}`, `Failed ${sentence(pod)}`]);
  expect(stored(cluster).status).toMatchObject({ failed: 2, terminating: 0 });
  expect(cluster.events()).toContain(sentence(pod));
});

test('what is ignored does not count, and is replaced', () => {
  const rule = { action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }] };
  const cluster = running({ completions: 1, parallelism: 1, backoffLimit: 0, podFailurePolicy: { rules: [rule] } });
  end(cluster, 'Failed', { condition: 'DisruptionTarget' });
  cluster.advance(20_000);
  expect(stored(cluster).status?.failed).toBeUndefined();
  expect(stored(cluster).status?.active).toBe(1);
  end(cluster, 'Failed', { exitCode: 1 });
  expect(reasons(cluster)?.at(-1)).toBe('Failed BackoffLimitExceeded: Job has reached the specified backoff limit');
});

test('a limit for each index: the successor knows of the failures, and what is lost is listed', () => {
  const cluster = running({
    completionMode: 'Indexed',
    completions: 2,
    parallelism: 2,
    backoffLimit: 2_147_483_647,
    backoffLimitPerIndex: 1,
  });
  const first = end(cluster, 'Failed', { index: '1', exitCode: 1 });
  // held until its successor is there
  expect(cluster.pods().find(({ metadata }) => metadata.name === first)?.metadata.finalizers).toEqual([TRACKING]);
  cluster.advance(11_000);
  expect(cluster.pods().find(({ metadata }) => metadata.name === first)?.metadata.finalizers).toBeUndefined();
  expect(alive(cluster).map((pod) => [indexOf(pod), pod.metadata.annotations?.[FAILURES]])).toEqual(
    expect.arrayContaining([
      ['0', '0'],
      ['1', '1'],
    ]),
  );
  end(cluster, 'Failed', { index: '1', exitCode: 1 });
  expect(stored(cluster).status).toMatchObject({ failedIndexes: '1', failed: 2, active: 1 });
  end(cluster, 'Succeeded', { index: '0' });
  expect(reasons(cluster)).toEqual([
    'FailureTarget FailedIndexes: Job has failed indexes',
    'Failed FailedIndexes: Job has failed indexes',
  ]);
});

test('FailIndex gives an index up at once; too many of them end the Job', () => {
  const rule = { action: 'FailIndex', onExitCodes: { operator: 'NotIn', values: [1] } };
  const cluster = running({
    completionMode: 'Indexed',
    completions: 3,
    parallelism: 3,
    backoffLimit: 2_147_483_647,
    backoffLimitPerIndex: 5,
    maxFailedIndexes: 1,
    podFailurePolicy: { rules: [rule] },
  });
  end(cluster, 'Failed', { index: '0', exitCode: 7 });
  expect(stored(cluster).status?.failedIndexes).toBe('0');
  end(cluster, 'Failed', { index: '2', exitCode: 7 });
  expect(reasons(cluster)?.[0]).toBe(
    'FailureTarget MaxFailedIndexesExceeded: Job has exceeded the specified maximal number of failed indexes',
  );
});

test.each([
  ['a number of any', [{ succeededCount: 1 }], '3'],
  ['some of a list', [{ succeededIndexes: '2-3', succeededCount: 1 }], '3'],
  ['all of a list', [{ succeededIndexes: '0' }, { succeededIndexes: '3' }], '3'],
])('enough successes end the Job: %s', (_what, rules, index) => {
  const cluster = running({ completionMode: 'Indexed', completions: 4, parallelism: 4, successPolicy: { rules } });
  end(cluster, 'Succeeded', { index });
  const position = rules.length - 1;
  expect(reasons(cluster)).toEqual([
    `SuccessCriteriaMet SuccessPolicy: Matched rules at index ${position}`,
    `Complete SuccessPolicy: Matched rules at index ${position}`,
  ]);
  // the others go, and none has failed
  expect(stored(cluster).status).toMatchObject({ succeeded: 1, completedIndexes: index });
  expect(stored(cluster).status?.failed).toBeUndefined();
  expect(alive(cluster)).toEqual([]);
});

test('a Job that is made smaller loses its highest indexes', () => {
  const cluster = running({ completionMode: 'Indexed', completions: 3, parallelism: 3 });
  const found = stored(cluster);
  cluster.client.update<Job>('jobs.batch', { ...found, spec: { ...found.spec!, completions: 1, parallelism: 1 } });
  cluster.settle();
  expect(alive(cluster).map(indexOf)).toEqual(['0']);
  expect(stored(cluster).status?.failed).toBeUndefined();
});

test('Jobs of others are left alone', () => {
  const cluster = running({ completions: 1, parallelism: 1, managedBy: 'example.com/queue' });
  expect(cluster.pods()).toEqual([]);
  expect(stored(cluster).status).toBeUndefined();
});

test('a pod without its owner is let go, taken in again and held', () => {
  const cluster = running({ parallelism: 1 });
  const [pod] = alive(cluster);
  cluster.client.update<Pod>('pods', { ...pod!, metadata: { ...pod!.metadata, ownerReferences: [] } });
  cluster.settle();
  expect(alive(cluster)[0]?.metadata).toMatchObject({ finalizers: [TRACKING], ownerReferences: [{ kind: 'Job' }] });
  cluster.client.delete('jobs.batch', 'default', 'hello', { propagationPolicy: 'Orphan' });
  cluster.settle();
  expect(alive(cluster)[0]?.metadata.finalizers).toBeUndefined();
  expect(alive(cluster)[0]?.metadata.ownerReferences).toBeUndefined();
});
