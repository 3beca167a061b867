import { expect, test } from '@jest/globals';
import { Cluster } from '#cluster/cluster.ts';
import type { Deployment, Pod } from '#cluster/api/types.ts';
import { MANIFESTS, nodeFiles, writeNodeFile } from '#cluster/node-files.ts';

const START = 1_780_000_000_000;
const API_SERVER = `${MANIFESTS}/kube-apiserver.yaml`;
const ETCD = `${MANIFESTS}/etcd.yaml`;

const text = (cluster: Cluster, path: string): string => nodeFiles(cluster.store, 'controlplane')[path] ?? '';
const write = (cluster: Cluster, path: string, to: string | undefined): void =>
  writeNodeFile(cluster.store, 'controlplane', path, to);
/** The last line that the API server's container wrote. */
function lastLine(cluster: Cluster): string {
  const pod = cluster.store.get<Pod>('pods', 'kube-system', 'kube-apiserver-controlplane');
  const instance = cluster.runtime.history(pod?.metadata.uid ?? '', 'kube-apiserver').at(-1);
  return (instance?.log.tail(1) ?? '').replace(/^([IWEF])\d{4} \S+ +1 /, '$1 ').trimEnd();
}

test.each([
  ['an unknown flag', '--secure-port=6443', '--sekure-port=6443', 'Error: unknown flag: --sekure-port'],
  [
    'a value that is none',
    '--allow-privileged=true',
    '--allow-privileged=yes',
    'Error: invalid argument "yes" for "--allow-privileged" flag: strconv.ParseBool: parsing "yes": invalid syntax',
  ],
  ['an unknown mode', 'Node,RBAC', 'Node,RBACK', 'Error: authorization-mode "RBACK" is not a valid mode'],
  [
    'an unknown plugin',
    '=NodeRestriction',
    '=NodeRestrictions',
    'Error: enable-admission-plugins plugin "NodeRestrictions" is unknown',
  ],
  ['a range that is none', '10.96.0.0/12', '10.96.0.0', 'Error: service-cluster-ip-range[0] is not a valid cidr'],
  [
    'a missing authority',
    '--client-ca-file=/etc/kubernetes/pki/ca.crt',
    '--client-ca-file=/etc/kubernetes/pki/ca.pem',
    'Error: open /etc/kubernetes/pki/ca.pem: no such file or directory',
  ],
  [
    'a missing signing key',
    'signing-key-file=/etc/kubernetes/pki/sa.key',
    'signing-key-file=/etc/kubernetes/sa.key',
    'Error: failed to parse service-account-issuer-key-file: open /etc/kubernetes/sa.key: no such file or directory',
  ],
  [
    'a certificate for etcd that is not there',
    'pki/etcd/ca.crt',
    'pki/etcd-ca.crt',
    'F instance.go:233] Error creating leases: error creating storage factory: open /etc/kubernetes/pki/etcd-ca.crt: no such file or directory',
  ],
  [
    'another place for etcd',
    '127.0.0.1:2379',
    '127.0.0.1:2378',
    'F instance.go:233] Error creating leases: error creating storage factory: context deadline exceeded',
  ],
  [
    'another port',
    '--secure-port=6443',
    '--secure-port=6444',
    'I secure_serving.go:211] Serving securely on [::]:6444',
  ],
])('an API server with %s does not answer and says why; mended, it is back', (_name, right, wrong, said) => {
  const cluster = Cluster.create({ now: START });
  expect(cluster.api).toBe('serves');
  const good = text(cluster, API_SERVER);
  write(cluster, API_SERVER, good.replace(right, wrong));
  cluster.advance(20_500);
  expect([cluster.api, lastLine(cluster)]).toEqual(['down', said]);
  write(cluster, API_SERVER, good);
  cluster.advance(2000);
  expect(cluster.api).toBe('serves');
});

test.each([
  ['moved away', undefined],
  ['no YAML', '{{'],
])('a manifest that is %s stops it', (_name, to) => {
  const cluster = Cluster.create({ now: START });
  const heard: string[] = [];
  cluster.onApi((state) => heard.push(state));
  const good = text(cluster, API_SERVER);
  write(cluster, API_SERVER, to);
  cluster.advance(1000);
  write(cluster, API_SERVER, good);
  cluster.advance(2000);
  expect(heard).toEqual(['down', 'serves']);
});

test('what needs the API server stands still without it, and catches up', () => {
  const cluster = Cluster.create({ now: START });
  const good = text(cluster, API_SERVER);
  write(cluster, API_SERVER, undefined);
  cluster.advance(1000);
  const deployment: Deployment = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web', namespace: 'default' },
    spec: {
      selector: { matchLabels: { app: 'web' } },
      template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'web', image: 'nginx' }] } },
    },
  };
  cluster.client('test').create('deployments.apps', deployment);
  cluster.advance(120_000);
  expect(cluster.store.list('replicasets.apps', 'default')).toEqual([]);
  write(cluster, API_SERVER, good);
  cluster.advance(30_000);
  expect(cluster.store.list<Pod>('pods', 'default').map(({ status }) => status?.phase)).toEqual(['Running']);
  const ready = cluster.store.list('nodes').map((node) => JSON.stringify(node).includes('"reason":"KubeletReady"'));
  expect(ready).toEqual([true, true, true]);
});

test('without etcd it answers nothing, then it is restarted in vain; both come back with etcd', () => {
  const cluster = Cluster.create({ now: START });
  const good = text(cluster, ETCD);
  write(cluster, ETCD, undefined);
  cluster.advance(5000);
  expect(cluster.api).toBe('no-etcd');
  cluster.advance(115_000);
  expect(cluster.api).toBe('down');
  write(cluster, ETCD, good);
  cluster.advance(60_000);
  expect(cluster.api).toBe('serves');
});

test('a fork and a restored cluster are as far down', () => {
  const cluster = Cluster.create({ now: START });
  write(cluster, API_SERVER, undefined);
  cluster.advance(5000);
  const fork = cluster.fork();
  fork.settle();
  expect([fork.api, Cluster.restore(cluster.snapshot()).api]).toEqual(['down', 'down']);
  expect(Cluster.restore(Cluster.create({ now: START }).snapshot()).api).toBe('serves');
});
