import { expect, test } from '@jest/globals';
import { parseAllDocuments } from 'yaml';
import type { KubeObject, Pod } from './api/types.ts';
import { Cluster } from './cluster.ts';
import { setUp } from './setup.ts';
import { tryOut, type TrialStep } from './trial.ts';

const objects = (yaml: string): KubeObject[] => parseAllDocuments(yaml).map((one) => one.toJS() as KubeObject);
const pod = (name: string, rest = '') =>
  objects(`
apiVersion: v1
kind: Pod
metadata: {name: ${name}, namespace: shop, labels: {app: ${name}}}
spec:
  containers: [{name: main, image: nginx, resources: {requests: {cpu: 100m}}}]
  ${rest}
`);

/** Two of a web Deployment with a budget of one, in a namespace for at most four pods. */
function shop(): Cluster {
  const cluster = Cluster.create({ now: Date.parse('2026-01-05T10:00:00Z') });
  const apply = objects(`
apiVersion: v1
kind: Namespace
metadata: {name: shop}
---
apiVersion: v1
kind: ResourceQuota
metadata: {name: pods, namespace: shop}
spec: {hard: {pods: "4"}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  replicas: 2
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      nodeSelector: {kubernetes.io/hostname: node01}
      containers: [{name: main, image: nginx}]
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {name: web, namespace: shop}
spec: {minAvailable: 1, selector: {matchLabels: {app: web}}}
`);
  setUp(cluster, [{ apply }, { advance: 60_000 }]);
  return cluster;
}

const cluster = shop();

test.each<[string, TrialStep[], unknown[]]>([
  ['what is allowed is done', [{ apply: pod('a') }], [{ kind: 'done' }]],
  [
    'what is refused is told, and the next step is taken all the same',
    [
      { apply: pod('a') },
      { apply: pod('b') },
      { apply: pod('c') },
      { delete: { kind: 'Pod', name: 'a', namespace: 'shop' } },
    ],
    [
      { kind: 'done' },
      { kind: 'done' },
      {
        kind: 'refused',
        message: 'pods "c" is forbidden: exceeded quota: pods, requested: pods=1, used: pods=4, limited: pods=4',
      },
      { kind: 'done' },
    ],
  ],
  [
    'what is not there',
    [{ delete: { kind: 'Pod', name: 'a', namespace: 'shop' } }, { cordon: 'node09' }],
    [
      { kind: 'refused', message: 'there is no Pod shop/a' },
      { kind: 'refused', message: 'there is no node node09' },
    ],
  ],
  [
    'a drain that a budget holds up: the last pod has nowhere else to run',
    [{ drain: 'node01' }],
    [{ kind: 'refused', message: "Cannot evict pod as it would violate the pod's disruption budget." }],
  ],
  [
    'a command in a container',
    [
      { exec: { namespace: 'shop', selector: 'app=web', command: ['sh', '-c', 'echo here; exit 3'] } },
      { exec: { namespace: 'shop', pod: 'none', command: ['true'] } },
    ],
    [
      { kind: 'ran', exitCode: 3, output: 'here\n' },
      { kind: 'refused', message: 'no container runs in a pod none of namespace shop' },
    ],
  ],
])('%s', (_, steps, outcomes) => {
  expect(tryOut(cluster, steps).outcomes).toEqual(outcomes);
});

test('a node that is lost, and what comes of it', () => {
  const { resources } = tryOut(cluster, [{ stop: 'node01' }, { advance: 7 * 60_000 }]);
  const pods = (resources['pods'] ?? []) as Pod[];
  const web = pods.filter(({ metadata }) => metadata.labels?.['app'] === 'web');
  const going = web.filter(({ metadata }) => metadata.deletionTimestamp !== undefined);
  expect(going.map(({ spec }) => spec?.nodeName)).toEqual(['node01', 'node01']);
});

test('the cluster itself takes no notice', () => {
  const before = JSON.stringify(cluster.objects());
  tryOut(cluster, [{ apply: pod('a') }, { drain: 'node02' }, { advance: 3_600_000 }]);
  expect(JSON.stringify(cluster.objects())).toBe(before);
});

test('a volume follows its ConfigMap on a copy too', () => {
  const settings = (word: string) =>
    objects(`
apiVersion: v1
kind: ConfigMap
metadata: {name: settings, namespace: shop}
data: {word: ${word}}
`);
  const origin = Cluster.create({ now: Date.parse('2026-01-05T10:00:00Z') });
  setUp(origin, [
    { apply: objects('apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n') },
    { apply: settings('first') },
    {
      apply: objects(`
apiVersion: v1
kind: Pod
metadata: {name: reader, namespace: shop}
spec:
  containers:
  - name: main
    image: busybox:1.37
    command: [sleep, infinity]
    volumeMounts: [{name: settings, mountPath: /settings}]
  volumes: [{name: settings, configMap: {name: settings}}]
`),
    },
    { advance: 30_000 },
  ]);
  const read: TrialStep = {
    exec: { namespace: 'shop', pod: 'reader', command: ['cat', '/settings/word'] },
  };
  expect(tryOut(origin, [{ apply: settings('second') }, read, { advance: 120_000 }, read]).outcomes).toMatchObject([
    { kind: 'done' },
    { kind: 'ran', output: 'first' },
    { kind: 'done' },
    { kind: 'ran', output: 'second' },
  ]);
});
