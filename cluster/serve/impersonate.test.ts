import { expect, test } from '@jest/globals';
import { bootstrapStore } from '../bootstrap.ts';
import type { ApiRequest } from './api.ts';
import { impersonate } from './impersonate.ts';

const store = bootstrapStore(0);
const GROUP = 'rbac.authorization.k8s.io';
store.put(`clusterroles.${GROUP}`, {
  apiVersion: `${GROUP}/v1`,
  kind: 'ClusterRole',
  metadata: { name: 'as-bob' },
  rules: [{ apiGroups: [''], resources: ['users'], verbs: ['impersonate'], resourceNames: ['bob'] }],
} as never);
store.put(`clusterrolebindings.${GROUP}`, {
  apiVersion: `${GROUP}/v1`,
  kind: 'ClusterRoleBinding',
  metadata: { name: 'as-bob' },
  roleRef: { apiGroup: GROUP, kind: 'ClusterRole', name: 'as-bob' },
  subjects: [{ kind: 'User', name: 'ann' }],
} as never);

const admin = { username: 'admin', groups: ['system:masters'] };
const ann = { username: 'ann', groups: ['system:authenticated'] };
const ask = (user: typeof admin, headers: Record<string, string>) =>
  impersonate(store, { user, headers } as unknown as ApiRequest);

test.each<[string, Record<string, string>, object]>([
  ['nobody', {}, admin],
  ['a user', { 'impersonate-user': 'bob' }, { username: 'bob', groups: ['system:authenticated'] }],
  [
    'a user with groups',
    { 'impersonate-user': 'bob', 'impersonate-group': 'dev, ops' },
    { username: 'bob', groups: ['dev', 'ops', 'system:authenticated'] },
  ],
  [
    'a user that is not authenticated',
    { 'impersonate-user': 'bob', 'impersonate-group': 'system:unauthenticated' },
    { username: 'bob', groups: ['system:unauthenticated'] },
  ],
  [
    'an account',
    { 'impersonate-user': 'system:serviceaccount:dev:bot' },
    {
      username: 'system:serviceaccount:dev:bot',
      groups: ['system:serviceaccounts', 'system:serviceaccounts:dev', 'system:authenticated'],
    },
  ],
  [
    'an account with groups of its own',
    { 'impersonate-user': 'system:serviceaccount:dev:bot', 'impersonate-group': 'dev' },
    { username: 'system:serviceaccount:dev:bot', groups: ['dev', 'system:authenticated'] },
  ],
  [
    'a stranger',
    { 'impersonate-user': 'system:anonymous' },
    { username: 'system:anonymous', groups: ['system:unauthenticated'] },
  ],
  [
    'everything about a user',
    { 'impersonate-user': 'bob', 'impersonate-uid': '7', 'impersonate-extra-a.example%2fteam': 'x, y' },
    { username: 'bob', uid: '7', groups: ['system:authenticated'], extra: { 'a.example/team': ['x', 'y'] } },
  ],
])('an administrator may be %s', (_case, headers, user) => {
  expect(ask(admin, headers)).toEqual(user);
});

test.each<[string, Record<string, string>, string]>([
  [
    'another user',
    { 'impersonate-user': 'eve' },
    'users "eve" is forbidden: User "ann" cannot impersonate resource "users" in API group "" at the cluster scope',
  ],
  [
    'a member of a group',
    { 'impersonate-user': 'bob', 'impersonate-group': 'system:masters' },
    'groups "system:masters" is forbidden: User "ann" cannot impersonate resource "groups" in API group "" at the cluster scope',
  ],
  [
    'an account',
    { 'impersonate-user': 'system:serviceaccount:dev:bot' },
    'serviceaccounts "bot" is forbidden: User "ann" cannot impersonate resource "serviceaccounts" in API group "" in the namespace "dev"',
  ],
  [
    'one with something extra',
    { 'impersonate-user': 'bob', 'impersonate-extra-team': 'x' },
    'userextras.authentication.k8s.io "x" is forbidden: User "ann" cannot impersonate resource "userextras/team" in API group "authentication.k8s.io" at the cluster scope',
  ],
  [
    'an id',
    { 'impersonate-user': 'bob', 'impersonate-uid': '7' },
    'uids.authentication.k8s.io "7" is forbidden: User "ann" cannot impersonate resource "uids" in API group "authentication.k8s.io" at the cluster scope',
  ],
  [
    'a group without a user',
    { 'impersonate-group': 'dev' },
    'requested [{Group  dev    }] without impersonating a user',
  ],
])('others may not be %s', (_case, headers, sentence) => {
  expect(() => ask(ann, headers)).toThrow(sentence);
  expect(ask(ann, { 'impersonate-user': 'bob' }).username).toBe('bob');
});
