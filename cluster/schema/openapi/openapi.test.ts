import { expect, test } from '@jest/globals';
import protobuf from 'protobufjs/minimal.js';
import type { Json, JsonObject } from '#cluster/api/types.ts';
import { describedBy, noDescriptions } from '#cluster/schema/descriptions/descriptions.ts';
import type { CustomKind } from '#cluster/schema/openapi/custom-kind.ts';
import { documentProtobuf } from '#cluster/schema/openapi/gnostic.ts';
import { schemaDocument, type Style } from '#cluster/schema/openapi/schema-document.ts';
import { openApiV2, openApiV2Protobuf, v2Document } from '#cluster/schema/openapi/v2.ts';
import { openApiV3, openApiV3Index, v3Document } from '#cluster/schema/openapi/v3.ts';
import { resources, type ResourceInfo } from '#cluster/schema/resources.ts';
import recorded from './recorded/openapi.json' with { type: 'json' };

const ofGroup = (group: string) => resources.filter((info) => info.group === group);
const parse = (body: Uint8Array) => JSON.parse(Buffer.from(body).toString()) as JsonObject;
const at = (document: Json | undefined, ...keys: string[]): Json | undefined =>
  keys.reduce<Json | undefined>((value, key) => (value as JsonObject | undefined)?.[key], document);
const schemasOf = (document: JsonObject) => at(document, 'components', 'schemas') as JsonObject;

/** As the recorder did. */
function withoutDefaults(value: Json): Json {
  if (Array.isArray(value)) return value.map(withoutDefaults);
  if (typeof value !== 'object' || value === null) return value;
  const rest = Object.entries(value).filter(([name, one]) => name !== 'default' || at(one, 'type') !== undefined);
  const out = Object.fromEntries(rest.map(([name, one]) => [name, withoutDefaults(one)]));
  return Array.isArray(out.allOf) && rest.length === 1 ? (out.allOf[0] ?? null) : out;
}

const style = (version: 2 | 3): Style => ({ version, descriptions: noDescriptions, groupVersions: [] });

test.each(Object.entries(recorded.schemas))('%s is as the real server publishes it', (name, { v2, v3 }) => {
  expect(withoutDefaults(schemaDocument(name, style(3)))).toEqual(v3);
  expect(withoutDefaults(schemaDocument(name, style(2)))).toEqual(v2);
});

test.each([
  ['api/v1', ''],
  ['apis/apps/v1', 'apps'],
] as const)('%s has the schemas that the real document has', (path, group) => {
  const names = Object.keys(schemasOf(v3Document(ofGroup(group), [], noDescriptions))).sort();
  expect(names).toEqual(recorded[path === 'api/v1' ? 'api/v1' : 'apps/v1'].schemas);
  expect(Object.keys(schemasOf(parse(openApiV3(path)?.body ?? new Uint8Array()))).sort()).toEqual(names);
});

test('apps/v1 has the operations of the real document: ids, kinds and patch formats', () => {
  const { paths } = v3Document(ofGroup('apps'), [], noDescriptions) as { paths: Record<string, JsonObject> };
  const found: Record<string, unknown[]> = {};
  for (const [path, item] of Object.entries(paths))
    for (const [method, operation] of Object.entries(item)) {
      if (method === 'parameters' || path.endsWith('/v1/')) continue;
      const kind = at(operation, 'x-kubernetes-group-version-kind') as Record<string, string>;
      found[`${method} ${path}`] = [
        at(operation, 'operationId'),
        at(operation, 'x-kubernetes-action'),
        `${kind.group}/${kind.version} ${kind.kind}`,
        Object.keys(at(operation, 'requestBody', 'content') ?? {}).join(' '),
      ];
    }
  expect(found).toEqual(recorded['apps/v1'].operations);
});

test('kubectl finds dryRun and fieldValidation on every patch of an object', () => {
  for (const path of Object.keys(openApiV3Index().paths)) {
    const { paths } = parse(openApiV3(path)?.body ?? new Uint8Array()) as { paths: JsonObject };
    for (const item of Object.values(paths)) {
      const patch = at(item, 'patch');
      if (patch === undefined || at(patch, 'x-kubernetes-action') === 'connect') continue;
      const names = (at(patch, 'parameters') as { in: string; name: string }[]).map(
        ({ name, in: where }) => `${where} ${name}`,
      );
      expect(names).toEqual(expect.arrayContaining(['query dryRun', 'query fieldValidation']));
    }
  }
});

const widgets = {
  group: 'h2.example.com',
  version: 'v1',
  resource: 'widgets',
  kind: 'Widget',
  namespaced: true,
  singular: 'widget',
  shortNames: [],
  categories: [],
  verbs: ['delete', 'deletecollection', 'get', 'list', 'patch', 'create', 'update', 'watch'],
  subresources: [
    { name: 'status', kind: { group: '', version: '', kind: 'Widget' }, verbs: ['get', 'patch', 'update'] },
  ],
} satisfies ResourceInfo;
const widget: CustomKind = {
  info: widgets,
  listKind: 'WidgetList',
  schema: {
    type: 'object',
    description: 'a widget',
    properties: {
      spec: {
        type: 'object',
        required: ['num'],
        properties: {
          num: { type: 'integer', minimum: 1, default: 2, description: 'how many' },
          any: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
          l: { type: 'array', items: { type: 'string' }, 'x-kubernetes-list-type': 'set' },
          p: { 'x-kubernetes-int-or-string': true },
          nu: { type: 'string', nullable: true },
        },
      },
      status: { type: 'object', properties: { num: { type: 'integer' } } },
    },
  },
};

test("a definition's kind is published as the real server does, without strategic merge patch", () => {
  const custom = [widget];
  const document = parse(openApiV3('apis/h2.example.com/v1', custom)?.body ?? new Uint8Array());
  expect(schemasOf(document)).toMatchObject(recorded.widget);
  const patch = at(document, 'paths', '/apis/h2.example.com/v1/namespaces/{namespace}/widgets/{name}', 'patch');
  expect(Object.keys(at(patch, 'requestBody', 'content') as JsonObject)).toEqual([
    'application/apply-patch+yaml',
    'application/json-patch+json',
    'application/merge-patch+json',
  ]);
  const { paths } = openApiV3Index(custom);
  expect(Object.keys(paths)).toContain('apis/h2.example.com/v1');
  expect(paths['apis/apps/v1']).toEqual(openApiV3Index().paths['apis/apps/v1']);
  expect(openApiV3('apis/h2.example.com/v1')).toBeUndefined();
});

test('v2 leaves out what it has no words for', () => {
  const { definitions } = v2Document([widget], noDescriptions) as { definitions: JsonObject };
  expect(at(definitions, 'com.example.h2.v1.Widget', 'properties', 'spec', 'properties')).toEqual({
    any: { 'x-kubernetes-preserve-unknown-fields': true },
    l: { type: 'array', items: { type: 'string' }, 'x-kubernetes-list-type': 'set' },
    nu: {},
    num: { description: 'how many', type: 'integer', minimum: 1 },
    p: { 'x-kubernetes-int-or-string': true },
  });
});

test('the index carries the hash of each document, the same every time', () => {
  const { paths } = openApiV3Index();
  const document = openApiV3('apis/policy/v1');
  expect(document?.hash).toMatch(/^[0-9A-F]{128}$/);
  expect(paths['apis/policy/v1']?.serverRelativeURL).toBe(`/openapi/v3/apis/policy/v1?hash=${document?.hash ?? ''}`);
  expect(openApiV3('apis/policy/v1')).toBe(document);
  expect(openApiV3('apis/policy/v9')).toBeUndefined();
});

test('sentences are put where explain looks for them', () => {
  const taint = 'io.k8s.api.core.v1.Taint';
  const texts = describedBy({ [taint]: { '': 'What repels pods.', key: 'Its name.' } });
  const document = schemaDocument(taint, { ...style(3), descriptions: texts });
  expect(document.description).toBe('What repels pods.');
  expect(at(document, 'properties', 'key', 'description')).toBe('Its name.');
  // A field without a sentence of its own says what it holds; nothing may stand beside a $ref in v3.
  const holder = schemaDocument('io.k8s.api.apps.v1.Deployment', {
    ...style(3),
    descriptions: describedBy({ 'io.k8s.api.apps.v1.DeploymentSpec': { '': 'What is wanted.' } }),
  });
  expect(at(holder, 'properties', 'spec')).toEqual({
    description: 'What is wanted.',
    allOf: [{ $ref: '#/components/schemas/io.k8s.api.apps.v1.DeploymentSpec' }],
  });
});

test("gnostic's form: every field keeps its number", () => {
  const bytes = documentProtobuf({
    swagger: '2.0',
    definitions: { A: { type: 'object', 'x-kubernetes-group-version-kind': [{ kind: 'A' }] } },
  });
  const reader = protobuf.Reader.create(bytes);
  expect([reader.uint32() >>> 3, reader.string()]).toEqual([1, '2.0']);
  expect(reader.uint32() >>> 3).toBe(9);
  const named = protobuf.Reader.create(protobuf.Reader.create(reader.bytes()).skip(1).bytes());
  expect([named.uint32() >>> 3, named.string()]).toEqual([1, 'A']);
  expect(named.uint32() >>> 3).toBe(2);
  const schema = protobuf.Reader.create(named.bytes());
  expect(schema.uint32() >>> 3).toBe(22);
  expect(Buffer.from(schema.bytes()).toString('hex')).toBe('0a066f626a656374');
  expect(schema.uint32() >>> 3).toBe(31);
  expect(Buffer.from(schema.bytes()).toString()).toContain('[{"kind":"A"}]');
  expect(openApiV2Protobuf().length).toBeGreaterThan(200_000);
  expect(openApiV2().body.length).toBeGreaterThan(200_000);
});
