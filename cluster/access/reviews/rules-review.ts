/** SelfSubjectRulesReview: everything that the rules let one do in a namespace. */
import { badRequest } from '../../api/status.ts';
import type { KubeObject } from '../../api/types.ts';
import { nodeOf } from '../node-authorizer.ts';
import { grantsFor, missingRoles } from '../rbac.ts';
import type { ReviewContext, RulesReview } from './shapes.ts';

export function reviewRules({ apiVersion, kind, spec = {} }: RulesReview, { store, user }: ReviewContext): KubeObject {
  const { namespace = '' } = spec;
  if (namespace === '') throw badRequest('no namespace on request');
  const grants = grantsFor(store, user, namespace);
  const rules = grants.flatMap((grant) => grant.rules);
  // what a node may do follows from its pods, not from rules
  const isNode = nodeOf(user) !== undefined;
  const problems = [
    ...(isNode ? ['node authorizer does not support user rule resolution'] : []),
    ...[missingRoles(grants)].filter((one) => one !== ''),
  ];
  const status = {
    resourceRules: rules
      .filter(({ resources }) => resources?.length)
      .map(({ verbs, apiGroups, resources, resourceNames }) => ({
        verbs,
        apiGroups,
        resources,
        ...(resourceNames?.length ? { resourceNames } : {}),
      })),
    nonResourceRules: rules
      .filter(({ nonResourceURLs }) => nonResourceURLs?.length)
      .map(({ verbs, nonResourceURLs }) => ({ verbs, nonResourceURLs })),
    incomplete: isNode,
    ...(problems.length === 0
      ? {}
      : { evaluationError: problems.length === 1 ? problems[0] : `[${problems.join(', ')}]` }),
  };
  return { apiVersion, kind, metadata: {}, spec: {}, status } as unknown as KubeObject;
}
