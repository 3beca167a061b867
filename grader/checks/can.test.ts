import { expect, test } from '@jest/globals';
import type { Outcome } from '../types.ts';
import { EMPTY, object, state } from '../testing.ts';
import { canCheck, type CanOptions } from './can.ts';

const cluster = state(
  object('{apiVersion: v1, kind: Namespace, metadata: {name: shop}}'),
  object('{apiVersion: v1, kind: Namespace, metadata: {name: lab}}'),
  object(`
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: reader, namespace: shop}
rules:
  - {apiGroups: [""], resources: [pods, pods/log], verbs: [get, list]}
  - {apiGroups: [apps], resources: [deployments], resourceNames: [web], verbs: [patch]}
`),
  object(`
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: readers, namespace: shop}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: reader}
subjects:
  - {kind: User, apiGroup: rbac.authorization.k8s.io, name: jane}
  - {kind: ServiceAccount, name: bot, namespace: lab}
  - {kind: Group, apiGroup: rbac.authorization.k8s.io, name: crew}
`),
  object(`
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: health}
rules:
  - {nonResourceURLs: [/healthz], verbs: [get]}
`),
  object(`
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: health}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: health}
subjects:
  - {kind: User, apiGroup: rbac.authorization.k8s.io, name: jane}
`),
);

const jane = { user: 'jane', verbs: ['get', 'list'], resource: 'pods', namespace: 'shop' };
const passed: Outcome = { outcome: 'passed' };
const failed = (object: string, path: string, [expected, actual]: [string, string], nearMiss?: string): unknown => ({
  outcome: 'failed',
  findings: [{ object, path, expected, actual }],
  ...(nearMiss === undefined ? {} : { nearMiss: { en: nearMiss, ko: expect.any(String) } }),
});

const rows: { name: string; can: CanOptions['can']; allowed?: boolean; outcome: unknown }[] = [
  { name: 'a user by a role', can: jane, outcome: passed },
  { name: 'a subresource', can: { ...jane, resource: 'pods/log' }, outcome: passed },
  {
    name: 'a service account',
    can: { serviceAccount: 'lab/bot', verbs: ['list'], resource: 'pods', namespace: 'shop' },
    outcome: passed,
  },
  { name: 'a member of a group', can: { ...jane, user: 'joe', groups: ['crew'] }, outcome: passed },
  {
    name: 'one object by its name',
    can: { ...jane, verbs: ['patch'], resource: 'deployments.apps', name: 'web' },
    outcome: passed,
  },
  {
    name: 'the group of a resource is found',
    can: { ...jane, verbs: ['patch'], resource: 'deployments', name: 'web' },
    outcome: passed,
  },
  { name: 'a path that is no resource', can: { user: 'jane', verbs: ['get'], url: '/healthz' }, outcome: passed },
  { name: 'what may not be is not', can: { ...jane, verbs: ['delete'] }, allowed: false, outcome: passed },
  {
    name: 'one verb of two',
    can: { ...jane, verbs: ['get', 'delete'] },
    outcome: failed('User jane', 'delete pods (shop)', ['yes', 'no']),
  },
  {
    name: 'in another namespace',
    can: { ...jane, namespace: 'lab' },
    outcome: {
      outcome: 'failed',
      findings: ['get', 'list'].map((verb) => ({
        object: 'User jane',
        path: `${verb} pods (lab)`,
        expected: 'yes',
        actual: 'no',
      })),
      nearMiss: {
        en: 'User jane may do that in namespace "shop"; it has to be "lab".',
        ko: 'User jane: 네임스페이스 "shop"에서는 허용되어 있습니다. "lab"에서 허용되어야 합니다.',
      },
    },
  },
  {
    name: 'an object with another name',
    can: { ...jane, verbs: ['patch'], resource: 'deployments.apps', name: 'api' },
    outcome: failed('User jane', 'patch deployments.apps/api (shop)', ['yes', 'no']),
  },
  {
    name: 'too much is allowed',
    can: { ...jane, verbs: ['get'] },
    allowed: false,
    outcome: failed('User jane', 'get pods (shop)', ['no', 'yes']),
  },
];

test.each(rows)('$name', ({ can, allowed = true, outcome }) => {
  expect(canCheck.run({ can, allowed }, { now: cluster })).toEqual(outcome);
});

test('nothing is allowed in an empty cluster', () => {
  expect(canCheck.run({ can: jane, allowed: true }, { now: EMPTY }).outcome).toBe('failed');
});

test.each([
  ['nobody', { verbs: ['get'], resource: 'pods' }, ['can'], 'give either "user" or "serviceAccount"'],
  ['two who', { ...jane, serviceAccount: 'lab/bot' }, ['can'], 'give either "user" or "serviceAccount"'],
  ['nothing to do it to', { user: 'jane', verbs: ['get'] }, ['can'], 'give either "resource" or "url"'],
  [
    'a resource with a typo',
    { ...jane, resource: 'podz' },
    ['can', 'resource'],
    'unknown resource "podz"; did you mean "pods"?',
  ],
  [
    'a short name',
    { ...jane, resource: 'deploy' },
    ['can', 'resource'],
    'unknown resource "deploy"; did you mean "deployments"?',
  ],
  [
    'a wrong group',
    { ...jane, resource: 'deployments.batch' },
    ['can', 'resource'],
    'deployments is not in the group "batch" but in "apps"',
  ],
  [
    'a verb with a typo',
    { ...jane, verbs: ['get', 'lst'] },
    ['can', 'verbs', 1],
    'unknown verb "lst"; did you mean "list"?',
  ],
] as [string, CanOptions['can'], (string | number)[], string][])('%s is a problem', (_, can, path, message) => {
  expect(canCheck.problems({ can, allowed: true })).toEqual([{ path, message }]);
});

test.each(['widgets.example.com', '*', 'pods/exec', 'roles.rbac.authorization.k8s.io'])(
  '%s is a resource',
  (resource) => {
    expect(canCheck.problems({ can: { ...jane, resource }, allowed: true })).toEqual([]);
  },
);
