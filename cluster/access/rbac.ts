/** Role-based access control: who may do what, from the cluster's Roles and bindings. Allowing only: what no rule allows is refused. */
import type { UserInfo } from '../admission/plugin.ts';
import type { ClusterRole, ClusterRoleBinding, PolicyRule, Role, RoleBinding } from '../api/types.ts';
import type { Reader } from '../store/client.ts';
import type { Decision, PathAttributes, ResourceAttributes } from './attributes.ts';

type Subjects = RoleBinding['subjects'];

const applies = (subject: NonNullable<Subjects>[number], user: UserInfo, bindingNamespace: string): boolean => {
  const namespace = subject.namespace || bindingNamespace;
  switch (subject.kind) {
    case 'User':
      return user.username === subject.name;
    case 'Group':
      return user.groups.includes(subject.name);
    case 'ServiceAccount':
      return namespace !== '' && user.username === `system:serviceaccount:${namespace}:${subject.name}`;
    default:
      return false;
  }
};

/** How a decision names the first subject that is this user; undefined: none of them is. */
function subjectOf(subjects: Subjects, user: UserInfo, bindingNamespace: string): string | undefined {
  const found = (subjects ?? []).find((subject) => applies(subject, user, bindingNamespace));
  if (!found) return undefined;
  const { kind, name, namespace } = found;
  return `${kind} ${JSON.stringify(kind === 'ServiceAccount' ? `${name}/${namespace || bindingNamespace}` : name)}`;
}

export interface Grant {
  rules: readonly PolicyRule[];
  reason: string;
  /** Why there are no rules: the role bound does not exist. */
  missing?: string;
}

type RoleRef = RoleBinding['roleRef'];

/** The rules of the role that a binding in `namespace` ('' for the whole cluster) refers to. */
export function rulesOf(store: Reader, { kind, name }: RoleRef, namespace: string): Pick<Grant, 'rules' | 'missing'> {
  if (kind !== 'ClusterRole' && kind !== 'Role') {
    return { rules: [], missing: `unsupported role reference kind: ${JSON.stringify(kind)}` };
  }
  const role =
    kind === 'ClusterRole'
      ? store.get<ClusterRole>('clusterroles.rbac.authorization.k8s.io', '', name)
      : store.get<Role>('roles.rbac.authorization.k8s.io', namespace, name);
  if (role) return { rules: role.rules ?? [] };
  return { rules: [], missing: `${kind.toLowerCase()}.rbac.authorization.k8s.io ${JSON.stringify(name)} not found` };
}

/** The rules that hold for a user in a namespace ('' for cluster scope), with the binding that brings them. */
export function grantsFor(store: Reader, user: UserInfo, namespace: string): Grant[] {
  const grants: Grant[] = [];
  for (const { metadata, roleRef, subjects } of store.list<ClusterRoleBinding>(
    'clusterrolebindings.rbac.authorization.k8s.io',
  )) {
    const subject = subjectOf(subjects, user, '');
    if (subject === undefined) continue;
    grants.push({
      ...rulesOf(store, roleRef, ''),
      reason: `RBAC: allowed by ClusterRoleBinding ${JSON.stringify(metadata.name)} of ${roleRef.kind} ${JSON.stringify(roleRef.name)} to ${subject}`,
    });
  }
  if (namespace === '') return grants;
  for (const { metadata, roleRef, subjects } of store.list<RoleBinding>(
    'rolebindings.rbac.authorization.k8s.io',
    namespace,
  )) {
    const subject = subjectOf(subjects, user, namespace);
    if (subject === undefined) continue;
    grants.push({
      ...rulesOf(store, roleRef, namespace),
      reason: `RBAC: allowed by RoleBinding ${JSON.stringify(`${metadata.name}/${namespace}`)} of ${roleRef.kind} ${JSON.stringify(roleRef.name)} to ${subject}`,
    });
  }
  return grants;
}

/** What went wrong on the way to a user's rules, each problem once; '' when nothing did. */
export function missingRoles(grants: readonly Grant[]): string {
  const missing = [...new Set(grants.flatMap((one) => one.missing ?? []))];
  return missing.length > 1 ? `[${missing.join(', ')}]` : (missing[0] ?? '');
}

const covers = (list: readonly string[] | undefined, value: string) =>
  (list ?? []).some((one) => one === '*' || one === value);

export function ruleAllows(rule: PolicyRule, asked: ResourceAttributes): boolean {
  const resource = asked.subresource === '' ? asked.resource : `${asked.resource}/${asked.subresource}`;
  const resourceCovered =
    covers(rule.resources, resource) ||
    (asked.subresource !== '' && (rule.resources ?? []).includes(`*/${asked.subresource}`));
  const nameCovered = (rule.resourceNames ?? []).length === 0 || (rule.resourceNames ?? []).includes(asked.name);
  return covers(rule.verbs, asked.verb) && covers(rule.apiGroups, asked.group) && resourceCovered && nameCovered;
}

const pathCovered = (patterns: readonly string[] | undefined, path: string) =>
  (patterns ?? []).some(
    (one) => one === '*' || one === path || (one.endsWith('*') && path.startsWith(one.slice(0, -1))),
  );

const pathAllows = (rule: PolicyRule, { verb, path }: PathAttributes) =>
  covers(rule.verbs, verb) && pathCovered(rule.nonResourceURLs, path);

/** Whether one of `rules` allows what is asked. */
export const rulesAllow = (rules: readonly PolicyRule[], asked: ResourceAttributes | PathAttributes): boolean =>
  rules.some((rule) => ('path' in asked ? pathAllows(rule, asked) : ruleAllows(rule, asked)));

export function authorizeByRoles(store: Reader, user: UserInfo, asked: ResourceAttributes | PathAttributes): Decision {
  const grants = grantsFor(store, user, 'path' in asked ? '' : asked.namespace);
  const grant = grants.find(({ rules }) => rulesAllow(rules, asked));
  if (grant) return { allowed: true, reason: grant.reason };
  const missing = missingRoles(grants);
  return { allowed: false, reason: missing === '' ? '' : `RBAC: ${missing}` };
}
