import { expect, test } from '@jest/globals';
import type { Pod } from '../../api/types.ts';
import { Cluster } from '../../cluster.ts';

const NOW = Date.UTC(2026, 4, 1, 10);
const writer: Pod = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'writer', namespace: 'default' },
  spec: {
    terminationGracePeriodSeconds: 1,
    volumes: [{ name: 'data', hostPath: { path: '/srv/data' } }],
    containers: [
      {
        name: 'writer',
        image: 'busybox:1.36',
        command: ['sh', '-c', 'echo one >> /data/log; touch /tmp/own; while true; do sleep 60; done'],
        volumeMounts: [{ name: 'data', mountPath: '/data' }],
      },
    ],
  },
};
function inside(cluster: Cluster, script: string): string {
  const pod = cluster.store.get<Pod>('pods', 'default', 'writer');
  const id = (pod?.status?.containerStatuses?.[0]?.containerID ?? '').replace('containerd://', '');
  const instance = cluster.runtime.get(id);
  if (instance === undefined) return 'not running';
  const ran = cluster.runtime.runNow(instance, ['sh', '-c', script], 1000);
  return 'refused' in ran ? ran.refused : ran.output;
}
function running(): Cluster {
  const cluster = Cluster.create({ now: NOW, bare: true, nodes: ['node01'] });
  cluster.client('test').create('pods', writer);
  cluster.advance(5000);
  return cluster;
}

test('a fork has the files as they are, and keeps its own changes to itself', () => {
  const cluster = running();
  const fork = cluster.fork();
  fork.advance(2000);
  expect(inside(fork, 'cat /data/log; ls /tmp')).toBe('one\nown\n');
  inside(fork, 'echo two >> /data/log; touch /tmp/more');
  expect(inside(fork, 'cat /data/log; ls /tmp')).toBe('one\ntwo\nmore\nown\n');
  expect(inside(cluster, 'cat /data/log; ls /tmp')).toBe('one\nown\n');
});

test('a stored cluster comes back with its files', () => {
  const cluster = running();
  inside(cluster, 'echo two >> /data/log; rm /tmp/own; mkdir /tmp/made');
  const stored: unknown = JSON.parse(JSON.stringify(cluster.snapshot()));
  const back = Cluster.restore(stored as ReturnType<Cluster['snapshot']>);
  back.advance(2000);
  expect(inside(back, 'cat /data/log; ls /tmp')).toBe('one\ntwo\nmade\n');
});

test('a node keeps what a pod wrote to its disk, and nothing of the pod itself', () => {
  const cluster = running();
  const client = cluster.client('test');
  client.delete('pods', 'default', 'writer', { gracePeriodSeconds: 1 });
  cluster.advance(10_000);
  client.create('pods', writer);
  cluster.advance(5000);
  expect(inside(cluster, 'cat /data/log; ls /tmp')).toBe('one\none\nown\n');
});
