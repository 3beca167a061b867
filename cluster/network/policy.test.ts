import { expect, test } from '@jest/globals';
import type { NetworkPolicy } from '../api/types.ts';
import { policiesAllow } from './policy.ts';
import { TestNetwork } from './testing.ts';

type Spec = NonNullable<NetworkPolicy['spec']>;

/** shop/web tries shop/db (5432, named pg); lab/probe is in another namespace; outside is no pod. */
function allowed(policies: Record<string, Spec>, from: 'web' | 'probe' | 'outside' | 'node', port = 5432): boolean {
  const net = new TestNetwork();
  net.namespace('shop', { team: 'sales' });
  net.namespace('lab');
  const web = net.pod('shop/web', '10.244.1.5', { labels: { app: 'web' } });
  const probe = net.pod('lab/probe', '10.244.2.5', { labels: { app: 'web' }, node: 'node02' });
  const db = net.pod('shop/db', '10.244.2.9', {
    labels: { app: 'db' },
    node: 'node02',
    ports: [{ name: 'pg', containerPort: 5432 }],
  });
  for (const [key, spec] of Object.entries(policies)) net.policy(key, spec);
  const parties = {
    web: { address: '10.244.1.5', pod: web },
    probe: { address: '10.244.2.5', pod: probe },
    outside: { address: '203.0.113.7' },
    node: { address: '172.30.2.2' },
  };
  return policiesAllow(net.store, {
    from: parties[from],
    to: { address: '10.244.2.9', pod: db },
    protocol: 'TCP',
    port,
  });
}

const db = { matchLabels: { app: 'db' } };
const web = { matchLabels: { app: 'web' } };
const ingress = (...rules: NonNullable<Spec['ingress']>): Spec => ({
  podSelector: db,
  policyTypes: ['Ingress'],
  ingress: rules,
});
const egress = (...rules: NonNullable<Spec['egress']>): Spec => ({
  podSelector: web,
  policyTypes: ['Egress'],
  egress: rules,
});

test.each<[string, Record<string, Spec>, Parameters<typeof allowed>[1], number, boolean]>([
  ['without a policy everything passes', {}, 'probe', 5432, true],
  ['a policy without rules lets nobody in', { 'shop/deny': ingress() }, 'web', 5432, false],
  ['an empty rule lets everybody in', { 'shop/all': ingress({}) }, 'outside', 5432, true],
  ['a policy for other pods says nothing', { 'shop/other': { ...ingress(), podSelector: web } }, 'web', 5432, true],
  ['a policy of another namespace says nothing', { 'lab/deny': { podSelector: {} } }, 'web', 5432, true],
  ['without types a policy is about ingress', { 'shop/deny': { podSelector: {} } }, 'web', 5432, false],
  ['a pod of the own namespace', { 'shop/a': ingress({ from: [{ podSelector: web }] }) }, 'web', 5432, true],
  ['the same labels elsewhere', { 'shop/a': ingress({ from: [{ podSelector: web }] }) }, 'probe', 5432, false],
  [
    'a namespace by its label',
    { 'shop/a': ingress({ from: [{ namespaceSelector: { matchLabels: { team: 'sales' } } }] }) },
    'web',
    5432,
    true,
  ],
  ['all namespaces', { 'shop/a': ingress({ from: [{ namespaceSelector: {} }] }) }, 'probe', 5432, true],
  [
    'both selectors of a peer must match',
    { 'shop/a': ingress({ from: [{ namespaceSelector: {}, podSelector: { matchLabels: { app: 'api' } } }] }) },
    'probe',
    5432,
    false,
  ],
  [
    'of two peers one is enough',
    {
      'shop/a': ingress({
        from: [{ namespaceSelector: { matchLabels: { team: 'x' } } }, { podSelector: web }],
      }),
    },
    'web',
    5432,
    true,
  ],
  [
    'policies add up',
    { 'shop/deny': ingress(), 'shop/a': ingress({ from: [{ podSelector: web }] }) },
    'web',
    5432,
    true,
  ],
  ['another port', { 'shop/a': ingress({ ports: [{ port: 80 }] }) }, 'web', 5432, false],
  ['a range of ports', { 'shop/a': ingress({ ports: [{ port: 5000, endPort: 6000 }] }) }, 'web', 5432, true],
  ['a port above the range', { 'shop/a': ingress({ ports: [{ port: 5000, endPort: 5400 }] }) }, 'web', 5432, false],
  ['a port by name', { 'shop/a': ingress({ ports: [{ port: 'pg' }] }) }, 'web', 5432, true],
  ['a name of another port', { 'shop/a': ingress({ ports: [{ port: 'http' }] }) }, 'web', 5432, false],
  ['another protocol', { 'shop/a': ingress({ ports: [{ port: 5432, protocol: 'UDP' }] }) }, 'web', 5432, false],
  [
    'a range of addresses',
    { 'shop/a': ingress({ from: [{ ipBlock: { cidr: '203.0.113.0/24' } }] }) },
    'outside',
    5432,
    true,
  ],
  [
    'an exception in it',
    { 'shop/a': ingress({ from: [{ ipBlock: { cidr: '203.0.113.0/24', except: ['203.0.113.0/29'] } }] }) },
    'outside',
    5432,
    false,
  ],
  ['the node of the pod', { 'shop/deny': ingress() }, 'node', 5432, true],
  ['egress without rules', { 'shop/deny': egress() }, 'web', 5432, false],
  ['egress of other pods', { 'shop/deny': egress() }, 'probe', 5432, true],
  ['egress to a pod', { 'shop/a': egress({ to: [{ podSelector: db }] }) }, 'web', 5432, true],
  [
    'egress allows what ingress denies',
    { 'shop/a': egress({ to: [{ podSelector: db }] }), 'shop/deny': ingress() },
    'web',
    5432,
    false,
  ],
  ['egress to DNS only', { 'shop/a': egress({ ports: [{ port: 53, protocol: 'UDP' }] }) }, 'web', 5432, false],
])('%s', (_name, policies, from, port, expected) => {
  expect(allowed(policies, from, port)).toBe(expected);
});

test('a pod reaches itself whatever the policies say', () => {
  const net = new TestNetwork();
  net.namespace('shop');
  const pod = net.pod('shop/db', '10.244.2.9');
  net.policy('shop/deny', { podSelector: {}, policyTypes: ['Ingress', 'Egress'] });
  const self = { address: '10.244.2.9', pod };
  expect(policiesAllow(net.store, { from: self, to: self, protocol: 'TCP', port: 80 })).toBe(true);
});

test("a pod on its node's network is no subject of policies", () => {
  const net = new TestNetwork();
  net.namespace('shop');
  const host = net.pod('shop/agent', '172.30.1.2', { spec: { hostNetwork: true } });
  const db2 = net.pod('shop/db', '10.244.2.9', { node: 'node02' });
  net.policy('shop/deny', { podSelector: {}, policyTypes: ['Ingress', 'Egress'] });
  const connection = { protocol: 'TCP', port: 80 } as const;
  const [agent, pod] = [
    { address: '172.30.1.2', pod: host },
    { address: '10.244.2.9', pod: db2 },
  ];
  expect(policiesAllow(net.store, { from: pod, to: agent, ...connection })).toBe(false);
  expect(policiesAllow(net.store, { from: { address: '203.0.113.1' }, to: agent, ...connection })).toBe(true);
  expect(policiesAllow(net.store, { from: agent, to: pod, ...connection })).toBe(false);
});
