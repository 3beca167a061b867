/** May they? The authorizers one after another, as --authorization-mode=Node,RBAC: the first that allows has the last word. */
import type { UserInfo } from '../admission/plugin.ts';
import type { Reader } from '../store/client.ts';
import type { Decision, PathAttributes, ResourceAttributes } from './attributes.ts';
import { authorizeNode } from './node-authorizer.ts';
import { authorizeByRoles } from './rbac.ts';

/** Members of this group pass without a look at any role. */
const MASTERS = 'system:masters';

export const isMaster = (user: UserInfo): boolean => user.groups.includes(MASTERS);

export function authorize(store: Reader, user: UserInfo, asked: ResourceAttributes | PathAttributes): Decision {
  if (isMaster(user)) return { allowed: true, reason: '' };
  const reasons: string[] = [];
  for (const ask of [authorizeNode, authorizeByRoles]) {
    const decision = ask(store, user, asked);
    if (decision.allowed) return decision;
    if (decision.reason !== '') reasons.push(decision.reason);
  }
  return { allowed: false, reason: reasons.join('\n') };
}

/** What the server writes of its own into an answer is never taken for HTML. */
const sanitized = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

const quoted = (text: string) => JSON.stringify(text);

function sentence(user: UserInfo, asked: ResourceAttributes | PathAttributes): string {
  const who = `User ${quoted(user.username)} cannot ${asked.verb}`;
  if ('path' in asked) return `${who} path ${quoted(asked.path)}`;
  const resource = asked.subresource === '' ? asked.resource : `${asked.resource}/${asked.subresource}`;
  const where = asked.namespace === '' ? 'at the cluster scope' : `in the namespace ${quoted(asked.namespace)}`;
  return `${who} resource ${quoted(resource)} in API group ${quoted(asked.group)} ${where}`;
}

/** What a refused request is told, after "forbidden: ". `reason`: the decision's. */
export function refusal(user: UserInfo, asked: ResourceAttributes | PathAttributes, reason: string): string {
  const told = sanitized(sentence(user, asked));
  return reason === '' ? told : `${told}: ${reason}`;
}
