import { expect, test } from '@jest/globals';
import type { Ingress, IngressClass, KubeObject, Node, Pod, Service } from '../../api/types.ts';
import { bench, make } from '../testing.ts';
import { ingressNginx } from './index.ts';

const INGRESSES = 'ingresses.networking.k8s.io';
const CLASSES = 'ingressclasses.networking.k8s.io';
const IMAGE = 'registry.k8s.io/ingress-nginx/controller:v1.14.0';
type Address = NonNullable<NonNullable<NonNullable<Ingress['status']>['loadBalancer']>['ingress']>[number];

const ingressClass = (name: string, controller = 'k8s.io/ingress-nginx'): IngressClass => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'IngressClass',
  metadata: { name },
  spec: { controller },
});
const backend = { service: { name: 'web', port: { number: 80 } } };
const ingress = (ingressClassName?: string, annotations: Record<string, string> = {}): Ingress => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'Ingress',
  metadata: { name: 'web', namespace: 'default', annotations },
  spec: { defaultBackend: backend, ...(ingressClassName === undefined ? {} : { ingressClassName }) },
});
const ready = (status: 'True' | 'False') => ({ phase: 'Running' as const, conditions: [{ type: 'Ready', status }] });

/** A controller that has come up with `args`, on node01, and the Ingress in front of it. */
function started(args: string[], given: Ingress, { image = IMAGE, isReady = true } = {}) {
  const made = bench([ingressNginx]);
  const { client, settle } = made;
  client.create(CLASSES, ingressClass('nginx'));
  client.create(CLASSES, ingressClass('traefik', 'traefik.io/ingress-controller'));
  const pod = make<Pod>('v1', 'Pod', 'controller', {
    spec: { nodeName: 'node01', containers: [{ name: 'controller', image, args }] },
  });
  client.create('pods', pod);
  client.updateStatus('pods', { ...pod, status: ready(isReady ? 'True' : 'False') });
  client.create(INGRESSES, given);
  settle();
  const addresses = () => client.get<Ingress>(INGRESSES, 'default', 'web')?.status?.loadBalancer?.ingress;
  return { ...made, pod, addresses };
}
const nodeIp = (client: {
  get<T extends KubeObject>(resource: string, namespace: string, name: string): T | undefined;
}) => client.get<Node>('nodes', '', 'node01')?.status?.addresses?.find(({ type }) => type === 'InternalIP')?.address;

test.each<[string, string[], Ingress, boolean, ...Parameters<typeof started>[2][]]>([
  ['of its class', [], ingress('nginx'), true],
  ['of another class', [], ingress('traefik'), false],
  ['of a class that is not there', [], ingress('nginx-2'), false],
  ['without a class', [], ingress(), false],
  ['without a class, where those are taken', ['--watch-ingress-without-class=true'], ingress(), true],
  ['with the older annotation', [], ingress(undefined, { 'kubernetes.io/ingress.class': 'nginx' }), true],
  ['with the annotation of another', [], ingress(undefined, { 'kubernetes.io/ingress.class': 'haproxy' }), false],
  ['of another controller’s class', ['--controller-class=example.com/nginx'], ingress('nginx'), false],
  ['in the watched namespace', ['--watch-namespace=default'], ingress('nginx'), true],
  ['outside the watched namespace', ['--watch-namespace=shop'], ingress('nginx'), false],
  ['while no pod is ready', [], ingress('nginx'), false, { isReady: false }],
  ['while nothing but a web server runs', [], ingress('nginx'), false, { image: 'nginx:1.29' }],
])('an Ingress %s', (_name, args, given, taken, ...[options]) => {
  const { addresses, events, client } = started(args, given, options);
  expect(addresses()).toEqual(taken ? [{ ip: nodeIp(client) }] : undefined);
  expect(events()).toEqual(taken ? ['Sync: Scheduled for sync'] : []);
});

test.each<[string, string[], Partial<Service> | undefined, Address[] | undefined]>([
  [
    'given',
    ['--publish-status-address=192.0.2.1,lb.example.com'],
    undefined,
    [{ ip: '192.0.2.1' }, { hostname: 'lb.example.com' }],
  ],
  [
    'of a ClusterIP',
    ['--publish-service=default/front'],
    { spec: { type: 'ClusterIP', clusterIP: '10.96.0.7' } },
    [{ ip: '10.96.0.7' }],
  ],
  [
    'of a NodePort',
    ['--publish-service=default/front'],
    { spec: { type: 'NodePort', clusterIP: '10.96.0.7' } },
    [{ ip: '10.96.0.7' }],
  ],
  [
    'of a NodePort with addresses',
    ['--publish-service=default/front'],
    { spec: { type: 'NodePort', clusterIP: '10.96.0.7', externalIPs: ['192.0.2.9', '192.0.2.8'] } },
    [{ ip: '192.0.2.8' }, { ip: '192.0.2.9' }],
  ],
  [
    'of a load balancer',
    ['--publish-service=$(POD_NAMESPACE)/front'],
    { spec: { type: 'LoadBalancer' }, status: { loadBalancer: { ingress: [{ ip: '192.0.2.4' }] } } },
    [{ ip: '192.0.2.4' }],
  ],
  [
    'of a load balancer with a name',
    ['--publish-service=default/front'],
    { spec: { type: 'LoadBalancer' }, status: { loadBalancer: { ingress: [{ hostname: 'lb.example.com' }] } } },
    [{ hostname: 'lb.example.com' }],
  ],
  [
    'of a load balancer that has none yet',
    ['--publish-service=default/front'],
    { spec: { type: 'LoadBalancer', clusterIP: '10.96.0.7' } },
    undefined,
  ],
  [
    'of another name',
    ['--publish-service=default/front'],
    { spec: { type: 'ExternalName', externalName: 'front.example.com' } },
    [{ hostname: 'front.example.com' }],
  ],
  ['of a Service that is not there', ['--publish-service=default/front'], undefined, undefined],
])('the addresses %s', (_name, args, service, expected) => {
  const { client, settle, addresses } = started(args, ingress('nginx'));
  if (service) {
    const front = make<Service>('v1', 'Service', 'front', service);
    client.create('services', front);
    client.updateStatus('services', front);
    settle();
  }
  expect(addresses()).toEqual(expected);
});

test('what changes is synced again, and the address goes with the controller', () => {
  const { client, settle, addresses, pod } = started([], ingress('nginx'));
  const current = client.get<Ingress>(INGRESSES, 'default', 'web');
  if (current)
    client.update<Ingress>(INGRESSES, { ...current, spec: { ...current.spec, rules: [{ host: 'a.example.com' }] } });
  settle();
  // once for the Ingress, once for its address, once for the change
  expect(client.list<KubeObject & { count?: number }>('events').map(({ count }) => count)).toEqual([3]);
  client.updateStatus('pods', { ...pod, status: ready('False') });
  settle();
  expect(addresses()).toBeUndefined();
});

test('an Ingress waits for its class', () => {
  const { client, settle, addresses } = started([], ingress('later'));
  expect(addresses()).toBeUndefined();
  client.create(CLASSES, ingressClass('later'));
  settle();
  expect(addresses()).toEqual([{ ip: nodeIp(client) }]);
});
