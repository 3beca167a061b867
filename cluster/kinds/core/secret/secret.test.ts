import { expect, test } from '@jest/globals';
import { printFieldError } from '../../../api/field.ts';
import type { Secret } from '../../../api/types.ts';
import type { UpdateContext } from '../../kind.ts';
import { secret } from './index.ts';
import { jsonObjectProblem } from './json-problem.ts';

const context = {} as unknown as UpdateContext;
const made = (rest: Partial<Secret>): Secret => {
  const object = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 's', namespace: 'dev' },
    ...structuredClone(rest),
  };
  secret.defaults?.(object);
  return object;
};

test('stringData is written over data and not kept', () => {
  expect(made({ data: { a: 'eA==', b: 'eQ==' }, stringData: { a: 'z' } })).toMatchObject({
    type: 'Opaque',
    data: { a: 'eg==', b: 'eQ==' },
  });
  expect(made({ stringData: { a: 'z' } })).not.toHaveProperty('stringData');
});

// as recorded from 1.35.4
test.each<[string, Partial<Secret>, string[]]>([
  ['opaque', { data: { a: 'eA==' } }, []],
  [
    'a registry without its file',
    { type: 'kubernetes.io/dockerconfigjson' },
    ['data[.dockerconfigjson]: Required value'],
  ],
  [
    'a registry with a broken file',
    { type: 'kubernetes.io/dockerconfigjson', stringData: { '.dockerconfigjson': '{not json' } },
    [
      'data[.dockerconfigjson]: Invalid value: "<secret contents redacted>": ' +
        "invalid character 'n' looking for beginning of object key string",
    ],
  ],
  ['half a key pair', { type: 'kubernetes.io/tls', data: { 'tls.crt': '' } }, ['data[tls.key]: Required value']],
  [
    'a token of nobody',
    { type: 'kubernetes.io/service-account-token' },
    ['metadata.annotations[kubernetes.io/service-account.name]: Required value'],
  ],
  [
    'no user',
    { type: 'kubernetes.io/basic-auth' },
    ['data[username]: Required value', 'data[password]: Required value'],
  ],
  [
    'an empty key',
    { type: 'kubernetes.io/ssh-auth', data: { 'ssh-privatekey': '' } },
    ['data[ssh-privatekey]: Required value'],
  ],
])('%s', (_case, rest, sentences) => {
  expect(secret.validate?.(made(rest), context).map(printFieldError)).toEqual(sentences);
});

test('the type stays, and so does sealed data', () => {
  const old = made({ data: { a: 'eA==' }, immutable: true });
  const object = made({ data: { a: 'eQ==' }, immutable: true, type: 'example.com/mine' });
  expect(secret.validateUpdate?.(object, old, context).map(printFieldError)).toEqual([
    'type: Invalid value: "example.com/mine": field is immutable',
    'data: Forbidden: field is immutable when `immutable` is set',
  ]);
});

test.each([
  ['{"auths": {"a": [1, -2.5e3, true, null, "x\\u00e9\\n"]}}', undefined],
  ['null', undefined],
  ['', 'unexpected end of JSON input'],
  ['{"a": 1', 'unexpected end of JSON input'],
  ['[]', 'json: cannot unmarshal array into Go value of type map[string]interface {}'],
  ['"text"', 'json: cannot unmarshal string into Go value of type map[string]interface {}'],
  ['{} x', "invalid character 'x' after top-level value"],
  ['{"a" 1}', "invalid character '1' after object key"],
  ['{"a": 1 "b": 2}', "invalid character '\"' after object key:value pair"],
  ['{"a": [1 2]}', "invalid character '2' after array element"],
  ['{"a": tru}', "invalid character '}' in literal true (expecting 'e')"],
  ['{"a": 1.}', "invalid character '}' after decimal point in numeric literal"],
  ['{"a": "\\x"}', "invalid character 'x' in string escape code"],
])('Go says of %s: %s', (text, problem) => {
  expect(jsonObjectProblem(text)).toBe(problem);
});
