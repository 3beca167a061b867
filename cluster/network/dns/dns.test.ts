import { expect, test } from '@jest/globals';
import { TestNetwork } from '../testing.ts';
import type { Pod } from '../../api/types.ts';
import type { NetworkContext } from '../connect.ts';
import type { QueryType } from './record.ts';
import { ask, candidates, lookup, resolvConfOf, resolvConfText } from './resolver.ts';
import { zoneAnswer } from './zone.ts';

/** As the C library in the pod asks. */
const resolved = (pod: Pod, name: string, type: QueryType, context: NetworkContext) =>
  lookup(resolvConfOf(pod), name, type, (server, question) => ask({ pod }, server, question, context));

const ready = { ready: true, serving: true, terminating: false };
const HTTP = { name: 'http', port: 80, protocol: 'TCP' };

function shop() {
  const net = new TestNetwork();
  for (const name of ['default', 'kube-system', 'shop']) net.namespace(name);
  const client = net.pod('shop/client', '10.244.1.3');
  const dns = net.pod('kube-system/coredns', '10.244.2.2', {
    node: 'node02',
    ports: [{ containerPort: 53, protocol: 'UDP' }],
    spec: { dnsPolicy: 'Default' },
  });
  net.service('kube-system/kube-dns', { clusterIP: '10.96.0.10', ports: [{ name: 'dns', port: 53, protocol: 'UDP' }] });
  net.endpoints(
    'kube-system/kube-dns',
    [{ name: 'dns', port: 53, protocol: 'UDP' }],
    [{ addresses: ['10.244.2.2'], conditions: ready }],
  );
  net.service('shop/web', { clusterIP: '10.96.7.7', ports: [{ ...HTTP }] });
  net.service('shop/db', { clusterIP: 'None', ports: [{ name: 'pg', port: 5432, protocol: 'TCP' }] });
  net.endpoints(
    'shop/db',
    [{ name: 'pg', port: 5432, protocol: 'TCP' }],
    [
      { addresses: ['10.244.1.20'], hostname: 'db-0', conditions: ready },
      { addresses: ['10.244.1.21'], conditions: ready },
      { addresses: ['10.244.1.22'], hostname: 'db-2', conditions: { ...ready, ready: false } },
    ],
  );
  net.service('shop/none', { clusterIP: 'None', ports: [{ ...HTTP }] });
  net.service('shop/away', { type: 'ExternalName', externalName: 'web.shop.svc.cluster.local' });
  net.service('shop/far', { type: 'ExternalName', externalName: 'db.example.com' });
  return { net, client, dns };
}

test.each<[string, QueryType, string, string[]]>([
  ['web.shop.svc.cluster.local', 'A', 'NOERROR', ['10.96.7.7']],
  ['WEB.Shop.svc.cluster.local.', 'A', 'NOERROR', ['10.96.7.7']],
  ['web.shop.svc.cluster.local', 'AAAA', 'NOERROR', []],
  ['api.shop.svc.cluster.local', 'A', 'NXDOMAIN', []],
  ['web.lab.svc.cluster.local', 'A', 'NXDOMAIN', []],
  ['shop.svc.cluster.local', 'A', 'NOERROR', []],
  ['db.shop.svc.cluster.local', 'A', 'NOERROR', ['10.244.1.20', '10.244.1.21']],
  ['db-0.db.shop.svc.cluster.local', 'A', 'NOERROR', ['10.244.1.20']],
  ['10-244-1-21.db.shop.svc.cluster.local', 'A', 'NOERROR', ['10.244.1.21']],
  ['db-2.db.shop.svc.cluster.local', 'A', 'NXDOMAIN', []],
  ['none.shop.svc.cluster.local', 'A', 'NXDOMAIN', []],
  ['_http._tcp.web.shop.svc.cluster.local', 'SRV', 'NOERROR', ['web.shop.svc.cluster.local:80']],
  ['_http._udp.web.shop.svc.cluster.local', 'SRV', 'NXDOMAIN', []],
  [
    '_pg._tcp.db.shop.svc.cluster.local',
    'SRV',
    'NOERROR',
    ['db-0.db.shop.svc.cluster.local:5432', '10-244-1-21.db.shop.svc.cluster.local:5432'],
  ],
  ['far.shop.svc.cluster.local', 'A', 'NOERROR', ['db.example.com']],
  ['10-244-9-9.shop.pod.cluster.local', 'A', 'NOERROR', ['10.244.9.9']],
  ['10-244-9-9.lab.pod.cluster.local', 'A', 'NXDOMAIN', []],
  ['web.shop.pod.cluster.local', 'A', 'NXDOMAIN', []],
  ['7.7.96.10.in-addr.arpa', 'PTR', 'NOERROR', ['web.shop.svc.cluster.local']],
  ['20.1.244.10.in-addr.arpa', 'PTR', 'NOERROR', ['db-0.db.shop.svc.cluster.local']],
  ['dns-version.cluster.local', 'TXT', 'NOERROR', ['1.1.0']],
  ['other.cluster.local', 'A', 'NXDOMAIN', []],
])('%s %s', (name, type, code, expected) => {
  const answer = zoneAnswer(shop().net.store, name, type);
  expect(answer?.code).toBe(code);
  expect(answer?.records.map((one) => (one.type === 'SRV' ? `${one.target}:${one.port}` : one.data))).toEqual(expected);
});

test.each(['example.com', 'cluster.local.example.com', '1.2.0.192.in-addr.arpa'])("%s is not the cluster's", (name) => {
  expect(zoneAnswer(shop().net.store, name, 'A')).toBeUndefined();
});

const conf = resolvConfOf(shop().client);

test.each([
  ['web', ['web.shop.svc.cluster.local', 'web.svc.cluster.local', 'web.cluster.local', 'web']],
  ['web.shop', ['web.shop.shop.svc.cluster.local', 'web.shop.svc.cluster.local', 'web.shop.cluster.local', 'web.shop']],
  ['web.', ['web']],
  [
    'a.b.c.d.e.f',
    ['a.b.c.d.e.f', 'a.b.c.d.e.f.shop.svc.cluster.local', 'a.b.c.d.e.f.svc.cluster.local', 'a.b.c.d.e.f.cluster.local'],
  ],
])('%s is tried as', (typed, expected) => {
  expect(candidates(typed, conf)).toEqual(expected);
});

test('the file in a container', () => {
  expect(resolvConfText(conf)).toBe(
    'search shop.svc.cluster.local svc.cluster.local cluster.local\nnameserver 10.96.0.10\noptions ndots:5\n',
  );
});

test.each([
  ['Default', {}, 'nameserver 172.30.0.1\n'],
  ['ClusterFirst', { hostNetwork: true }, 'nameserver 172.30.0.1\n'],
  [
    'None',
    {
      dnsConfig: {
        nameservers: ['192.0.2.1'],
        searches: ['corp.example'],
        options: [{ name: 'ndots', value: '2' }, { name: 'edns0' }],
      },
    },
    'search corp.example\nnameserver 192.0.2.1\noptions ndots:2 edns0\n',
  ],
  [
    'ClusterFirst',
    { dnsConfig: { searches: ['corp.example'], options: [{ name: 'ndots', value: '2' }] } },
    'search shop.svc.cluster.local svc.cluster.local cluster.local corp.example\nnameserver 10.96.0.10\noptions ndots:2\n',
  ],
])('dnsPolicy %s with %j', (dnsPolicy, spec, expected) => {
  const pod = new TestNetwork().pod('shop/a', '10.244.1.9', { spec: { dnsPolicy, ...spec } });
  expect(resolvConfText(resolvConfOf(pod))).toBe(expected);
});

test('a name resolves by the search list', () => {
  const { net, client } = shop();
  expect(resolved(client, 'web', 'A', net.context)).toMatchObject({
    code: 'NOERROR',
    name: 'web.shop.svc.cluster.local',
    server: '10.96.0.10',
    records: [{ data: '10.96.7.7' }],
  });
  expect(resolved(client, 'nobody', 'A', net.context)).toMatchObject({ code: 'NXDOMAIN', records: [] });
});

test('an ExternalName is followed while it stays in the cluster', () => {
  const { net, client } = shop();
  expect(resolved(client, 'away', 'A', net.context).records).toMatchObject([
    { type: 'CNAME', data: 'web.shop.svc.cluster.local' },
    { type: 'A', data: '10.96.7.7' },
  ]);
  expect(resolved(client, 'far', 'A', net.context).records).toMatchObject([{ type: 'CNAME', data: 'db.example.com' }]);
});

test('names that point at each other end', () => {
  const { net, client } = shop();
  net.service('shop/one', { type: 'ExternalName', externalName: 'two.shop.svc.cluster.local' });
  net.service('shop/two', { type: 'ExternalName', externalName: 'one.shop.svc.cluster.local' });
  expect(resolved(client, 'one', 'A', net.context).code).toBe('SERVFAIL');
});

test('without CoreDNS, or past a policy, a lookup times out', () => {
  const { net, client } = shop();
  net.policy('shop/deny', { podSelector: {}, policyTypes: ['Egress'] });
  expect(resolved(client, 'web', 'A', net.context).code).toBe('TIMEOUT');
  const other = shop();
  other.net.listening.clear();
  expect(resolved(other.client, 'web', 'A', other.net.context).code).toBe('UNREACHED');
});
