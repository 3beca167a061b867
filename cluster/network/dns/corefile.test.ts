import { expect, test } from '@jest/globals';
import { TestNetwork } from '../testing.ts';
import { CorefileError, parseCorefile } from './corefile.ts';
import { answer } from './server.ts';

const problem = (text: string): string => {
  try {
    parseCorefile(text);
    return '';
  } catch (error) {
    if (error instanceof CorefileError) return error.message;
    throw error;
  }
};

// the sentences are those of coredns/coredns: core/dnsserver, plugin/kubernetes/setup.go, plugin/forward/setup.go
test.each([
  ['nothing wrong', '.:53 {\n  errors\n  kubernetes cluster.local {\n    pods insecure\n  }\n}\n', ''],
  [
    'a plugin that is none',
    '.:53 {\n  errors\n  kubernetess cluster.local\n}\n',
    "/etc/coredns/Corefile:3 - Error during parsing: Unknown directive 'kubernetess'",
  ],
  [
    'an option that the plugin does not have',
    '.:53 {\n  kubernetes cluster.local {\n    upstream\n  }\n}\n',
    "plugin/kubernetes: /etc/coredns/Corefile:3 - Error during parsing: unknown property 'upstream'",
  ],
  [
    'a value that is none',
    '.:53 {\n  kubernetes cluster.local {\n    pods maybe\n  }\n}\n',
    'plugin/kubernetes: wrong value for pods: maybe,  must be one of: disabled, verified, insecure',
  ],
  [
    'nowhere to forward to',
    '.:53 {\n  forward .\n}\n',
    "plugin/forward: /etc/coredns/Corefile:2 - Error during parsing: Wrong argument count or unexpected line ending after '.'",
  ],
  [
    'a name to forward to',
    '.:53 {\n  forward . dns.example.com\n}\n',
    'plugin/forward: not an IP address or file: "dns.example.com"',
  ],
  ['a block that does not end', '.:53 {\n  errors\n', '/etc/coredns/Corefile:2 - Error during parsing: Unexpected EOF'],
  ['one zone twice', '.:53 {\n  errors\n}\n.:53 {\n  errors\n}\n', 'cannot serve dns://.:53 - it is already defined'],
])('%s', (_name, text, expected) => {
  expect(problem(text)).toBe(expected);
});

const COREFILE = parseCorefile(`.:53 {
  rewrite name old.example.com web.shop.svc.cluster.local
  rewrite name suffix .corp .shop.svc.cluster.local
  hosts {
    192.0.2.9 static.example.com
    fallthrough
  }
  kubernetes cluster.local in-addr.arpa {
    pods verified
    ttl 5
    fallthrough in-addr.arpa
  }
  forward . 10.9.9.9
}
stub.example:53 {
  forward . 10.8.8.8
}
`);

function asked(name: string, type: 'A' | 'PTR' = 'A') {
  const net = new TestNetwork();
  net.namespace('shop');
  net.pod('shop/a', '10.244.1.5');
  net.service('shop/web', { clusterIP: '10.96.7.7', ports: [{ name: 'http', port: 80 }] });
  const forwarded: string[] = [];
  const { code, records } = answer(
    COREFILE,
    { name, type },
    {
      store: net.store,
      own: ['172.30.0.1'],
      forward: (server, question) => {
        forwarded.push(`${server} ${question.name}`);
        return { code: 'NXDOMAIN', records: [] };
      },
    },
  );
  const data = records.map(
    (record) => `${record.name} ${record.ttl} ${'data' in record ? record.data : record.target}`,
  );
  return { code, data, forwarded };
}

test.each([
  ['a Service', 'web.shop.svc.cluster.local', 'NOERROR', ['web.shop.svc.cluster.local 5 10.96.7.7'], []],
  ['a name that is another', 'old.example.com', 'NOERROR', ['old.example.com 5 10.96.7.7'], []],
  ['an ending that is another', 'web.corp', 'NOERROR', ['web.corp 5 10.96.7.7'], []],
  ['a host by hand', 'static.example.com', 'NOERROR', ['static.example.com 3600 192.0.2.9'], []],
  [
    'a pod that is there',
    '10-244-1-5.shop.pod.cluster.local',
    'NOERROR',
    ['10-244-1-5.shop.pod.cluster.local 5 10.244.1.5'],
    [],
  ],
  ['a pod that is not', '10-244-1-6.shop.pod.cluster.local', 'NXDOMAIN', [], []],
  ['what others know', 'www.example.org', 'NXDOMAIN', [], ['10.9.9.9 www.example.org']],
  ['a zone with servers of its own', 'db.stub.example', 'NXDOMAIN', [], ['10.8.8.8 db.stub.example']],
])('%s', (_name, name, code, data, forwarded) => {
  expect(asked(name)).toEqual({ code, data, forwarded });
});

test('addresses have names, and those of strangers are asked for elsewhere', () => {
  expect(asked('7.7.96.10.in-addr.arpa', 'PTR').data).toEqual(['7.7.96.10.in-addr.arpa 5 web.shop.svc.cluster.local']);
  expect(asked('9.9.9.9.in-addr.arpa', 'PTR').forwarded).toEqual(['10.9.9.9 9.9.9.9.in-addr.arpa']);
});
