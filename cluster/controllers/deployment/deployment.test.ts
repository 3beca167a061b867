import { expect, test } from '@jest/globals';
import type { Deployment, ReplicaSet } from '../../api/types.ts';
import { makeKubelet } from '../../kubelet/index.ts';
import { garbageCollector } from '../garbage-collector/index.ts';
import { replicaset } from '../replicaset/index.ts';
import { bench, make, type Bench } from '../testing.ts';
import { deployment } from './index.ts';

const web = (spec: object = {}, image = 'nginx:1.27'): Deployment =>
  make('apps/v1', 'Deployment', 'web', {
    spec: {
      replicas: 3,
      revisionHistoryLimit: 10,
      progressDeadlineSeconds: 600,
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%', maxUnavailable: '25%' } },
      selector: { matchLabels: { app: 'web' } },
      template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'nginx', image }] } },
      ...spec,
    },
  });

function rolledOut(spec: object = {}): Bench {
  const cluster = bench([deployment, replicaset, garbageCollector, makeKubelet({ bare: true })]);
  cluster.client.create('deployments.apps', web(spec));
  cluster.settle();
  return cluster;
}
const get = ({ client }: Bench) => client.get<Deployment>('deployments.apps', 'default', 'web')!;
const sets = ({ client }: Bench) => client.list<ReplicaSet>('replicasets.apps', 'default');
function change(cluster: Bench, spec: object): void {
  const current = get(cluster);
  cluster.client.update('deployments.apps', { ...current, spec: { ...current.spec, ...spec } } as Deployment);
  cluster.settle();
}
const template = (image: string) => web({}, image).spec?.template;

test('a new deployment comes up and says so', () => {
  const cluster = rolledOut();
  const [set] = sets(cluster);
  expect(get(cluster).status).toEqual({
    observedGeneration: 1,
    replicas: 3,
    updatedReplicas: 3,
    readyReplicas: 3,
    availableReplicas: 3,
    terminatingReplicas: 0,
    conditions: [
      {
        type: 'Available',
        status: 'True',
        reason: 'MinimumReplicasAvailable',
        message: 'Deployment has minimum availability.',
        lastUpdateTime: '2026-05-01T10:00:00Z',
        lastTransitionTime: '2026-05-01T10:00:00Z',
      },
      {
        type: 'Progressing',
        status: 'True',
        reason: 'NewReplicaSetAvailable',
        message: `ReplicaSet "${set?.metadata.name}" has successfully progressed.`,
        lastUpdateTime: '2026-05-01T10:00:00Z',
        lastTransitionTime: '2026-05-01T10:00:00Z',
      },
    ],
  });
  expect(get(cluster).metadata.annotations).toEqual({ 'deployment.kubernetes.io/revision': '1' });
  expect(set?.metadata.annotations).toEqual({
    'deployment.kubernetes.io/desired-replicas': '3',
    'deployment.kubernetes.io/max-replicas': '4',
    'deployment.kubernetes.io/revision': '1',
  });
  expect(cluster.events()[0]).toBe(`ScalingReplicaSet: Scaled up replica set ${set?.metadata.name} from 0 to 3`);
  expect(cluster.pods()).toHaveLength(3);
});

test('a new template rolls within surge and availability, and rolling back gives the set a new revision', () => {
  const cluster = rolledOut({ replicas: 4 });
  const [first] = sets(cluster);
  change(cluster, { template: template('nginx:1.28') });
  const second = sets(cluster).find((set) => set.metadata.name !== first?.metadata.name);
  const scaling = cluster.events().filter((event) => event.startsWith('ScalingReplicaSet'));
  expect(scaling.slice(1)).toEqual([
    `ScalingReplicaSet: Scaled up replica set ${second?.metadata.name} from 0 to 1`,
    `ScalingReplicaSet: Scaled down replica set ${first?.metadata.name} from 4 to 3`,
    expect.stringContaining('Scaled up replica set'),
    ...scaling.slice(4),
  ]);
  expect(
    sets(cluster)
      .map((set) => set.spec?.replicas)
      .toSorted((a = 0, b = 0) => a - b),
  ).toEqual([0, 4]);
  expect(get(cluster).metadata.annotations?.['deployment.kubernetes.io/revision']).toBe('2');

  change(cluster, { template: template('nginx:1.27') });
  const back = sets(cluster).find((set) => set.metadata.name === first?.metadata.name);
  expect(back?.spec?.replicas).toBe(4);
  expect(back?.metadata.annotations).toMatchObject({
    'deployment.kubernetes.io/revision': '3',
    'deployment.kubernetes.io/revision-history': '1',
  });
});

test('scaling and deleting', () => {
  const cluster = rolledOut();
  change(cluster, { replicas: 5 });
  expect(cluster.pods()).toHaveLength(5);
  expect(sets(cluster)[0]?.metadata.annotations?.['deployment.kubernetes.io/max-replicas']).toBe('7');
  change(cluster, { replicas: 0 });
  expect(cluster.pods()).toHaveLength(0);
  cluster.client.delete('deployments.apps', 'default', 'web', { propagationPolicy: 'Background' });
  cluster.settle();
  expect(sets(cluster)).toEqual([]);
});

test('paused: no new set until it is resumed', () => {
  const cluster = rolledOut();
  change(cluster, { paused: true });
  change(cluster, { paused: true, template: template('nginx:1.28') });
  expect(sets(cluster)).toHaveLength(1);
  const progressing = () => get(cluster).status?.conditions?.find((condition) => condition.type === 'Progressing');
  expect(progressing()).toMatchObject({ status: 'Unknown', reason: 'DeploymentPaused' });
  change(cluster, { paused: false });
  expect(sets(cluster)).toHaveLength(2);
  expect(progressing()?.reason).toBe('NewReplicaSetAvailable');
});

test('Recreate: the old pods go first', () => {
  const cluster = rolledOut({ strategy: { type: 'Recreate' } });
  change(cluster, { template: template('nginx:1.28') });
  const scaling = cluster.events().filter((event) => event.startsWith('ScalingReplicaSet'));
  expect(scaling.map((event) => event.replace(/set \S+ /, 'set '))).toEqual([
    'ScalingReplicaSet: Scaled up replica set from 0 to 3',
    'ScalingReplicaSet: Scaled down replica set from 3 to 0',
    'ScalingReplicaSet: Scaled up replica set from 0 to 3',
  ]);
});

test('a rollout without pods runs into its deadline', () => {
  const cluster = bench([deployment, replicaset]);
  cluster.client.create('deployments.apps', web({ progressDeadlineSeconds: 60 }));
  cluster.advance(30_000);
  const progressing = () => get(cluster).status?.conditions?.find((condition) => condition.type === 'Progressing');
  expect(progressing()?.reason).toBe('ReplicaSetUpdated');
  cluster.advance(60_000);
  expect(progressing()).toMatchObject({
    status: 'False',
    reason: 'ProgressDeadlineExceeded',
    message: `ReplicaSet "${sets(cluster)[0]?.metadata.name}" has timed out progressing.`,
  });
});

test('deleted pods are replaced', () => {
  const cluster = rolledOut();
  const [pod] = cluster.pods();
  cluster.client.delete('pods', 'default', pod?.metadata.name ?? '');
  cluster.settle();
  expect(cluster.pods()).toHaveLength(3);
  expect(cluster.pods().some((other) => other.metadata.name === pod?.metadata.name)).toBe(false);
});

test('deleting in the foreground takes the pods along, orphaning leaves the set', () => {
  const foreground = rolledOut();
  foreground.client.delete('deployments.apps', 'default', 'web', { propagationPolicy: 'Foreground' });
  foreground.settle();
  expect([get(foreground), sets(foreground).length, foreground.pods().length]).toEqual([undefined, 0, 0]);

  const orphan = rolledOut();
  orphan.client.delete('deployments.apps', 'default', 'web', { propagationPolicy: 'Orphan' });
  orphan.settle();
  expect([get(orphan), sets(orphan).length, orphan.pods().length]).toEqual([undefined, 1, 3]);
  expect(sets(orphan)[0]?.metadata.ownerReferences).toBeUndefined();
});
