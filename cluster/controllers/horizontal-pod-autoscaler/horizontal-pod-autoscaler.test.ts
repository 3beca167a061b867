import { expect, test } from '@jest/globals';
import type { ResourceMetrics } from '../../api/resource-metrics.ts';
import type { Deployment, HorizontalPodAutoscaler, Pod } from '../../api/types.ts';
import { bench, make } from '../testing.ts';
import { horizontalPodAutoscaler } from './index.ts';

const NONE: ResourceMetrics = { served: false, pod: () => undefined, node: () => undefined };

const scaler = (minReplicas: number): HorizontalPodAutoscaler =>
  make('autoscaling/v2', 'HorizontalPodAutoscaler', 'api', {
    spec: {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'api' },
      minReplicas,
      maxReplicas: 6,
      metrics: [
        { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 75 } } },
      ],
    },
  });
const api = make<Deployment>('apps/v1', 'Deployment', 'api', {
  spec: { replicas: 1, selector: { matchLabels: { app: 'api' } }, template: {} },
});

test('a workload below its least size is scaled after a quarter of a minute', () => {
  const { client, advance, events } = bench([horizontalPodAutoscaler(NONE)]);
  client.create('deployments.apps', api);
  client.create('horizontalpodautoscalers.autoscaling', scaler(2));
  advance(14_000);
  const replicas = () => client.get<Deployment>('deployments.apps', 'default', 'api')?.spec?.replicas;
  expect(replicas()).toBe(1);
  advance(2000);
  expect(replicas()).toBe(2);
  expect(events()).toEqual([
    'SuccessfulRescale: New size: 2; reason: Current number of replicas below Spec.MinReplicas',
  ]);
});

const why =
  'failed to get cpu utilization: unable to get metrics for resource cpu: unable to fetch metrics from resource metrics API: the server could not find the requested resource (get pods.metrics.k8s.io)';
test('within its bounds nothing can be measured', () => {
  const { client, advance, events } = bench([horizontalPodAutoscaler(NONE)]);
  client.create('deployments.apps', api);
  client.create('horizontalpodautoscalers.autoscaling', scaler(1));
  advance(20_000);
  expect(events()).toEqual([
    `FailedGetResourceMetric: ${why}`,
    `FailedComputeMetricsReplicas: invalid metrics (1 invalid out of 1), first error is: failed to get cpu resource metric value: ${why}`,
  ]);
  const found = client.get<HorizontalPodAutoscaler>('horizontalpodautoscalers.autoscaling', 'default', 'api');
  expect(found?.status?.conditions?.map(({ type, status, reason }) => `${type} ${status} ${reason}`)).toEqual([
    'AbleToScale True SucceededGetScale',
    'ScalingActive False FailedGetResourceMetric',
  ]);
});

test('a workload that is not there', () => {
  const { client, advance, events } = bench([horizontalPodAutoscaler(NONE)]);
  client.create('horizontalpodautoscalers.autoscaling', scaler(1));
  advance(20_000);
  expect(events()).toEqual(['FailedGetScale: deployments.apps "api" not found']);
});

/** A Deployment of `replicas` pods that have run for ten minutes, each asking for 100m and using `millicores`. */
function loaded(replicas: number, millicores: () => number, spec: Partial<HorizontalPodAutoscaler['spec']> = {}) {
  let asOf = 0;
  const metrics: ResourceMetrics = {
    served: true,
    pod: () => ({
      timestamp: asOf,
      window: 15_000,
      containers: new Map([['main', { cpu: millicores() * 1e6, memory: 64 * 1024 * 1024 }]]),
    }),
    node: () => undefined,
  };
  const world = bench([horizontalPodAutoscaler(metrics)]);
  const { client, clock, advance } = world;
  asOf = clock.now();
  const labels = { app: 'api' };
  client.create('deployments.apps', {
    ...api,
    spec: { ...api.spec, replicas, selector: { matchLabels: labels } } as Deployment['spec'],
  });
  const started = new Date(clock.now() - 600_000).toISOString();
  const addPods = (from: number, to: number) => {
    for (let index = from; index < to; index++) {
      const pod = client.create('pods', {
        ...make<Pod>('v1', 'Pod', `api-${index}`, {
          spec: {
            nodeName: 'node01',
            containers: [{ name: 'main', image: 'nginx', resources: { requests: { cpu: '100m' } } }],
          },
        }),
        metadata: { name: `api-${index}`, namespace: 'default', labels },
      });
      client.updateStatus<Pod>('pods', {
        ...pod,
        status: {
          phase: 'Running',
          startTime: started,
          conditions: [{ type: 'Ready', status: 'True', lastTransitionTime: started }],
        },
      });
    }
  };
  addPods(0, replicas);
  const hpa = scaler(1);
  client.create('horizontalpodautoscalers.autoscaling', {
    ...hpa,
    spec: { ...hpa.spec, ...spec },
  });
  const size = () => client.get<Deployment>('deployments.apps', 'default', 'api')?.spec?.replicas;
  const conditions = () =>
    client
      .get<HorizontalPodAutoscaler>('horizontalpodautoscalers.autoscaling', 'default', 'api')
      ?.status?.conditions?.map(({ type, status, reason }) => `${type} ${status} ${reason}`);
  return { ...world, advance, size, conditions, addPods };
}

test('twice the load takes twice the pods', () => {
  const { advance, size, events, conditions, client } = loaded(2, () => 150);
  advance(16_000);
  expect(size()).toBe(4);
  expect(events()).toEqual([
    'SuccessfulRescale: New size: 4; reason: cpu resource utilization (percentage of request) above target',
  ]);
  expect(conditions()).toEqual([
    'AbleToScale True SucceededRescale',
    'ScalingActive True ValidMetricFound',
    'ScalingLimited False DesiredWithinRange',
  ]);
  expect(
    client.get<HorizontalPodAutoscaler>('horizontalpodautoscalers.autoscaling', 'default', 'api')?.status,
  ).toMatchObject({
    currentReplicas: 2,
    desiredReplicas: 4,
    currentMetrics: [
      { type: 'Resource', resource: { name: 'cpu', current: { averageValue: '150m', averageUtilization: 150 } } },
    ],
  });
});

test('within a tenth of the target nothing changes', () => {
  const { advance, size, conditions } = loaded(2, () => 80);
  advance(16_000);
  expect(size()).toBe(2);
  expect(conditions()).toContain('AbleToScale True ReadyForNewScale');
});

test('never more than the maximum, which is said', () => {
  const { advance, size, conditions } = loaded(4, () => 400);
  advance(16_000);
  expect(size()).toBe(6);
  expect(conditions()).toContain('ScalingLimited True TooManyReplicas');
});

test('no faster than twice its size or four', () => {
  const { advance, size, conditions } = loaded(1, () => 700);
  advance(16_000);
  expect(size()).toBe(4);
  expect(conditions()).toContain('ScalingLimited True ScaleUpLimit');
});

test('it shrinks once five minutes have asked for less', () => {
  const { advance, size, conditions, events } = loaded(4, () => 10);
  advance(60_000);
  expect(size()).toBe(4);
  expect(conditions()).toContain('AbleToScale True ScaleDownStabilized');
  advance(5 * 60_000);
  expect(size()).toBe(1);
  expect(events()).toEqual(['SuccessfulRescale: New size: 1; reason: All metrics below target']);
});

test('a behavior sets the pace', () => {
  const behavior = {
    scaleDown: {
      stabilizationWindowSeconds: 0,
      selectPolicy: 'Max',
      policies: [{ type: 'Pods', value: 1, periodSeconds: 60 }],
    },
  };
  const { advance, size, conditions } = loaded(4, () => 10, { behavior });
  advance(16_000);
  expect(size()).toBe(3);
  expect(conditions()).toContain('ScalingLimited True ScaleDownLimit');
  advance(30_000);
  expect(size()).toBe(3);
  advance(60_000);
  expect(size()).toBe(2);
});

test('an average of memory', () => {
  const metrics = [
    { type: 'Resource', resource: { name: 'memory', target: { type: 'AverageValue', averageValue: '32Mi' } } },
  ];
  const { advance, size, events } = loaded(1, () => 10, { metrics });
  advance(16_000);
  expect(size()).toBe(2);
  expect(events()).toEqual(['SuccessfulRescale: New size: 2; reason: memory resource above target']);
});

test('a pod without a request can not be measured', () => {
  const { advance, events, client } = loaded(1, () => 10);
  client.create('pods', {
    ...make<Pod>('v1', 'Pod', 'bare', { spec: { nodeName: 'node01', containers: [{ name: 'side', image: 'nginx' }] } }),
    metadata: { name: 'bare', namespace: 'default', labels: { app: 'api' } },
  });
  advance(16_000);
  expect(events()[0]).toBe(
    'FailedGetResourceMetric: failed to get cpu utilization: missing request for cpu in container side of Pod bare',
  );
});

const scalerOf = (name: string, target: object): HorizontalPodAutoscaler => {
  const made = scaler(1);
  return {
    ...made,
    metadata: { name, namespace: 'default' },
    spec: { ...made.spec, scaleTargetRef: target as never },
  };
};
const conditions = (client: ReturnType<typeof bench>['client'], name: string) =>
  client
    .get<HorizontalPodAutoscaler>('horizontalpodautoscalers.autoscaling', 'default', name)
    ?.status?.conditions?.map(({ type, status, reason, message }) => `${type}=${status} ${reason}: ${message}`);
const UNABLE = "AbleToScale=False FailedGetScale: the HPA controller was unable to get the target's current scale: ";

test.each([
  [
    'a kind that nobody knows',
    { apiVersion: 'apps/v1', kind: 'Deploy', name: 'api' },
    'no matches for kind "Deploy" in group "apps"',
  ],
  ['a group left out', { kind: 'Deployment', name: 'api' }, 'no matches for kind "Deployment" in group ""'],
  [
    'a kind without scale',
    { apiVersion: 'apps/v1', kind: 'DaemonSet', name: 'api' },
    'the server could not find the requested resource',
  ],
  [
    'an object that is not there',
    { apiVersion: 'apps/v1', kind: 'StatefulSet', name: 'api' },
    'statefulsets.apps "api" not found',
  ],
])('%s is no target', (_what, target, sentence) => {
  const { client, advance, events } = bench([horizontalPodAutoscaler(NONE)]);
  client.create('horizontalpodautoscalers.autoscaling', scalerOf('x', target));
  advance(16_000);
  expect(conditions(client, 'x')).toEqual([UNABLE + sentence]);
  expect(events()).toEqual([`FailedGetScale: ${sentence}`]);
});

test('two autoscalers of the same pods: the second notices at once, the first at its next look', () => {
  const { client, advance, events } = bench([horizontalPodAutoscaler(NONE)]);
  client.create('deployments.apps', api);
  client.create(
    'pods',
    make<Pod>('v1', 'Pod', 'api-1', {
      metadata: { name: 'api-1', namespace: 'default', labels: { app: 'api' } },
      spec: { containers: [] },
    }),
  );
  const target = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'api' };
  client.create('horizontalpodautoscalers.autoscaling', scalerOf('one', target));
  client.create('horizontalpodautoscalers.autoscaling', scalerOf('two', target));
  advance(16_000);
  const sentence = 'pods by selector app=api are controlled by multiple HPAs: [default/one default/two]';
  expect(conditions(client, 'one')?.[1]).toMatch(/^ScalingActive=False FailedGetResourceMetric: /);
  expect(conditions(client, 'two')?.[1]).toBe(`ScalingActive=False AmbiguousSelector: ${sentence}`);
  advance(15_000);
  expect(conditions(client, 'one')).toEqual([
    "AbleToScale=True SucceededGetScale: the HPA controller was able to get the target's current scale",
    `ScalingActive=False AmbiguousSelector: ${sentence}`,
  ]);
  expect(events()).toContain(`AmbiguousSelector: ${sentence}`);
  expect(events()).toContain(`FailedComputeMetricsReplicas: ${sentence}`);
});
