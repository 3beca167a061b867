import { expect, test } from '@jest/globals';
import type { KubeObject, Pod, ResourceQuota } from '../../api/types.ts';
import type { AdmissionRequest } from '../plugin.ts';
import { admit } from '../testing.ts';
import { resourceQuota } from './index.ts';

type Amounts = Record<string, string>;
const quota = (hard: Amounts, used: Amounts, spec: ResourceQuota['spec'] = {}): ResourceQuota => ({
  apiVersion: 'v1',
  kind: 'ResourceQuota',
  metadata: { name: 'q', namespace: 'dev' },
  spec: { hard, ...spec },
  status: { hard, used },
});
const pod = (requests?: Amounts, limits?: Amounts, rest: Pod['spec'] = { containers: [] }): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'p', namespace: 'dev' },
  spec: {
    ...rest,
    containers: [{ name: 'app', resources: { ...(requests ? { requests } : {}), ...(limits ? { limits } : {}) } }],
  },
});
const of = (kind: string, spec: object = {}): KubeObject =>
  ({ apiVersion: 'v1', kind, metadata: { name: 'x', namespace: 'dev' }, spec }) as KubeObject;
const enter = (resource: string, request: Partial<AdmissionRequest>, ...resourcequotas: ResourceQuota[]) =>
  admit(resourceQuota, resource, request, { resourcequotas });

// as recorded from 1.35.4
test.each<[string, string, KubeObject, ResourceQuota, string | undefined]>([
  ['room', 'pods', pod({ cpu: '500m' }), quota({ 'requests.cpu': '1' }, { 'requests.cpu': '500m' }), undefined],
  [
    'no room',
    'pods',
    pod({ cpu: '600m', memory: '768Mi' }, {}),
    quota(
      { 'requests.cpu': '1', 'requests.memory': '1Gi', pods: '4' },
      { 'requests.cpu': '500m', 'requests.memory': '512Mi', pods: '1' },
    ),
    'pods "p" is forbidden: exceeded quota: q, requested: requests.cpu=600m,requests.memory=768Mi, ' +
      'used: requests.cpu=500m,requests.memory=512Mi, limited: requests.cpu=1,requests.memory=1Gi',
  ],
  [
    'nothing said',
    'pods',
    pod(),
    quota({ 'limits.memory': '1Gi', 'requests.cpu': '1' }, { 'limits.memory': '0', 'requests.cpu': '0' }),
    'pods "p" is forbidden: failed quota: q: must specify limits.memory for: app; requests.cpu for: app',
  ],
  [
    'not counted yet',
    'pods',
    pod(),
    quota({ pods: '1' }, {}),
    'pods "p" is forbidden: status unknown for quota: q, resources: pods',
  ],
  [
    'one object too many',
    'configmaps',
    of('ConfigMap'),
    quota({ configmaps: '2' }, { configmaps: '2' }),
    'configmaps "x" is forbidden: exceeded quota: q, requested: configmaps=1, used: configmaps=2, limited: configmaps=2',
  ],
  [
    'none of a kind',
    'roles.rbac.authorization.k8s.io',
    of('Role'),
    quota({ 'count/roles.rbac.authorization.k8s.io': '0' }, { 'count/roles.rbac.authorization.k8s.io': '0' }),
    'roles.rbac.authorization.k8s.io "x" is forbidden: exceeded quota: q, ' +
      'requested: count/roles.rbac.authorization.k8s.io=1, used: count/roles.rbac.authorization.k8s.io=0, ' +
      'limited: count/roles.rbac.authorization.k8s.io=0',
  ],
  [
    'another scope',
    'pods',
    pod({ cpu: '1' }),
    quota({ pods: '0' }, { pods: '0' }, { scopes: ['BestEffort'] }),
    undefined,
  ],
  [
    'its scope',
    'pods',
    pod(),
    quota({ pods: '1' }, { pods: '1' }, { scopes: ['BestEffort'] }),
    'pods "p" is forbidden: exceeded quota: q, requested: pods=1, used: pods=1, limited: pods=1',
  ],
])('%s', (_case, resource, object, limit, refusal) => {
  expect(enter(resource, { object }, limit).refusal).toBe(refusal);
});

test('what is let in is charged at once, unless it is a dry run', () => {
  const limit = quota({ pods: '4', 'requests.cpu': '1' }, { pods: '1', 'requests.cpu': '500m' });
  const object = pod({ cpu: '250m' });
  expect(enter('pods', { object }, limit).written).toEqual([
    { ...limit, status: { ...limit.status, used: { pods: '2', 'requests.cpu': '750m' } } },
  ]);
  expect(enter('pods', { object, dryRun: true }, limit).written).toEqual([]);
});

test('a refusal by one quota charges none', () => {
  const open = { ...quota({ pods: '9' }, { pods: '0' }), metadata: { name: 'open', namespace: 'dev' } };
  const admitted = enter('pods', { object: pod() }, open, quota({ pods: '0' }, { pods: '0' }));
  expect(admitted.refusal).toContain('exceeded quota: q');
  expect(admitted.written).toEqual([]);
});

test('an update costs the difference', () => {
  const service = (type: string) => of('Service', { type, ports: [{ port: 80 }] });
  const limit = quota({ services: '1', 'services.nodeports': '1' }, { services: '1', 'services.nodeports': '0' });
  const request = { operation: 'UPDATE' as const, object: service('NodePort'), old: service('ClusterIP') };
  expect(enter('services', request, limit).written).toMatchObject([
    { status: { used: { services: '1', 'services.nodeports': '1' } } },
  ]);
  const same = { ...request, object: service('ClusterIP') };
  expect(enter('services', same, limit)).toMatchObject({ refusal: undefined, written: [] });
});
