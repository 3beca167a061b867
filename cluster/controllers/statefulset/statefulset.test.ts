import { expect, test } from '@jest/globals';
import type { PersistentVolumeClaim, Pod, StatefulSet } from '../../api/types.ts';
import { makeKubelet } from '../../kubelet/index.ts';
import { SimulatedRuntime } from '../../kubelet/runtime/runtime.ts';
import { garbageCollector } from '../garbage-collector/index.ts';
import { bench, make, names, type Bench } from '../testing.ts';
import { statefulset } from './index.ts';

const web = (spec: object = {}, image = 'nginx:1.26'): StatefulSet =>
  make('apps/v1', 'StatefulSet', 'web', {
    spec: {
      serviceName: 'web',
      replicas: 3,
      revisionHistoryLimit: 10,
      podManagementPolicy: 'OrderedReady',
      updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 0 } },
      selector: { matchLabels: { app: 'web' } },
      template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'c', image }] } },
      ...spec,
    },
  });
function running(set = web(), bare = true): Bench {
  const cluster = bench((parts) => [
    statefulset,
    garbageCollector,
    bare
      ? makeKubelet({ bare })
      : makeKubelet({ bare, runtime: new SimulatedRuntime({ ...parts, token: () => 'token' }) }),
  ]);
  cluster.client.create('statefulsets.apps', set);
  cluster.settle();
  return cluster;
}
const get = ({ client }: Bench) => client.get<StatefulSet>('statefulsets.apps', 'default', 'web')!;
function change(cluster: Bench, set: StatefulSet): void {
  cluster.client.update('statefulsets.apps', { ...get(cluster), spec: set.spec });
  cluster.settle();
}
const images = (cluster: Bench) =>
  cluster.pods().map((pod) => `${pod.metadata.name} ${pod.spec?.containers[0]?.image}`);

test('pods come one after the other, with names of their own', () => {
  const cluster = running();
  expect(cluster.events()).toEqual(
    ['web-0', 'web-1', 'web-2'].map((name) => `SuccessfulCreate: Create Pod ${name} in StatefulSet web successful`),
  );
  const revision = get(cluster).status?.updateRevision;
  expect(get(cluster).status).toEqual({
    observedGeneration: 1,
    replicas: 3,
    readyReplicas: 3,
    availableReplicas: 3,
    currentReplicas: 3,
    updatedReplicas: 3,
    currentRevision: revision,
    updateRevision: expect.stringMatching(/^web-[a-z0-9]+$/),
    collisionCount: 0,
  });
  expect(cluster.pods()[1]).toMatchObject({
    metadata: {
      labels: {
        'apps.kubernetes.io/pod-index': '1',
        'statefulset.kubernetes.io/pod-name': 'web-1',
        'controller-revision-hash': revision,
      },
    },
    spec: { hostname: 'web-1', subdomain: 'web' },
  });
});

test('the first that does not come up holds the others, unless they may come in parallel', () => {
  const none = { containers: [{ name: 'c', image: 'nginx:1.99' }] };
  const template = { metadata: { labels: { app: 'web' } }, spec: none };
  expect(running(web({ template }), false).pods()).toHaveLength(1);
  expect(running(web({ template, podManagementPolicy: 'Parallel' }), false).pods()).toHaveLength(3);
});

test('a partition keeps the lower places, without it all change', () => {
  const cluster = running();
  change(cluster, web({ updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 2 } } }, 'nginx:1.27'));
  expect(images(cluster)).toEqual(['web-0 nginx:1.26', 'web-1 nginx:1.26', 'web-2 nginx:1.27']);
  expect(get(cluster).status).toMatchObject({ updatedReplicas: 1, currentReplicas: 2, readyReplicas: 3 });
  change(cluster, web({}, 'nginx:1.27'));
  expect(images(cluster)).toEqual(['web-0 nginx:1.27', 'web-1 nginx:1.27', 'web-2 nginx:1.27']);
  expect(get(cluster).status?.currentRevision).toBe(get(cluster).status?.updateRevision);
  change(cluster, web({}, 'nginx:1.26'));
  expect(names(cluster.client, 'controllerrevisions.apps')).toHaveLength(2);
});

test('scaling down removes the highest first and keeps the claims', () => {
  const volumeClaimTemplates = [
    {
      metadata: { name: 'data' },
      spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
    },
  ];
  const cluster = running(web({ volumeClaimTemplates }));
  expect(names(cluster.client, 'persistentvolumeclaims')).toEqual(['data-web-0', 'data-web-1', 'data-web-2']);
  expect(cluster.client.list<PersistentVolumeClaim>('persistentvolumeclaims')[0]?.metadata.labels).toEqual({
    app: 'web',
  });
  expect(cluster.events()[0]).toBe('SuccessfulCreate: Create Claim data-web-0 Pod web-0 in StatefulSet web success');
  change(cluster, web({ volumeClaimTemplates, replicas: 1 }));
  expect(cluster.pods().map((pod) => pod.metadata.name)).toEqual(['web-0']);
  expect(cluster.events().slice(-2)).toEqual([
    'SuccessfulDelete: Delete Pod web-2 in StatefulSet web successful',
    'SuccessfulDelete: Delete Pod web-1 in StatefulSet web successful',
  ]);
  expect(names(cluster.client, 'persistentvolumeclaims')).toHaveLength(3);
});

test('labels and claims that were taken away come back, and it is told', () => {
  const cluster = running();
  const [, second] = cluster.pods();
  const { 'statefulset.kubernetes.io/pod-name': _name, ...labels } = second!.metadata.labels!;
  cluster.client.update<Pod>('pods', { ...second!, metadata: { ...second!.metadata, labels } });
  cluster.settle();
  expect(cluster.pods()[1]?.metadata.labels?.['statefulset.kubernetes.io/pod-name']).toBe('web-1');
  expect(cluster.events().at(-1)).toBe('SuccessfulUpdate: Update Pod web-1 in StatefulSet web successful');
});

test('in parallel an update goes on while pods that are too many are held', () => {
  const cluster = running(web({ podManagementPolicy: 'Parallel' }));
  const last = cluster.pods()[2]!;
  cluster.client.update<Pod>('pods', { ...last, metadata: { ...last.metadata, finalizers: ['example.com/hold'] } });
  change(cluster, web({ podManagementPolicy: 'Parallel', replicas: 2 }, 'nginx:1.27'));
  expect(images(cluster)).toEqual(['web-0 nginx:1.27', 'web-1 nginx:1.27', 'web-2 nginx:1.26']);
});

test('a set that leaves its pods behind records nothing more', () => {
  const cluster = running();
  const revisions = () =>
    cluster.client.list('controllerrevisions.apps', 'default').map(({ metadata }) => metadata.name);
  for (const name of revisions()) cluster.client.delete('controllerrevisions.apps', 'default', name);
  cluster.client.delete('statefulsets.apps', 'default', 'web', { propagationPolicy: 'Orphan' });
  cluster.settle();
  expect(cluster.pods()).toHaveLength(3);
  expect(revisions()).toEqual([]);
});
