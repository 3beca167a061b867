import { expect, test } from '@jest/globals';
import type { Container, LimitRange, LimitRangeItem, Pod } from '../../api/types.ts';
import { admit } from '../testing.ts';
import { limitRanger } from './index.ts';

const range = (...limits: LimitRangeItem[]): LimitRange => ({
  apiVersion: 'v1',
  kind: 'LimitRange',
  metadata: { name: 'lr', namespace: 'dev' },
  spec: { limits },
});
const container = (name: string, requests?: Record<string, string>, limits?: Record<string, string>): Container => ({
  name,
  resources: { ...(requests ? { requests } : {}), ...(limits ? { limits } : {}) },
});
const pod = (...containers: Container[]): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'p', namespace: 'dev' },
  spec: { containers },
});
const under = (object: Pod, ...limits: LimitRangeItem[]) =>
  admit(limitRanger, 'pods', { object }, { limitranges: [range(...limits)] });

test('what a container leaves open is filled in, and said', () => {
  const { object, refusal } = under(pod(container('web', { cpu: '100m' }), container('side')), {
    type: 'Container',
    default: { cpu: '500m', memory: '256Mi' },
    defaultRequest: { cpu: '200m' },
  });
  expect(refusal).toBeUndefined();
  expect(object).toMatchObject({
    metadata: {
      annotations: {
        'kubernetes.io/limit-ranger':
          'LimitRanger plugin set: cpu, memory limit for container web; ' +
          'cpu request for container side; cpu, memory limit for container side',
      },
    },
    spec: {
      containers: [
        { name: 'web', resources: { requests: { cpu: '100m' }, limits: { cpu: '500m', memory: '256Mi' } } },
        { name: 'side', resources: { requests: { cpu: '200m' }, limits: { cpu: '500m', memory: '256Mi' } } },
      ],
    },
  });
});

const PREFIX = 'pods "p" is forbidden: ';
// as recorded from 1.35.4
test.each<[string, Pod, LimitRangeItem, string | undefined]>([
  ['within', pod(container('a', { cpu: '1' }, { cpu: '1' })), { type: 'Container', max: { cpu: '1' } }, undefined],
  [
    'above max twice',
    pod(container('a', { cpu: '1', memory: '1Gi' }, { cpu: '2', memory: '1Gi' })),
    { type: 'Container', max: { cpu: '1', memory: '512Mi' } },
    '[maximum cpu usage per Container is 1, but limit is 2, maximum memory usage per Container is 512Mi, but limit is 1Gi]',
  ],
  [
    'below min, and too far apart',
    pod(container('a', { cpu: '10m', memory: '16Mi' }, { cpu: '300m', memory: '512Mi' })),
    { type: 'Container', min: { cpu: '50m', memory: '32Mi' }, maxLimitRequestRatio: { cpu: '5' } },
    '[minimum cpu usage per Container is 50m, but request is 10m, ' +
      'minimum memory usage per Container is 32Mi, but request is 16Mi, ' +
      'cpu max limit to request ratio per Container is 5, but provided ratio is 30.000000]',
  ],
  [
    'together too much',
    pod(container('a', {}, { cpu: '300m' }), container('b', {}, { cpu: '300m' })),
    { type: 'Pod', max: { cpu: '500m' } },
    'maximum cpu usage per Pod is 500m, but limit is 600m',
  ],
  [
    'no word of it',
    pod(container('a')),
    { type: 'Pod', max: { cpu: '500m' } },
    'maximum cpu usage per Pod is 500m.  No limit is specified',
  ],
])('a pod %s', (_case, object, item, refusal) => {
  expect(under(object, item).refusal).toBe(refusal && PREFIX + refusal);
});

test.each([
  ['500Mi', 'minimum storage usage per PersistentVolumeClaim is 1Gi, but request is 500Mi'],
  ['6Gi', 'maximum storage usage per PersistentVolumeClaim is 5Gi, but request is 6Gi'],
  ['2Gi', undefined],
])('a claim for %s', (storage, refusal) => {
  const object = {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name: 'c', namespace: 'dev' },
    spec: { resources: { requests: { storage } } },
  };
  const item = { type: 'PersistentVolumeClaim', min: { storage: '1Gi' }, max: { storage: '5Gi' } };
  const admitted = admit(limitRanger, 'persistentvolumeclaims', { object }, { limitranges: [range(item)] });
  expect(admitted.refusal).toBe(refusal && `persistentvolumeclaims "c" is forbidden: ${refusal}`);
});
