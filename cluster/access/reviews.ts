/** The review resources: questions about access that are answered and never stored. */
import type { UserInfo } from '../admission/plugin.ts';
import type { KubeObject } from '../api/types.ts';
import type { Reader } from '../store/client.ts';
import { authorize, authorizePath, grantsFor, type Decision } from './rbac.ts';

interface AccessReview extends KubeObject {
  spec?: {
    user?: string;
    groups?: string[];
    resourceAttributes?: {
      verb?: string;
      group?: string;
      resource?: string;
      subresource?: string;
      namespace?: string;
      name?: string;
    };
    nonResourceAttributes?: { verb?: string; path?: string };
    namespace?: string;
  };
}

const isReview: ReadonlySet<string> = new Set([
  'selfsubjectaccessreviews.authorization.k8s.io',
  'subjectaccessreviews.authorization.k8s.io',
  'localsubjectaccessreviews.authorization.k8s.io',
  'selfsubjectrulesreviews.authorization.k8s.io',
  'selfsubjectreviews.authentication.k8s.io',
]);
export const answersReview = (resource: string): boolean => isReview.has(resource);

function decide(store: Reader, user: UserInfo, spec: NonNullable<AccessReview['spec']>): Decision {
  if (spec.nonResourceAttributes) {
    return authorizePath(store, user, spec.nonResourceAttributes.verb ?? '', spec.nonResourceAttributes.path ?? '');
  }
  const {
    verb = '',
    group = '',
    resource = '',
    subresource = '',
    namespace = '',
    name = '',
  } = spec.resourceAttributes ?? {};
  return authorize(store, user, { verb, group, resource, subresource, namespace, name });
}

/** The review with its status filled in. */
export function review(store: Reader, resource: string, body: KubeObject, user: UserInfo): KubeObject {
  const { spec = {} } = body as AccessReview;
  if (resource === 'selfsubjectreviews.authentication.k8s.io') {
    return { ...body, status: { userInfo: user } } as KubeObject;
  }
  if (resource === 'selfsubjectrulesreviews.authorization.k8s.io') {
    const rules = grantsFor(store, user, spec.namespace ?? '').flatMap((grant) => grant.rules);
    return {
      ...body,
      status: {
        incomplete: false,
        resourceRules: rules
          .filter((rule) => (rule.resources ?? []).length > 0)
          .map(({ verbs, apiGroups, resources, resourceNames }) => ({
            verbs,
            apiGroups,
            resources,
            ...(resourceNames ? { resourceNames } : {}),
          })),
        nonResourceRules: rules
          .filter((rule) => (rule.nonResourceURLs ?? []).length > 0)
          .map(({ verbs, nonResourceURLs }) => ({ verbs, nonResourceURLs })),
      },
    } as KubeObject;
  }
  const subject = resource.startsWith('self') ? user : { username: spec.user ?? '', groups: spec.groups ?? [] };
  const { allowed, reason } = decide(store, subject, spec);
  return { ...body, status: { allowed, ...(reason === '' ? {} : { reason }) } } as KubeObject;
}
