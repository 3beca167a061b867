import { expect, test } from '@jest/globals';
import type { Pod } from '../../api/types.ts';
import { bench, make, names } from '../testing.ts';
import { podGc } from './index.ts';

const pod = (nodeName?: string) =>
  make<Pod>('v1', 'Pod', 'web', { spec: { containers: [], ...(nodeName === undefined ? {} : { nodeName }) } });

test('pods of a node that is gone go after a while', () => {
  const { client, advance } = bench([podGc]);
  client.create('pods', pod('node02'));
  client.delete('nodes', '', 'node02');
  advance(39_000);
  expect(names(client, 'pods')).toEqual(['web']);
  advance(2000);
  expect(names(client, 'pods')).toEqual([]);
});

test('a node that comes back in time keeps them', () => {
  const { client, advance } = bench([podGc]);
  const node = client.get('nodes', '', 'node02')!;
  client.create('pods', pod('node02'));
  client.delete('nodes', '', 'node02');
  advance(20_000);
  client.create('nodes', { ...node, metadata: { name: 'node02' } });
  advance(60_000);
  expect(names(client, 'pods')).toEqual(['web']);
});

test('a pod that was never placed and is held is said to have failed at the next look', () => {
  const { client, advance, settle } = bench([podGc], []);
  const held = pod();
  const metadata = { ...held.metadata, finalizers: ['example.com/hold'] };
  client.create('pods', { ...held, metadata });
  settle();
  // the bench binds all pods: this one never was
  client.update<Pod>('pods', { ...held, metadata });
  client.delete('pods', 'default', 'web');
  settle();
  expect(client.get<Pod>('pods', 'default', 'web')?.status?.phase).toBeUndefined();
  advance(20_000);
  expect(client.get<Pod>('pods', 'default', 'web')?.status?.phase).toBe('Failed');
});
