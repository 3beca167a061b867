import { expect, test } from '@jest/globals';
import { printFieldError } from '../../api/field.ts';
import type { KindContext } from '../kind.ts';
import { validatingAdmissionPolicyBinding } from './validating-admission-policy-binding.ts';
import { validatingAdmissionPolicy } from './validating-admission-policy.ts';
import { mutatingWebhookConfiguration, validatingWebhookConfiguration } from './webhook-configuration.ts';
import type { BindingSpec, PolicySpec, Webhook } from '../../api/admission-registration.ts';

const CONTEXT = {} as KindContext;
const meta = { apiVersion: 'admissionregistration.k8s.io/v1', kind: 'X', metadata: { name: 'x' } };
const MATCH: PolicySpec = {
  matchConstraints: {
    resourceRules: [{ apiGroups: ['apps'], apiVersions: ['v1'], operations: ['CREATE'], resources: ['deployments'] }],
  },
};

const policy = (spec: PolicySpec) =>
  (validatingAdmissionPolicy.validate?.({ ...meta, spec }, CONTEXT) ?? []).map(printFieldError);
const binding = (spec: BindingSpec) =>
  (validatingAdmissionPolicyBinding.validate?.({ ...meta, spec }, CONTEXT) ?? []).map(printFieldError);
const webhook = (...webhooks: Webhook[]) =>
  (validatingWebhookConfiguration.validate?.({ ...meta, webhooks }, CONTEXT) ?? []).map(printFieldError);

const NOT_BOTH = 'Required value: validations or auditAnnotations must contain at least one item';

test.each<[string, PolicySpec, string[]]>([
  ['right', { ...MATCH, validations: [{ expression: 'true' }] }, []],
  [
    'empty',
    {},
    ['spec.matchConstraints: Required value', `spec.validations: ${NOT_BOTH}`, `spec.auditAnnotations: ${NOT_BOTH}`],
  ],
  [
    'a syntax error',
    { ...MATCH, validations: [{ expression: 'object.spec.replicas <' }] },
    [
      `spec.validations[0].expression: Invalid value: "object.spec.replicas <": compilation failed: ERROR: <input>:1:23: Syntax error: mismatched input '<EOF>' expecting {'[', '{', '(', '.', '-', '!', 'true', 'false', 'null', NUM_FLOAT, NUM_INT, NUM_UINT, STRING, BYTES, IDENTIFIER}\n | object.spec.replicas <\n | ......................^`,
    ],
  ],
  [
    'another type',
    { ...MATCH, validations: [{ expression: 'object.spec.replicas', messageExpression: '1' }] },
    [
      'spec.validations[0].expression: Invalid value: "object.spec.replicas": must evaluate to bool but got dyn',
      'spec.validations[0].messageExpression: Invalid value: "1": must evaluate to string but got int',
    ],
  ],
  [
    'variables out of order',
    {
      ...MATCH,
      variables: [
        { name: 'a', expression: 'variables.b' },
        { name: 'b', expression: '1' },
        { name: 'a-b', expression: '' },
      ],
      validations: [{ expression: "variables.b == 'x'", reason: 'Unauthorized' }],
    },
    [
      'spec.variables[0].expression: Invalid value: "variables.b": compilation failed: ERROR: <input>:1:10: undefined field \'b\'\n | variables.b\n | .........^',
      'spec.variables[2].name: Invalid value: "a-b": must be a valid CEL identifier',
      'spec.variables[2].expression: Required value: expression is not specified',
      `spec.validations[0].expression: Invalid value: "variables.b == 'x'": compilation failed: ERROR: <input>:1:13: found no matching overload for '_==_' applied to '(int, string)'\n | variables.b == 'x'\n | ............^`,
      'spec.validations[0].reason: Unsupported value: "Unauthorized": supported values: "Forbidden", "Invalid", "RequestEntityTooLarge"',
    ],
  ],
  [
    'conditions and annotations',
    {
      ...MATCH,
      matchConditions: [
        { name: 'a', expression: "'x'" },
        { name: 'a', expression: '' },
      ],
      auditAnnotations: [
        { key: 'k', valueExpression: '1' },
        { key: 'k', valueExpression: "'a'" },
      ],
    },
    [
      'spec.matchConditions[0].expression: Invalid value: "\'x\'": must evaluate to bool but got string',
      'spec.matchConditions[1].expression: Required value',
      'spec.matchConditions[1].name: Duplicate value: "a"',
      'spec.auditAnnotations[0].valueExpression: Invalid value: "1": must evaluate to one of [string null_type] but got int',
      'spec.auditAnnotations[1].key: Duplicate value: "k"',
    ],
  ],
])('a policy: %s', (_case, spec, wanted) => expect(policy(spec)).toEqual(wanted));

test.each<[string, BindingSpec, string[]]>([
  ['right', { policyName: 'p', validationActions: ['Deny', 'Audit'] }, []],
  [
    'empty',
    {},
    [
      'spec.policyName: Required value',
      'spec.validationActions: Required value: at least one validation action is required',
    ],
  ],
  [
    'Deny with Warn',
    { policyName: 'p', validationActions: ['Deny', 'Warn'] },
    [
      'spec.validationActions: Invalid value: ["Deny","Warn"]: must not contain both Deny and Warn (repeating the same validation failure information in the API response and headers serves no purpose)',
    ],
  ],
  [
    'parameters both ways',
    {
      policyName: 'p',
      validationActions: ['Deny'],
      paramRef: { name: 'a', selector: {}, parameterNotFoundAction: 'X' },
    },
    [
      'spec.paramRef.name: Forbidden: name and selector are mutually exclusive',
      'spec.paramRef.selector: Forbidden: name and selector are mutually exclusive',
      'spec.paramRef.parameterNotFoundAction: Unsupported value: "X": supported values: "Deny", "Allow"',
    ],
  ],
])('a binding: %s', (_case, spec, wanted) => expect(binding(spec)).toEqual(wanted));

const HOOK: Webhook = {
  name: 'a.example.com',
  clientConfig: { url: 'https://example.com' },
  sideEffects: 'None',
  admissionReviewVersions: ['v1'],
};

test.each<[string, Webhook[], string[]]>([
  ['right', [HOOK], []],
  [
    'empty',
    [{}],
    [
      'webhooks[0].name: Required value',
      'webhooks[0].sideEffects: Required value: must specify one of None, NoneOnDryRun',
      'webhooks[0].clientConfig: Required value: exactly one of url or service is required',
      'webhooks[0].admissionReviewVersions: Required value: must specify one of v1, v1beta1',
    ],
  ],
  [
    'a URL with too much',
    [{ ...HOOK, clientConfig: { url: 'http://u@x/y?z=1#f' } }],
    [
      `webhooks[0].clientConfig.url: Invalid value: "http": 'https' is the only allowed URL scheme; desired format: https://host[/path]`,
      'webhooks[0].clientConfig.url: Invalid value: "u": user information is not permitted in the URL',
      'webhooks[0].clientConfig.url: Invalid value: "f": fragments are not permitted in the URL',
      'webhooks[0].clientConfig.url: Invalid value: "z=1": query parameters are not permitted in the URL',
    ],
  ],
  [
    'the same name twice, and rules that overlap',
    [
      HOOK,
      {
        ...HOOK,
        timeoutSeconds: 31,
        rules: [{ apiGroups: ['*', ''], apiVersions: ['v1'], operations: ['GET'], resources: ['pods/*', 'pods/log'] }],
      },
    ],
    [
      'webhooks[1].rules[0].operations[0]: Unsupported value: "GET": supported values: "*", "CONNECT", "CREATE", "DELETE", "UPDATE"',
      `webhooks[1].rules[0].apiGroups: Invalid value: ["*",""]: if '*' is present, must not specify other API groups`,
      `webhooks[1].rules[0].resources[1]: Invalid value: "pods/log": if 'pods/*' is present, must not specify pods/log`,
      'webhooks[1].timeoutSeconds: Invalid value: 31: the timeout value must be between 1 and 30 seconds',
      'webhooks[1].name: Duplicate value: "a.example.com"',
    ],
  ],
])('a webhook: %s', (_case, hooks, wanted) => expect(webhook(...hooks)).toEqual(wanted));

test('what was allowed once may stay', () => {
  const old = { ...meta, webhooks: [{ ...HOOK, sideEffects: 'Some' }, HOOK] };
  const context = { ...CONTEXT, subresource: '' };
  expect(validatingWebhookConfiguration.validateUpdate?.(old, old, context as never)).toEqual([]);
});

test('defaults', () => {
  const configuration = {
    ...meta,
    webhooks: [{ ...HOOK, clientConfig: { service: { name: 's', namespace: 'n' } }, rules: [{ operations: ['*'] }] }],
  };
  mutatingWebhookConfiguration.defaults?.(configuration);
  expect(configuration.webhooks[0]).toEqual({
    ...HOOK,
    clientConfig: { service: { name: 's', namespace: 'n', port: 443 } },
    rules: [{ operations: ['*'], scope: '*' }],
    failurePolicy: 'Fail',
    matchPolicy: 'Equivalent',
    namespaceSelector: {},
    objectSelector: {},
    timeoutSeconds: 10,
    reinvocationPolicy: 'Never',
  });
});
