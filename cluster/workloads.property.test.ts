/** Whatever is done to workloads and their pods, their controllers end where the specs say, and then leave everything alone. */
import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { controllerOf, isPodReady, isTerminal } from '#cluster/api/pods.ts';
import { labelSelectorMatches } from '#cluster/api/selector.ts';
import { StatusError } from '#cluster/api/status.ts';
import type {
  DaemonSet,
  Job,
  KubeObject,
  Pod,
  PodDisruptionBudget,
  PodTemplateSpec,
  ReplicaSet,
  StatefulSet,
} from '#cluster/api/types.ts';
import { Cluster } from '#cluster/cluster.ts';
import { drawnTurns } from './controllers/testing.ts';

const NAMESPACE = 'default';
const KINDS = {
  deployments: 'deployments.apps',
  replicasets: 'replicasets.apps',
  statefulsets: 'statefulsets.apps',
  daemonsets: 'daemonsets.apps',
  jobs: 'jobs.batch',
} as const;
type Kind = keyof typeof KINDS;
const WORKLOADS = [...Object.values(KINDS), 'controllerrevisions.apps', 'pods', 'poddisruptionbudgets.policy'];

type Policy = 'Orphan' | 'Foreground' | 'Background';
type Step =
  | { do: 'make'; kind: Kind; size: number; parallel: boolean }
  | { do: 'scale'; kind: Kind; size: number }
  | { do: 'image'; kind: Kind; tag: number }
  | { do: 'drop'; kind: Kind; policy: Policy }
  | { do: 'fail' | 'unready' | 'kill' | 'evict' | 'disown' | 'lose' | 'find' | 'hold' | 'free'; which: number }
  | { do: 'wait'; seconds: number };

const kind = fc.constantFrom(...(Object.keys(KINDS) as Kind[]));
const size = fc.nat(5);
const onPod = <D extends Step['do']>(what: D) => fc.record({ do: fc.constant(what), which: fc.nat(20) });
const step = fc.oneof(
  fc.record({ do: fc.constant('make' as const), kind, size, parallel: fc.boolean() }),
  fc.record({ do: fc.constant('make' as const), kind, size, parallel: fc.boolean() }),
  fc.record({ do: fc.constant('scale' as const), kind, size }),
  fc.record({ do: fc.constant('image' as const), kind, tag: fc.nat(2) }),
  fc.record({
    do: fc.constant('drop' as const),
    kind,
    policy: fc.constantFrom<Policy>('Orphan', 'Foreground', 'Background'),
  }),
  onPod('fail'),
  onPod('unready'),
  onPod('kill'),
  onPod('evict'),
  onPod('disown'),
  onPod('lose'),
  onPod('find'),
  onPod('hold'),
  onPod('free'),
  fc.record({ do: fc.constant('wait' as const), seconds: fc.nat(40) }),
) as fc.Arbitrary<Step>;
const steps = fc.array(step, { minLength: 4, maxLength: 18 });

const HOLD = 'example.com/hold';

function made(of: Kind, replicas: number, parallel: boolean): KubeObject {
  const labels = { app: of };
  const template: PodTemplateSpec = {
    metadata: { labels },
    spec: { terminationGracePeriodSeconds: 0, containers: [{ name: 'main', image: 'nginx:1' }] },
  };
  const base = { metadata: { name: 'one', namespace: NAMESPACE } };
  const apps = { ...base, apiVersion: 'apps/v1' };
  const spec = { selector: { matchLabels: labels }, template };
  switch (of) {
    case 'jobs': {
      const pod = { ...template.spec, restartPolicy: 'Never' };
      const jobSpec = { parallelism: 2, completions: replicas, completionMode: parallel ? 'Indexed' : 'NonIndexed' };
      return {
        ...base,
        apiVersion: 'batch/v1',
        kind: 'Job',
        spec: { ...jobSpec, template: { ...template, spec: pod } },
      } as KubeObject;
    }
    case 'daemonsets':
      return { ...apps, kind: 'DaemonSet', spec } as KubeObject;
    case 'statefulsets': {
      const podManagementPolicy = parallel ? 'Parallel' : 'OrderedReady';
      return { ...apps, kind: 'StatefulSet', spec: { ...spec, replicas, podManagementPolicy } } as KubeObject;
    }
    case 'replicasets':
      return { ...apps, kind: 'ReplicaSet', spec: { ...spec, replicas } } as KubeObject;
    case 'deployments':
      return { ...apps, kind: 'Deployment', spec: { ...spec, replicas } } as KubeObject;
  }
}

const budget: PodDisruptionBudget = {
  apiVersion: 'policy/v1',
  kind: 'PodDisruptionBudget',
  metadata: { name: 'budget', namespace: NAMESPACE },
  spec: { minAvailable: 1, selector: { matchLabels: { app: 'statefulsets' } } },
};
const origin = Cluster.create({ now: 1_780_000_000_000, kubelet: 'stand-in', bare: true });
origin.client('user').create('poddisruptionbudgets.policy', budget);
origin.advance(10_000);

const podsOf = ({ store }: Cluster) => store.list<Pod>('pods', NAMESPACE);
interface Scaled extends KubeObject {
  spec?: { replicas?: number; completions?: number; template?: PodTemplateSpec };
}

/** Does a step; what the API server refuses is simply not done. */
function act(cluster: Cluster, one: Step): void {
  const client = cluster.client('user');
  if (one.do === 'wait') return cluster.advance(one.seconds * 1000);
  if ('kind' in one) {
    const resource = KINDS[one.kind];
    if (one.do === 'make') return void client.create(resource, made(one.kind, one.size, one.parallel));
    if (one.do === 'drop') return client.delete(resource, NAMESPACE, 'one', { propagationPolicy: one.policy });
    const found = structuredClone(cluster.store.get<Scaled>(resource, NAMESPACE, 'one'));
    const [main] = found?.spec?.template?.spec?.containers ?? [];
    if (found?.spec === undefined || main === undefined) return;
    if (one.do === 'image') main.image = `nginx:${one.tag}`;
    else if (one.kind !== 'daemonsets' && one.kind !== 'jobs') found.spec.replicas = one.size;
    return void client.update(resource, found);
  }
  const pods = podsOf(cluster);
  const pod = structuredClone(pods[one.which % Math.max(1, pods.length)]);
  if (pod === undefined) return;
  const { name, labels, finalizers = [] } = pod.metadata;
  switch (one.do) {
    case 'fail':
      return void client.updateStatus<Pod>('pods', { ...pod, status: { ...pod.status, phase: 'Failed' } });
    case 'unready': {
      const conditions = (pod.status?.conditions ?? []).map((condition) =>
        condition.type === 'Ready' ? { ...condition, status: 'False' } : condition,
      );
      return void client.updateStatus<Pod>('pods', { ...pod, status: { ...pod.status, conditions } });
    }
    case 'kill':
      return client.delete('pods', NAMESPACE, name);
    case 'evict': {
      const eviction = { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name, namespace: NAMESPACE } };
      return client.createSubresource('pods', NAMESPACE, name, 'eviction', eviction);
    }
    case 'disown':
      pod.metadata.ownerReferences = [];
      break;
    case 'lose':
      pod.metadata.labels = { ...labels, app: 'lost' };
      break;
    case 'find':
      pod.metadata.labels = { ...labels, app: 'replicasets' };
      break;
    case 'hold':
      pod.metadata.finalizers = [...new Set([...finalizers, HOLD])];
      break;
    case 'free':
      pod.metadata.finalizers = finalizers.filter((finalizer) => finalizer !== HOLD);
      break;
  }
  client.update('pods', pod);
}

function play(cluster: Cluster, chosen: readonly Step[]): void {
  for (const one of chosen) {
    try {
      act(cluster, one);
    } catch (error) {
      if (!(error instanceof StatusError)) throw error;
    }
    cluster.settle();
  }
  // what somebody holds would wait for ever
  for (const pod of podsOf(cluster)) {
    const finalizers = (pod.metadata.finalizers ?? []).filter((finalizer) => finalizer !== HOLD);
    cluster.client('user').update<Pod>('pods', { ...pod, metadata: { ...pod.metadata, finalizers } });
  }
  // nor does a pod that is said to be unready get ready again by itself
  for (const { metadata } of podsOf(cluster).filter((pod) => !isTerminal(pod) && !isPodReady(pod)))
    cluster.client('user').delete('pods', NAMESPACE, metadata.name);
  cluster.advance(20 * 60_000);
}

const ownedBy = (cluster: Cluster, owner: KubeObject) =>
  podsOf(cluster).filter((pod) => controllerOf(pod)?.uid === owner.metadata.uid);
const active = (pods: readonly Pod[]) =>
  pods.filter((pod) => !isTerminal(pod) && pod.metadata.deletionTimestamp === undefined);

function checkSets(cluster: Cluster): void {
  for (const set of cluster.store.list<ReplicaSet>(KINDS.replicasets, NAMESPACE)) {
    expect(active(ownedBy(cluster, set))).toHaveLength(set.spec?.replicas ?? 1);
    expect(set.status?.replicas).toBe(set.spec?.replicas ?? 1);
    expect(set.status?.observedGeneration).toBe(set.metadata.generation);
  }
  for (const set of cluster.store.list<StatefulSet>(KINDS.statefulsets, NAMESPACE)) {
    const wanted = Array.from({ length: set.spec?.replicas ?? 1 }, (_, ordinal) => `one-${ordinal}`);
    const strangers = podsOf(cluster).filter(
      (pod) => wanted.includes(pod.metadata.name) && controllerOf(pod)?.uid !== set.metadata.uid,
    );
    // a pod that was let go keeps its name: the set waits for it
    if (strangers.length > 0) continue;
    expect(ownedBy(cluster, set).map((pod) => pod.metadata.name)).toEqual(wanted);
    expect(set.status?.currentRevision).toBe(set.status?.updateRevision);
  }
  for (const set of cluster.store.list<DaemonSet>(KINDS.daemonsets, NAMESPACE)) {
    const nodes = ownedBy(cluster, set).map((pod) => pod.spec?.nodeName ?? '');
    expect(nodes.toSorted((a, b) => (a < b ? -1 : 1))).toEqual(['node01', 'node02']);
    expect(set.status?.updatedNumberScheduled).toBe(2);
  }
}

function checkJobs(cluster: Cluster): void {
  for (const job of cluster.store.list<Job>(KINDS.jobs, NAMESPACE)) {
    const over = job.status?.conditions?.find(({ type }) => type === 'Complete' || type === 'Failed');
    expect(over?.status).toBe('True');
    expect(job.status?.uncountedTerminatedPods).toEqual({});
    if (over?.type === 'Complete')
      expect(job.status?.succeeded ?? 0).toBeGreaterThanOrEqual(job.spec?.completions ?? 1);
  }
  for (const pod of podsOf(cluster)) expect(pod.metadata.finalizers ?? []).toEqual([]);
}

function checkOwners(cluster: Cluster): void {
  const alive = new Set(
    WORKLOADS.flatMap((resource) => cluster.store.list(resource)).map(({ metadata }) => metadata.uid),
  );
  for (const object of WORKLOADS.flatMap((resource) => cluster.store.list(resource, NAMESPACE))) {
    const owners = object.metadata.ownerReferences ?? [];
    if (owners.length > 0) expect(owners.some(({ uid }) => alive.has(uid))).toBe(true);
    expect(object.metadata.deletionTimestamp).toBeUndefined();
  }
}

function checkBudget(cluster: Cluster): void {
  const found = cluster.store.get<PodDisruptionBudget>('poddisruptionbudgets.policy', NAMESPACE, 'budget');
  const pods = podsOf(cluster).filter((pod) => labelSelectorMatches(found?.spec?.selector, pod.metadata.labels ?? {}));
  const healthy = pods.filter(isPodReady).length;
  // it hears nothing of pods that it no longer selects
  if (found?.status?.expectedPods !== pods.length) return;
  expect(found.status.currentHealthy).toBe(healthy);
  expect(found.status.disruptionsAllowed).toBe(pods.length === 0 ? 0 : Math.max(0, healthy - 1));
}

const versions = ({ store }: Cluster) =>
  WORKLOADS.flatMap((resource) => store.list(resource, NAMESPACE)).map(
    ({ kind: what, metadata }) => `${what} ${metadata.name} ${metadata.resourceVersion}`,
  );

test('workloads end as their specs say, with nothing left over, and then nothing is written any more', () => {
  fc.assert(
    fc.property(steps, (chosen) => {
      const cluster = origin.fork();
      play(cluster, chosen);
      checkSets(cluster);
      checkJobs(cluster);
      checkOwners(cluster);
      checkBudget(cluster);
      const before = versions(cluster);
      cluster.advance(60_000);
      expect(versions(cluster)).toEqual(before);
    }),
    { numRuns: 20 },
  );
});

/** What is left when names, times and which of several like pods was hit are taken away. */
function outcome(cluster: Cluster): unknown {
  const sets = Object.values(KINDS).flatMap((resource) =>
    cluster.store
      .list<Scaled & { status?: Record<string, unknown> }>(resource, NAMESPACE)
      .map(({ kind: what, spec, status }) => ({
        what,
        replicas: spec?.replicas,
        ready: status?.['readyReplicas'],
        succeeded: status?.['succeeded'],
        conditions: (status?.['conditions'] as { type: string; reason: string }[] | undefined)
          ?.map(({ type, reason }) => `${type} ${reason}`)
          .toSorted(),
      })),
  );
  const pods = podsOf(cluster).map(({ metadata, spec, status }) =>
    [metadata.labels?.['app'], spec?.containers[0]?.image, status?.phase].join(' '),
  );
  return { sets, pods: pods.toSorted() };
}

/** Steps whose outcome does not hang on which pod was hit. */
const certain = fc.array(
  step.filter((one) => 'kind' in one || one.do === 'wait'),
  { minLength: 3, maxLength: 10 },
);

test('in whatever order the controllers take their turns, workloads come to the same', () => {
  const snapshot = origin.snapshot();
  fc.assert(
    fc.property(certain, fc.infiniteStream(fc.nat(1000)), (chosen, numbers) => {
      const straight = Cluster.restore(snapshot);
      const shuffled = Cluster.restore(snapshot, {
        turns: drawnTurns(numbers),
      });
      for (const cluster of [straight, shuffled]) play(cluster, chosen);
      expect(outcome(shuffled)).toEqual(outcome(straight));
    }),
    { numRuns: 8 },
  );
});
