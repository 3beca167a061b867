import { expect, test } from '@jest/globals';
import type { Container, EndpointSlice, Pod, Service } from '../api/types.ts';
import { Store } from '../store/store.ts';
import { MetricsServer } from './metrics-server.ts';

const NOW = 1_780_000_000_000;
const AT = Math.floor(NOW / 15_000) * 15_000;

const pod = (name: string, container: Partial<Container>, startedMs = 60_000, namespace = 'default'): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace, uid: name, labels: { 'k8s-app': name } },
  spec: { nodeName: 'node01', containers: [{ name: 'main', image: 'busybox', ...container }] },
  status: {
    phase: 'Running',
    containerStatuses: [
      {
        name: container.name ?? 'main',
        image: '',
        imageID: '',
        ready: true,
        restartCount: 0,
        state: { running: { startedAt: new Date(NOW - startedMs).toISOString() } },
      },
    ],
  },
});

function serving(...pods: Pod[]) {
  const store = new Store();
  store.put('nodes', { apiVersion: 'v1', kind: 'Node', metadata: { name: 'node01' } });
  for (const one of pods) store.put('pods', one);
  return { store, metrics: new MetricsServer(store, { now: () => NOW }) };
}
const usage = (container: Partial<Container>) =>
  serving(pod('a', container)).metrics.pod('default', 'a')?.containers.get('main');

test('there is one while its pod is ready', () => {
  expect(serving().metrics.served).toBe(false);
  expect(serving(pod('metrics-server', { name: 'metrics-server' }, 60_000, 'kube-system')).metrics.served).toBe(true);
});

test('an idle server uses next to nothing, and the samples say when and of what time', () => {
  const sample = serving(pod('a', { image: 'nginx:1.29' })).metrics.pod('default', 'a');
  expect(sample).toMatchObject({ timestamp: AT, window: 15_000 });
  expect(sample?.containers.get('main')?.cpu).toBeLessThan(1e6);
  expect(Math.round((sample?.containers.get('main')?.memory ?? 0) / 2 ** 20)).toBe(4);
});

test.each<[string, Partial<Container>, number, number]>([
  ['a loop that never waits', { command: ['sh', '-c', 'while true; do :; done'] }, 1000, 1],
  ['held by its limit', { command: ['sh', '-c', 'yes > /dev/null'], resources: { limits: { cpu: '200m' } } }, 200, 1],
  ['stress of two cores', { image: 'polinux/stress', command: ['stress'], args: ['--cpu', '2'] }, 2000, 8],
  ['stress of memory', { image: 'polinux/stress', args: ['--vm', '1', '--vm-bytes', '150M'] }, 1000, 158],
  ['stress by its other flags', { image: 'vish/stress', args: ['-cpus', '2', '-mem-total', '100Mi'] }, 2000, 108],
  ['a loop that waits', { command: ['sh', '-c', 'while true; do sleep 5; done'] }, 0, 1],
])('%s', (_name, container, millicores, mebibytes) => {
  const found = usage(container);
  expect(Math.abs((found?.cpu ?? 0) / 1e6 - millicores)).toBeLessThanOrEqual(millicores * 0.02 + 1);
  expect(Math.abs((found?.memory ?? 0) / 2 ** 20 - mebibytes)).toBeLessThanOrEqual(1);
});

test('a container is measured once two samples cover it', () => {
  expect(serving(pod('a', {}, NOW - AT + 14_000)).metrics.pod('default', 'a')).toBeUndefined();
  expect(serving(pod('a', {}, NOW - AT + 15_000)).metrics.pod('default', 'a')).toBeDefined();
});

test('no sample of a pod that is not there or not placed', () => {
  const { metrics } = serving({ ...pod('a', {}), spec: { containers: [] } });
  expect(metrics.pod('default', 'a')).toBeUndefined();
  expect(metrics.pod('default', 'b')).toBeUndefined();
});

test('callers in a loop load the backends of a Service, all of them together', () => {
  const server = { image: 'registry.k8s.io/hpa-example', resources: { limits: { cpu: '500m' } } };
  const caller = { command: ['sh', '-c', 'while sleep 0.01; do wget -q -O- http://php-apache; done'] };
  const { store, metrics } = serving(pod('a', server), pod('b', server), pod('load', caller));
  store.put('services', {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'php-apache', namespace: 'default' },
    spec: { clusterIP: '10.96.1.1' },
  } as Service);
  const slice = (...names: string[]) =>
    store.put('endpointslices.discovery.k8s.io', {
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata: {
        name: 'php-apache-x',
        namespace: 'default',
        labels: { 'kubernetes.io/service-name': 'php-apache' },
      },
      addressType: 'IPv4',
      endpoints: names.map((uid) => ({ addresses: ['10.0.0.1'], conditions: { ready: true }, targetRef: { uid } })),
    } as EndpointSlice);
  const cpu = (name: string) => (metrics.pod('default', name)?.containers.get('main')?.cpu ?? 0) / 1e6;
  slice('a');
  expect(cpu('a')).toBe(500);
  expect(cpu('b')).toBeLessThan(2);
  slice('a', 'b');
  expect(cpu('a')).toBeGreaterThan(240);
  expect(cpu('a')).toBeLessThan(310);
  expect(cpu('b')).toBeGreaterThan(240);
});

test('a node uses what its pods use, and something for itself', () => {
  const { metrics } = serving(pod('a', { command: ['sh', '-c', 'while true; do :; done'] }));
  const cpu = (metrics.node('node01')?.usage.cpu ?? 0) / 1e6;
  expect(cpu).toBeGreaterThan(1000);
  expect(cpu).toBeLessThan(1100);
  expect(metrics.node('nowhere')).toBeUndefined();
});
