import { expect, test } from '@jest/globals';
import { ready, shop } from './testing.ts';

test('a Service is reached by its name, and by that with its namespace', () => {
  const { run, start } = shop();
  for (const name of ['web', 'web.shop', 'web.shop.svc.cluster.local', 'db-0.db']) {
    expect(run(`wget -qO- ${name} | grep title`)).toEqual(['<title>Welcome to nginx!</title>\n', 0, 0]);
  }
  const other = start('lab/client', '10.244.1.4', 'busybox:1.36');
  expect(run('wget -qO- web', other)).toEqual(["wget: bad address 'web'\n", 1, 0]);
  expect(run('wget -qO- web.shop | grep title', other)[0]).toBe('<title>Welcome to nginx!</title>\n');
});

test.each<[string, string, string, number, number]>([
  [
    'a Service without endpoints',
    'wget -qO- -T 5 empty',
    "wget: can't connect to remote host (10.96.7.8): Connection refused\n",
    1,
    0,
  ],
  ['a port that the Service does not have', 'wget -qO- -T 5 web:81', 'wget: download timed out\n', 1, 5],
  [
    "an address that is nobody's",
    'wget -qO- 10.244.1.77',
    "wget: can't connect to remote host (10.244.1.77): No route to host\n",
    1,
    3,
  ],
  ['a name that does not exist', 'wget -qO- -T 5 nobody', "wget: bad address 'nobody'\n", 1, 0],
  ['nc to an open port', 'nc -zv web 80', 'web (10.96.7.7:80) open\n', 0, 0],
  ['nc to a Service without endpoints', 'nc -zv empty 80', 'nc: empty (10.96.7.8:80): Connection refused\n', 1, 0],
  ['nc to a port the Service does not have', 'nc -w 2 web 81', 'nc: web (10.96.7.7:81): Connection timed out\n', 1, 2],
  ['nc to an unknown name', 'nc nobody 80', "nc: bad address 'nobody'\n", 1, 0],
  ['ping to an unknown name', 'ping -c 1 nobody', "ping: bad address 'nobody'\n", 1, 0],
  [
    'nslookup asks for all names of the search list, and tells of all',
    'nslookup -type=a web',
    "Server:\t\t10.96.0.10\nAddress:\t10.96.0.10:53\n\nName:\tweb.shop.svc.cluster.local\nAddress: 10.96.7.7\n\n** server can't find web.svc.cluster.local: NXDOMAIN\n\n** server can't find web.cluster.local: NXDOMAIN\n\n",
    1,
    0,
  ],
  [
    'nslookup of a whole name',
    'nslookup db.shop.svc.cluster.local',
    'Server:\t\t10.96.0.10\nAddress:\t10.96.0.10:53\n\nName:\tdb.shop.svc.cluster.local\nAddress: 10.244.2.10\n\n\n',
    0,
    0,
  ],
  [
    'a name with a dot is not searched for',
    'nslookup db.shop | tail -n 4',
    "** server can't find db.shop: NXDOMAIN\n\n** server can't find db.shop: NXDOMAIN\n\n",
    0,
    0,
  ],
  [
    'nslookup of an address',
    'nslookup 10.96.7.7 | tail -n 2',
    '7.7.96.10.in-addr.arpa\tname = web.shop.svc.cluster.local\n\n',
    0,
    0,
  ],
  [
    'resolv.conf',
    'cat /etc/resolv.conf',
    'search shop.svc.cluster.local svc.cluster.local cluster.local\nnameserver 10.96.0.10\noptions ndots:5\n',
    0,
    0,
  ],
])('%s', (_name, command, output, code, seconds) => {
  expect(shop().run(command)).toEqual([output, code, seconds]);
});

test.each<[string, string, number, number]>([
  ['curl -sS --max-time 3 web:81', 'curl: (28) Connection timed out after 3001 milliseconds\n', 28, 3],
  ['curl -sS --connect-timeout 2 web:81', 'curl: (28) Connection timed out after 2001 milliseconds\n', 28, 2],
  ['curl -sS empty', 'curl: (7) Failed to connect to empty port 80 after 0 ms: Could not connect to server\n', 7, 0],
  ['curl -sS nobody', 'curl: (6) Could not resolve host: nobody\n', 6, 0],
  ['curl -s -o /dev/null -w "%{http_code}\\n" web', '200\n', 0, 0],
  ['curl -s -o /dev/null -w "%{http_code}\\n" -m 1 web:81', '000\n', 28, 1],
])('%s', (command, output, code, seconds) => {
  expect(shop('nginx:perl').run(command)).toEqual([output, code, seconds]);
});

test('what a policy denies times out, and what it allows is reached', () => {
  const { net, run } = shop();
  net.policy('shop/deny', { podSelector: { matchLabels: { app: 'web' } }, policyTypes: ['Ingress'] });
  expect(run('wget -qO- -T 4 web')).toEqual(['wget: download timed out\n', 1, 4]);
  expect(run('ping -c 1 10.244.2.10')[1]).toBe(1);
  net.policy('shop/allow', {
    podSelector: { matchLabels: { app: 'web' } },
    policyTypes: ['Ingress'],
    ingress: [{ from: [{ podSelector: { matchLabels: { app: 'client' } } }], ports: [{ port: 80, protocol: 'TCP' }] }],
  });
  expect(run('wget -qO- -T 4 web | grep title')[0]).toBe('<title>Welcome to nginx!</title>\n');
});

test('labels count as they are now', () => {
  const { net, run } = shop();
  net.policy('shop/allow', {
    podSelector: { matchLabels: { app: 'web' } },
    policyTypes: ['Ingress'],
    ingress: [{ from: [{ podSelector: { matchLabels: { access: 'yes' } } }] }],
  });
  expect(run('nc -z -w 1 web 80')[1]).toBe(1);
  net.pod('shop/client', '10.244.1.3', { labels: { access: 'yes' } });
  expect(run('nc -z -w 1 web 80')[1]).toBe(0);
});

test('a policy on what goes out that forgets DNS lets no name be found', () => {
  const { net, run } = shop();
  net.policy('shop/out', {
    podSelector: { matchLabels: { app: 'client' } },
    policyTypes: ['Egress'],
    egress: [{ to: [{ podSelector: { matchLabels: { app: 'web' } } }] }],
  });
  expect(run('wget -qO- web')).toEqual(["wget: bad address 'web'\n", 1, 10]);
  expect(run('nslookup web')).toEqual([';; connection timed out; no servers could be reached\n\n', 1, 10]);
  expect(run('wget -qO- 10.96.7.7 | grep title')[1]).toBe(0);
});

test('without CoreDNS there are no names', () => {
  const { runtime, run } = shop();
  runtime.forgetPod('kube-system/coredns');
  expect(run('nslookup web')[0]).toBe(
    "nslookup: write to '10.96.0.10': Connection refused\n;; connection timed out; no servers could be reached\n\n",
  );
  expect(run('wget -qO- 10.96.7.7 | grep title')[1]).toBe(0);
});

test('port-forward and the API server go past policies, as from the node', () => {
  const { net, runtime } = shop();
  net.policy('shop/deny', { podSelector: {}, policyTypes: ['Ingress'] });
  expect(runtime.dial('shop/web-1', 80, '127.0.0.1')?.say('GET / HTTP/1.1\r\n\r\n')).toContain('200 OK');
});

test.each([
  ['on a node', '172.30.1.2'],
  ['beside the nodes', '172.30.0.2'],
])('the API server is reached %s', (_name, address) => {
  const { net, run } = shop();
  const port = { name: 'https', port: 6443, protocol: 'TCP' };
  net.service('default/kubernetes', { clusterIP: '10.96.0.1', ports: [{ ...port, port: 443, targetPort: 6443 }] });
  net.endpoints('default/kubernetes', [port], [{ addresses: [address], conditions: ready }]);
  expect(run('nc -zv kubernetes.default 443')).toEqual(['kubernetes.default (10.96.0.1:443) open\n', 0, 0]);
});

test('a name of /etc/hosts needs no name server', () => {
  const { start, run } = shop();
  const aliases = { spec: { hostAliases: [{ ip: '10.244.2.10', hostnames: ['shop.local'] }] } };
  const pod = start('lab/aliased', '10.244.1.5', 'busybox:1.36', aliases);
  expect(run('wget -qO- shop.local | grep title', pod)[0]).toBe('<title>Welcome to nginx!</title>\n');
  expect(run('getent hosts shop.local', pod)[0]).toBe('10.244.2.10     shop.local\n');
});
