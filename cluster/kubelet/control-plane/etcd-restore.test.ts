import { expect, test } from '@jest/globals';
import { Cluster } from '#cluster/cluster.ts';
import type { ConfigMap } from '#cluster/api/types.ts';

const START = 1_780_000_000_000;
const ETCD = '/etc/kubernetes/manifests/etcd.yaml';
const SAVE = 'etcdctl snapshot save /opt/backup.db';
/** A cluster without an authority has an etcd without certificates. */
const create = () => Cluster.create({ now: START });

const on = (cluster: Cluster, line: string) => {
  const result = cluster.node('controlplane')?.run(line);
  cluster.settle();
  return result;
};
const add = (cluster: Cluster, name: string) =>
  cluster.client('test').create<ConfigMap>('configmaps', {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, namespace: 'default' },
  });
const names = (cluster: Cluster) =>
  cluster.store
    .list('configmaps', 'default')
    .flatMap(({ metadata: { name } }) => (name.startsWith('kube-') ? [] : [name]));
const toFolder = (cluster: Cluster, folder: string): void => {
  on(cluster, `sed -i 's#path: /var/lib/etcd.*$#path: ${folder}#' ${ETCD}`);
  cluster.advance(90_000);
};

test('a snapshot that is restored into another folder brings the cluster back, and the old folder what was since', () => {
  const cluster = create();
  add(cluster, 'before');
  expect(on(cluster, SAVE)).toMatchObject({
    code: 0,
    stdout: 'Snapshot saved at /opt/backup.db\nServer version 3.6.0\n',
  });
  add(cluster, 'after');
  expect(on(cluster, 'etcdutl snapshot restore /opt/backup.db --data-dir /var/lib/etcd-from-backup')?.code).toBe(0);
  expect(names(cluster)).toEqual(['after', 'before']);
  toFolder(cluster, '/var/lib/etcd-from-backup');
  expect([cluster.api, names(cluster)]).toEqual(['serves', ['before']]);
  add(cluster, 'later');
  toFolder(cluster, '/var/lib/etcd');
  expect([cluster.api, names(cluster)]).toEqual(['serves', ['after', 'before']]);
  toFolder(cluster, '/var/lib/etcd-from-backup');
  expect(names(cluster)).toEqual(['before', 'later']);
  const ready = cluster.store.list('nodes').map((node) => JSON.stringify(node).includes('"reason":"KubeletReady"'));
  expect(ready).toEqual([true, true, true]);
});

test('pods that were deleted since run again', () => {
  const cluster = create();
  const client = cluster.client('test');
  client.create('pods', {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'web', namespace: 'default' },
    spec: { containers: [{ name: 'web', image: 'nginx' }] },
  } as ConfigMap);
  cluster.advance(30_000);
  on(cluster, SAVE);
  client.delete('pods', 'default', 'web');
  cluster.advance(60_000);
  expect(cluster.store.get('pods', 'default', 'web')).toBeUndefined();
  on(cluster, 'etcdutl snapshot restore /opt/backup.db --data-dir /var/lib/etcd2');
  toFolder(cluster, '/var/lib/etcd2');
  expect(cluster.store.get('pods', 'default', 'web')).toMatchObject({ status: { phase: 'Running' } });
});

test('an empty folder is an empty cluster; a folder with something else stops etcd', () => {
  const cluster = create();
  add(cluster, 'mine');
  toFolder(cluster, '/var/lib/etcd-new');
  expect([cluster.api, names(cluster)]).toEqual(['serves', []]);
  expect(cluster.store.list('deployments.apps')).toEqual([]);
  toFolder(cluster, '/var/lib/etcd');
  expect(names(cluster)).toEqual(['mine']);
  on(cluster, 'mkdir -p /var/lib/etcd-bad/member/snap; echo nonsense > /var/lib/etcd-bad/member/snap/db');
  toFolder(cluster, '/var/lib/etcd-bad');
  expect(cluster.api).toBe('down');
  expect(on(cluster, 'crictl logs $(crictl ps -aq --name etcd | head -1) | tail -1')?.stdout).toContain(
    '"msg":"failed to open database","path":"/var/lib/etcd/member/snap/db","error":"invalid database"',
  );
});

test('a snapshot whose bytes were changed is not restored, and not served where that was forced', () => {
  const cluster = create();
  on(cluster, SAVE);
  on(cluster, 'printf x >> /opt/backup.db');
  expect(on(cluster, 'etcdutl snapshot restore /opt/backup.db --data-dir /var/lib/x')?.stderr).toContain(
    'Error: snapshot missing hash but --skip-hash-check=false\n',
  );
});

test('a fork and a restored cluster know their databases', () => {
  const cluster = create();
  add(cluster, 'before');
  on(cluster, SAVE);
  add(cluster, 'after');
  on(cluster, 'etcdutl snapshot restore /opt/backup.db --data-dir /var/lib/etcd2');
  toFolder(cluster, '/var/lib/etcd2');
  for (const other of [cluster.fork(), Cluster.restore(cluster.snapshot())]) {
    other.advance(1000);
    expect([other.api, names(other)]).toEqual(['serves', ['before']]);
    toFolder(other, '/var/lib/etcd');
    expect(names(other)).toEqual(['after', 'before']);
  }
});
