/**
 * Expressions with what cel-go 0.26 says of them in Kubernetes 1.35's environment (recorded-expressions.json): types, values,
 * runtime errors, and every word of a refusal.
 */
import { expect, test } from '@jest/globals';
import type { Json } from '../api/types.ts';
import recorded from './recorded-expressions.json' with { type: 'json' };
import { compile, DYN, dynValue, evaluate, schemaType, schemaValue, typeText } from './index.ts';
import { printValue } from './print.ts';

const OBJECT: Json = {
  spec: {
    replicas: 3,
    names: ['a', 'b'],
    f: 1.5,
    empty: null,
    template: {
      spec: {
        containers: [
          { name: 'c', image: 'nginx:1.25', resources: { limits: { cpu: '500m' } } },
          { name: 'd', image: 'busybox' },
        ],
      },
    },
  },
  metadata: { name: 'web', labels: { x: 'y', 'app.kubernetes.io/name': 'web' } },
};

interface Row {
  expr: string;
  compile?: string;
  program?: string;
  type?: string;
  error?: string;
  value?: string;
}

test.each((recorded as Row[]).map((row): [string, Row] => [row.expr, row]))('%s', (expr, row) => {
  const compiled = compile(expr, { object: DYN });
  if ('error' in compiled) {
    expect(compiled.instantiation ? { program: compiled.error } : { compile: compiled.error }).toEqual({
      ...(row.compile === undefined ? {} : { compile: row.compile }),
      ...(row.program === undefined ? {} : { program: row.program }),
    });
    return;
  }
  expect([row.compile, row.program]).toEqual([undefined, undefined]);
  expect(typeText(compiled.program.type)).toBe(row.type);
  const result = evaluate(compiled.program, { object: dynValue(OBJECT) });
  if ('error' in result) expect(result.error).toBe(row.error);
  else {
    expect(row.error).toBeUndefined();
    if (row.value !== undefined) expect(printValue(result.value)).toBe(row.value);
  }
});

const LIMIT = 'operation cancelled: actual cost limit exceeded';

test.each([
  ['loops in loops', 'lists.range(1000).all(x, lists.range(1000).all(y, lists.range(1000).all(z, x + y + z >= 0)))'],
  ['a list that grows', 'lists.range(100000).map(x, lists.range(100000))'],
  [
    'a text that doubles',
    `lists.range(60).map(x, ${'"a"'.padEnd(3)}).join("").replace("a", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")${'.replace("a", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")'.repeat(6)}`,
  ],
  ['a range without end', 'lists.range(9000000000).size() > 0'],
  [
    'a pattern that backtracks',
    '("a".replace("a", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa") + "!").matches("^(a+)+$") || lists.range(1000000).all(x, true)',
  ],
  ['digits without end', '"%.100000000f".format([1.0])'],
])('%s is stopped', (_case, expr) => {
  const compiled = compile(expr, {});
  if (!('program' in compiled)) throw new Error(compiled.error);
  const started = performance.now();
  expect(evaluate(compiled.program, {})).toMatchObject({ error: LIMIT, exceeded: true });
  expect(performance.now() - started).toBeLessThan(5000);
});

test.each([
  ['parentheses', '('.repeat(5000) + '1' + ')'.repeat(5000)],
  ['lists', '['.repeat(5000) + ']'.repeat(5000)],
  ['negations', '-('.repeat(3000) + '1' + ')'.repeat(3000)],
  ['ternaries', 'true ? '.repeat(3000)],
])('nested %s are refused', (_case, expr) => {
  const compiled = compile(expr, {});
  expect('error' in compiled && compiled.error.split('\n')[0]).toMatch(
    /^ERROR: <input>:-1:0: expression recursion limit exceeded: 250$|^ERROR: <input>:1:\d+: Syntax error: /,
  );
});

const SCHEMA = {
  type: 'object',
  properties: {
    spec: {
      type: 'object',
      properties: {
        size: { type: 'integer' },
        ratio: { type: 'number' },
        namespace: { type: 'string' },
        'a-b': { type: 'string' },
        port: { 'x-kubernetes-int-or-string': true },
        until: { type: 'string', format: 'date-time' },
        tags: { type: 'array', 'x-kubernetes-list-type': 'set', items: { type: 'string' } },
        parts: {
          type: 'array',
          'x-kubernetes-list-type': 'map',
          'x-kubernetes-list-map-keys': ['name'],
          items: { type: 'object', properties: { name: { type: 'string' }, value: { type: 'integer' } } },
        },
        extra: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
        labels: { type: 'object', additionalProperties: { type: 'string' } },
      },
    },
  },
};
const SELF = {
  apiVersion: 'example.com/v1',
  kind: 'Widget',
  metadata: { name: 'w' },
  spec: {
    size: 2,
    ratio: 2,
    namespace: 'n',
    'a-b': 'c',
    port: 80,
    until: '2030-01-01T00:00:00Z',
    tags: ['x', 'y'],
    parts: [
      { name: 'a', value: 1 },
      { name: 'b', value: 2 },
    ],
    extra: { anything: 1 },
    labels: { l: 'v' },
  },
};

test.each<[string, boolean | string]>([
  ['self.spec.size == 2 && self.metadata.name == "w" && self.kind == "Widget"', true],
  ['self.spec.ratio == 2.0', true],
  ['self.spec.__namespace__ == "n" && self.spec.a__dash__b == "c"', true],
  ['self.spec.port == 80 || self.spec.port == "http"', true],
  ['self.spec.until > timestamp("2029-01-01T00:00:00Z")', true],
  // a set on the left has no order, a literal list has one: which side is asked matters
  ['self.spec.tags == ["y", "x"]', true],
  ['["y", "x"] == self.spec.tags', false],
  ['self.spec.tags + ["x", "z"] == self.spec.tags + ["z"]', true],
  ['self.spec.parts.exists(p, p.name == "b" && p.value == 2)', true],
  ['self.spec.labels["l"] == "v" && !has(self.spec.labels.m)', true],
  ['self.spec.nope == 1', "ERROR: <input>:1:10: undefined field 'nope'\n | self.spec.nope == 1\n | .........^"],
  [
    'self.metadata.labels.x == ""',
    'ERROR: <input>:1:14: undefined field \'labels\'\n | self.metadata.labels.x == ""\n | .............^',
  ],
  [
    'self.spec.extra.anything == 1',
    "ERROR: <input>:1:16: undefined field 'anything'\n | self.spec.extra.anything == 1\n | ...............^",
  ],
])('a rule over a schema: %s', (expr, wanted) => {
  const type = schemaType(SCHEMA, 'selfType', true);
  if (!type) throw new Error('a type');
  const compiled = compile(expr, { self: type });
  if ('error' in compiled) {
    expect(compiled.error).toBe(wanted);
    return;
  }
  const result = evaluate(compiled.program, { self: schemaValue(SELF, SCHEMA, true) });
  expect(result).toMatchObject({ value: wanted });
});
