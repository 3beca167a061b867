import { expect, test } from '@jest/globals';
import { printFieldError } from '../../../api/field.ts';
import type { ConfigMap } from '../../../api/types.ts';
import type { UpdateContext } from '../../kind.ts';
import { configMap } from './index.ts';

const context = {} as unknown as UpdateContext;
const map = (rest: Partial<ConfigMap>): ConfigMap => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'm', namespace: 'dev' },
  ...rest,
});

test.each<[string, Partial<ConfigMap>, string[]]>([
  ['fine', { data: { 'app.properties': 'a=b' }, binaryData: { logo: 'AAAA' } }, []],
  [
    'a key that is no file name',
    { data: { 'a b': '1' } },
    [
      "data[a b]: Invalid value: \"a b\": a valid config key must consist of alphanumeric characters, '-', '_' or '.' " +
        "(e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')",
    ],
  ],
  ['a key on its way up', { data: { '..': '1' } }, ['data[..]: Invalid value: "..": must not be \'..\'']],
  [
    'one key in both',
    { data: { a: '1' }, binaryData: { a: 'AAAA' } },
    ['data[a]: Invalid value: "a": duplicate of key present in binaryData'],
  ],
  ['too much', { data: { a: 'x'.repeat(1_048_577) } }, ['[]: Too long: may not be more than 1048576 bytes']],
])('%s', (_case, rest, sentences) => {
  expect(configMap.validate?.(map(rest), context).map(printFieldError)).toEqual(sentences);
});

const SET = 'Forbidden: field is immutable when `immutable` is set';
test.each<[string, Partial<ConfigMap>, string[]]>([
  ['stays', { data: { a: '1' }, immutable: true }, []],
  ['other data', { data: { a: '2' }, immutable: true }, [`data: ${SET}`]],
  ['thawed', { data: { a: '1' } }, [`immutable: ${SET}`]],
  ['both', { data: { b: '1' }, immutable: false }, [`immutable: ${SET}`, `data: ${SET}`]],
])('frozen: %s', (_case, rest, sentences) => {
  const old = map({ data: { a: '1' }, immutable: true });
  expect(configMap.validateUpdate?.(map(rest), old, context).map(printFieldError)).toEqual(sentences);
});

test('kubectl counts both kinds of data', () => {
  expect(configMap.cells?.(map({ data: { a: '1', b: '2' }, binaryData: { c: 'AAAA' } }), context)).toEqual([
    'm',
    3,
    null,
  ]);
});
