import { expect, test } from '@jest/globals';
import type { KubeObject } from '../api/types.ts';
import { applyBody, decodeBody, decodeDeleteOptions, patchBody, type Body } from './request.ts';

const encode = (value: unknown) => new TextEncoder().encode(typeof value === 'string' ? value : JSON.stringify(value));

function body(value: unknown, more: Partial<Body> = {}): Body & { warnings: string[] } {
  const warnings: string[] = [];
  return {
    bytes: encode(value),
    contentType: 'application/json',
    schemaName: 'io.k8s.api.core.v1.ConfigMap',
    gvk: { group: '', version: 'v1', kind: 'ConfigMap' },
    fieldValidation: '',
    warn: (sentence) => warnings.push(sentence),
    warnings,
    ...more,
  };
}
const TWICE = '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"x","name":"y","foo":1},"bar":2}';
const PROBLEMS = ['duplicate field "metadata.name"', 'unknown field "metadata.foo"', 'unknown field "bar"'];

test('fieldValidation: Ignore says nothing, Warn warns, Strict refuses', () => {
  const quiet = body(TWICE, { fieldValidation: 'Ignore' });
  expect(decodeBody(quiet).metadata).toEqual({ name: 'y' });
  expect(quiet.warnings).toEqual([]);
  const loud = body(TWICE);
  decodeBody(loud);
  expect(loud.warnings).toEqual(PROBLEMS);
  expect(() => decodeBody(body(TWICE, { fieldValidation: 'Strict' }))).toThrow(
    `ConfigMap in version "v1" cannot be handled as a ConfigMap: strict decoding error: ${PROBLEMS.join(', ')}`,
  );
});

// Sentences of a real API server.
test.each<[string, unknown, string, string]>([
  [
    'broken JSON',
    '{"a":',
    'application/json',
    `the object provided is unrecognized (must be of type ConfigMap): couldn't get version/kind; json parse error: unexpected end of JSON input ({"a":)`,
  ],
  [
    'broken YAML',
    'a: b: c\n',
    'application/yaml',
    'the object provided is unrecognized (must be of type ConfigMap): yaml: mapping values are not allowed in this context (613a20623a20630a)',
  ],
  [
    'keys twice in YAML',
    'metadata:\n  name: x\n  name: z\nfoo: 1\n',
    'application/yaml',
    'ConfigMap in version "v1" cannot be handled as a ConfigMap: strict decoding error: yaml: unmarshal errors:\n  line 3: key "name" already set in map, unknown field "foo"',
  ],
])('a create of %s', (_, value, contentType, message) => {
  expect(() => decodeBody(body(value, { contentType, fieldValidation: 'Strict' }))).toThrow(
    expect.objectContaining({ message, code: 400 }),
  );
});

const current = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'x' },
  data: { a: '1' },
} as unknown as KubeObject;

test.each([
  ['json', [{ op: 'add', path: '/data/b', value: '2' }]],
  ['merge', { data: { b: '2' } }],
  ['strategic', { data: { b: '2' } }],
] as const)('a %s patch', (type, patch) => {
  expect(patchBody(type, body(patch), current)).toEqual({ ...current, data: { a: '1', b: '2' } });
});

test.each<['merge' | 'strategic' | 'json', unknown, number, string]>([
  ['merge', '{', 400, 'error decoding patch: unexpected end of JSON input'],
  ['strategic', '{', 400, 'unexpected end of JSON input'],
  [
    'strategic',
    { foo: 1, bar: 1 },
    422,
    ' "" is invalid: patch: Invalid value: "map[bar:1 foo:1]": strict decoding error: unknown field "bar", unknown field "foo"',
  ],
  [
    'merge',
    { apiVersion: 'v2' },
    422,
    String.raw` "" is invalid: patch: Invalid value: "{\"apiVersion\":\"v2\",\"data\":{\"a\":\"1\"},\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"x\"}}": no kind "ConfigMap" is registered for version "v2" in scheme "pkg/runtime/scheme.go:111"`,
  ],
])('a %s patch refused', (type, patch, code, message) => {
  expect(() => patchBody(type, body(patch, { fieldValidation: 'Strict' }), current)).toThrow(
    expect.objectContaining({ message, code }),
  );
});

const apply = { live: undefined, manager: 'me', force: false, subresource: '', now: 0 };
test('an apply reads YAML and JSON', () => {
  const yaml = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\ndata: {a: "1"}\n';
  for (const text of [yaml, JSON.stringify(current)]) {
    expect(applyBody(body(text), apply)).toMatchObject({ metadata: { name: 'x' }, data: { a: '1' } });
  }
});

test.each<[string, unknown, number, string]>([
  [
    'broken YAML',
    'a: b: c',
    400,
    'error decoding YAML: error converting YAML to JSON: yaml: mapping values are not allowed in this context',
  ],
  [
    'a list',
    '[1]',
    400,
    'error decoding YAML: error unmarshaling JSON: while decoding JSON: json: cannot unmarshal array into Go value of type map[string]interface {}',
  ],
  [
    'a key twice',
    'apiVersion: v1\nkind: ConfigMap\nkind: ConfigMap\n',
    400,
    'error strict decoding YAML: error converting YAML to JSON: yaml: unmarshal errors:\n  line 3: key "kind" already set in map',
  ],
  [
    'a bad time',
    { ...current, metadata: { name: 'x', creationTimestamp: 'x' } },
    500,
    'failed to convert new object (/x; /v1, Kind=ConfigMap) to proper version: unable to convert unstructured object to /v1, Kind=ConfigMap: parsing time "x" as "2006-01-02T15:04:05Z07:00": cannot parse "x" as "2006"',
  ],
])('an apply of %s', (_, value, code, message) => {
  expect(() => applyBody(body(value, { fieldValidation: 'Strict' }), apply)).toThrow(
    expect.objectContaining({ message, code }),
  );
});

test('options of a delete', () => {
  const read = (value: unknown) => decodeDeleteOptions(encode(value), 'application/json');
  expect(read('')).toEqual({});
  expect(
    read({ kind: 'DeleteOptions', apiVersion: 'v1', gracePeriodSeconds: 0, propagationPolicy: 'Orphan' }),
  ).toMatchObject({
    gracePeriodSeconds: 0,
    propagationPolicy: 'Orphan',
  });
  expect(() => read({ gracePeriodSeconds: 'x' })).toThrow(
    'json: cannot unmarshal string into Go struct field DeleteOptions.gracePeriodSeconds of type int64',
  );
  expect(() => read('xx')).toThrow(
    "couldn't get version/kind; json parse error: invalid character 'x' looking for beginning of value",
  );
});
