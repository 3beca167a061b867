import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { Cluster, type ClusterSnapshot } from '#cluster/cluster.ts';
import { Journal, replay, type JournalPosition } from '#cluster/serve/journal.ts';

const START = Date.UTC(2026, 0, 31, 9);
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'drydock-journal-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const plain = (snapshot: ClusterSnapshot): ClusterSnapshot => JSON.parse(JSON.stringify(snapshot)) as ClusterSnapshot;
const deployment = (replicas: number) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', namespace: 'default' },
  spec: {
    replicas,
    selector: { matchLabels: { app: 'web' } },
    template: {
      metadata: { labels: { app: 'web' } },
      spec: { containers: [{ name: 'nginx', image: 'nginx' }] },
    },
  },
});

/** A cluster with its journal, stored once. */
function journalled(): {
  cluster: Cluster;
  journal: Journal;
  stored: { snapshot: ClusterSnapshot; position: JournalPosition };
  work(replicas: number): void;
} {
  const cluster = Cluster.create({ now: START, seed: 4, bare: true });
  const journal = new Journal(folder, cluster);
  const stored = { snapshot: plain(cluster.snapshot()), position: journal.turn() };
  return {
    cluster,
    journal,
    stored,
    work(replicas) {
      const client = cluster.client('kubernetes-admin');
      if (cluster.store.get('deployments.apps', 'default', 'web')) client.delete('deployments.apps', 'default', 'web');
      else client.create('deployments.apps', deployment(replicas));
      journal.write();
      cluster.advance(30_000);
      journal.write();
    },
  };
}

/** Files of containers are not in a journal. */
const withoutFiles = ({ files: _files, ...rest }: ClusterSnapshot) => rest;

test('what was stored and what was written since make the cluster as it is', () => {
  const { cluster, journal, stored, work } = journalled();
  work(3);
  const { snapshot } = replay(folder, stored.snapshot, stored.position);
  expect(withoutFiles(plain(Cluster.restore(snapshot).snapshot()))).toEqual(withoutFiles(plain(cluster.snapshot())));
  work(3);
  const later = replay(folder, stored.snapshot, stored.position).snapshot;
  expect(later.store.resources['pods'] ?? []).toEqual([]);
  expect(later).toMatchObject({ now: cluster.now, random: cluster.randomState });
  expect(later.store.revision).toBe(cluster.store.revision);
  journal.close();
});

test.each([
  { name: 'a line cut off', text: '{"revision":99999,"now":1,' },
  { name: 'a line whole but for its end', text: '{"revision":99999,"now":1,"random":1,"put":[],"gone":[]}' },
])('$name counts for nothing', ({ text }) => {
  const { cluster, journal, stored, work } = journalled();
  work(1);
  journal.close();
  appendFileSync(join(folder, 'journal-1.jsonl'), text);
  expect(replay(folder, stored.snapshot, stored.position).snapshot.store.revision).toBe(cluster.store.revision);
});

test('a server killed between two stores has both files, and goes on in a third', () => {
  const { cluster, journal, stored, work } = journalled();
  work(1);
  journal.turn();
  work(1);
  work(2);
  journal.close();
  const { snapshot, position } = replay(folder, stored.snapshot, stored.position);
  expect(snapshot.store.revision).toBe(cluster.store.revision);
  const again = Cluster.restore(snapshot);
  const next = new Journal(folder, again, { position, revision: snapshot.store.revision });
  again.client('kubernetes-admin').delete('deployments.apps', 'default', 'web');
  again.settle();
  next.write();
  expect(replay(folder, stored.snapshot, stored.position).snapshot.store.revision).toBe(again.store.revision);
  next.turn();
  expect(readdirSync(folder)).toHaveLength(4);
  next.stored();
  expect(readdirSync(folder)).toEqual(['journal-4.jsonl']);
  next.close();
});

test('another state in place: nothing that comes after belongs to what was stored before', () => {
  const { cluster, journal, stored, work } = journalled();
  work(1);
  const before = cluster.store.revision;
  const other = Cluster.restore(plain(stored.snapshot));
  journal.replace(other);
  other.client('kubernetes-admin').create('deployments.apps', deployment(1));
  journal.write();
  expect(replay(folder, stored.snapshot, stored.position).snapshot.store.revision).toBe(before);
  const position = journal.turn();
  const snapshot = plain(other.snapshot());
  expect(replay(folder, stored.snapshot, stored.position).snapshot.store.revision).toBe(before);
  other.settle();
  journal.write();
  expect(replay(folder, snapshot, position).snapshot.store.revision).toBe(other.store.revision);
  journal.close();
});

test('more in one turn than the store remembers is written as the whole', () => {
  const { cluster, journal, stored } = journalled();
  const client = cluster.client('kubernetes-admin');
  for (let n = 0; n < 2600; n += 1) {
    const metadata = { name: `c${n}`, namespace: 'default' };
    client.create('configmaps', { apiVersion: 'v1', kind: 'ConfigMap', metadata });
    client.delete('configmaps', 'default', `c${n}`);
  }
  expect(cluster.store.changesAfter(stored.snapshot.store.revision)).toBeUndefined();
  journal.write();
  const { snapshot } = replay(folder, stored.snapshot, stored.position);
  expect(withoutFiles(plain(Cluster.restore(snapshot).snapshot()))).toEqual(withoutFiles(plain(cluster.snapshot())));
  journal.close();
});

test('files of another cluster, or none, are left alone', () => {
  const { journal, stored, work } = journalled();
  work(1);
  journal.close();
  const other = { number: 1, id: 'another' };
  expect(replay(folder, stored.snapshot, other)).toMatchObject({
    position: other,
    snapshot: { random: stored.snapshot.random },
  });
  writeFileSync(join(folder, 'journal-7.jsonl'), '');
  expect(replay(folder, stored.snapshot, stored.position).position.number).toBe(1);
  expect(readFileSync(join(folder, 'journal-1.jsonl'), 'utf8').startsWith('{"id":"')).toBe(true);
});
