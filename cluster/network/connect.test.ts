import { expect, test } from '@jest/globals';
import type { Node, Service } from '../api/types.ts';
import { connect } from './connect.ts';
import { TestNetwork } from './testing.ts';

const ready = { ready: true, serving: true, terminating: false };
const PORTS = [{ name: '', port: 8080, protocol: 'TCP' }];

/** Two backends of a Service, one on each node, and a client on node01. */
function shop(spec: Partial<NonNullable<Service['spec']>> = {}) {
  const net = new TestNetwork();
  net.namespace('shop');
  const client = net.pod('shop/client', '10.244.1.3');
  net.pod('shop/a', '10.244.1.10', { ports: [{ containerPort: 8080 }] });
  net.pod('shop/b', '10.244.2.10', { node: 'node02', ports: [{ containerPort: 8080 }] });
  net.service('shop/web', {
    type: 'NodePort',
    clusterIP: '10.96.7.7',
    clusterIPs: ['10.96.7.7'],
    ports: [{ port: 80, targetPort: 8080, nodePort: 30080, protocol: 'TCP' }],
    ...spec,
  });
  const reach = (address: string, port: number) => {
    const outcome = connect({ pod: client }, { address, port, protocol: 'TCP' }, net.context);
    if (outcome.kind !== 'connected') return outcome.kind;
    return 'pod' in outcome ? outcome.pod.metadata.name : outcome.node.metadata.name;
  };
  return { net, client, reach };
}
const both = [
  { addresses: ['10.244.1.10'], nodeName: 'node01', conditions: ready },
  { addresses: ['10.244.2.10'], nodeName: 'node02', conditions: ready },
];

test.each([
  ['a pod by its address', '10.244.2.10', 8080, 'b'],
  ['a port nothing listens on', '10.244.2.10', 81, 'refused'],
  ['the own loopback', '127.0.0.1', 8080, 'refused'],
  ['a Service', '10.96.7.7', 80, 'a'],
  ['a port the Service does not have', '10.96.7.7', 8080, 'dropped'],
  ["an address of the Service range that is nobody's", '10.96.200.1', 80, 'dropped'],
  ["an address of a node's range that is nobody's", '10.244.1.77', 80, 'unreachable'],
  ['a node port on either node', '172.30.2.2', 30080, 'a'],
  ['the kubelet', '172.30.2.2', 10250, 'node02'],
  ['a port of a node that nothing listens on', '172.30.2.2', 81, 'refused'],
  ['somewhere else', '203.0.113.9', 80, 'outside'],
])('%s', (_name, address, port, expected) => {
  const { net, reach } = shop();
  net.endpoints('shop/web', PORTS, both);
  expect(reach(address, port)).toBe(expected);
});

test('a Service without endpoints refuses', () => {
  const { net, reach } = shop();
  expect(reach('10.96.7.7', 80)).toBe('refused');
  net.endpoints('shop/web', PORTS, [{ ...both[0], addresses: ['10.244.1.10'], conditions: { ready: false } }]);
  expect(reach('10.96.7.7', 80)).toBe('refused');
});

test('what still serves while it ends is used where nothing else is', () => {
  const { net, reach } = shop();
  const ending = { ready: false, serving: true, terminating: true };
  net.endpoints('shop/web', PORTS, [{ addresses: ['10.244.2.10'], nodeName: 'node02', conditions: ending }]);
  expect(reach('10.96.7.7', 80)).toBe('b');
});

test.each<[string, Partial<NonNullable<Service['spec']>>, string, number, string]>([
  ['an internal policy of Local', { internalTrafficPolicy: 'Local' }, '10.96.7.7', 80, 'dropped'],
  ['an external policy says nothing inside', { externalTrafficPolicy: 'Local' }, '10.96.7.7', 80, 'b'],
  [
    'an external policy of Local, on a node without a backend',
    { externalTrafficPolicy: 'Local' },
    '172.30.1.2',
    30080,
    'dropped',
  ],
  ['on the node with one', { externalTrafficPolicy: 'Local' }, '172.30.2.2', 30080, 'b'],
  ['an address given from outside', { externalIPs: ['198.51.100.4'] }, '198.51.100.4', 80, 'b'],
])('%s', (_name, spec, address, port, expected) => {
  const { net, reach } = shop(spec);
  net.endpoints('shop/web', PORTS, both.slice(1));
  expect(reach(address, port)).toBe(expected);
});

test('session affinity leads one client to one backend', () => {
  const { net, client } = shop({ sessionAffinity: 'ClientIP' });
  net.endpoints('shop/web', PORTS, both);
  const found = new Set<string>();
  for (const draw of [0, 0.3, 0.6, 0.9]) {
    const context = { ...net.context, random: { ...net.context.random, next: () => draw } };
    const outcome = connect({ pod: client }, { address: '10.96.7.7', port: 80, protocol: 'TCP' }, context);
    found.add(outcome.kind === 'connected' && 'pod' in outcome ? outcome.pod.metadata.name : outcome.kind);
  }
  expect(found.size).toBe(1);
});

test('without it the backends take turns by chance', () => {
  const { net, client } = shop();
  net.endpoints('shop/web', PORTS, both);
  const context = { ...net.context, random: { ...net.context.random, next: () => 0.9 } };
  expect(connect({ pod: client }, { address: '10.96.7.7', port: 80, protocol: 'TCP' }, context)).toMatchObject({
    kind: 'connected',
    pod: { metadata: { name: 'b' } },
    port: 8080,
  });
});

test('a policy speaks about the backend, whatever address was asked for', () => {
  const { net, reach } = shop();
  net.endpoints('shop/web', PORTS, both);
  net.policy('shop/deny', { podSelector: {}, policyTypes: ['Ingress'] });
  expect(reach('10.96.7.7', 80)).toBe('dropped');
});

test("on the host's network the loopback is the node's", () => {
  const { net } = shop();
  const agent = net.pod('shop/agent', '172.30.1.2', { spec: { hostNetwork: true } });
  const to = { address: '127.0.0.1', port: 10250, protocol: 'TCP' } as const;
  expect(connect({ pod: agent }, to, net.context)).toMatchObject({
    kind: 'connected',
    node: { metadata: { name: 'node01' } },
  });
  const node = net.store.get<Node>('nodes', '', 'node01');
  expect(node && connect({ node }, { ...to, port: 9 }, net.context).kind).toBe('refused');
});

test('hints keep a client in its zone, while all endpoints have them', () => {
  const { net, reach } = shop();
  const node = net.store.get<Node>('nodes', '', 'node01');
  net.put('nodes', {
    ...node,
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name: 'node01', labels: { 'topology.kubernetes.io/zone': 'east' } },
  });
  const hinted = (zone: string) => ({ hints: { forZones: [{ name: zone }] } });
  const [a, b] = both;
  if (!a || !b) throw new Error('two endpoints');
  net.endpoints('shop/web', PORTS, [
    { ...a, ...hinted('west') },
    { ...b, ...hinted('east') },
  ]);
  expect(reach('10.96.7.7', 80)).toBe('b');
  net.endpoints('shop/web', PORTS, [{ ...a, ...hinted('west') }, b]);
  expect(reach('10.96.7.7', 80)).toBe('a');
});

test('in a cluster of kubeadm no Service works from a node without kube-proxy, and pods still do', () => {
  const { net, reach } = shop();
  net.endpoints('shop/web', PORTS, both);
  net.put('configmaps', {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { namespace: 'kube-system', name: 'kubeadm-config' },
  });
  expect(reach('10.96.7.7', 80)).toBe('dropped');
  expect(reach('10.244.1.10', 8080)).toBe('a');
});

test("a container's port on its node is the container", () => {
  const { net, reach } = shop();
  net.pod('shop/edge', '10.244.2.20', { node: 'node02', ports: [{ containerPort: 80, hostPort: 8088 }] });
  expect(reach('172.30.2.2', 8088)).toBe('edge');
  expect(reach('172.30.1.2', 8088)).toBe('refused');
});
