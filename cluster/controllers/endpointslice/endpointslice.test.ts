import { expect, test } from '@jest/globals';
import type { EndpointSlice, Endpoints, Pod, Service } from '../../api/types.ts';
import { makeKubelet } from '../../kubelet/index.ts';
import { endpoints } from '../endpoints/index.ts';
import { bench, make } from '../testing.ts';
import { endpointslice } from './index.ts';

const service = make<Service>('v1', 'Service', 'web', {
  metadata: { name: 'web', namespace: 'default', labels: { app: 'web' } },
  spec: {
    clusterIP: '10.96.0.9',
    selector: { app: 'web' },
    ports: [{ port: 80, targetPort: 'http', protocol: 'TCP' }],
  },
});
const pod = (name: string) =>
  make<Pod>('v1', 'Pod', name, {
    metadata: { name, namespace: 'default', labels: { app: 'web' } },
    spec: { containers: [{ name: 'c', image: 'nginx', ports: [{ name: 'http', containerPort: 8080 }] }] },
  });

test('both lists follow the pods behind a service', () => {
  const { client, settle } = bench([endpoints, endpointslice, makeKubelet({ bare: true })]);
  client.create('services', service);
  client.create('pods', pod('a'));
  client.create('pods', { ...pod('b'), spec: { containers: [{ name: 'c', image: 'nginx' }] } });
  settle();
  const address = client.get<Pod>('pods', 'default', 'a')?.status?.podIP;
  const older = client.get<Endpoints>('endpoints', 'default', 'web');
  expect(older?.subsets).toEqual([
    {
      addresses: [{ ip: address, nodeName: 'node01', targetRef: expect.objectContaining({ kind: 'Pod', name: 'a' }) }],
      ports: [{ port: 8080, protocol: 'TCP' }],
    },
  ]);
  expect(older?.metadata.labels).toEqual({ app: 'web', 'endpoints.kubernetes.io/managed-by': 'endpoint-controller' });
  const slices = () => client.list<EndpointSlice>('endpointslices.discovery.k8s.io');
  expect(slices().map((slice) => slice.ports)).toContainEqual([{ name: '', port: 8080, protocol: 'TCP' }]);
  expect(slices().find((slice) => slice.ports?.length === 1)?.endpoints).toEqual([
    {
      addresses: [address],
      conditions: { ready: true, serving: true, terminating: false },
      nodeName: 'node01',
      targetRef: expect.objectContaining({ name: 'a' }),
    },
  ]);
  client.delete('pods', 'default', 'a');
  client.delete('pods', 'default', 'b');
  settle();
  expect(client.get<Endpoints>('endpoints', 'default', 'web')?.subsets).toBeUndefined();
  expect(slices().map((slice) => slice.endpoints)).toEqual([null]);
  client.delete('services', 'default', 'web');
  settle();
  expect(client.get('endpoints', 'default', 'web')).toBeUndefined();
});
