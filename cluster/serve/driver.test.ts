import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import type { Lease } from '#cluster/api/types.ts';
import { Cluster } from '#cluster/cluster.ts';
import { Driver } from '#cluster/serve/driver.ts';

const START = Date.UTC(2026, 0, 31, 9);
let driver: Driver | undefined;

beforeEach(() => {
  jest.useFakeTimers({ now: START });
});
afterEach(() => {
  driver?.close();
  jest.useRealTimers();
});

const renewed = (cluster: Cluster) =>
  cluster.store.get<Lease>('leases.coordination.k8s.io', 'kube-node-lease', 'node01')?.spec?.renewTime;

test('cluster time follows the wall, and what is due happens by itself', () => {
  const cluster = Cluster.create({ now: START, bare: true });
  driver = new Driver(cluster);
  const before = renewed(cluster);
  jest.advanceTimersByTime(11_000);
  expect(renewed(cluster)).not.toBe(before);
  driver.catchUp();
  expect(cluster.now).toBe(START + 11_000);
});

test('a cluster that was stored goes on from its own time', () => {
  const cluster = Cluster.create({ now: START - 86_400_000, bare: true });
  driver = new Driver(cluster);
  jest.advanceTimersByTime(5_000);
  driver.catchUp();
  expect(cluster.now).toBe(START - 86_400_000 + 5_000);
});

test.each([
  ['by the driver', (cluster: Cluster, of: Driver) => (of.pass(60_000), cluster)],
  ['behind its back, by a setup', (cluster: Cluster) => (cluster.advance(60_000), cluster)],
])('time that ran ahead %s does not stand still afterwards', (_name, runAhead) => {
  const cluster = Cluster.create({ now: START, bare: true });
  driver = new Driver(cluster);
  runAhead(cluster, driver);
  driver.catchUp();
  jest.advanceTimersByTime(3_000);
  driver.catchUp();
  expect(cluster.now).toBe(START + 63_000);
});
