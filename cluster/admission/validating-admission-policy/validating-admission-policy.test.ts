import { expect, test } from '@jest/globals';
import type { KubeObject } from '../../api/types.ts';
import type { BindingSpec, PolicySpec } from '../../api/admission-registration.ts';
import { admit } from '../testing.ts';
import { validatingAdmissionPolicy } from './index.ts';

const GROUP = 'admissionregistration.k8s.io';
const object = (kind: string, name: string, rest: object = {}, namespace?: string): KubeObject => ({
  apiVersion: 'v1',
  kind,
  metadata: { name, ...(namespace === undefined ? {} : { namespace }) },
  ...rest,
});

const SPEC: PolicySpec = {
  failurePolicy: 'Fail',
  matchConstraints: {
    matchPolicy: 'Equivalent',
    resourceRules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['*'], resources: ['configmaps'], scope: '*' }],
  },
  validations: [{ expression: 'object.data.size() > 0', message: ' no data ' }],
};
const BINDING: BindingSpec = { policyName: 'p', validationActions: ['Deny'] };

interface Setting {
  spec?: PolicySpec;
  binding?: BindingSpec;
  data?: Record<string, string>;
  operation?: 'CREATE' | 'DELETE';
  others?: Record<string, KubeObject[]>;
}

function send({ spec = {}, binding = {}, data = {}, operation = 'CREATE', others = {} }: Setting) {
  const map = object('ConfigMap', 'c', { data }, 'blue');
  const request =
    operation === 'DELETE'
      ? { operation, old: map, namespace: 'blue', name: 'c' }
      : { operation, object: map, namespace: 'blue' };
  const { refusal, warnings } = admit(validatingAdmissionPolicy, 'configmaps', request, {
    [`validatingadmissionpolicies.${GROUP}`]: [
      object('ValidatingAdmissionPolicy', 'p', { spec: { ...SPEC, ...spec } }),
    ],
    [`validatingadmissionpolicybindings.${GROUP}`]: [
      object('ValidatingAdmissionPolicyBinding', 'b', { spec: { ...BINDING, ...binding } }),
    ],
    namespaces: [
      { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'blue', labels: { team: 'blue', limit: '2' } } },
    ],
    ...others,
  });
  return { refusal, warnings };
}

const denied = (why: string) =>
  `configmaps "c" is forbidden: ValidatingAdmissionPolicy 'p' with binding 'b' denied request: ${why}`;
const allow = { refusal: undefined, warnings: [] };
const deny = (why: string) => ({ refusal: denied(why), warnings: [] });
const limits = (max: string) => ({ configmaps: [object('ConfigMap', 'limits', { data: { max } }, 'blue')] });
const PARAMS: PolicySpec = {
  paramKind: { apiVersion: 'v1', kind: 'ConfigMap' },
  validations: [{ expression: 'params == null || object.data.size() < int(params.data.max)' }],
};
const named = (action: string): BindingSpec => ({ paramRef: { name: 'limits', parameterNotFoundAction: action } });

test.each<[string, Setting, { refusal: string | undefined; warnings: string[] }]>([
  ['what satisfies it passes', { data: { a: '1' } }, allow],
  ['its message is trimmed', {}, deny('no data')],
  [
    'without a message the expression is shown',
    { spec: { validations: [{ expression: ' object.data.size() > 0 ' }] } },
    deny('failed expression: object.data.size() > 0'),
  ],
  [
    'a message that fails falls back',
    { spec: { validations: [{ expression: 'false', messageExpression: 'object.nothing', message: 'plain' }] } },
    deny('plain'),
  ],
  [
    'a failing expression refuses',
    { spec: { validations: [{ expression: 'object.spec.x == 1' }] } },
    deny("expression 'object.spec.x == 1' resulted in error: no such key: spec"),
  ],
  [
    'a failing expression is ignored where the policy says so',
    { spec: { failurePolicy: 'Ignore', validations: [{ expression: 'object.spec.x == 1' }] } },
    allow,
  ],
  [
    'a warning does not refuse',
    { binding: { validationActions: ['Warn', 'Audit'] } },
    {
      refusal: undefined,
      warnings: ["Validation failed for ValidatingAdmissionPolicy 'p' with binding 'b': no data"],
    },
  ],
  ['other namespaces', { binding: { matchResources: { namespaceSelector: { matchLabels: { team: 'red' } } } } }, allow],
  [
    'its own namespace',
    { binding: { matchResources: { namespaceSelector: { matchLabels: { team: 'blue' } } } } },
    deny('no data'),
  ],
  ['other objects', { binding: { matchResources: { objectSelector: { matchLabels: { a: 'b' } } } } }, allow],
  [
    'names that are left out',
    {
      spec: {
        matchConstraints: {
          ...SPEC.matchConstraints,
          excludeResourceRules: [
            { apiGroups: ['*'], apiVersions: ['*'], operations: ['CREATE'], resources: ['*'], resourceNames: ['c'] },
          ],
        },
      },
    },
    allow,
  ],
  ['a condition that is not met', { spec: { matchConditions: [{ name: 'x', expression: 'false' }] } }, allow],
  [
    'conditions that fail',
    {
      spec: {
        matchConditions: [
          { name: 'x', expression: 'object.a.b' },
          { name: 'y', expression: 'object.c == 1' },
        ],
      },
    },
    deny(
      "[compilation error: must evaluate to bool but got dyn, expression 'object.c == 1' resulted in error: no such key: c]",
    ),
  ],
  [
    'variables and the namespace',
    {
      spec: {
        variables: [
          { name: 'limit', expression: 'int(namespaceObject.metadata.labels.limit)' },
          { name: 'twice', expression: 'variables.limit * 2' },
        ],
        validations: [{ expression: 'variables.twice != 4', messageExpression: "'limit ' + string(variables.limit)" }],
      },
    },
    deny('limit 2'),
  ],
  [
    'a deletion has the old object only',
    {
      operation: 'DELETE',
      spec: { validations: [{ expression: "object != null || oldObject.metadata.name != 'c'", message: 'stays' }] },
    },
    deny('stays'),
  ],
  [
    'who asks, and what they may do',
    {
      spec: {
        validations: [
          {
            expression: "request.userInfo.username != 'admin' || authorizer.requestResource.check('create').allowed()",
            messageExpression: "request.userInfo.username + ' ' + request.operation + ' ' + request.resource.resource",
          },
        ],
      },
    },
    deny('admin CREATE configmaps'),
  ],
  ['parameters', { spec: PARAMS, binding: named('Deny'), others: limits('1') }, allow],
  [
    'parameters that forbid',
    { spec: PARAMS, binding: named('Deny'), data: { a: '1' }, others: limits('1') },
    deny('failed expression: params == null || object.data.size() < int(params.data.max)'),
  ],
  [
    'parameters that are missed',
    { spec: PARAMS, binding: named('Deny') },
    deny('failed to configure binding: no params found for policy binding with `Deny` parameterNotFoundAction'),
  ],
  ['parameters that need not be there', { spec: PARAMS, binding: named('Allow') }, allow],
  ['no parameters asked for', { spec: PARAMS }, allow],
  [
    'parameters of an unknown kind',
    { spec: { ...PARAMS, paramKind: { apiVersion: 'x.example.com/v1', kind: 'Limit' } } },
    {
      refusal:
        "configmaps \"c\" is forbidden: ValidatingAdmissionPolicy 'p' denied request: failed to configure policy: failed to find resource referenced by paramKind: 'x.example.com/v1, Kind=Limit'",
      warnings: [],
    },
  ],
  [
    'an expression that costs too much',
    { spec: { validations: [{ expression: 'lists.range(2000).all(x, lists.range(2000).all(y, x + y >= 0))' }] } },
    deny(
      "expression 'lists.range(2000).all(x, lists.range(2000).all(y, x + y >= 0))' resulted in error: operation cancelled: actual cost limit exceeded",
    ),
  ],
])('%s', (_case, setting, wanted) => expect(send(setting)).toEqual(wanted));

test('policies say nothing about policies', () => {
  const everything: PolicySpec = {
    matchConstraints: {
      resourceRules: [{ apiGroups: ['*'], apiVersions: ['*'], operations: ['*'], resources: ['*'], scope: '*' }],
    },
    validations: [{ expression: 'false' }],
  };
  const { refusal } = admit(
    validatingAdmissionPolicy,
    `validatingadmissionpolicybindings.${GROUP}`,
    { operation: 'DELETE', name: 'b' },
    {
      [`validatingadmissionpolicies.${GROUP}`]: [object('ValidatingAdmissionPolicy', 'p', { spec: everything })],
      [`validatingadmissionpolicybindings.${GROUP}`]: [
        object('ValidatingAdmissionPolicyBinding', 'b', { spec: BINDING }),
      ],
    },
  );
  expect(refusal).toBeUndefined();
});
