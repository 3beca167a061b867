import { expect, test } from '@jest/globals';
import type { KubeObject, Role } from '../../api/types.ts';
import { admit } from '../testing.ts';
import { roleEscalation } from './index.ts';

const GROUP = 'rbac.authorization.k8s.io';
const RESOURCE = `roles.${GROUP}`;
const role = (...verbs: string[]): Role => ({
  apiVersion: `${GROUP}/v1`,
  kind: 'Role',
  metadata: { name: 'reader', namespace: 'shop' },
  rules: [{ apiGroups: [''], resources: ['pods'], verbs }],
});
const ann = { username: 'ann', groups: ['system:authenticated'] };
/** ann may get pods in shop. */
const held: Record<string, KubeObject[]> = {
  [RESOURCE]: [{ ...role('get'), metadata: { name: 'held', namespace: 'shop' } }],
  [`rolebindings.${GROUP}`]: [
    {
      apiVersion: `${GROUP}/v1`,
      kind: 'RoleBinding',
      metadata: { name: 'held', namespace: 'shop' },
      roleRef: { apiGroup: GROUP, kind: 'Role', name: 'held' },
      subjects: [{ kind: 'User', name: 'ann' }],
    } as KubeObject,
  ],
};

test('a role that allows what its writer may do', () => {
  expect(admit(roleEscalation, RESOURCE, { object: role('get'), user: ann }, held).refusal).toBeUndefined();
});

test('a role that allows more', () => {
  expect(admit(roleEscalation, RESOURCE, { object: role('get', 'delete'), user: ann }, held).refusal).toBe(
    'roles.rbac.authorization.k8s.io "reader" is forbidden: user "ann" (groups=["system:authenticated"]) is attempting to grant RBAC permissions not currently held:\n{APIGroups:[""], Resources:["pods"], Verbs:["delete"]}',
  );
});

test('a master grants anything', () => {
  const user = { username: 'root', groups: ['system:masters'] };
  expect(admit(roleEscalation, RESOURCE, { object: role('*'), user }, held).refusal).toBeUndefined();
});
