import { expect, test } from '@jest/globals';
import { Cluster } from '#cluster/cluster.ts';
import { nodeFiles, writeNodeFile } from '../../node-files.ts';
// oxlint-disable-next-line no-restricted-imports -- the disk is tested over a real store
import { Store } from '../../store/store.ts';
import { file } from '../files/file-tree.ts';
import { hostFiles } from './host-files.ts';
import { HostTree } from './host-tree.ts';

const MANIFEST = '/etc/kubernetes/manifests/web.yaml';
const PARTS = ['etc', 'kubernetes', 'manifests', 'web.yaml'];

test('what the kubelet reads and what lies on the disk are the same', () => {
  const store = new Store();
  const disk = new HostTree(hostFiles('node01'), store, 'node01');
  writeNodeFile(store, 'node01', MANIFEST, 'kind: Pod\n');
  expect(disk.get(PARTS)).toMatchObject({ kind: 'file', data: 'kind: Pod\n', mode: 0o600 });
  disk.set(PARTS, file('kind: Nothing\n'), 0);
  expect(nodeFiles(store, 'node01')[MANIFEST]).toBe('kind: Nothing\n');
  disk.set(PARTS, undefined, 0);
  expect(nodeFiles(store, 'node01')).toEqual({});
  disk.set(['tmp', 'elsewhere'], file('x'), 0);
  expect(nodeFiles(store, 'node01')).toEqual({});
});

test('a copy goes its own way', () => {
  const store = new Store();
  writeNodeFile(store, 'node01', MANIFEST, 'kind: Pod\n');
  const disk = new HostTree(hostFiles('node01'), store, 'node01');
  expect(disk.get(PARTS)).toBeDefined();
  const other = store.fork();
  disk.copy(other).set(PARTS, undefined, 0);
  expect([nodeFiles(store, 'node01')[MANIFEST], nodeFiles(other, 'node01')[MANIFEST]]).toEqual([
    'kind: Pod\n',
    undefined,
  ]);
});

test("a manifest moved away on the control plane's disk stops the scheduler; back in its place it starts", () => {
  const cluster = Cluster.create({ now: Date.UTC(2026, 4, 1, 10) });
  const disk = cluster.runtime.host('controlplane');
  const place = ['etc', 'kubernetes', 'manifests', 'kube-scheduler.yaml'];
  const manifest = disk.get(place);
  const scheduler = () => cluster.store.get('pods', 'kube-system', 'kube-scheduler-controlplane');
  expect(scheduler()).toBeDefined();
  disk.set(place, undefined, 0);
  cluster.settle();
  expect(scheduler()).toBeUndefined();
  disk.set(place, manifest, 0);
  cluster.settle();
  expect(scheduler()).toBeDefined();
});

test("a control plane's machine has its certificates once there is an authority", () => {
  const caCertificate = '-----BEGIN CERTIFICATE-----\nMA==\n-----END CERTIFICATE-----\n';
  const cluster = Cluster.create({ now: Date.UTC(2026, 4, 1, 10), caCertificate });
  cluster.runtime.host('controlplane');
  const files = nodeFiles(cluster.store, 'controlplane');
  expect(Object.entries(files).flatMap(([path, text]) => (text === '' ? [path] : []))).toEqual([]);
  expect(files['/etc/kubernetes/pki/ca.crt']).toBe(caCertificate);
  expect(files['/etc/kubernetes/admin.conf']).toContain('server: https://172.30.1.2:6443');
});
