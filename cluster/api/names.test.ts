import { expect, test } from '@jest/globals';
import { path, printFieldError } from './field.ts';
import {
  configMapKey,
  dns1035Label,
  dns1123Label,
  dns1123Subdomain,
  labelValue,
  pathSegment,
  portName,
  qualifiedName,
  relaxedEnvVarName,
  validateAnnotations,
  validateLabelSelector,
  validateObjectMeta,
  validateObjectMetaUpdate,
} from './names.ts';
import type { ObjectMeta } from './types.ts';

const SUBDOMAIN =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
const LABEL =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
const NAME_PART =
  "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
const long = 'a'.repeat(64);

test.each<[string, (text: string) => string[], string, string[]]>([
  ['a label', dns1123Label, 'web-1', []],
  ['a label with dots', dns1123Label, 'web.1', ['must not contain dots']],
  ['an upper case label', dns1123Label, 'Web', [LABEL]],
  ['a long label', dns1123Label, long, ['must be no more than 63 characters']],
  ['a subdomain', dns1123Subdomain, 'a.b-c.d', []],
  ['a bad subdomain', dns1123Subdomain, 'a_b', [SUBDOMAIN]],
  ['a service name', dns1035Label, 'a1', []],
  ['a label value', labelValue, '', []],
  ['a long label value', labelValue, long, ['must be no more than 63 bytes']],
  ['a qualified name', qualifiedName, 'example.com/MyName', []],
  ['an empty prefix', qualifiedName, '/a', ['prefix part must be non-empty']],
  ['an empty name', qualifiedName, 'a/', ['name part must be non-empty', NAME_PART]],
  ['a bad prefix', qualifiedName, 'A_/a', [`prefix part ${SUBDOMAIN}`]],
  ['a role name', pathSegment, 'system:node', []],
  ['dots as a role name', pathSegment, '..', ["may not be '..'"]],
  ['a slash in a role name', pathSegment, 'a/b%', ["may not contain '/'", "may not contain '%'"]],
  ['a config key', configMapKey, '..a', ["must not start with '..'"]],
  ['an environment variable', relaxedEnvVarName, '1-x y', []],
  [
    'an environment variable with =',
    relaxedEnvVarName,
    'a=b',
    ["a valid environment variable name must consist only of printable ASCII characters other than '='"],
  ],
  ['a port name', portName, 'http--1', ['must not contain consecutive hyphens']],
  ['a port name of digits', portName, '80', ['must contain at least one letter (a-z)']],
])('%s: %p', (_, check, text, problems) => {
  expect(check(text)).toEqual(problems);
});

const rules = { namespaced: true, nameFormat: 'dns1123Subdomain' } as const;
const meta = (more: Partial<ObjectMeta>): ObjectMeta => ({ name: 'web', namespace: 'default', ...more });
const print = (errors: Parameters<typeof printFieldError>[0][]) => errors.map(printFieldError);

test.each<[string, Partial<ObjectMeta>, string[]]>([
  ['nothing wrong', { labels: { a: 'b' } }, []],
  ['no name', { name: '' }, ['metadata.name: Required value: name or generateName is required']],
  ['a bad name', { name: 'Web' }, [`metadata.name: Invalid value: "Web": ${SUBDOMAIN}`]],
  ['a bad prefix', { generateName: 'W-' }, []],
  ['a bad namespace', { namespace: 'A' }, [`metadata.namespace: Invalid value: "A": ${LABEL}`]],
  ['a bad label key', { labels: { '-a': 'b' } }, [`metadata.labels: Invalid value: "-a": ${NAME_PART}`]],
  [
    'two controllers',
    {
      ownerReferences: [
        { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'a', uid: '1', controller: true },
        { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'b', uid: '2', controller: true },
      ],
    },
    [
      'metadata.ownerReferences: Invalid value: [{"apiVersion":"apps/v1","kind":"ReplicaSet","name":"a","uid":"1","controller":true},{"apiVersion":"apps/v1","kind":"ReplicaSet","name":"b","uid":"2","controller":true}]: Only one reference can have Controller set to true. Found "true" in references for ReplicaSet/a and ReplicaSet/b',
    ],
  ],
  [
    'a finalizer without a domain',
    { finalizers: ['kubernetes', 'notqualified'] },
    [
      'metadata.finalizers[1]: Invalid value: "notqualified": name is neither a standard finalizer name nor is it fully qualified',
    ],
  ],
  [
    'both deletion finalizers',
    { finalizers: ['orphan', 'foregroundDeletion'] },
    [
      'metadata.finalizers: Invalid value: ["orphan","foregroundDeletion"]: finalizer orphan and foregroundDeletion cannot be both set',
    ],
  ],
])('metadata of a new object: %s', (_, more, problems) => {
  expect(print(validateObjectMeta(meta(more), rules, path('metadata')))).toEqual(problems);
});

test('a cluster-wide kind takes no namespace', () => {
  const errors = validateObjectMeta(meta({}), { ...rules, namespaced: false }, path('metadata'));
  expect(print(errors)).toEqual(['metadata.namespace: Forbidden: not allowed on this type']);
});

test.each<[string, Partial<ObjectMeta>, Partial<ObjectMeta>, string[]]>([
  ['the same', {}, {}, []],
  ['another name', { name: 'api' }, {}, ['metadata.name: Invalid value: "api": field is immutable']],
  ['another uid', { uid: '2' }, { uid: '1' }, ['metadata.uid: Invalid value: "2": field is immutable']],
  [
    'no version',
    { resourceVersion: '' },
    {},
    ['metadata.resourceVersion: Invalid value: "": must be specified for an update'],
  ],
  [
    'an older generation',
    { generation: 1 },
    { generation: 2 },
    ['metadata.generation: Invalid value: 1: must not be decremented'],
  ],
  [
    'a finalizer added while going',
    { deletionTimestamp: '2026-01-01T00:00:00Z', finalizers: ['a.b/c'] },
    { deletionTimestamp: '2026-01-01T00:00:00Z' },
    [
      'metadata.finalizers: Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers []string{"a.b/c"}',
    ],
  ],
])('metadata of an update: %s', (_, more, old, problems) => {
  const update = meta({ resourceVersion: '7', ...more });
  expect(print(validateObjectMetaUpdate(update, meta({ resourceVersion: '7', ...old }), path('metadata')))).toEqual(
    problems,
  );
});

test('annotations are counted together', () => {
  const errors = validateAnnotations({ 'UPPER.example/ok': 'x'.repeat(256 * 1024) }, path('metadata', 'annotations'));
  expect(print(errors)).toEqual(['metadata.annotations: Too long: may not be more than 262144 bytes']);
});

test('a label selector tells all that is wrong', () => {
  const selector = {
    matchLabels: { a: 'b' },
    matchExpressions: [
      { key: 'a', operator: 'In' },
      { key: 'a', operator: 'Exists', values: ['x'] },
      { key: 'a', operator: 'Is', values: ['x'] },
    ],
  };
  expect(print(validateLabelSelector(selector, path('spec', 'selector')))).toEqual([
    "spec.selector.matchExpressions[0].values: Required value: must be specified when `operator` is 'In' or 'NotIn'",
    "spec.selector.matchExpressions[1].values: Forbidden: may not be specified when `operator` is 'Exists' or 'DoesNotExist'",
    'spec.selector.matchExpressions[2].operator: Invalid value: "Is": not a valid selector operator',
  ]);
});
