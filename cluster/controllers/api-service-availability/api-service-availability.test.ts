import { expect, test } from '@jest/globals';
import type { EndpointSlice, KubeObject, Service } from '../../api/types.ts';
import { bench, make } from '../testing.ts';
import { apiServiceAvailability } from './index.ts';

type ApiService = KubeObject & { status?: { conditions?: { status: string; reason: string; message: string }[] } };

const service = (port: number): Service =>
  make('v1', 'Service', 'metrics', { spec: { clusterIP: '10.96.9.9', ports: [{ name: 'https', port }] } });
const slice = (...endpoints: NonNullable<EndpointSlice['endpoints']>): EndpointSlice => ({
  ...make<EndpointSlice>('discovery.k8s.io/v1', 'EndpointSlice', 'metrics-1', {
    addressType: 'IPv4',
    endpoints,
    ports: [{ name: 'https', port: 10250 }],
  }),
  metadata: { name: 'metrics-1', namespace: 'default', labels: { 'kubernetes.io/service-name': 'metrics' } },
});
const ready = { addresses: ['10.0.0.1'], conditions: { ready: true } };

test.each<[string, string, (Service | EndpointSlice)[], string, string]>([
  ['no Service', 'metrics.k8s.io', [], 'ServiceNotFound', 'service/metrics in "default" is not present'],
  [
    'another port',
    'metrics.k8s.io',
    [service(80)],
    'ServicePortError',
    'service/metrics in "default" is not listening on port 443',
  ],
  [
    'no slices',
    'metrics.k8s.io',
    [service(443)],
    'EndpointsNotFound',
    'cannot find endpointslices for service/metrics in "default"',
  ],
  [
    'nothing ready',
    'metrics.k8s.io',
    [service(443), slice({ ...ready, conditions: { ready: false } })],
    'MissingEndpoints',
    'endpointslices for service/metrics in "default" have no addresses with port name "https"',
  ],
  ['all well', 'metrics.k8s.io', [service(443), slice(ready)], 'Passed', 'all checks passed'],
  [
    'an API that nobody answers for',
    'custom.example.com',
    [service(443), slice(ready)],
    'FailedDiscoveryCheck',
    'failing or missing response from https://10.96.9.9:443/apis/custom.example.com/v1beta1: Get "https://10.96.9.9:443/apis/custom.example.com/v1beta1": dial tcp 10.96.9.9:443: connect: connection refused',
  ],
])('%s', (_name, group, objects, reason, message) => {
  const { client, settle } = bench([apiServiceAvailability]);
  const name = `v1beta1.${group}`;
  client.create<KubeObject>('apiservices.apiregistration.k8s.io', {
    apiVersion: 'apiregistration.k8s.io/v1',
    kind: 'APIService',
    metadata: { name },
    spec: { group, version: 'v1beta1', service: { namespace: 'default', name: 'metrics', port: 443 } },
  } as KubeObject);
  for (const object of objects) {
    client.create<KubeObject>(object.kind === 'Service' ? 'services' : 'endpointslices.discovery.k8s.io', object);
  }
  settle();
  const found = client.get<ApiService>('apiservices.apiregistration.k8s.io', '', name);
  expect(found?.status?.conditions).toMatchObject([
    { reason, message, status: reason === 'Passed' ? 'True' : 'False' },
  ]);
});
