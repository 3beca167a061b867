import { expect, test } from '@jest/globals';
import { evaluatorFor, quotaUsage, writeAmounts } from './quota.ts';
import type { KubeObject, Pod, PodSpec, ResourceQuota } from './types.ts';

const NOW = Date.UTC(2026, 0, 1, 12);
const pod = (spec: Partial<PodSpec>, rest: Partial<Pod> = {}): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'p', namespace: 'dev' },
  spec: { containers: [], ...spec },
  ...rest,
});
const container = (name: string, requests?: Record<string, string>, limits?: Record<string, string>) => ({
  name,
  resources: { ...(requests ? { requests } : {}), ...(limits ? { limits } : {}) },
});
const usageOf = (resource: string, object: KubeObject) => {
  const usage = evaluatorFor(resource)?.usage(object, NOW);
  return usage && writeAmounts(usage);
};

test('a pod costs what its containers ask for', () => {
  const object = pod({
    containers: [
      container('a', { cpu: '500m', memory: '1Gi', 'example.com/gpu': '1' }, { cpu: '1' }),
      container('b', { cpu: '100m', 'hugepages-2Mi': '4Mi' }),
    ],
  });
  expect(usageOf('pods', object)).toEqual({
    'count/pods': '1',
    pods: '1',
    cpu: '600m',
    'requests.cpu': '600m',
    'limits.cpu': '1',
    memory: '1Gi',
    'requests.memory': '1Gi',
    'requests.example.com/gpu': '1',
    'hugepages-2Mi': '4Mi',
    'requests.hugepages-2Mi': '4Mi',
  });
});

test.each<[string, Partial<Pod>]>([
  ['done', { status: { phase: 'Succeeded' } }],
  ['failed', { status: { phase: 'Failed' } }],
  [
    'stuck beyond its end',
    { metadata: { name: 'p', deletionTimestamp: '2026-01-01T11:59:00Z', deletionGracePeriodSeconds: 30 } },
  ],
])('a pod that is %s only counts as an object', (_case, rest) => {
  expect(usageOf('pods', pod({ containers: [container('a', { cpu: '1' })] }, rest))).toEqual({ 'count/pods': '1' });
});

test.each([
  ['ClusterIP', '0', '0'],
  ['NodePort', '2', '0'],
  ['LoadBalancer', '2', '1'],
])('a Service of type %s', (type, nodePorts, balancers) => {
  const service = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 's' },
    spec: { type, ports: [{ port: 1 }, { port: 2 }] },
  };
  expect(usageOf('services', service)).toEqual({
    'count/services': '1',
    services: '1',
    'services.nodeports': nodePorts,
    'services.loadbalancers': balancers,
  });
});

test('a claim is charged to its class too', () => {
  const claim = {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name: 'c' },
    spec: { storageClassName: 'gold', resources: { requests: { storage: '1Gi' } } },
  };
  expect(usageOf('persistentvolumeclaims', claim)).toEqual({
    persistentvolumeclaims: '1',
    'count/persistentvolumeclaims': '1',
    'gold.storageclass.storage.k8s.io/persistentvolumeclaims': '1',
    'requests.storage': '1Gi',
    'gold.storageclass.storage.k8s.io/requests.storage': '1Gi',
  });
});

test('others are counted, by their old name where they have one', () => {
  const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'm' } };
  expect(usageOf('configmaps', object)).toEqual({ 'count/configmaps': '1', configmaps: '1' });
  expect(usageOf('deployments.apps', object)).toEqual({ 'count/deployments.apps': '1' });
  expect(evaluatorFor('events')).toBeUndefined();
});

const scope = (scopeName: string, operator = 'Exists', values?: string[]) => ({
  scopeName,
  operator,
  ...(values ? { values } : {}),
});
const busy = { containers: [container('a', { cpu: '1' })] };
test.each<[string, ReturnType<typeof scope>, Partial<PodSpec>, boolean]>([
  ['no requests', scope('BestEffort'), {}, true],
  ['requests', scope('BestEffort'), busy, false],
  ['requests', scope('NotBestEffort'), busy, true],
  ['a deadline', scope('Terminating'), { activeDeadlineSeconds: 5 }, true],
  ['no deadline', scope('NotTerminating'), {}, true],
  ['a class', scope('PriorityClass'), { priorityClassName: 'high' }, true],
  ['no class', scope('PriorityClass'), {}, false],
  ['this class', scope('PriorityClass', 'In', ['high']), { priorityClassName: 'high' }, true],
  ['another class', scope('PriorityClass', 'In', ['high']), { priorityClassName: 'low' }, false],
  ['another class', scope('PriorityClass', 'NotIn', ['high']), { priorityClassName: 'low' }, true],
  ['no class', scope('PriorityClass', 'DoesNotExist'), {}, true],
])('a pod with %s, scope %j', (_case, requirement, spec, inside) => {
  expect(evaluatorFor('pods')?.inScope(requirement, pod(spec))).toBe(inside);
});

test('what a quota makes containers say', () => {
  const missing = (names: string[], spec: Partial<PodSpec>) => evaluatorFor('pods')?.missing?.(names, pod(spec));
  const names = ['limits.cpu', 'requests.cpu', 'pods', 'requests.ephemeral-storage'];
  expect(missing(names, busy)).toBe('must specify limits.cpu for: a');
  expect(missing(names, { containers: [container('b'), container('a')] })).toBe(
    'must specify limits.cpu for: a,b; requests.cpu for: a,b',
  );
  expect(missing(names, { containers: [container('b')], resources: { requests: { cpu: '1' } } })).toBeUndefined();
  expect(missing(['pods'], { containers: [container('b')] })).toBeUndefined();
});

test('usage is summed for the names of a quota, and only for what exists', () => {
  const quota: ResourceQuota = {
    apiVersion: 'v1',
    kind: 'ResourceQuota',
    metadata: { name: 'q', namespace: 'dev' },
    spec: { hard: { pods: '5', 'requests.cpu': '2', configmaps: '3', 'count/widgets.example.com': '1' } },
  };
  const objects: Record<string, KubeObject[]> = {
    pods: [pod(busy), pod({ containers: [container('a', { cpu: '250m' })] })],
    configmaps: [],
  };
  expect(quotaUsage(quota, (resource) => objects[resource], NOW)).toEqual({
    pods: '2',
    'requests.cpu': '1250m',
    configmaps: '0',
  });
});
