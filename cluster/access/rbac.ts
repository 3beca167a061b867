/** Who may do what, from the cluster's Roles and bindings. Allowing only: what no rule allows is refused. */
import type { UserInfo } from '../admission/plugin.ts';
import type { ClusterRole, ClusterRoleBinding, PolicyRule, Role, RoleBinding } from '../api/types.ts';
import type { Reader } from '../store/client.ts';

export interface ResourceAttributes {
  verb: string;
  group: string;
  resource: string;
  /** '' for the object itself. */
  subresource: string;
  /** '' for cluster scope, or all namespaces. */
  namespace: string;
  /** '' when the request names no object. */
  name: string;
}

export interface Decision {
  allowed: boolean;
  /** Which binding allowed it, as the server's audit tells it; when refused, which roles are missing, '' for none. */
  reason: string;
}

type Subjects = RoleBinding['subjects'];

/** Members of this group pass without a look at any role. */
const MASTERS = 'system:masters';

function isSubject(subjects: Subjects, user: UserInfo, bindingNamespace: string): boolean {
  return (subjects ?? []).some((subject) => {
    switch (subject.kind) {
      case 'User':
        return subject.name === user.username;
      case 'Group':
        return user.groups.includes(subject.name);
      case 'ServiceAccount':
        return user.username === `system:serviceaccount:${subject.namespace || bindingNamespace}:${subject.name}`;
      default:
        return false;
    }
  });
}

const describeSubject = (subjects: Subjects, user: UserInfo): string => {
  const found = (subjects ?? []).find((subject) =>
    subject.kind === 'Group' ? user.groups.includes(subject.name) : user.username.endsWith(subject.name),
  );
  return found
    ? `${found.kind} "${found.kind === 'ServiceAccount' ? `${found.name}/${found.namespace ?? ''}` : found.name}"`
    : '';
};

interface Grant {
  rules: readonly PolicyRule[];
  reason: string;
  /** Why there are no rules: the role bound does not exist. */
  missing?: string;
}

/** The rules that hold for a user in a namespace ('' for cluster scope), with the binding that brings them. */
export function grantsFor(store: Reader, user: UserInfo, namespace: string): Grant[] {
  const grants: Grant[] = [];
  const rulesOf = (kind: string, name: string): Pick<Grant, 'rules' | 'missing'> => {
    const role =
      kind === 'ClusterRole'
        ? store.get<ClusterRole>('clusterroles.rbac.authorization.k8s.io', '', name)
        : store.get<Role>('roles.rbac.authorization.k8s.io', namespace, name);
    if (role) return { rules: role.rules ?? [] };
    return { rules: [], missing: `${kind.toLowerCase()}.rbac.authorization.k8s.io ${JSON.stringify(name)} not found` };
  };
  for (const binding of store.list<ClusterRoleBinding>('clusterrolebindings.rbac.authorization.k8s.io')) {
    if (!isSubject(binding.subjects, user, '')) continue;
    grants.push({
      ...rulesOf('ClusterRole', binding.roleRef.name),
      reason: `RBAC: allowed by ClusterRoleBinding "${binding.metadata.name}" of ClusterRole "${binding.roleRef.name}" to ${describeSubject(binding.subjects, user)}`,
    });
  }
  if (namespace === '') return grants;
  for (const binding of store.list<RoleBinding>('rolebindings.rbac.authorization.k8s.io', namespace)) {
    if (!isSubject(binding.subjects, user, namespace)) continue;
    const { kind, name } = binding.roleRef;
    grants.push({
      ...rulesOf(kind, name),
      reason: `RBAC: allowed by RoleBinding "${binding.metadata.name}/${namespace}" of ${kind} "${name}" to ${describeSubject(binding.subjects, user)}`,
    });
  }
  return grants;
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

function decide(grants: readonly Grant[], allows: (rule: PolicyRule) => boolean): Decision {
  const grant = grants.find(({ rules }) => rules.some(allows));
  if (grant) return { allowed: true, reason: grant.reason };
  const missing = [...new Set(grants.flatMap((one) => one.missing ?? []))];
  if (missing.length === 0) return { allowed: false, reason: '' };
  return { allowed: false, reason: `RBAC: ${missing.length === 1 ? missing[0] : `[${missing.join(', ')}]`}` };
}

export function authorize(store: Reader, user: UserInfo, asked: ResourceAttributes): Decision {
  if (user.groups.includes(MASTERS)) return { allowed: true, reason: '' };
  return decide(grantsFor(store, user, asked.namespace), (rule) => ruleAllows(rule, asked));
}

/** Paths that are no resources: /healthz, /version, /api. */
export function authorizePath(store: Reader, user: UserInfo, verb: string, path: string): Decision {
  if (user.groups.includes(MASTERS)) return { allowed: true, reason: '' };
  return decide(
    grantsFor(store, user, ''),
    (rule) => covers(rule.verbs, verb) && pathCovered(rule.nonResourceURLs, path),
  );
}

/** What a refused request is told, after "is forbidden: ". `reason`: the decision's. */
export function refusal(user: UserInfo, asked: ResourceAttributes, reason: string): string {
  const resource = asked.subresource === '' ? asked.resource : `${asked.resource}/${asked.subresource}`;
  const where = asked.namespace === '' ? 'at the cluster scope' : `in the namespace ${JSON.stringify(asked.namespace)}`;
  const sentence = `User ${JSON.stringify(user.username)} cannot ${asked.verb} resource ${JSON.stringify(resource)} in API group ${JSON.stringify(asked.group)} ${where}`;
  return reason === '' ? sentence : `${sentence}: ${reason}`;
}
