import { expect, test } from '@jest/globals';
import { Cluster } from '#cluster/cluster.ts';
import type { Deployment, Event, PersistentVolumeClaim, Pod } from '#cluster/api/types.ts';
import { MANIFESTS, nodeFiles, writeNodeFile } from '#cluster/node-files.ts';

const START = 1_780_000_000_000;
const SCHEDULER = `${MANIFESTS}/kube-scheduler.yaml`;
const CONTROLLER_MANAGER = `${MANIFESTS}/kube-controller-manager.yaml`;

const create = () => Cluster.create({ now: START });
const system = (cluster: Cluster, name: string) => cluster.store.get<Pod>('pods', 'kube-system', name);
const manifest = (cluster: Cluster, path: string): string => nodeFiles(cluster.store, 'controlplane')[path] ?? '';

/** Without the controllers nobody makes the namespace's account: it is there since before. */
const pod = (name: string): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'default' },
  spec: { containers: [{ name: 'main', image: 'nginx' }] },
});
const deployment = (name: string): Deployment => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name, namespace: 'default' },
  spec: {
    selector: { matchLabels: { app: name } },
    template: { metadata: { labels: { app: name } }, spec: { containers: [{ name: 'main', image: 'nginx' }] } },
  },
});

test('without its manifest the scheduler is gone, and with it pods get no node; put back, it catches up', () => {
  const cluster = create();
  const text = manifest(cluster, SCHEDULER);
  writeNodeFile(cluster.store, 'controlplane', SCHEDULER, undefined);
  cluster.advance(1000);
  expect(system(cluster, 'kube-scheduler-controlplane')).toBeUndefined();
  cluster.client('user').create('pods', pod('waits'));
  cluster.advance(600_000);
  expect(cluster.store.get<Pod>('pods', 'default', 'waits')).toMatchObject({ status: { phase: 'Pending' } });
  expect(cluster.store.get<Pod>('pods', 'default', 'waits')?.spec?.nodeName).toBeUndefined();
  writeNodeFile(cluster.store, 'controlplane', SCHEDULER, text);
  cluster.advance(60_000);
  expect(cluster.store.get<Pod>('pods', 'default', 'waits')?.status?.phase).toBe('Running');
});

test('a scheduler whose image does not exist schedules nothing and says why', () => {
  const cluster = create();
  const text = manifest(cluster, SCHEDULER).replace('kube-scheduler:v1.35.4', 'kube-scheduler:v1.35.44');
  writeNodeFile(cluster.store, 'controlplane', SCHEDULER, text);
  cluster.advance(1000);
  cluster.client('user').create('pods', pod('waits'));
  cluster.advance(60_000);
  expect(
    system(cluster, 'kube-scheduler-controlplane')?.status?.containerStatuses?.[0]?.state?.waiting?.reason,
  ).toMatch(/^(ErrImagePull|ImagePullBackOff)$/);
  expect(cluster.store.get<Pod>('pods', 'default', 'waits')?.spec?.nodeName).toBeUndefined();
});

test('without the controller manager a Deployment makes no ReplicaSet', () => {
  const cluster = create();
  const text = manifest(cluster, CONTROLLER_MANAGER);
  writeNodeFile(cluster.store, 'controlplane', CONTROLLER_MANAGER, undefined);
  cluster.advance(1000);
  cluster.client('user').create('deployments.apps', deployment('web'));
  cluster.advance(60_000);
  expect(cluster.store.list('replicasets.apps', 'default')).toEqual([]);
  writeNodeFile(cluster.store, 'controlplane', CONTROLLER_MANAGER, text);
  cluster.advance(60_000);
  expect(cluster.store.list('replicasets.apps', 'default')).toHaveLength(1);
});

test('a mirror pod that is deleted is shown again, its containers go on', () => {
  const cluster = create();
  const before = system(cluster, 'kube-scheduler-controlplane');
  cluster.client('user').delete('pods', 'kube-system', 'kube-scheduler-controlplane');
  cluster.advance(1000);
  const after = system(cluster, 'kube-scheduler-controlplane');
  expect(after?.metadata.uid).not.toBe(before?.metadata.uid);
  expect(after?.status?.containerStatuses).toEqual(before?.status?.containerStatuses);
  const killed = cluster.store.list<Event>('events', 'kube-system').filter(({ reason }) => reason === 'Killing');
  expect(killed).toEqual([]);
});

test('a pod in the manifests of a worker runs there, whatever the scheduler does', () => {
  const cluster = create();
  writeNodeFile(cluster.store, 'controlplane', SCHEDULER, undefined);
  writeNodeFile(
    cluster.store,
    'node01',
    `${MANIFESTS}/web.yaml`,
    'apiVersion: v1\nkind: Pod\nmetadata: {name: web, labels: {app: web}}\nspec: {containers: [{name: web, image: nginx}]}\n',
  );
  cluster.advance(30_000);
  const shown = cluster.store.get<Pod>('pods', 'default', 'web-node01');
  expect(shown?.status?.phase).toBe('Running');
  expect(shown?.metadata.ownerReferences).toMatchObject([{ kind: 'Node', name: 'node01', controller: true }]);
  expect(shown?.metadata.annotations).toMatchObject({ 'kubernetes.io/config.source': 'file' });
  writeNodeFile(cluster.store, 'node01', `${MANIFESTS}/web.yaml`, undefined);
  cluster.advance(1000);
  expect(cluster.store.get('pods', 'default', 'web-node01')).toBeUndefined();
});

const claim: PersistentVolumeClaim = {
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: { name: 'data', namespace: 'default' },
  spec: {
    accessModes: ['ReadWriteOnce'],
    storageClassName: 'local-path',
    resources: { requests: { storage: '1Gi' } },
  },
};
const withClaim: Pod = {
  ...pod('db'),
  spec: {
    containers: [{ name: 'main', image: 'nginx' }],
    volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'data' } }],
  },
};
const phaseOfClaim = (cluster: Cluster) =>
  cluster.store.get<PersistentVolumeClaim>('persistentvolumeclaims', 'default', 'data')?.status?.phase;

test('a claim of class local-path gets a volume where its pod goes', () => {
  const cluster = create();
  cluster.client('user').create('persistentvolumeclaims', structuredClone(claim));
  cluster.advance(60_000);
  expect(phaseOfClaim(cluster)).toBe('Pending');
  cluster.client('user').create('pods', structuredClone(withClaim));
  cluster.advance(60_000);
  expect(phaseOfClaim(cluster)).toBe('Bound');
  expect(cluster.store.get<Pod>('pods', 'default', 'db')?.status?.phase).toBe('Running');
});

test('without its provisioner it waits', () => {
  const cluster = create();
  const provisioner = cluster.store.get<Deployment>('deployments.apps', 'local-path-storage', 'local-path-provisioner');
  if (!provisioner) throw new Error('no provisioner');
  cluster.client('user').update<Deployment>('deployments.apps', {
    ...provisioner,
    spec: { ...provisioner.spec, replicas: 0 } as Deployment['spec'],
  });
  cluster.advance(60_000);
  cluster.client('user').create('persistentvolumeclaims', structuredClone(claim));
  cluster.client('user').create('pods', structuredClone(withClaim));
  cluster.advance(60_000);
  expect(phaseOfClaim(cluster)).toBe('Pending');
});

test.each([
  ['no YAML', '{{'],
  ['another kind', 'kind: Deployment\nmetadata: {name: web}\nspec: {}\n'],
  ['a pod without a name', 'kind: Pod\nspec: {containers: []}\n'],
  ['an empty file', ''],
  ['a pod that the API server refuses', 'apiVersion: v1\nkind: Pod\nmetadata: {name: Web}\nspec: {containers: []}\n'],
])('%s in the manifests runs nothing', (_name, text) => {
  const cluster = create();
  const before = cluster.store.list('pods').length;
  writeNodeFile(cluster.store, 'node01', `${MANIFESTS}/web.yaml`, text);
  cluster.advance(30_000);
  expect(cluster.store.list('pods')).toHaveLength(before);
});

test('a fork and a snapshot carry the files', () => {
  const cluster = create();
  const fork = cluster.fork();
  writeNodeFile(fork.store, 'controlplane', SCHEDULER, undefined);
  fork.advance(1000);
  expect(system(fork, 'kube-scheduler-controlplane')).toBeUndefined();
  cluster.advance(1000);
  expect(system(cluster, 'kube-scheduler-controlplane')).toBeDefined();
  const restored = Cluster.restore(fork.snapshot());
  restored.advance(1000);
  expect(manifest(restored, CONTROLLER_MANAGER)).toBe(manifest(cluster, CONTROLLER_MANAGER));
  expect(system(restored, 'kube-scheduler-controlplane')).toBeUndefined();
});
