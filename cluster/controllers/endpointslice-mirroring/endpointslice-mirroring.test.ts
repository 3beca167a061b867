import { expect, test } from '@jest/globals';
import type { EndpointSlice, Endpoints, Service } from '../../api/types.ts';
import { bench, make } from '../testing.ts';
import { endpointsliceMirroring } from './index.ts';

const SLICES = 'endpointslices.discovery.k8s.io';
type Subsets = NonNullable<Endpoints['subsets']>;
const http = { port: 80, protocol: 'TCP' };
const service = (selector?: Record<string, string>) =>
  make<Service>('v1', 'Service', 'db', {
    spec: { ports: [{ port: 80, protocol: 'TCP' }], ...(selector && { selector }) },
  });
const written = (subsets: Subsets, metadata: object = {}) =>
  make<Endpoints>('v1', 'Endpoints', 'db', { metadata: { name: 'db', namespace: 'default', ...metadata }, subsets });
const one: Subsets = [{ addresses: [{ ip: '192.0.2.7' }], ports: [http] }];

function mirrored(endpoints: Endpoints) {
  const { client, settle, events } = bench([endpointsliceMirroring]);
  client.create('services', service());
  client.create('endpoints', endpoints);
  settle();
  const slices = () => client.list<EndpointSlice>(SLICES, 'default');
  return { client, settle, events, slices };
}
/** `IPv4 80: 10.0.0.1, !10.0.0.2`: family, ports, addresses, those not ready marked. */
const told = (slices: readonly EndpointSlice[]) =>
  slices
    .map(({ addressType, ports, endpoints }) => {
      const shown = (endpoints ?? []).map(
        ({ addresses, conditions }) => `${conditions?.ready ? '' : '!'}${addresses[0]}`,
      );
      return `${addressType} ${(ports ?? []).map(({ port }) => port).join(',')}: ${shown.toSorted().join(', ')}`;
    })
    .toSorted();

test('a slice carries labels and annotations over, but for those that are others’ business', () => {
  const annotations = {
    owner: 'ann',
    'endpoints.kubernetes.io/last-change-trigger-time': '2026-05-01T10:00:00Z',
    'kubectl.kubernetes.io/last-applied-configuration': '{}',
  };
  const { slices, client } = mirrored(written(one, { labels: { tier: 'data' }, annotations }));
  const [slice] = slices();
  expect(slice?.metadata).toMatchObject({
    name: expect.stringMatching(/^db-[a-z0-9]{5}$/),
    generateName: 'db-',
    labels: {
      tier: 'data',
      'kubernetes.io/service-name': 'db',
      'endpointslice.kubernetes.io/managed-by': 'endpointslicemirroring-controller.k8s.io',
    },
    ownerReferences: [
      {
        apiVersion: 'v1',
        kind: 'Endpoints',
        name: 'db',
        uid: client.get('endpoints', 'default', 'db')?.metadata.uid,
        controller: true,
        blockOwnerDeletion: true,
      },
    ],
  });
  expect(slice?.metadata.annotations).toEqual({ owner: 'ann' });
  expect(slice?.ports).toEqual([{ name: '', port: 80, protocol: 'TCP' }]);
  expect(slice?.endpoints).toEqual([{ addresses: ['192.0.2.7'], conditions: { ready: true } }]);
});

test.each<[string, Endpoints | undefined, Service | undefined]>([
  ['the label skip-mirror', written(one, { labels: { 'endpointslice.kubernetes.io/skip-mirror': 'true' } }), service()],
  ['a leader’s record', written(one, { annotations: { 'control-plane.alpha.kubernetes.io/leader': '{}' } }), service()],
  ['a Service with a selector', written(one), service({ app: 'db' })],
  ['no Service', written(one), undefined],
  ['no Endpoints', undefined, service()],
  ['no addresses', written([{ ports: [http] }]), service()],
])('nothing is mirrored: %s', (_name, endpoints, of) => {
  const made = bench([endpointsliceMirroring]);
  if (of) made.client.create('services', of);
  if (endpoints) made.client.create('endpoints', endpoints);
  made.settle();
  expect(made.client.list(SLICES)).toEqual([]);
});

test.each<[string, Subsets, string[], string[]]>([
  [
    'one of each family',
    [{ addresses: [{ ip: '192.0.2.7' }, { ip: '2001:db8::7' }], ports: [http] }],
    ['IPv4 80: 192.0.2.7', 'IPv6 80: 2001:db8::7'],
    [],
  ],
  [
    'one for each set of ports',
    [
      { addresses: [{ ip: '192.0.2.7' }], ports: [http] },
      { addresses: [{ ip: '192.0.2.8' }], ports: [{ port: 81, protocol: 'TCP' }] },
    ],
    ['IPv4 80: 192.0.2.7', 'IPv4 81: 192.0.2.8'],
    [],
  ],
  [
    'what is not ready is told so',
    [{ addresses: [{ ip: '192.0.2.7' }], notReadyAddresses: [{ ip: '192.0.2.8' }], ports: [http] }],
    ['IPv4 80: !192.0.2.8, 192.0.2.7'],
    [],
  ],
  ['addresses without ports', [{ addresses: [{ ip: '192.0.2.7' }] }], ['IPv4 : 192.0.2.7'], []],
  [
    'addresses are rewritten',
    [{ addresses: [{ ip: '192.0.02.007' }, { ip: '2001:DB8:0:0::7' }, { ip: '::ffff:192.0.2.9' }], ports: [http] }],
    ['IPv4 80: 192.0.2.7, 192.0.2.9', 'IPv6 80: 2001:db8::7'],
    [],
  ],
  [
    'what is no address is skipped',
    [{ addresses: [{ ip: 'db.example.com' }, { ip: '192.0.2.300' }, { ip: '192.0.2.7' }], ports: [http] }],
    ['IPv4 80: 192.0.2.7'],
    ['InvalidIPAddress: Skipped 2 invalid IP addresses when mirroring to EndpointSlices'],
  ],
])('slices: %s', (_name, subsets, slices, events) => {
  const made = mirrored(written(subsets));
  expect(told(made.slices())).toEqual(slices);
  expect(made.events()).toEqual(events);
});

test('a subset has a thousand addresses at most', () => {
  const addresses = Array.from({ length: 1003 }, (_one, index) => ({ ip: `10.0.${index >> 8}.${index & 255}` }));
  const { slices, events } = mirrored(written([{ addresses, ports: [http] }]));
  expect(slices().map(({ endpoints }) => endpoints?.length)).toEqual([1000]);
  expect(events()).toEqual([
    'TooManyAddressesToMirror: A max of 1000 addresses can be mirrored to EndpointSlices per Endpoints subset. 3 addresses were skipped',
  ]);
});

test('a slice follows its Endpoints, keeps its name, and comes back when somebody deletes it', () => {
  const { client, settle, slices } = mirrored(written(one));
  const [name = ''] = slices().map(({ metadata }) => metadata.name);
  const change = (part: Partial<Endpoints>) => {
    const current = client.get<Endpoints>('endpoints', 'default', 'db');
    if (current) client.update<Endpoints>('endpoints', { ...current, ...part });
    settle();
  };
  change({ subsets: [{ addresses: [{ ip: '192.0.2.9' }], ports: [{ port: 81, protocol: 'TCP' }] }] });
  expect(told(slices())).toEqual(['IPv4 81: 192.0.2.9']);
  expect(slices()[0]?.metadata.name).toBe(name);
  client.delete(SLICES, 'default', name);
  settle();
  expect(told(slices())).toEqual(['IPv4 81: 192.0.2.9']);
  const labels = { 'endpointslice.kubernetes.io/skip-mirror': 'true' };
  change({ metadata: { name: 'db', namespace: 'default', labels } });
  expect(slices()).toEqual([]);
});

test('a Service that gets a selector loses the mirrored slices', () => {
  const { client, settle, slices } = mirrored(written(one));
  const current = client.get<Service>('services', 'default', 'db');
  if (current) client.update<Service>('services', { ...current, spec: { ...current.spec, selector: { app: 'db' } } });
  settle();
  expect(slices()).toEqual([]);
});
