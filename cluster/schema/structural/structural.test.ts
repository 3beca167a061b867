import { expect, test } from '@jest/globals';
import { Path, printFieldError } from '#cluster/api/field.ts';
import type { Json } from '#cluster/api/types.ts';
import { structuralProblems, unsupportedIn } from './check-structural.ts';
import { Correlation } from './correlation.ts';
import { applyDefaults } from './default.ts';
import { fitsFormat } from './formats.ts';
import { validateListTypes } from './list-types.ts';
import { prune, pruneNulls } from './prune.ts';
import type { SchemaProps } from './schema-props.ts';
import { validateValue } from './validate-value.ts';

const object = (properties: Record<string, SchemaProps>, more: SchemaProps = {}): SchemaProps => ({
  type: 'object',
  properties,
  ...more,
});
const spec = (schema: SchemaProps): SchemaProps => object({ spec: schema });
const problems = (schema: SchemaProps, value: Json, old?: Json) =>
  validateValue(value, schema, old === undefined ? {} : { old: new Correlation(value, old, schema) }).map(
    printFieldError,
  );

test.each<[string, SchemaProps, Json, string[]]>([
  ['a value that fits', { type: 'integer', minimum: 1 }, 3, []],
  [
    'another type',
    { type: 'integer' },
    'three',
    ['spec: Invalid value: "string": spec in body must be of type integer: "string"'],
  ],
  ['a whole number where any is wanted', { type: 'number' }, 3, []],
  [
    'a fraction where a whole number is wanted',
    { type: 'integer' },
    1.5,
    ['spec: Invalid value: "number": spec in body must be of type integer: "number"'],
  ],
  ['null', { type: 'string' }, null, ['spec: Invalid value: "null": spec in body must be of type string: "null"']],
  ['null where it may be', { type: 'string', nullable: true }, null, []],
  [
    'too little',
    { type: 'integer', minimum: 2 },
    1,
    ['spec: Invalid value: 1: spec in body should be greater than or equal to 2'],
  ],
  [
    'as much as is not allowed',
    { type: 'number', maximum: 2.5, exclusiveMaximum: true },
    2.5,
    ['spec: Invalid value: 2.5: spec in body should be less than 2.5'],
  ],
  [
    'no multiple',
    { type: 'integer', multipleOf: 4 },
    6,
    ['spec: Invalid value: 6: spec in body should be a multiple of 4'],
  ],
  [
    'none of the choices',
    { type: 'string', enum: ['a', 'b'] },
    'c',
    ['spec: Unsupported value: "c": supported values: "a", "b"'],
  ],
  ['too long', { type: 'string', maxLength: 1 }, 'ab', ['spec: Too long: may not be more than 1 byte']],
  [
    'too short',
    { type: 'string', minLength: 2 },
    'a',
    ['spec: Invalid value: "a": spec in body should be at least 2 chars long'],
  ],
  ['length in characters', { type: 'string', maxLength: 2 }, 'äö', []],
  [
    'another form',
    { type: 'string', pattern: '^a+$' },
    'b',
    [`spec: Invalid value: "b": spec in body should match '^a+$'`],
  ],
  [
    'another format',
    { type: 'string', format: 'date' },
    'monday',
    ['spec: Invalid value: "monday": spec in body must be of type date: "monday"'],
  ],
  ['a format nobody knows', { type: 'string', format: 'poem' }, 'monday', []],
  [
    'too many items',
    { type: 'array', maxItems: 1, items: { type: 'string' } },
    ['a', 'b'],
    ['spec: Too many: 2: must have at most 1 item'],
  ],
  [
    'too few items',
    { type: 'array', minItems: 1, items: { type: 'string' } },
    [],
    ['spec: Invalid value: 0: spec in body should have at least 1 items'],
  ],
  [
    'an item',
    { type: 'array', items: { type: 'string' } },
    ['a', 1],
    ['spec[1]: Invalid value: "integer": spec[1] in body must be of type string: "integer"'],
  ],
  ['a missing field', object({ a: { type: 'string' } }, { required: ['a'] }), {}, ['spec.a: Required value']],
  [
    'a value of a map',
    { type: 'object', additionalProperties: { type: 'integer' } },
    { x: 'y' },
    ['spec.x: Invalid value: "string": spec.x in body must be of type integer: "string"'],
  ],
  ['a number or a text', { 'x-kubernetes-int-or-string': true }, 'http', []],
  [
    'neither number nor text',
    { 'x-kubernetes-int-or-string': true },
    true,
    ['spec: Invalid value: "boolean": spec in body must be of type integer,string: "boolean"'],
  ],
  [
    'two alternatives of which one is wanted',
    object({ a: {}, b: {} }, { oneOf: [{ required: ['a'] }, { required: ['b'] }] }),
    { a: 1, b: 2 },
    ['<nil>: Invalid value: "": "spec" must validate one and only one schema (oneOf). Found 2 valid alternatives'],
  ],
  [
    'none of the alternatives',
    object({ a: {}, b: {} }, { anyOf: [{ required: ['a'] }, { required: ['b'] }] }),
    {},
    ['<nil>: Invalid value: "": "spec" must validate at least one schema (anyOf)', 'spec.a: Required value'],
  ],
  [
    'what must not be',
    object({ a: {} }, { not: { required: ['a'] } }),
    { a: 1 },
    ['<nil>: Invalid value: "": "spec" must not validate the schema (not)'],
  ],
])('%s', (_name, schema, value, expected) => {
  expect(problems(spec(schema), { spec: value })).toEqual(expected);
});

test('a pattern that would take a backtracking engine for ever is answered at once', () => {
  const schema = spec({ type: 'string', pattern: '^(a+)+$' });
  expect(problems(schema, { spec: `${'a'.repeat(5000)}!` })).toHaveLength(1);
});

test('what was wrong and has not changed is let pass, what has changed is not', () => {
  const schema = spec(
    object({
      size: { type: 'integer', maximum: 3 },
      parts: {
        type: 'array',
        'x-kubernetes-list-type': 'map',
        'x-kubernetes-list-map-keys': ['name'],
        items: object({ name: { type: 'string' }, n: { type: 'integer', maximum: 3 } }),
      },
    }),
  );
  const old = { spec: { size: 9, parts: [{ name: 'a', n: 9 }] } };
  expect(
    problems(
      schema,
      {
        spec: {
          size: 9,
          parts: [
            { name: 'b', n: 1 },
            { name: 'a', n: 9 },
          ],
        },
      },
      old,
    ),
  ).toEqual([]);
  expect(problems(schema, { spec: { size: 8, parts: [{ name: 'b', n: 9 }] } }, old)).toEqual([
    'spec.parts[0].n: Invalid value: 9: spec.parts[0].n in body should be less than or equal to 3',
    'spec.size: Invalid value: 8: spec.size in body should be less than or equal to 3',
  ]);
});

test('unknown fields are taken out and named, except where they may stay', () => {
  const schema = object({
    spec: object({ a: { type: 'string' }, any: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } }),
    list: { type: 'array', items: object({ n: { type: 'integer' } }) },
  });
  const value = {
    apiVersion: 'v1',
    metadata: { name: 'x' },
    spec: { a: 'x', b: 1, any: { c: 2 } },
    list: [{ n: 1, m: 2 }],
    constructor: 1,
  };
  expect(prune(value as unknown as Json, schema, true)).toEqual(['constructor', 'list[0].m', 'spec.b']);
  expect(value).toEqual({
    apiVersion: 'v1',
    metadata: { name: 'x' },
    spec: { a: 'x', any: { c: 2 } },
    list: [{ n: 1 }],
  });
});

test('defaults are filled in outside in, and nulls count as nothing', () => {
  const schema = object({
    spec: object(
      {
        n: { type: 'integer', default: 2 },
        s: { type: 'string' },
        l: { type: 'array', items: object({ k: { type: 'string', default: 'x' } }) },
      },
      { default: {} },
    ),
  });
  const value: Json = {};
  applyDefaults(value, schema);
  expect(value).toEqual({ spec: { n: 2 } });
  const second: Json = { spec: { n: null, s: null, l: [{}] } };
  pruneNulls(second, schema);
  applyDefaults(second, schema);
  expect(second).toEqual({ spec: { n: 2, l: [{ k: 'x' }] } });
});

test('items of sets and keys of maps are unique', () => {
  const schema = object({
    set: { type: 'array', 'x-kubernetes-list-type': 'set', items: { type: 'string' } },
    map: {
      type: 'array',
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['k'],
      items: object({ k: { type: 'string' } }),
    },
  });
  const value: Json = { set: ['a', 'b', 'a'], map: [{ k: 'x' }, { k: 'x', v: 1 }] };
  expect(validateListTypes(value, schema).map(printFieldError)).toEqual([
    'map[1]: Duplicate value: {"k":"x"}',
    'set[2]: Duplicate value: "a"',
  ]);
});

test.each<[string, SchemaProps, string[]]>([
  ['a schema that is', object({ a: { type: 'string' } }), []],
  [
    'a field without a type',
    object({ a: {} }),
    ['s.properties[a].type: Required value: must not be empty for specified object fields'],
  ],
  [
    'items without a type',
    object({ a: { type: 'array', items: {} } }),
    ['s.properties[a].items.type: Required value: must not be empty for specified array items'],
  ],
  ['no type at the root', {}, ['s.type: Required value: must not be empty at the root']],
  ['another type at the root', { type: 'string' }, ['s.type: Invalid value: "string": must be object at the root']],
  [
    'a type inside anyOf',
    object({ a: { type: 'string', anyOf: [{ type: 'string' }] } }),
    ['s.properties[a].anyOf[0].type: Forbidden: must be empty to be structural'],
  ],
  [
    'a field that is only narrowed',
    object({}, { oneOf: [{ properties: { b: { minLength: 1 } } }] }),
    ['s.properties[b]: Required value: because it is defined in s.oneOf[0].properties[b]'],
  ],
  [
    'a bad pattern',
    object({ a: { type: 'string', pattern: '[' } }),
    [
      's.properties[a].pattern: Invalid value: "[": must be a valid regular expression, but isn\'t: error parsing regexp: missing closing ]: `[`',
    ],
  ],
  [
    'int or string',
    object({ a: { 'x-kubernetes-int-or-string': true, anyOf: [{ type: 'integer' }, { type: 'string' }] } }),
    [],
  ],
])('structural: %s', (_name, schema, expected) => {
  expect(structuralProblems(schema, new Path('s')).map(printFieldError)).toEqual(expected);
});

test('what no structural schema can hold is named', () => {
  expect(unsupportedIn(object({ a: { $ref: '#/b' } }))).toBe("OpenAPIV3Schema '$ref' is not supported");
  expect(unsupportedIn(object({ a: { items: [] } }))).toBe("OpenAPIV3Schema 'items' must be a schema, but is an array");
});

test.each<[string, string[], string[]]>([
  ['ipv4', ['10.0.0.1'], ['10.0.0', '256.0.0.1', '::1']],
  ['ipv6', ['::1', 'fe80::1'], ['10.0.0.1', 'x::']],
  ['cidr', ['10.0.0.0/8', '::/0'], ['10.0.0.0', '10.0.0.0/33']],
  ['uri', ['https://a.b/c?d', '/path', 'urn:a:b'], ['', 'plain words', 'a b']],
  ['email', ['a@b.c'], ['a', '@b', 'a@']],
  ['hostname', ['a.example.com', 'x'], ['-a', 'a..b']],
  ['date', ['2024-02-29'], ['2023-02-29', '2024-1-1']],
  ['date-time', ['2024-01-02T03:04:05Z', '2024-01-02T03:04:05.6+02:00'], ['2024-01-02', '2024-13-02T00:00:00Z']],
  ['duration', ['1h30m', '5 minutes', '0'], ['soon', '1x']],
  ['uuid', ['123e4567-e89b-12d3-a456-426614174000'], ['123']],
  ['byte', ['aGk='], ['aGk', '?']],
  ['k8s-short-name', ['a-b'], ['A', '-a', 'a.b']],
])('format %s', (format, good, bad) => {
  expect(good.filter((text) => !fitsFormat(format, text))).toEqual([]);
  expect(bad.filter((text) => fitsFormat(format, text))).toEqual([]);
});
