import { expect, test } from '@jest/globals';
import type { ConfigMap, KubeObject, OwnerReference } from '../../api/types.ts';
import { bench, make, names } from '../testing.ts';
import { garbageCollector } from './index.ts';

const refer = (owner: KubeObject, rest: Partial<OwnerReference> = {}): OwnerReference => ({
  apiVersion: owner.apiVersion,
  kind: owner.kind,
  name: owner.metadata.name,
  uid: owner.metadata.uid ?? '',
  ...rest,
});
const map = (name: string, ownerReferences: OwnerReference[] = []) =>
  make<ConfigMap>('v1', 'ConfigMap', name, { metadata: { name, namespace: 'default', ownerReferences } });

function family(blocks = false) {
  const cluster = bench([garbageCollector]);
  const { client } = cluster;
  const parent = client.create('configmaps', map('parent'));
  const child = client.create('configmaps', map('child', [refer(parent, { blockOwnerDeletion: blocks })]));
  client.create('configmaps', map('grandchild', [refer(child)]));
  cluster.settle();
  return { ...cluster, parent };
}

test('what has lost its owner goes, and so on', () => {
  const { client, settle } = family();
  client.delete('configmaps', 'default', 'parent');
  settle();
  expect(names(client, 'configmaps')).toEqual([]);
});

test('in the foreground the owner waits for those that block it', () => {
  const { client, settle } = family(true);
  client.delete('configmaps', 'default', 'parent', { propagationPolicy: 'Foreground' });
  expect(names(client, 'configmaps')).toContain('parent');
  settle();
  expect(names(client, 'configmaps')).toEqual([]);
});

test('in the foreground those that do not block go, too', () => {
  const { client, settle, parent } = family(true);
  client.create('configmaps', map('loose', [refer(parent)]));
  const blocker = client.get<ConfigMap>('configmaps', 'default', 'child');
  if (blocker) client.update('configmaps', { ...blocker, metadata: { ...blocker.metadata, finalizers: ['a.b/c'] } });
  client.delete('configmaps', 'default', 'parent', { propagationPolicy: 'Foreground' });
  settle();
  expect(names(client, 'configmaps')).toEqual(['child', 'grandchild', 'parent']);
});

test('an owner in another namespace is none, and that is told', () => {
  const { client, settle, parent } = family();
  client.create('namespaces', make('v1', 'Namespace', 'elsewhere', { metadata: { name: 'elsewhere' } }));
  const lost = map('lost', [refer(parent)]);
  client.create('configmaps', { ...lost, metadata: { ...lost.metadata, namespace: 'elsewhere' } });
  settle();
  expect(client.get('configmaps', 'elsewhere', 'lost')).toBeUndefined();
  const [event] = client.list<KubeObject & { message?: string; reason?: string }>('events', 'elsewhere');
  expect(event).toMatchObject({
    reason: 'OwnerRefInvalidNamespace',
    message: `ownerRef [v1/ConfigMap, namespace: elsewhere, name: parent, uid: ${parent.metadata.uid}] does not exist in namespace "elsewhere"`,
  });
});

test('orphans stay, without their owner', () => {
  const { client, settle } = family();
  client.delete('configmaps', 'default', 'parent', { propagationPolicy: 'Orphan' });
  settle();
  expect(names(client, 'configmaps')).toEqual(['child', 'grandchild']);
  expect(client.get<ConfigMap>('configmaps', 'default', 'child')?.metadata.ownerReferences).toBeUndefined();
});

test('one of two owners is enough', () => {
  const { client, settle, parent } = family();
  const other = client.create('configmaps', map('other'));
  client.create('configmaps', map('shared', [refer(parent), refer(other)]));
  client.delete('configmaps', 'default', 'parent');
  settle();
  expect(names(client, 'configmaps')).toEqual(['other', 'shared']);
  expect(client.get<ConfigMap>('configmaps', 'default', 'shared')?.metadata.ownerReferences).toEqual([refer(other)]);
});

test.each([
  {
    name: 'an owner that never was',
    reference: { apiVersion: 'v1', kind: 'ConfigMap', name: 'parent', uid: '1' },
    stays: false,
  },
  {
    name: 'a kind nobody knows',
    reference: { apiVersion: 'x.dev/v1', kind: 'Thing', name: 'parent', uid: '1' },
    stays: true,
  },
])('$name', ({ reference, stays }) => {
  const { client, settle } = bench([garbageCollector]);
  client.create('configmaps', map('child', [reference]));
  settle();
  expect(names(client, 'configmaps')).toEqual(stays ? ['child'] : []);
});
