/** Fills ClusterRoles that are made of others: the rules of all that their selectors find, in the order of their names. */
import { equal } from '../../api/merge.ts';
import { labelSelectorMatches } from '../../api/selector.ts';
import type { ClusterRole, PolicyRule } from '../../api/types.ts';
import type { Controller } from '../controller.ts';

const RESOURCE = 'clusterroles.rbac.authorization.k8s.io';
/** Any role may be a part of any: one key for them all. */
const ALL = 'all';

/** Go writes a list that was never made as null. */
const NONE = null as unknown as PolicyRule[];

function gathered(whole: ClusterRole, roles: readonly ClusterRole[]): PolicyRule[] {
  const rules: PolicyRule[] = [];
  for (const selector of whole.aggregationRule?.clusterRoleSelectors ?? []) {
    for (const part of roles) {
      if (part.metadata.name === whole.metadata.name) continue;
      if (!labelSelectorMatches(selector, part.metadata.labels ?? {})) continue;
      for (const rule of part.rules ?? []) if (!rules.some((one) => equal(one, rule))) rules.push(rule);
    }
  }
  return rules;
}

export const clusterRoleAggregation: Controller = {
  name: 'clusterrole-aggregation-controller',
  watches: { [RESOURCE]: () => [ALL] },
  reconcile(_key, { client }) {
    const roles = client.list<ClusterRole>(RESOURCE);
    for (const whole of roles) {
      if (!whole.aggregationRule) continue;
      const rules = gathered(whole, roles);
      // one that takes in another is looked at again when that one has changed
      if (equal(rules, whole.rules ?? [])) continue;
      client.update<ClusterRole>(RESOURCE, { ...whole, rules: rules.length > 0 ? rules : NONE });
    }
  },
};
