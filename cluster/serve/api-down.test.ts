import { afterEach, expect, test } from '@jest/globals';
import { request } from 'node:https';
import { MANIFESTS, nodeFiles, writeNodeFile } from '../node-files.ts';
import { serveCluster, type ServedCluster } from './served-cluster.ts';

let served: ServedCluster | undefined;
afterEach(async () => {
  await served?.close();
  served = undefined;
});

const open = async (): Promise<ServedCluster> =>
  (served = await serveCluster({
    start: { now: Date.now() },
    listen: { host: '127.0.0.1', port: 0 },
    onFault: (what, fault) => {
      throw new Error(what, { cause: fault });
    },
  }));

/** Status and body, or the code of what went wrong. */
function get(cluster: ServedCluster, path: string): Promise<string> {
  const address = cluster.address();
  const port = 'port' in address ? address.port : 0;
  return new Promise((resolve) => {
    const asked = request({ host: '127.0.0.1', port, path, rejectUnauthorized: false, agent: false }, (response) => {
      let body = '';
      response.on('data', (chunk: Buffer) => (body += chunk.toString()));
      response.on('end', () => resolve(`${response.statusCode} ${body}`));
    });
    asked.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    asked.end();
  });
}

const heard = (cluster: ServedCluster): Promise<boolean> =>
  new Promise((resolve) => {
    const stop = cluster.onListening((on) => {
      stop();
      resolve(on);
    });
  });

function manifest(cluster: ServedCluster, name: string, text: string | undefined): string {
  const path = `${MANIFESTS}/${name}.yaml`;
  const before = nodeFiles(cluster.cluster.store, 'controlplane')[path] ?? '';
  writeNodeFile(cluster.cluster.store, 'controlplane', path, text);
  return before;
}

test('connections are refused while no API server listens, on the same port as before and after', async () => {
  const cluster = await open();
  expect(await get(cluster, '/readyz')).toBe('200 ok');
  const text = manifest(cluster, 'kube-apiserver', undefined);
  const gone = heard(cluster);
  cluster.pass(2000);
  expect(await gone).toBe(false);
  expect(await get(cluster, '/readyz')).toBe('ECONNREFUSED');
  manifest(cluster, 'kube-apiserver', text);
  const back = heard(cluster);
  cluster.pass(2000);
  expect(await back).toBe(true);
  expect(await get(cluster, '/readyz')).toBe('200 ok');
});

test('without etcd it says that it is not well', async () => {
  const cluster = await open();
  manifest(cluster, 'etcd', undefined);
  cluster.pass(2000);
  const [readyz, livez] = await Promise.all(['/readyz', '/livez'].map((path) => get(cluster, path)));
  expect(readyz?.split('\n').slice(0, 5)).toEqual([
    '500 [+]ping ok',
    '[+]log ok',
    '[-]etcd failed: reason withheld',
    '[-]etcd-readiness failed: reason withheld',
    '[+]informer-sync ok',
  ]);
  expect(livez?.split('\n').at(-2)).toBe('livez check failed');
});
