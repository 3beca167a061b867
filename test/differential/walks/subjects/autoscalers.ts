/** HorizontalPodAutoscalers in a cluster without metrics: bounds, targets that are missing, and what they say of it. */
import { create, patch, remove, type Draw, type Step, type Subject } from '../step.ts';

const spec = (draw: Draw) => ({
  terminationGracePeriodSeconds: 0,
  containers: [
    { name: 'main', image: 'nginx', ...draw.maybe({ resources: { requests: { cpu: '100m', memory: '32Mi' } } }, 0.7) },
  ],
});
const owner = (draw: Draw, kind: 'deployments' | 'replicasets' | 'statefulsets' | 'replicationcontrollers'): Step =>
  create(kind, {
    metadata: { name: 'web' },
    spec: {
      replicas: draw.below(5),
      selector: kind === 'replicationcontrollers' ? { app: kind } : { matchLabels: { app: kind } },
      ...(kind === 'statefulsets' ? { podManagementPolicy: 'Parallel' } : {}),
      template: { metadata: { labels: { app: kind } }, spec: spec(draw) },
    },
  });

const target = (draw: Draw): object =>
  draw.of<object>([
    { type: 'Utilization', averageUtilization: 50 },
    { type: 'AverageValue', averageValue: '100m' },
    { type: 'Value', value: '10' },
  ]);
const metric = (draw: Draw): object =>
  draw.of<object>([
    { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 50 } } },
    { type: 'Resource', resource: { name: draw.of(['cpu', 'memory']), target: target(draw) } },
    {
      type: 'ContainerResource',
      containerResource: { name: 'cpu', container: draw.of(['main', 'none']), target: target(draw) },
    },
    { type: 'Pods', pods: { metric: { name: 'hits' }, target: { type: 'AverageValue', averageValue: '10' } } },
    {
      type: 'Object',
      object: {
        metric: { name: 'hits' },
        describedObject: { apiVersion: 'v1', kind: 'Service', name: 'web' },
        target: target(draw),
      },
    },
    {
      type: 'External',
      external: { metric: { name: 'queue', selector: { matchLabels: { q: 'a' } } }, target: target(draw) },
    },
  ]);
const behavior = (draw: Draw): object => ({
  behavior: draw.of<object>([
    { scaleDown: { stabilizationWindowSeconds: 0 } },
    { scaleUp: { policies: [{ type: 'Pods', value: 1, periodSeconds: 15 }] } },
    { scaleDown: { selectPolicy: 'Disabled' } },
    { scaleUp: { selectPolicy: 'Min', policies: [{ type: 'Percent', value: 50, periodSeconds: 60 }] } },
    { scaleDown: { policies: [{ type: 'Pods', value: 1, periodSeconds: 1801 }] } },
  ]),
});
const KINDS = [
  { apiVersion: 'apps/v1', kind: 'Deployment' },
  { apiVersion: 'apps/v1', kind: 'ReplicaSet' },
  { apiVersion: 'apps/v1', kind: 'StatefulSet' },
  { apiVersion: 'v1', kind: 'ReplicationController' },
  { apiVersion: 'apps/v1', kind: 'DaemonSet' },
  { apiVersion: 'v1', kind: 'Pod' },
  { apiVersion: 'nowhere.io/v1', kind: 'Thing' },
  { apiVersion: 'apps', kind: 'Deployment' },
];
const scaler = (draw: Draw, name: string): Step =>
  create('horizontalpodautoscalers', {
    metadata: { name },
    spec: {
      scaleTargetRef: {
        ...(draw.chance(0.7) ? KINDS[0] : draw.of(KINDS)),
        name: draw.chance(0.9) ? 'web' : 'missing',
      },
      ...draw.maybe({ minReplicas: draw.of([0, 1, 2, 3]) }, 0.7),
      maxReplicas: draw.of([1, 2, 3, 4, 10]),
      ...draw.maybe({ metrics: Array.from({ length: 1 + draw.below(2) }, () => metric(draw)) }, 0.8),
      ...draw.maybe(behavior(draw), 0.3),
    },
  });

/** The controller looks around every 15 s. */
const ROUND: Step = { waitMs: 16_000 };

function change(draw: Draw): Step[] {
  const at = `horizontalpodautoscalers/${draw.of(['hpa', 'hpa', 'hpa2'])}`;
  return draw.of<() => Step[]>([
    () => [patch('deployments/web/scale', { spec: { replicas: draw.below(6) } }), ROUND],
    () => [patch('deployments/web/scale', { spec: { replicas: 0 } }), ROUND],
    () => [patch(at, { spec: { maxReplicas: 1 + draw.below(5) } }), ROUND],
    () => [patch(at, { spec: { minReplicas: draw.of([0, 1, 2, 4, null]) } }), ROUND],
    () => [patch(at, { spec: { metrics: draw.of<unknown>([null, [metric(draw)]]) } }), ROUND],
    () => [patch(at, { spec: { scaleTargetRef: draw.of(KINDS) } }), ROUND],
    () => [scaler(draw, 'hpa2'), ROUND],
    () => [remove(at)],
    () => [remove('deployments/web'), ROUND],
    () => [owner(draw, draw.of(['deployments', 'replicasets', 'statefulsets', 'replicationcontrollers'])), ROUND],
  ])();
}

export const autoscalers: Subject = {
  quiet: 1500,
  steps: (draw) => [
    owner(draw, 'deployments'),
    scaler(draw, 'hpa'),
    ROUND,
    ...Array.from({ length: 5 }, () => change(draw)).flat(),
  ],
};
