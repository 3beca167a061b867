import { expect, test } from '@jest/globals';
import type { KubeObject } from '../../api/types.ts';
import { bootstrapStore } from '../../bootstrap.ts';
import { reviewerOf, type ReviewContext } from './index.ts';

const context: ReviewContext = {
  store: bootstrapStore(0),
  user: { username: 'ann', groups: ['system:authenticated'] },
  namespace: 'dev',
  now: '2026-01-31T09:00:00Z',
  authenticate: (token) =>
    token === 'good' ? { user: { username: 'bot', groups: [] }, audiences: ['api'] } : { error: token },
};

/** The status, or the refusal's sentence. */
function answer(resource: string, spec: object, metadata: object = {}, rest: Partial<ReviewContext> = {}): unknown {
  const review = { apiVersion: 'x/v1', kind: 'X', metadata, spec } as KubeObject;
  try {
    const answered: object = reviewerOf(resource)?.(review, { ...context, ...rest }) ?? {};
    return 'status' in answered ? answered.status : undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

const SAR = 'subjectaccessreviews.authorization.k8s.io';
const SELF = 'selfsubjectaccessreviews.authorization.k8s.io';
const LOCAL = 'localsubjectaccessreviews.authorization.k8s.io';
const pods = { verb: 'get', resource: 'pods', namespace: 'dev' };
const wrong = (sentence: string) => `.authorization.k8s.io "" is invalid: ${sentence}`;
const ONE =
  'spec.resourceAttributes: Invalid value: null: exactly one of nonResourceAttributes or resourceAttributes must be specified';

test.each<[string, string, object, object, unknown]>([
  ['what nobody allows', SELF, { resourceAttributes: pods }, {}, { allowed: false }],
  [
    'what a role allows',
    SELF,
    { nonResourceAttributes: { verb: 'get', path: '/version' } },
    {},
    {
      allowed: true,
      reason:
        'RBAC: allowed by ClusterRoleBinding "system:discovery" of ClusterRole "system:discovery" to Group "system:authenticated"',
    },
  ],
  ['a master', SAR, { groups: ['system:masters'], resourceAttributes: pods }, {}, { allowed: true }],
  ['no question', SELF, {}, {}, wrong(ONE)],
  [
    'no question about nobody',
    SAR,
    {},
    {},
    wrong(`[${ONE}, spec.user: Invalid value: "": at least one of user or group must be specified]`),
  ],
  [
    'two questions',
    SELF,
    { resourceAttributes: pods, nonResourceAttributes: { verb: 'get', path: '/x' } },
    {},
    wrong(
      'spec.nonResourceAttributes: Invalid value: {"Path":"/x","Verb":"get"}: cannot be specified in combination with resourceAttributes',
    ),
  ],
  [
    'a question with a name',
    SELF,
    { resourceAttributes: pods },
    { name: 'q' },
    wrong('metadata: Invalid value: {"name":"q"}: must be empty'),
  ],
  [
    'a question about elsewhere',
    LOCAL,
    { user: 'eve', resourceAttributes: { ...pods, namespace: 'ops' } },
    { namespace: 'dev' },
    wrong('spec.resourceAttributes.namespace: Invalid value: "ops": must match metadata.namespace'),
  ],
  [
    'an empty selector',
    SELF,
    { resourceAttributes: { ...pods, fieldSelector: {} } },
    {},
    wrong(
      'spec.resourceAttributes.fieldSelector.requirements: Required value: when spec.resourceAttributes.fieldSelector is specified, requirements or rawSelector is required',
    ),
  ],
  [
    'selectors that cannot be read',
    SELF,
    {
      resourceAttributes: {
        ...pods,
        fieldSelector: {
          requirements: [
            { key: 'a', operator: 'In', values: ['b'] },
            { key: 'a', operator: 'New' },
          ],
        },
        labelSelector: { rawSelector: 'a in (' },
      },
    },
    {},
    {
      allowed: false,
      evaluationError:
        'spec.resourceAttributes.fieldSelector partially ignored due to parse error; spec.resourceAttributes.labelSelector ignored due to parse error',
    },
  ],
])('%s', (_case, resource, spec, metadata, expected) => {
  expect(answer(resource, spec, metadata)).toEqual(expected);
});

test('the rules that hold for oneself', () => {
  const RULES = 'selfsubjectrulesreviews.authorization.k8s.io';
  expect(answer(RULES, {})).toBe('no namespace on request');
  expect(answer(RULES, { namespace: 'dev' })).toMatchObject({ incomplete: false });
  const user = { username: 'system:node:n1', groups: ['system:nodes'] };
  expect(answer(RULES, { namespace: 'dev' }, {}, { user })).toEqual({
    resourceRules: [],
    nonResourceRules: [],
    incomplete: true,
    evaluationError: 'node authorizer does not support user rule resolution',
  });
});

test.each<[string, object, unknown]>([
  ['good', { token: 'good' }, { authenticated: true, user: { username: 'bot', groups: [] }, audiences: ['api'] }],
  ['ended', { token: 'it ended' }, { user: {}, error: '[invalid bearer token, it ended]' }],
  ['missing', {}, 'token is required for TokenReview in authentication'],
])('a token that is %s', (_case, spec, status) => {
  expect(answer('tokenreviews.authentication.k8s.io', spec)).toEqual(status);
});
