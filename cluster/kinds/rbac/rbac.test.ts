import { expect, test } from '@jest/globals';
import { printFieldError } from '../../api/field.ts';
import type { ClusterRole, PolicyRule, RoleBinding } from '../../api/types.ts';
import type { UpdateContext } from '../kind.ts';
import { clusterRoleBinding, roleBinding } from './bindings.ts';
import { clusterRole } from './cluster-role.ts';
import { role } from './role.ts';

const context = {} as unknown as UpdateContext;
const pods: PolicyRule = { apiGroups: [''], resources: ['pods'], verbs: ['get'] };
const withRules = (...rules: PolicyRule[]) => ({
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'Role',
  metadata: { name: 'r' },
  rules,
});
const urls: PolicyRule = { nonResourceURLs: ['/healthz'], verbs: ['get'] };

test.each<[string, PolicyRule, string[], string[]]>([
  ['pods', pods, [], []],
  [
    'paths',
    urls,
    ['rules[0].nonResourceURLs: Invalid value: ["/healthz"]: namespaced rules cannot apply to non-resource URLs'],
    [],
  ],
  [
    'nothing',
    { verbs: [] },
    [
      'rules[0].verbs: Required value: verbs must contain at least one value',
      'rules[0].apiGroups: Required value: resource rules must supply at least one api group',
      'rules[0].resources: Required value: resource rules must supply at least one resource',
    ],
    [
      'rules[0].verbs: Required value: verbs must contain at least one value',
      'rules[0].apiGroups: Required value: resource rules must supply at least one api group',
      'rules[0].resources: Required value: resource rules must supply at least one resource',
    ],
  ],
])('a rule about %s', (_case, rule, inNamespace, inCluster) => {
  expect(role.validate?.(withRules(rule), context).map(printFieldError)).toEqual(inNamespace);
  const wide: ClusterRole = withRules(rule);
  expect(clusterRole.validate?.(wide, context).map(printFieldError)).toEqual(inCluster);
});

const binding = (rest: Partial<RoleBinding>): RoleBinding => {
  const object = {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'RoleBinding',
    metadata: { name: 'rb', namespace: 'dev' },
    roleRef: { apiGroup: '', kind: 'Role', name: 'reader' },
    ...structuredClone(rest),
  };
  roleBinding.defaults?.(object);
  return object;
};

test.each<[string, Partial<RoleBinding>, string[]]>([
  ['a user', { subjects: [{ kind: 'User', name: 'ann' }] }, []],
  [
    'a stranger',
    { subjects: [{ kind: 'Person', name: 'ann' }] },
    ['subjects[0].kind: Unsupported value: "Person": supported values: "ServiceAccount", "User", "Group"'],
  ],
  ['nobody', { subjects: [{ kind: 'User', name: '' }] }, ['subjects[0].name: Required value']],
  [
    'to no role',
    { roleRef: { apiGroup: '', kind: 'Pod', name: '' } },
    ['roleRef.kind: Unsupported value: "Pod": supported values: "Role", "ClusterRole"', 'roleRef.name: Required value'],
  ],
])('binds %s', (_case, rest, sentences) => {
  expect(roleBinding.validate?.(binding(rest), context).map(printFieldError)).toEqual(sentences);
});

test('across the cluster an account needs its namespace', () => {
  const wide = { ...binding({ subjects: [{ kind: 'ServiceAccount', name: 'bot' }] }), kind: 'ClusterRoleBinding' };
  expect(clusterRoleBinding.validate?.(wide, context).map(printFieldError)).toEqual([
    'roleRef.kind: Unsupported value: "Role": supported values: "ClusterRole"',
    'subjects[0].namespace: Required value',
  ]);
});

test('the role stays', () => {
  const other = binding({ roleRef: { apiGroup: '', kind: 'Role', name: 'other' } });
  expect(roleBinding.validateUpdate?.(other, binding({}), context).map(printFieldError)).toEqual([
    'roleRef: Invalid value: {"APIGroup":"rbac.authorization.k8s.io","Kind":"Role","Name":"other"}: cannot change roleRef',
  ]);
});

test('kubectl prints who is bound, by kind', () => {
  const subjects = [
    { kind: 'User', name: 'ann' },
    { kind: 'User', name: 'bob' },
    { kind: 'Group', name: 'devs' },
    { kind: 'ServiceAccount', name: 'bot', namespace: 'dev' },
  ];
  const cells = roleBinding.cells?.(binding({ subjects }), context);
  expect(cells).toEqual(['rb', 'Role/reader', null, 'ann, bob', 'devs', 'dev/bot']);
});
