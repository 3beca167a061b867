/** What must hold in a cluster whatever is done to it, and in whatever order its controllers take their turns. */
import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { isPodReady, isTerminal, podRequests } from '#cluster/api/pods.ts';
import { parseQuantity } from '#cluster/api/quantity.ts';
import { StatusError } from '#cluster/api/status.ts';
import type {
  Deployment,
  KubeObject,
  Node,
  PersistentVolume,
  PersistentVolumeClaim,
  Pod,
  PodDisruptionBudget,
  ResourceQuota,
} from '#cluster/api/types.ts';
import { Cluster } from '#cluster/cluster.ts';
import { drawnTurns } from './controllers/testing.ts';

const NAMESPACE = 'default';
const NAMES = ['a', 'b', 'c'] as const;
type Name = (typeof NAMES)[number];

type Step =
  | { do: 'deploy'; name: Name; replicas: number; cpu: number }
  | { do: 'scale'; name: Name; replicas: number }
  | { do: 'image'; name: Name; tag: number }
  | { do: 'drop'; name: Name }
  | { do: 'evict'; which: number }
  | { do: 'kill'; which: number }
  | { do: 'cordon'; node: number; on: boolean }
  | { do: 'volume'; name: Name; size: number }
  | { do: 'claim'; name: Name; size: number }
  | { do: 'unclaim'; name: Name }
  | { do: 'wait'; seconds: number };

const name = fc.constantFrom(...NAMES);
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constant('deploy' as const), name, replicas: fc.nat(6), cpu: fc.integer({ min: 1, max: 9 }) }),
  fc.record({ do: fc.constant('scale' as const), name, replicas: fc.nat(8) }),
  fc.record({ do: fc.constant('image' as const), name, tag: fc.nat(3) }),
  fc.record({ do: fc.constant('drop' as const), name }),
  fc.record({ do: fc.constant('evict' as const), which: fc.nat(20) }),
  fc.record({ do: fc.constant('kill' as const), which: fc.nat(20) }),
  fc.record({ do: fc.constant('cordon' as const), node: fc.nat(2), on: fc.boolean() }),
  fc.record({ do: fc.constant('volume' as const), name, size: fc.integer({ min: 1, max: 5 }) }),
  fc.record({ do: fc.constant('claim' as const), name, size: fc.integer({ min: 1, max: 5 }) }),
  fc.record({ do: fc.constant('unclaim' as const), name }),
  fc.record({ do: fc.constant('wait' as const), seconds: fc.nat(90) }),
);

const deployment = (app: Name, replicas: number, cpu: number): Deployment => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: app, namespace: NAMESPACE },
  spec: {
    replicas,
    selector: { matchLabels: { app } },
    template: {
      metadata: { labels: { app } },
      spec: {
        containers: [{ name: 'main', image: 'nginx:1.29', resources: { requests: { cpu: `${cpu * 100}m` } } }],
      },
    },
  },
});
const quota: ResourceQuota = {
  apiVersion: 'v1',
  kind: 'ResourceQuota',
  metadata: { name: 'quota', namespace: NAMESPACE },
  spec: { hard: { pods: '12', 'requests.cpu': '5', persistentvolumeclaims: '2' } },
};
const budget: PodDisruptionBudget = {
  apiVersion: 'policy/v1',
  kind: 'PodDisruptionBudget',
  metadata: { name: 'budget', namespace: NAMESPACE },
  spec: { minAvailable: 2, selector: { matchLabels: { app: 'a' } } },
};

const origin = Cluster.create({ now: 1_780_000_000_000, kubelet: 'stand-in', bare: true });
origin.client('user').create('resourcequotas', quota);
origin.client('user').create('poddisruptionbudgets.policy', budget);
origin.advance(10_000);

const podsOf = (cluster: Cluster) => cluster.store.list<Pod>('pods', NAMESPACE);
const readyIn = (cluster: Cluster, app: Name) =>
  podsOf(cluster).filter(
    (pod) => pod.metadata.labels?.['app'] === app && !pod.metadata.deletionTimestamp && isPodReady(pod),
  );

/** Does a step; what the API server refuses is simply not done. */
function act(cluster: Cluster, one: Step): void {
  const client = cluster.client('user');
  const change = <T extends KubeObject>(
    resource: string,
    named: string,
    edit: (object: T) => void,
    namespace = NAMESPACE,
  ) => {
    const found = structuredClone(cluster.store.get<T>(resource, namespace, named));
    if (!found) return;
    edit(found);
    client.update(resource, found);
  };
  const victim = (which: number) => podsOf(cluster)[which % Math.max(1, podsOf(cluster).length)];
  switch (one.do) {
    case 'deploy':
      client.create('deployments.apps', deployment(one.name, one.replicas, one.cpu));
      return;
    case 'scale':
      change<Deployment>('deployments.apps', one.name, ({ spec }) =>
        Object.assign(spec ?? {}, { replicas: one.replicas }),
      );
      return;
    case 'image':
      change<Deployment>('deployments.apps', one.name, ({ spec }) => {
        const [main] = spec?.template.spec?.containers ?? [];
        if (main) main.image = `nginx:1.${one.tag}`;
      });
      return;
    case 'drop':
      client.delete('deployments.apps', NAMESPACE, one.name);
      return;
    case 'evict': {
      const pod = victim(one.which);
      if (!pod) return;
      const { name: podName } = pod.metadata;
      const guarded = pod.metadata.labels?.['app'] === 'a' && isPodReady(pod) && !pod.metadata.deletionTimestamp;
      const eviction = { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name: podName, namespace: NAMESPACE } };
      client.createSubresource('pods', NAMESPACE, podName, 'eviction', eviction);
      // it was let go: enough others must be left
      if (guarded) expect(readyIn(cluster, 'a').length).toBeGreaterThanOrEqual(2);
      return;
    }
    case 'kill': {
      const pod = victim(one.which);
      if (pod) client.delete('pods', NAMESPACE, pod.metadata.name);
      return;
    }
    case 'cordon': {
      const node = cluster.store.list<Node>('nodes')[one.node];
      if (node)
        change<Node>(
          'nodes',
          node.metadata.name,
          ({ spec }) => Object.assign(spec ?? {}, { unschedulable: one.on }),
          '',
        );
      return;
    }
    case 'volume':
      client.create<PersistentVolume>('persistentvolumes', {
        apiVersion: 'v1',
        kind: 'PersistentVolume',
        metadata: { name: `pv-${one.name}` },
        spec: {
          capacity: { storage: `${one.size}Gi` },
          accessModes: ['ReadWriteOnce'],
          hostPath: { path: `/tmp/${one.name}` },
          persistentVolumeReclaimPolicy: 'Recycle',
        },
      });
      return;
    case 'claim':
      client.create<PersistentVolumeClaim>('persistentvolumeclaims', {
        apiVersion: 'v1',
        kind: 'PersistentVolumeClaim',
        metadata: { name: `pvc-${one.name}`, namespace: NAMESPACE },
        spec: {
          accessModes: ['ReadWriteOnce'],
          resources: { requests: { storage: `${one.size}Gi` } },
          storageClassName: '',
        },
      });
      return;
    case 'unclaim':
      client.delete('persistentvolumeclaims', NAMESPACE, `pvc-${one.name}`);
      return;
    case 'wait':
      cluster.advance(one.seconds * 1000);
  }
}

function play(cluster: Cluster, steps: readonly Step[]): void {
  for (const one of steps) {
    try {
      act(cluster, one);
    } catch (error) {
      if (!(error instanceof StatusError)) throw error;
    }
    cluster.settle();
    checkNodes(cluster);
    checkVolumes(cluster);
  }
}

function checkNodes({ store }: Cluster): void {
  for (const node of store.list<Node>('nodes')) {
    const pods = store.list<Pod>('pods').filter((pod) => pod.spec?.nodeName === node.metadata.name && !isTerminal(pod));
    const cpu = pods.reduce((sum, pod) => sum + (podRequests(pod).get('cpu')?.milliValue() ?? 0), 0);
    expect(cpu).toBeLessThanOrEqual(parseQuantity(node.status?.allocatable?.['cpu'] ?? '0')?.milliValue() ?? 0);
  }
}

function checkVolumes({ store }: Cluster): void {
  const claims = store.list<PersistentVolumeClaim>('persistentvolumeclaims');
  const used = claims.flatMap(({ spec, status }) => (status?.phase === 'Bound' ? [spec?.volumeName] : []));
  expect(new Set(used).size).toBe(used.length);
  for (const claim of claims.filter(({ status }) => status?.phase === 'Bound')) {
    const volume = store.get<PersistentVolume>('persistentvolumes', '', claim.spec?.volumeName ?? '');
    expect(volume?.spec?.claimRef?.uid).toBe(claim.metadata.uid);
  }
}

function checkQuota(cluster: Cluster): void {
  const live = podsOf(cluster).filter((pod) => !isTerminal(pod));
  const cpu = live.reduce((sum, pod) => sum + (podRequests(pod).get('cpu')?.milliValue() ?? 0), 0);
  const claims = cluster.store.list('persistentvolumeclaims', NAMESPACE).length;
  const used = cluster.store.get<ResourceQuota>('resourcequotas', NAMESPACE, 'quota')?.status?.used;
  expect(used?.['pods']).toBe(String(live.length));
  expect(parseQuantity(used?.['requests.cpu'] ?? '0')?.milliValue()).toBe(cpu);
  expect(used?.['persistentvolumeclaims']).toBe(String(claims));
}

/** Ten minutes: longer than any wait of the controllers. */
const REST = 10 * 60_000;

/** What is left when names and times are taken away. */
function outcome(cluster: Cluster): unknown {
  const deployments = cluster.store
    .list<Deployment>('deployments.apps', NAMESPACE)
    .map(({ metadata, spec, status }) => ({
      name: metadata.name,
      generation: metadata.generation,
      replicas: spec?.replicas,
      ready: status?.readyReplicas ?? 0,
      updated: status?.updatedReplicas ?? 0,
    }));
  const pods = podsOf(cluster).map(({ metadata, spec, status }) =>
    [metadata.labels?.['app'], spec?.containers[0]?.image, status?.phase].join(' '),
  );
  const claims = cluster.store
    .list<PersistentVolumeClaim>('persistentvolumeclaims', NAMESPACE)
    .map(({ metadata, status }) => `${metadata.name} ${status?.phase}`);
  const { used } = cluster.store.get<ResourceQuota>('resourcequotas', NAMESPACE, 'quota')?.status ?? {};
  return { deployments, pods: pods.sort(), claims, used };
}

const steps = fc.array(step, { minLength: 4, maxLength: 16 });

test('nodes are never overcommitted, volumes never shared, budgets never broken, and a quota counts what is there', () => {
  fc.assert(
    fc.property(steps, (chosen) => {
      const cluster = origin.fork();
      play(cluster, chosen);
      cluster.advance(REST);
      checkNodes(cluster);
      checkVolumes(cluster);
      checkQuota(cluster);
    }),
    { numRuns: 40 },
  );
});

test('the same requests and the same seed make the same cluster', () => {
  fc.assert(
    fc.property(steps, (chosen) => {
      const [one, other] = [origin.fork(), origin.fork()];
      play(one, chosen);
      play(other, chosen);
      expect(other.snapshot()).toEqual(one.snapshot());
    }),
    { numRuns: 10 },
  );
});

test('a cluster at rest stays as it is', () => {
  fc.assert(
    fc.property(steps, (chosen) => {
      const cluster = origin.fork();
      play(cluster, chosen);
      cluster.advance(REST);
      const again = Cluster.restore(cluster.snapshot());
      again.advance(60_000);
      expect(outcome(again)).toEqual(outcome(cluster));
    }),
    { numRuns: 15 },
  );
});

/** Steps whose outcome does not hang on which pod was hit, nor on who came first to room for only one of them. */
const certain = fc.array(
  step.filter((one) => ['deploy', 'scale', 'image', 'drop', 'volume', 'claim', 'wait'].includes(one.do)),
  { minLength: 3, maxLength: 10 },
);

test('in whatever order the controllers take their turns, they come to the same', () => {
  const snapshot = origin.snapshot();
  fc.assert(
    fc.property(certain, fc.infiniteStream(fc.nat(1000)), (chosen, numbers) => {
      const straight = Cluster.restore(snapshot);
      const shuffled = Cluster.restore(snapshot, {
        turns: drawnTurns(numbers),
      });
      const small = chosen.map((one) =>
        'replicas' in one ? { ...one, replicas: Math.min(one.replicas, 3), cpu: 1 } : one,
      ) as Step[];
      for (const cluster of [straight, shuffled]) {
        play(cluster, small);
        cluster.advance(REST);
      }
      expect(outcome(shuffled)).toEqual(outcome(straight));
    }),
    { numRuns: 20 },
  );
});
