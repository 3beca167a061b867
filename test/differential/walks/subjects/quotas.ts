/** ResourceQuotas over many kinds: what counts, with which scopes, and what is refused. */
import { create, onPod, patch, phase, remove, type Draw, type Step, type Subject } from '../step.ts';

const AMOUNTS: Record<string, readonly string[]> = {
  pods: ['0', '1', '2', '5'],
  'requests.cpu': ['0', '150m', '0.5', '1'],
  cpu: ['200m', '1'],
  'limits.cpu': ['300m', '2'],
  'requests.memory': ['64Mi', '1Gi'],
  memory: ['100M', '1Gi'],
  'limits.memory': ['128Mi', '2Gi'],
  'requests.ephemeral-storage': ['1Gi'],
  'requests.storage': ['1Gi', '3Gi'],
  persistentvolumeclaims: ['1', '2'],
  'gold.storageclass.storage.k8s.io/requests.storage': ['1Gi'],
  'gold.storageclass.storage.k8s.io/persistentvolumeclaims': ['0', '1'],
  services: ['0', '1', '2'],
  'services.nodeports': ['0', '1'],
  'services.loadbalancers': ['0', '1'],
  configmaps: ['1', '2', '3'],
  secrets: ['0', '1'],
  replicationcontrollers: ['0', '1'],
  resourcequotas: ['1', '2', '3'],
  'count/deployments.apps': ['0', '1'],
  'count/jobs.batch': ['0', '1'],
  'count/pods': ['1', '3'],
  'count/configmaps': ['2', '3'],
  'count/poddisruptionbudgets.policy': ['1'],
  'requests.nvidia.com/gpu': ['1'],
  'hugepages-2Mi': ['2Mi'],
};
const SCOPES = [
  { scopes: ['BestEffort'] },
  { scopes: ['NotBestEffort'] },
  { scopes: ['Terminating'] },
  { scopes: ['NotTerminating'] },
  { scopes: ['Terminating', 'NotBestEffort'] },
  { scopes: ['BestEffort', 'NotBestEffort'] },
  { scopeSelector: { matchExpressions: [{ scopeName: 'PriorityClass', operator: 'Exists' }] } },
  {
    scopeSelector: {
      matchExpressions: [{ scopeName: 'PriorityClass', operator: 'In', values: ['system-cluster-critical'] }],
    },
  },
  { scopeSelector: { matchExpressions: [{ scopeName: 'CrossNamespacePodAffinity', operator: 'Exists' }] } },
];
const hard = (draw: Draw, from: readonly string[] = Object.keys(AMOUNTS)) =>
  Object.fromEntries(
    Array.from({ length: 1 + draw.below(5) }, () => {
      const key = draw.of(from);
      return [key, draw.of(AMOUNTS[key] ?? [])];
    }),
  );
const POD_ONLY = ['pods', 'requests.cpu', 'cpu', 'limits.cpu', 'requests.memory', 'memory', 'limits.memory'];
const quota = (draw: Draw, name: string): Step =>
  create('resourcequotas', {
    metadata: { name },
    spec: draw.chance(0.65)
      ? { hard: hard(draw) }
      : {
          hard: draw.chance(0.9) ? hard(draw, draw.chance(0.4) ? ['pods'] : POD_ONLY) : hard(draw),
          ...draw.of(SCOPES),
        },
  });

const resources = (draw: Draw) =>
  draw.of<object>([
    {},
    { requests: { cpu: '100m', memory: '64Mi' } },
    { requests: { cpu: '100m' }, limits: { cpu: '200m', memory: '64Mi' } },
    { limits: { cpu: '150m', memory: '100Mi', 'ephemeral-storage': '1Gi' } },
    { requests: { memory: '1500m' }, limits: { 'nvidia.com/gpu': 1 } },
  ]);
const spec = (draw: Draw) => ({
  terminationGracePeriodSeconds: 0,
  containers: [{ name: 'main', image: 'nginx', resources: resources(draw) }],
  ...draw.maybe({ initContainers: [{ name: 'first', image: 'busybox', resources: resources(draw) }] }, 0.2),
  ...draw.maybe({ activeDeadlineSeconds: 3000 }, 0.25),
  ...draw.maybe({ priorityClassName: 'system-cluster-critical' }, 0.2),
  ...draw.maybe({ overhead: { cpu: '10m' } }, 0.05),
  ...draw.maybe(
    {
      affinity: {
        podAffinity: {
          preferredDuringSchedulingIgnoredDuringExecution: [
            {
              weight: 1,
              podAffinityTerm: { topologyKey: 'kubernetes.io/hostname', labelSelector: {}, namespaceSelector: {} },
            },
          ],
        },
      },
    },
    0.1,
  ),
});
const service = (draw: Draw): Step => ({
  method: 'POST',
  path: '/api/v1/namespaces/<ns>/services',
  body: {
    metadata: { name: `s${draw.below(3)}` },
    spec: {
      ports: [{ port: 80, name: 'a' }, ...(draw.chance(0.3) ? [{ port: 81, name: 'b' }] : [])],
      type: draw.of(['ClusterIP', 'NodePort', 'LoadBalancer']),
      ...draw.maybe({ allocateLoadBalancerNodePorts: false }, 0.1),
    },
  },
});
const atService = (draw: Draw, method: string, body?: unknown): Step => ({
  method,
  path: `/api/v1/namespaces/<ns>/services/s${draw.below(3)}`,
  ...(body === undefined ? {} : { body, type: 'application/merge-patch+json' }),
});

function change(draw: Draw): Step[] {
  const which = { which: draw.below(4) };
  const name = () => `o${draw.below(3)}`;
  const at = `resourcequotas/${draw.of(['q', 'q', 'q2'])}`;
  return draw.of<() => Step[]>([
    () => [create('pods', { metadata: { name: `p${draw.below(5)}` }, spec: spec(draw) })],
    () => [create('pods', { metadata: { name: `p${draw.below(5)}` }, spec: spec(draw) })],
    () => [create('pods', { metadata: { name: `p${draw.below(5)}` }, spec: spec(draw) })],
    () => [onPod(which, 'DELETE')],
    () => [phase(which, draw.of(['Succeeded', 'Failed']))],
    () => [onPod(which, 'PATCH', undefined, { metadata: { finalizers: draw.of([['example.com/hold'], null]) } })],
    () => [service(draw)],
    () => [service(draw)],
    () => [atService(draw, 'PATCH', { spec: { type: draw.of(['ClusterIP', 'NodePort', 'LoadBalancer']) } })],
    () => [atService(draw, 'DELETE')],
    () => [create('configmaps', { metadata: { name: name() } })],
    () => [remove(`configmaps/${name()}`)],
    () => [{ method: 'POST', path: '/api/v1/namespaces/<ns>/secrets', body: { metadata: { name: name() } } }],
    () => [
      create('persistentvolumeclaims', {
        metadata: { name: name() },
        spec: {
          accessModes: ['ReadWriteOnce'],
          ...draw.maybe({ storageClassName: draw.of(['gold', '']) }, 0.7),
          resources: { requests: { storage: draw.of(['1Gi', '1500M', '2Gi']) } },
        },
      }),
    ],
    () => [remove(`persistentvolumeclaims/${name()}`)],
    () => [
      create('deployments', {
        metadata: { name: name() },
        spec: {
          replicas: 0,
          selector: { matchLabels: { app: 'web' } },
          template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'main', image: 'nginx' }] } },
        },
      }),
    ],
    () => [create('poddisruptionbudgets', { metadata: { name: name() }, spec: { minAvailable: 1 } })],
    () => [quota(draw, 'q2')],
    () => [remove(at)],
    () => [patch(at, { spec: { hard: hard(draw) } })],
    () => [patch(at, { spec: { hard: null } })],
    () => [patch(at, { spec: { scopes: ['BestEffort'] } })],
  ])();
}

export const quotas: Subject = {
  quiet: 900,
  steps: (draw) => [quota(draw, 'q'), ...Array.from({ length: 12 }, () => change(draw)).flat()],
};
