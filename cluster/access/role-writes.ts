/**
 * What a user must hold to write a role or to bind one: everything in it, unless a rule lets them `escalate` or `bind`.
 * Checked by the storage of the four kinds, so no admission plugin can turn it off.
 */
import type { UserInfo } from '../admission/plugin.ts';
import { equal } from '../api/merge.ts';
import { badRequest, forbiddenError, notFoundError, StatusError } from '../api/status.ts';
import type { ClusterRole, ClusterRoleBinding, KubeObject, PolicyRule, RoleBinding } from '../api/types.ts';
import type { Reader } from '../store/client.ts';
import { authorize, isMaster } from './authorizer.ts';
import { missingRules, quotedList } from './escalation.ts';
import { grantsFor, missingRoles, rulesOf } from './rbac.ts';

const GROUP = 'rbac.authorization.k8s.io';
const ROLES = ['roles', 'clusterroles'];
const BINDINGS = ['rolebindings', 'clusterrolebindings'];
const EVERYTHING: readonly PolicyRule[] = [
  { apiGroups: ['*'], resources: ['*'], verbs: ['*'] },
  { nonResourceURLs: ['*'], verbs: ['*'] },
];

export interface RoleWrite {
  user: UserInfo;
  group: string;
  /** Plural. */
  resource: string;
  /** '' for cluster-scoped kinds. */
  namespace: string;
  /** The name in the request's path: '' for a create. */
  name: string;
  object: KubeObject;
  old?: KubeObject;
}

/** Why the user may not hand out `rules`; undefined: they hold them all. */
function problem(
  store: Reader,
  { user, namespace, group, resource }: RoleWrite,
  rules: readonly PolicyRule[],
): string | undefined {
  const grants = grantsFor(store, user, namespace);
  const missing = missingRules(
    grants.flatMap((grant) => grant.rules),
    rules,
  );
  if (missing.length === 0) return undefined;
  const { username, groups } = user;
  // roles that are not there are told with the words of the request
  const unresolved = missingRoles(grants).replaceAll(
    /(?:cluster)?role\.rbac\.authorization\.k8s\.io/g,
    `${resource}.${group}`,
  );
  const told = `user ${JSON.stringify(username)} (groups=${quotedList(groups)}) is attempting to grant RBAC permissions not currently held:\n${missing.join('\n')}`;
  return unresolved === '' ? told : `${told}; resolution errors: [${unresolved}]`;
}

/** A change that only lets the garbage collector do its work. */
function onlyForDeletion({ object, old }: RoleWrite): boolean {
  if (!old) return false;
  const { ownerReferences, finalizers, managedFields } = old.metadata;
  const kept = { ...object.metadata, ownerReferences, finalizers, managedFields };
  const plain = (one: unknown): unknown => JSON.parse(JSON.stringify(one));
  return equal(plain({ ...object, metadata: kept }), plain(old));
}

const aggregates = (object: (KubeObject & Pick<ClusterRole, 'aggregationRule'>) | undefined) =>
  (object?.aggregationRule?.clusterRoleSelectors?.length ?? 0) > 0;

function checkRole(store: Reader, write: RoleWrite): void {
  const { user, group, resource, namespace, name, object, old } = write;
  const asked = { verb: 'escalate', group, resource, subresource: '', namespace, name };
  if (authorize(store, user, asked).allowed || onlyForDeletion(write)) return;
  const refuse = (why: string) => forbiddenError({ group, resource }, object.metadata.name, why);
  const why = problem(store, write, (object as ClusterRole).rules ?? []);
  if (why !== undefined) throw refuse(why);
  if (!aggregates(object) && !aggregates(old)) return;
  // it gathers whatever others write
  if (problem(store, write, EVERYTHING) !== undefined) {
    throw refuse('must have cluster-admin privileges to use the aggregationRule');
  }
}

function checkBinding(store: Reader, write: RoleWrite): void {
  const { user, group, resource, namespace, object } = write;
  if (onlyForDeletion(write)) return;
  const { roleRef } = object as RoleBinding | ClusterRoleBinding;
  const plural: string | undefined = { Role: 'roles', ClusterRole: 'clusterroles' }[roleRef.kind];
  if (plural !== undefined) {
    const asked = {
      verb: 'bind',
      group: roleRef.apiGroup ?? '',
      resource: plural,
      subresource: '',
      namespace,
      name: roleRef.name,
    };
    if (authorize(store, user, asked).allowed) return;
  }
  if (plural === undefined) {
    throw new StatusError({ message: `unsupported role reference kind: ${JSON.stringify(roleRef.kind)}`, code: 500 });
  }
  if (roleRef.kind === 'Role' && namespace === '') throw badRequest('Namespace parameter required.');
  if (roleRef.name === '') throw badRequest('Name parameter required.');
  const { rules, missing } = rulesOf(store, roleRef, namespace);
  // the role is looked for with the words of the request
  if (missing !== undefined) throw notFoundError({ group, resource }, roleRef.name);
  const why = problem(store, write, rules);
  if (why !== undefined) throw forbiddenError({ group, resource }, object.metadata.name, why);
}

/** @throws StatusError 403 when the user would hand out what they do not hold, 404 when the role to bind is not there */
export function checkRoleWrite(store: Reader, write: RoleWrite): void {
  if (write.group !== GROUP || isMaster(write.user)) return;
  if (ROLES.includes(write.resource)) checkRole(store, write);
  else if (BINDINGS.includes(write.resource)) checkBinding(store, write);
}
