import { expect, test } from '@jest/globals';
import type { Deployment, HorizontalPodAutoscaler } from '../../api/types.ts';
import { bench, make } from '../testing.ts';
import { horizontalPodAutoscaler } from './index.ts';

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
const api = make<Deployment>('apps/v1', 'Deployment', 'api', { spec: { replicas: 1, selector: {}, template: {} } });

test('a workload below its least size is scaled after a quarter of a minute', () => {
  const { client, advance, events } = bench([horizontalPodAutoscaler]);
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
  const { client, advance, events } = bench([horizontalPodAutoscaler]);
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
  const { client, advance, events } = bench([horizontalPodAutoscaler]);
  client.create('horizontalpodautoscalers.autoscaling', scaler(1));
  advance(20_000);
  expect(events()).toEqual(['FailedGetScale: deployments.apps "api" not found']);
});
