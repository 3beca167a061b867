import { expect, test } from '@jest/globals';
import type { HorizontalPodAutoscaler } from '../../api/types.ts';
import { make } from '../testing.ts';
import { measure, type MetricSpec } from './metrics.ts';

const autoscaler = make<HorizontalPodAutoscaler>('autoscaling/v2', 'HorizontalPodAutoscaler', 'web', {
  metadata: { name: 'web', namespace: 'shop' },
});
const measuring = {
  autoscaler,
  pods: [],
  current: 1,
  metrics: { served: false, pod: () => undefined, node: () => undefined },
  now: 0,
};

const custom =
  'unable to fetch metrics from custom metrics API: no custom metrics API (custom.metrics.k8s.io) registered';
const external =
  'unable to fetch metrics from external metrics API: the server could not find the requested resource (get queue.external.metrics.k8s.io)';
const describedObject = { apiVersion: 'v1', kind: 'Service', name: 'front' };
const average = { type: 'AverageValue', averageValue: '10' };
const value = { type: 'Value', value: '10' };

// recorded from a real 1.35.4 controller manager
const rows: [name: string, metric: MetricSpec, message: string, wrapped: string][] = [
  [
    'pods',
    { type: 'Pods', pods: { metric: { name: 'hits' }, target: average } },
    `unable to get metric hits: ${custom}`,
    `failed to get pods metric value: unable to get metric hits: ${custom}`,
  ],
  [
    'a value of an object',
    { type: 'Object', object: { metric: { name: 'hits' }, describedObject, target: value } },
    `unable to get metric hits: Service on shop front/${custom}`,
    `failed to get object metric value: unable to get metric hits: Service on shop front/${custom}`,
  ],
  [
    'an average of an object',
    { type: 'Object', object: { metric: { name: 'hits' }, describedObject, target: average } },
    `unable to get metric hits: Service on shop front/${custom}`,
    `failed to get object metric value: failed to get hits object metric: unable to get metric hits: Service on shop front/${custom}`,
  ],
  [
    'an object by utilization',
    {
      type: 'Object',
      object: { metric: { name: 'hits' }, describedObject, target: { type: 'Utilization', averageUtilization: 1 } },
    },
    'invalid object metric source: neither a value target nor an average value target was set',
    'failed to get object metric value: invalid object metric source: neither a value target nor an average value target was set',
  ],
  [
    'an external value',
    { type: 'External', external: { metric: { name: 'queue' }, target: value } },
    `unable to get external metric shop/queue/nil: ${external}`,
    `failed to get queue external metric value: failed to get external metric queue: unable to get external metric shop/queue/nil: ${external}`,
  ],
  [
    'an external average with a selector',
    {
      type: 'External',
      external: { metric: { name: 'queue', selector: { matchLabels: { q: 'a' } } }, target: average },
    },
    `unable to get external metric shop/queue/&LabelSelector{MatchLabels:map[string]string{q: a,},MatchExpressions:[]LabelSelectorRequirement{},}: ${external}`,
    `failed to get queue external metric value: failed to get queue external metric: unable to get external metric shop/queue/&LabelSelector{MatchLabels:map[string]string{q: a,},MatchExpressions:[]LabelSelectorRequirement{},}: ${external}`,
  ],
];

test.each(rows)('%s cannot be measured, and it is said how far that got', (_name, metric, message, wrapped) => {
  expect(measure(metric, measuring)).toEqual({ reason: `FailedGet${metric.type}Metric`, message, wrapped });
});
