import { describe, expect, test } from '@jest/globals';
import type { Deployment, Namespace, Pod } from '#cluster/api/types.ts';
import { Cluster, type ClusterSnapshot } from '#cluster/cluster.ts';

const START = Date.UTC(2026, 0, 31, 9);

const deployment = (name: string, replicas: number): Deployment => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name, namespace: 'default' },
  spec: {
    replicas,
    selector: { matchLabels: { app: name } },
    template: { metadata: { labels: { app: name } }, spec: { containers: [{ name: 'c', image: 'nginx' }] } },
  },
});

function withDeployment(seed: number): Cluster {
  const cluster = Cluster.create({ now: START, seed, kubelet: 'stand-in' });
  cluster.client('admin').create('deployments.apps', deployment('web', 3));
  cluster.advance(5_000);
  return cluster;
}
const pods = (cluster: Cluster) => cluster.store.list<Pod>('pods', 'default');

test('a fresh cluster is at rest, with Ready nodes and the namespaces of a control plane', () => {
  const cluster = Cluster.create({ now: START, nodes: ['controlplane', 'worker-a'] });
  expect(cluster.idle).toBe(true);
  expect(cluster.store.list<Namespace>('namespaces').map(({ metadata }) => metadata.name)).toEqual([
    'default',
    'kube-node-lease',
    'kube-public',
    'kube-system',
    'local-path-storage',
  ]);
  const nodes = cluster.store.list<{
    apiVersion: string;
    kind: string;
    metadata: Pod['metadata'];
    spec?: { taints?: { key: string }[] };
  }>('nodes');
  expect(nodes.map(({ metadata, spec }) => [metadata.name, spec?.taints?.map(({ key }) => key)])).toEqual([
    ['controlplane', ['node-role.kubernetes.io/control-plane']],
    ['worker-a', undefined],
  ]);
});

describe('determinism', () => {
  test('the same seed and requests give the same state, ids and names included', () => {
    expect(withDeployment(7).snapshot()).toEqual(withDeployment(7).snapshot());
  });

  test('another seed draws other names', () => {
    expect(pods(withDeployment(7)).map(({ metadata }) => metadata.name)).not.toEqual(
      pods(withDeployment(8)).map(({ metadata }) => metadata.name),
    );
  });
});

describe('a cluster is a value', () => {
  test('a fork goes its own way and lets its origin be', () => {
    const origin = withDeployment(1);
    const before = origin.snapshot();
    const fork = origin.fork();
    fork.client('admin').delete('deployments.apps', 'default', 'web');
    fork.advance(60_000);
    expect(pods(fork)).toEqual([]);
    expect(origin.snapshot()).toEqual(before);
    origin.advance(1_000);
    expect(pods(origin)).toHaveLength(3);
  });

  test('a restored cluster goes on: same objects, same time, controllers at work', () => {
    const origin = withDeployment(1);
    const stored = JSON.parse(JSON.stringify(origin.snapshot())) as ClusterSnapshot;
    const restored = Cluster.restore(stored);
    expect(restored.now).toBe(origin.now);
    expect(pods(restored)).toEqual(pods(origin));
    const [pod] = pods(restored);
    restored.client('admin').delete('pods', 'default', pod?.metadata.name ?? '');
    restored.advance(60_000);
    expect(pods(restored)).toHaveLength(3);
  });
});

test('a broken controller is reported, not swallowed', () => {
  const faults: string[] = [];
  const cluster = Cluster.create({ now: START, onFault: (what) => faults.push(what) });
  cluster.advance(10 * 60_000);
  expect(faults).toEqual([]);
});

test('the pods that kubeadm brings run and stay so', () => {
  const cluster = Cluster.create({ now: START });
  cluster.advance(10 * 60_000);
  const system = cluster.store.list<Pod>('pods', 'kube-system');
  const owners = system.map(({ metadata }) => metadata.labels?.['k8s-app'] ?? metadata.name);
  expect(owners).toEqual([
    'calico-kube-controllers',
    'calico-node',
    'calico-node',
    'calico-node',
    'kube-dns',
    'kube-dns',
    'etcd-controlplane',
    'kube-apiserver-controlplane',
    'kube-controller-manager-controlplane',
    'kube-proxy',
    'kube-proxy',
    'kube-proxy',
    'kube-scheduler-controlplane',
    'metrics-server',
  ]);
  const unwell = system.filter(({ status }) =>
    status?.containerStatuses?.some(({ ready, restartCount }) => !ready || restartCount > 0),
  );
  expect(unwell.map(({ metadata }) => metadata.name)).toEqual([]);
});
