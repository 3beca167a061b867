import { expect, test } from '@jest/globals';
import type { Pod, ReplicaSet } from '../../api/types.ts';
import { makeKubelet } from '../../kubelet/index.ts';
import { replicationController } from '../replication-controller/index.ts';
import { bench, make } from '../testing.ts';
import { replicaset } from './index.ts';

const template = { metadata: { labels: { app: 'pool' } }, spec: { containers: [{ name: 'c', image: 'nginx' }] } };
const pool = (replicas: number, rest: object = {}): ReplicaSet =>
  make('apps/v1', 'ReplicaSet', 'pool', {
    spec: { replicas, selector: { matchLabels: { app: 'pool' } }, template, ...rest },
  });
const start = (set: ReplicaSet) => {
  const cluster = bench([replicaset, replicationController, makeKubelet({ bare: true })]);
  cluster.client.create('replicasets.apps', set);
  cluster.settle();
  return cluster;
};

test('a pod that matches and has no owner is taken in, one that matches no longer is let go', () => {
  const cluster = start(pool(2));
  const { client, settle, pods } = cluster;
  const loose = make<Pod>('v1', 'Pod', 'loose', {
    metadata: { name: 'loose', namespace: 'default', labels: { app: 'pool' } },
    spec: template.spec,
  });
  const [first] = pods();
  client.update<Pod>('pods', { ...first!, metadata: { ...first!.metadata, labels: { app: 'other' } } });
  client.create('pods', loose);
  settle();
  const owner = (name: string) => pods().find((one) => one.metadata.name === name)?.metadata.ownerReferences?.[0]?.name;
  expect(owner(first!.metadata.name)).toBeUndefined();
  expect(owner('loose')).toBe('pool');
  expect(pods()).toHaveLength(3);
});

test('pods count as available once they have been ready for long enough', () => {
  const cluster = start(pool(2, { minReadySeconds: 20 }));
  const status = () => cluster.client.get<ReplicaSet>('replicasets.apps', 'default', 'pool')?.status;
  expect(status()).toEqual({
    replicas: 2,
    fullyLabeledReplicas: 2,
    readyReplicas: 2,
    observedGeneration: 1,
    terminatingReplicas: 0,
  });
  cluster.advance(21_000);
  expect(status()?.availableReplicas).toBe(2);
});

test('the youngest unready pod goes first', () => {
  const cluster = bench([replicaset]);
  cluster.client.create('replicasets.apps', pool(3));
  cluster.settle();
  const kept = cluster.pods()[1]!;
  cluster.client.updateStatus<Pod>('pods', {
    ...kept,
    status: {
      phase: 'Running',
      conditions: [{ type: 'Ready', status: 'True', lastTransitionTime: '2026-05-01T10:00:00Z' }],
    },
  });
  const set = cluster.client.get<ReplicaSet>('replicasets.apps', 'default', 'pool')!;
  cluster.client.update('replicasets.apps', { ...set, spec: { ...set.spec!, replicas: 1 } });
  cluster.settle();
  const alive = cluster.pods().filter((pod) => pod.metadata.deletionTimestamp === undefined);
  expect(alive.map((pod) => pod.metadata.name)).toEqual([kept.metadata.name]);
});
