import { describe, expect, test } from '@jest/globals';
import type { UserInfo } from '#cluster/admission/plugin.ts';
import type { ResourceAttributes } from '#cluster/access/attributes.ts';
import { authorize, refusal } from '#cluster/access/authorizer.ts';
import { ruleAllows } from '#cluster/access/rbac.ts';
import type { ClusterRole, ClusterRoleBinding, PolicyRule, RoleBinding } from '#cluster/api/types.ts';
import { bootstrapStore } from '#cluster/bootstrap.ts';

const asked = (line: string): ResourceAttributes => {
  // `get pods/log.apps in dev named web`
  const [, verb = '', target = '', namespace = '', name = ''] =
    /^(\S+) (\S+)(?: in (\S+))?(?: named (\S+))?$/.exec(line) ?? [];
  const [path = '', ...group] = target.split('.');
  const [resource = '', subresource = ''] = path.split('/');
  return { verb, group: group.join('.'), resource, subresource, namespace, name };
};
const user = (username: string, ...groups: string[]): UserInfo => ({
  username,
  groups: [...groups, 'system:authenticated'],
});

const rule = (text: string): PolicyRule => {
  const [verbs = '', resources = '', groups = '', names = ''] = text.split('|');
  const list = (part: string) => (part === '' ? [] : part.split(','));
  return {
    verbs: list(verbs),
    resources: list(resources),
    apiGroups: groups === '' ? [''] : list(groups),
    resourceNames: list(names),
  };
};

test.each([
  ['the verb and resource', 'get|pods', 'get pods in dev', true],
  ['another verb', 'get|pods', 'list pods in dev', false],
  ['any verb', '*|pods', 'delete pods in dev', true],
  ['another group', 'get|deployments|apps', 'get deployments in dev', false],
  ['a subresource needs its own rule', 'get|pods', 'get pods/log in dev named web', false],
  ['a subresource', 'get|pods/log', 'get pods/log in dev named web', true],
  ['the subresource of any resource', 'update|*/scale|*', 'update deployments/scale.apps in dev named web', true],
  ['all resources include subresources', 'get|*|*', 'get pods/log in dev named web', true],
  ['a named object', 'get|secrets||db', 'get secrets in dev named db', true],
  ['another object', 'get|secrets||db', 'get secrets in dev named tls', false],
  ['a name restricts lists too', 'list|secrets||db', 'list secrets in dev', false],
])('a rule for %s', (_name, text, line, allowed) => {
  expect(ruleAllows(rule(text), asked(line))).toBe(allowed);
});

describe('bindings', () => {
  const store = bootstrapStore(0);
  const role: ClusterRole = {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRole',
    metadata: { name: 'reader' },
    rules: [rule('get,list|pods')],
  };
  store.put('clusterroles.rbac.authorization.k8s.io', role);
  const inDev: RoleBinding = {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'RoleBinding',
    metadata: { name: 'readers', namespace: 'dev' },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'reader' },
    subjects: [
      { kind: 'User', name: 'jane' },
      { kind: 'Group', name: 'ops' },
      { kind: 'ServiceAccount', name: 'bot' },
    ],
  };
  store.put('rolebindings.rbac.authorization.k8s.io', inDev);
  const everywhere: ClusterRoleBinding = {
    ...inDev,
    kind: 'ClusterRoleBinding',
    metadata: { name: 'auditors' },
    subjects: [{ kind: 'User', name: 'audit' }],
  };
  store.put('clusterrolebindings.rbac.authorization.k8s.io', everywhere);

  test.each([
    ['a user', user('jane'), 'list pods in dev', true],
    ['only in the namespace', user('jane'), 'list pods in prod', false],
    ['not in all namespaces', user('jane'), 'list pods', false],
    ['a group', user('kim', 'ops'), 'get pods in dev named web', true],
    ["the namespace's service account", user('system:serviceaccount:dev:bot'), 'get pods in dev', true],
    ["another namespace's service account", user('system:serviceaccount:prod:bot'), 'get pods in dev', false],
    ['a cluster binding holds everywhere', user('audit'), 'list pods', true],
    ['masters pass', user('root', 'system:masters'), 'delete nodes', true],
    ['nobody else', user('eve'), 'get pods in dev', false],
  ])('%s', (_name, who, line, allowed) => {
    expect(authorize(store, who, asked(line)).allowed).toBe(allowed);
  });

  test('the reason names the binding and the role', () => {
    expect(authorize(store, user('jane'), asked('get pods in dev')).reason).toBe(
      'RBAC: allowed by RoleBinding "readers/dev" of ClusterRole "reader" to User "jane"',
    );
  });

  test.each([
    ['/healthz', true],
    ['/version', true],
    ['/openapi/v3/api/v1', true],
    ['/metrics', false],
  ])('anybody who is known may get %s: %s', (path, allowed) => {
    expect(authorize(store, user('eve'), { verb: 'get', path }).allowed).toBe(allowed);
  });
});

test.each([
  ['get pods in dev named web', 'User "eve" cannot get resource "pods" in API group "" in the namespace "dev"'],
  ['list nodes', 'User "eve" cannot list resource "nodes" in API group "" at the cluster scope'],
  [
    'update deployments/scale.apps in dev',
    'User "eve" cannot update resource "deployments/scale" in API group "apps" in the namespace "dev"',
  ],
])('the refusal of "%s"', (line, sentence) => {
  expect(refusal(user('eve'), asked(line), '')).toBe(sentence);
});

test('a refusal names the roles that are bound and do not exist, each once', () => {
  const store = bootstrapStore(0);
  const bind = (name: string, role: string): RoleBinding => ({
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'RoleBinding',
    metadata: { name, namespace: 'dev' },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: role },
    subjects: [{ kind: 'User', name: 'eve', apiGroup: 'rbac.authorization.k8s.io' }],
  });
  const reason = () => authorize(store, user('eve'), asked('get pods in dev')).reason;
  store.put('rolebindings.rbac.authorization.k8s.io', bind('a', 'ghost'));
  store.put('rolebindings.rbac.authorization.k8s.io', bind('b', 'ghost'));
  const ghost = 'role.rbac.authorization.k8s.io "ghost" not found';
  expect(reason()).toBe(`RBAC: ${ghost}`);
  store.put('rolebindings.rbac.authorization.k8s.io', bind('c', 'gone'));
  expect(reason()).toBe(`RBAC: [${ghost}, role.rbac.authorization.k8s.io "gone" not found]`);
  expect(refusal(user('eve'), asked('list nodes'), 'RBAC: why')).toMatch(/ at the cluster scope: RBAC: why$/);
});
