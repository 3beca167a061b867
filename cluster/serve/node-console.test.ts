import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { ClusterHost, type LiveCluster } from './host.ts';

let host: ClusterHost;
let cluster: LiveCluster;
beforeAll(async () => {
  host = await ClusterHost.start();
  cluster = await host.create();
}, 30_000);
afterAll(() => host.close());

const MANIFEST = '/etc/kubernetes/manifests/kube-apiserver.yaml';

test('the console of a node in another thread runs, reads and writes', async () => {
  const node = cluster.node('node01');
  await node.write({ path: '/root/a.txt', text: 'b\n' });
  expect(await node.run({ command: 'cat a.txt; exit 3' })).toEqual({ stdout: 'b\n', stderr: '', code: 3, ms: 0 });
  expect(await node.read({ path: '/root/a.txt' })).toBe('b\n');
  expect(await node.list({ path: '/root' })).toMatchObject([{ name: 'a.txt', kind: 'file', size: 2 }]);
  await node.remove({ path: '/root/a.txt' });
  expect(await node.stat({ path: '/root/a.txt' })).toBeUndefined();
  await expect(node.list({ path: '/nowhere' })).rejects.toThrow('No such file or directory');
  await expect(cluster.node('node09').run({ command: 'true' })).rejects.toThrow(
    'there is no node node09 with a console',
  );
});

test('whoever watches a disk hears of changes, and of an API server that goes and comes back', async () => {
  const node = cluster.node('controlplane');
  const changed = new Promise<void>((resolve) => node.onChange(resolve));
  const turned = () =>
    new Promise<boolean>((resolve) => {
      const stop = cluster.onListening((on) => {
        stop();
        resolve(on);
      });
    });
  const gone = turned();
  await node.run({ command: `mv ${MANIFEST} /root/` });
  await changed;
  expect([await gone, cluster.listens]).toEqual([false, false]);
  const back = turned();
  await node.run({ command: `mv /root/kube-apiserver.yaml ${MANIFEST}` });
  await cluster.pass(5000);
  expect([await back, cluster.listens]).toEqual([true, true]);
});
