import { expect, test } from '@jest/globals';
import type { ConfigMap, Namespace, Pod } from '../../api/types.ts';
import { garbageCollector } from '../garbage-collector/index.ts';
import { rootCa } from '../root-ca/index.ts';
import { serviceAccount } from '../service-account/index.ts';
import { bench, make, namespaceNamed } from '../testing.ts';
import { namespace } from './index.ts';

function leaving() {
  const cluster = bench([serviceAccount, rootCa('PEM'), namespace, garbageCollector]);
  cluster.client.create('namespaces', namespaceNamed('shop'));
  cluster.client.updateStatus<Namespace>('namespaces', {
    ...(namespaceNamed('shop') as Namespace),
    status: { phase: 'Active' },
  });
  cluster.settle();
  return cluster;
}
const inShop = { name: 'pin', namespace: 'shop' };

test('a namespace gets its service account and the certificate authority, and takes them along', () => {
  const { client, settle, advance } = leaving();
  expect(client.get('serviceaccounts', 'shop', 'default')).toBeDefined();
  expect(client.get<ConfigMap>('configmaps', 'shop', 'kube-root-ca.crt')?.data).toEqual({ 'ca.crt': 'PEM' });
  client.delete('namespaces', '', 'shop');
  settle();
  expect(client.get<Namespace>('namespaces', '', 'shop')?.status?.phase).toBe('Terminating');
  advance(4_900);
  expect(client.list('configmaps', 'shop')).toHaveLength(1);
  advance(100);
  expect(client.get('namespaces', '', 'shop')).toBeUndefined();
  expect(client.list('configmaps', 'shop')).toEqual([]);
});

test('content held by a finalizer holds the namespace until the next look, and is named', () => {
  const { client, settle, advance } = leaving();
  client.create(
    'configmaps',
    make<ConfigMap>('v1', 'ConfigMap', 'pin', { metadata: { ...inShop, finalizers: ['example.com/hold'] } }),
  );
  client.delete('namespaces', '', 'shop');
  advance(5_000);
  const held = client.get<Namespace>('namespaces', '', 'shop');
  expect(
    held?.status?.conditions?.map(({ type, status, reason, message }) => `${type}=${status} ${reason}: ${message}`),
  ).toEqual([
    'NamespaceDeletionDiscoveryFailure=False ResourcesDiscovered: All resources successfully discovered',
    'NamespaceDeletionGroupVersionParsingFailure=False ParsedGroupVersions: All legacy kube types successfully parsed',
    'NamespaceDeletionContentFailure=False ContentDeleted: All content successfully deleted, may be waiting on finalization',
    'NamespaceContentRemaining=True SomeResourcesRemain: Some resources are remaining: configmaps. has 1 resource instances',
    'NamespaceFinalizersRemaining=True SomeFinalizersRemain: Some content in the namespace has finalizers remaining: example.com/hold in 1 resource instances',
  ]);
  const pin = client.get<ConfigMap>('configmaps', 'shop', 'pin')!;
  const { finalizers: _, ...metadata } = pin.metadata;
  client.update('configmaps', { ...pin, metadata });
  settle();
  expect(client.get('namespaces', '', 'shop')).toBeDefined();
  advance(5_000);
  expect(client.get('namespaces', '', 'shop')).toBeUndefined();
});

test('pods go before everything else', () => {
  const { client, settle, advance } = leaving();
  client.create('pods', make<Pod>('v1', 'Pod', 'pin', { metadata: inShop, spec: { containers: [] } }));
  settle();
  client.delete('namespaces', '', 'shop');
  advance(5_000);
  expect(client.get('configmaps', 'shop', 'kube-root-ca.crt')).toBeDefined();
  client.delete('pods', 'shop', 'pin', { gracePeriodSeconds: 0 });
  settle();
  expect(client.get('namespaces', '', 'shop')).toBeDefined();
  advance(5_000);
  expect(client.get('namespaces', '', 'shop')).toBeUndefined();
});

const failure = (held: Namespace | undefined) =>
  held?.status?.conditions?.find(({ type }) => type === 'NamespaceDeletionContentFailure');

test('a pod that outlives its grace period without a finalizer is told of, and looked at again soon', () => {
  const { client, advance } = leaving();
  const spec = { nodeName: 'silent', terminationGracePeriodSeconds: 10, containers: [{ name: 'c', image: 'nginx' }] };
  client.create('pods', make<Pod>('v1', 'Pod', 'pin', { metadata: inShop, spec }));
  client.delete('namespaces', '', 'shop');
  advance(6_000);
  expect(failure(client.get<Namespace>('namespaces', '', 'shop'))).toMatchObject({ status: 'False' });
  advance(10_000);
  expect(failure(client.get<Namespace>('namespaces', '', 'shop'))).toMatchObject({
    status: 'True',
    reason: 'ContentDeletionFailed',
    message:
      'Failed to delete all resource types, 1 remaining: unexpected items still remain in namespace: shop for gvr: /v1, Resource=pods',
  });
  client.delete('pods', 'shop', 'pin', { gracePeriodSeconds: 0 });
  advance(15_000);
  expect(client.get('namespaces', '', 'shop')).toBeUndefined();
});
