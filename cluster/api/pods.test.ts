import { expect, test } from '@jest/globals';
import { podLimits, podRequests, qosClass, type PodLike } from './pods.ts';
import type { Container, PodSpec } from './types.ts';

const container = (
  requests: Record<string, string>,
  limits?: Record<string, string>,
  more: Partial<Container> = {},
): Container => ({
  name: 'c',
  resources: { requests, ...(limits ? { limits } : {}) },
  ...more,
});
const pod = (spec: Partial<PodSpec>): PodLike => ({ spec: { containers: [], ...spec } });
const printed = (amounts: ReturnType<typeof podRequests>) =>
  Object.fromEntries([...amounts].map(([name, amount]) => [name, amount.toString()]));

test.each<[string, Partial<PodSpec>, Record<string, string>]>([
  [
    'containers add up',
    { containers: [container({ cpu: '100m' }), container({ cpu: '200m', memory: '1Gi' })] },
    { cpu: '300m', memory: '1Gi' },
  ],
  [
    'an init container can need more than all of them',
    { containers: [container({ cpu: '100m', memory: '1Gi' })], initContainers: [container({ cpu: '1' })] },
    { cpu: '1', memory: '1Gi' },
  ],
  [
    // sidecar 100m runs beside everything: init phase 100m + 500m, later 100m + 300m
    'a sidecar counts beside what comes after it',
    {
      containers: [container({ cpu: '300m' })],
      initContainers: [container({ cpu: '100m' }, undefined, { restartPolicy: 'Always' }), container({ cpu: '500m' })],
    },
    { cpu: '600m' },
  ],
  [
    'an init container before the sidecar stands alone',
    {
      containers: [container({ cpu: '300m' })],
      initContainers: [container({ cpu: '350m' }), container({ cpu: '100m' }, undefined, { restartPolicy: 'Always' })],
    },
    { cpu: '400m' },
  ],
  [
    'overhead comes on top',
    { containers: [container({ cpu: '1' })], overhead: { cpu: '250m', memory: '1Mi' } },
    { cpu: '1250m', memory: '1Mi' },
  ],
  [
    'the pod itself can say',
    { containers: [container({ cpu: '1', 'example.com/gpu': '1' })], resources: { requests: { cpu: '2' } } },
    { cpu: '2', 'example.com/gpu': '1' },
  ],
])('requests: %s', (_, spec, expected) => {
  expect(printed(podRequests(pod(spec)))).toEqual(expected);
});

test('overhead is added to limits that are there', () => {
  const spec = { containers: [container({}, { cpu: '1' })], overhead: { cpu: '250m', memory: '1Mi' } };
  expect(printed(podLimits(pod(spec)))).toEqual({ cpu: '1250m' });
});

const full = { cpu: '1', memory: '1Gi' };
test.each<[string, Partial<PodSpec>, string]>([
  ['nothing asked for', { containers: [container({})] }, 'BestEffort'],
  ['zero is nothing', { containers: [container({ cpu: '0' })] }, 'BestEffort'],
  ['requests only', { containers: [container({ cpu: '1' })] }, 'Burstable'],
  ['limits equal requests', { containers: [container(full, full)] }, 'Guaranteed'],
  ['written otherwise but equal', { containers: [container({ cpu: '1000m', memory: '1024Mi' }, full)] }, 'Guaranteed'],
  ['one container without limits', { containers: [container(full, full), container({})] }, 'Burstable'],
  ['limits above requests', { containers: [container({ cpu: '500m', memory: '1Gi' }, full)] }, 'Burstable'],
  ['storage does not count', { containers: [container({ 'ephemeral-storage': '1Gi' })] }, 'BestEffort'],
  ['on the pod', { containers: [container({})], resources: { requests: full, limits: full } }, 'Guaranteed'],
])('QoS: %s', (_, spec, expected) => {
  expect(qosClass(pod(spec))).toBe(expected);
});
