import { expect, test } from '@jest/globals';
import type { Lease, Pod } from '../../api/types.ts';
import { bench, make, type Bench } from '../testing.ts';
import { leaderElection } from './index.ts';

const LEASES = 'leases.coordination.k8s.io';

function started(node: string, containerID: string): Pod {
  const state = { running: { startedAt: '2026-05-01T10:00:00Z' } };
  return make<Pod>('v1', 'Pod', `kube-scheduler-${node}`, {
    metadata: { name: `kube-scheduler-${node}`, namespace: 'kube-system', labels: { component: 'kube-scheduler' } },
    spec: { nodeName: node, containers: [] },
    status: { containerStatuses: [{ name: 'kube-scheduler', containerID, state }] },
  });
}
function start(cluster: Bench, node: string, containerID: string): void {
  const pod = started(node, containerID);
  cluster.client.create('pods', pod);
  cluster.client.updateStatus('pods', pod);
  cluster.settle();
}
const lease = ({ client }: Bench) => client.get<Lease>(LEASES, 'kube-system', 'kube-scheduler')?.spec;

test('who runs first holds the lease, and renews it', () => {
  const cluster = bench([leaderElection('kube-scheduler')]);
  cluster.settle();
  expect(lease(cluster)).toBeUndefined();
  start(cluster, 'node01', 'containerd://1');
  expect(lease(cluster)).toEqual({
    holderIdentity: expect.stringMatching(/^node01_[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
    leaseDurationSeconds: 15,
    acquireTime: '2026-05-01T10:00:00.000000Z',
    renewTime: '2026-05-01T10:00:00.000000Z',
    leaseTransitions: 0,
  });
  expect(cluster.events()).toEqual([`LeaderElection: ${lease(cluster)?.holderIdentity} became leader`]);
  start(cluster, 'node02', 'containerd://2');
  cluster.advance(60_000);
  expect(lease(cluster)).toMatchObject({ leaseTransitions: 0, renewTime: '2026-05-01T10:01:00.000000Z' });
});

test('when it is gone another takes over once the lease has run out', () => {
  const cluster = bench([leaderElection('kube-scheduler')]);
  start(cluster, 'node01', 'containerd://1');
  start(cluster, 'node02', 'containerd://2');
  cluster.advance(12_000);
  cluster.client.delete('pods', 'kube-system', 'kube-scheduler-node01', { gracePeriodSeconds: 0 });
  cluster.advance(12_000);
  expect(lease(cluster)).toMatchObject({ holderIdentity: expect.stringMatching(/^node01_/) });
  cluster.advance(2000);
  expect(lease(cluster)).toMatchObject({ holderIdentity: expect.stringMatching(/^node02_/), leaseTransitions: 1 });
});
