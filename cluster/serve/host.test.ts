import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mkdirSync, existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ClusterHost } from '#cluster/serve/host.ts';

const faults: string[] = [];
let host: ClusterHost;
/** Of a process that cannot be there: Linux counts to 4194304. */
const leftover = join(tmpdir(), 'drydock-clusters-4999999-gone');

beforeAll(async () => {
  mkdirSync(leftover, { recursive: true });
  host = await ClusterHost.start({ onFault: (what) => faults.push(what) });
});
afterAll(async () => {
  await host.close();
  expect(faults).toEqual([]);
});

const names = (state: { resources: Record<string, readonly { metadata: { name: string } }[]> }, resource: string) =>
  (state.resources[resource] ?? []).map(({ metadata }) => metadata.name);
const namespace = (name: string) => ({ apply: [{ apiVersion: 'v1', kind: 'Namespace', metadata: { name } }] });

test('what a killed process left is removed', () => {
  expect(existsSync(leftover)).toBe(false);
});

test('a cluster is set up, stored, reset and made again with the same kubeconfig', async () => {
  const live = await host.create({ nodes: ['controlplane', 'worker-a'], seed: 3 });
  await live.setup([
    namespace('first'),
    { cordon: 'worker-a' },
    { label: { node: 'worker-a', labels: { disk: 'ssd' } } },
  ]);
  const stored = await live.snapshot();
  await live.setup([namespace('second')]);
  expect(names(await live.state(), 'namespaces')).toEqual(expect.arrayContaining(['first', 'second']));
  await live.reset(stored);
  expect(names(await live.state(), 'namespaces')).not.toContain('second');

  const again = await host.create({ restore: stored });
  expect(again.kubeconfig).toBe(live.kubeconfig);
  const state = await again.state();
  expect(names(state, 'nodes')).toEqual(['controlplane', 'worker-a']);
  expect(state.resources['nodes']?.[1]).toMatchObject({
    metadata: { labels: { disk: 'ssd' } },
    spec: { unschedulable: true },
  });
  await live.close();
  await again.close();
});

test('time can be let pass at once', async () => {
  const live = await host.create();
  const { now } = await live.state();
  await live.pass(60 * 60 * 1000);
  expect((await live.state()).now - now).toBeGreaterThanOrEqual(60 * 60 * 1000);
  await live.close();
});

test.each([
  ['a node that is not there', [{ cordon: 'node09' }], 'there is no node node09'],
  [
    'a kind that is not there',
    [{ apply: [{ apiVersion: 'v1', kind: 'Widget', metadata: { name: 'w' } }] }],
    'no resource for kind Widget in version v1',
  ],
  [
    'an object that is refused',
    [{ apply: [{ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p' }, spec: {} }] }],
    'Pod "p" is invalid: spec.containers: Required value',
  ],
])('setting up with %s says so', async (_name, steps, message) => {
  const live = await host.create();
  await expect(live.setup(steps)).rejects.toThrow(message);
  await live.close();
});

test('bytes that are no snapshot are refused', async () => {
  await expect(host.create({ restore: new TextEncoder().encode('nonsense') })).rejects.toThrow('is not valid JSON');
});
