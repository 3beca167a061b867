import { expect, test } from '@jest/globals';
import type { UserInfo } from '../admission/plugin.ts';
import type { KubeObject, PolicyRule } from '../api/types.ts';
import { Store } from '../store/store.ts';
import { checkRoleWrite } from './role-writes.ts';

const GROUP = 'rbac.authorization.k8s.io';
const ann: UserInfo = { username: 'ann', groups: ['system:authenticated'] };
const pods: PolicyRule = { apiGroups: [''], resources: ['pods'], verbs: ['get'] };
const may = (verb: string, resource: string, name?: string): PolicyRule => ({
  apiGroups: [GROUP],
  resources: [resource],
  verbs: [verb],
  ...(name === undefined ? {} : { resourceNames: [name] }),
});
const object = (kind: string, name: string, rest: object): KubeObject => ({
  apiVersion: `${GROUP}/v1`,
  kind,
  metadata: { name, namespace: 'dev' },
  ...rest,
});

/** What ann hears who holds `held` in namespace dev and writes there. */
function write(held: PolicyRule[], resource: string, what: KubeObject, old?: KubeObject, user = ann): string {
  const store = new Store();
  store.put(`roles.${GROUP}`, object('Role', 'held', { rules: held }));
  store.put(
    `rolebindings.${GROUP}`,
    object('RoleBinding', 'ann', {
      roleRef: { apiGroup: GROUP, kind: 'Role', name: 'held' },
      subjects: [{ kind: 'User', name: 'ann' }],
    }),
  );
  store.put(`roles.${GROUP}`, object('Role', 'wide', { rules: [{ ...pods, verbs: ['*'] }] }));
  const asked = { user, group: GROUP, resource, namespace: 'dev', name: '', object: what, ...(old ? { old } : {}) };
  try {
    checkRoleWrite(store, asked);
    return '';
  } catch (error) {
    return (error as Error).message;
  }
}

const role = (...rules: PolicyRule[]) => object('Role', 'r', { rules });
const deletes = { ...pods, verbs: ['delete'] };
const bind = (kind: string, name: string) => object('RoleBinding', 'b', { roleRef: { apiGroup: GROUP, kind, name } });
const GRANTS =
  'user "ann" (groups=["system:authenticated"]) is attempting to grant RBAC permissions not currently held:';

test.each<[string, PolicyRule[], string, KubeObject, string]>([
  ['a role of what is held', [pods], 'roles', role(pods), ''],
  [
    'a role of more',
    [pods],
    'roles',
    role(pods, deletes),
    `roles.${GROUP} "r" is forbidden: ${GRANTS}\n{APIGroups:[""], Resources:["pods"], Verbs:["delete"]}`,
  ],
  ['a role of more, who may escalate', [may('escalate', 'roles')], 'roles', role(deletes), ''],
  [
    'a binding of more',
    [pods],
    'rolebindings',
    bind('Role', 'wide'),
    `rolebindings.${GROUP} "b" is forbidden: ${GRANTS}\n{APIGroups:[""], Resources:["pods"], Verbs:["*"]}`,
  ],
  ['a binding of more, who may bind it', [may('bind', 'roles', 'wide')], 'rolebindings', bind('Role', 'wide'), ''],
  [
    'a binding of a role that is not there',
    [pods],
    'rolebindings',
    bind('ClusterRole', 'ghost'),
    `rolebindings.${GROUP} "ghost" not found`,
  ],
  [
    'a binding of something else',
    [pods],
    'rolebindings',
    bind('Pod', 'ghost'),
    'unsupported role reference kind: "Pod"',
  ],
])('%s', (_case, held, resource, what, sentence) => {
  expect(write(held, resource, what)).toBe(sentence);
});

test('rules that gather others take everything', () => {
  const aggregationRule = { clusterRoleSelectors: [{ matchLabels: { a: 'b' } }] };
  expect(write([pods], 'clusterroles', object('ClusterRole', 'all', { aggregationRule }))).toBe(
    `clusterroles.${GROUP} "all" is forbidden: must have cluster-admin privileges to use the aggregationRule`,
  );
});

test('what only serves its deletion is nobody\u2019s grant', () => {
  const old = role(deletes);
  const freed = { ...old, metadata: { ...old.metadata, finalizers: ['a.example/b'] } };
  expect(write([], 'roles', freed, old)).toBe('');
});

test('masters hold everything', () => {
  const master = { username: 'root', groups: ['system:masters'] };
  expect(write([], 'roles', role(deletes), undefined, master)).toBe('');
});
