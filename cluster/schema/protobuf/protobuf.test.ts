import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { StatusError } from '#cluster/api/status.ts';
import type { Json, JsonObject } from '#cluster/api/types.ts';
import { decodeProtobuf, encodeProtobuf } from '#cluster/schema/protobuf/protobuf.ts';
import { schemas, type TypeFact } from '#cluster/schema/openapi/schema-facts.ts';

const leafValues: Record<string, fc.Arbitrary<Json>> = {
  'io.k8s.apimachinery.pkg.api.resource.Quantity': fc.constantFrom('500m', '1Gi', '0'),
  'io.k8s.apimachinery.pkg.util.intstr.IntOrString': fc.constantFrom<Json>(80, 0, 'http', '25%'),
  'io.k8s.apimachinery.pkg.apis.meta.v1.Time': fc.constantFrom('2026-11-21T10:00:00Z', '1969-12-31T23:59:59Z'),
  'io.k8s.apimachinery.pkg.apis.meta.v1.MicroTime': fc.constantFrom('2026-11-21T10:00:00.000012Z'),
  'io.k8s.apimachinery.pkg.apis.meta.v1.FieldsV1': fc.constant({ 'f:spec': { '.': {} } }),
  'io.k8s.apimachinery.pkg.runtime.RawExtension': fc.constant({ apiVersion: 'v1', kind: 'Made', deep: [1, null] }),
};

/** Values that Go has no zero for, so that nothing is lost on the way. */
function valueOf(type: TypeFact, depth: number): fc.Arbitrary<Json> {
  if (type.items) return fc.array(valueOf(type.items, depth - 1), { minLength: 1, maxLength: 2 });
  if (type.map)
    return fc.dictionary(fc.stringMatching(/^[a-z./-]{1,8}$/), valueOf(type.map, depth - 1), { minKeys: 1 });
  if (type.ref !== undefined) return leafValues[type.ref] ?? objectOf(type.ref, depth - 1);
  if (type.format === 'byte')
    return fc.uint8Array({ maxLength: 9 }).map((bytes) => Buffer.from(bytes).toString('base64'));
  if (type.type === 'integer' && type.format === 'int64') return fc.maxSafeInteger();
  if (type.type === 'integer') return fc.integer();
  if (type.type === 'number') return fc.double({ noNaN: true });
  if (type.type === 'boolean') return fc.boolean();
  return fc.string({ unit: 'grapheme' });
}

function objectOf(schemaName: string, depth: number): fc.Arbitrary<JsonObject> {
  const fields = Object.entries(schemas[schemaName]?.fields ?? {}).filter(
    ([name]) => name !== 'apiVersion' && name !== 'kind',
  );
  if (depth <= 0 || fields.length === 0 || schemaName.includes('JSONSchemaProps')) return fc.constant({});
  return fc
    .subarray(fields, { maxLength: Math.min(4, fields.length) })
    .chain((some) => fc.record(Object.fromEntries(some.map(([name, field]) => [name, valueOf(field, depth)]))));
}

const kinds = Object.entries(schemas).flatMap(([name, { gvk }]) =>
  Array.isArray(gvk) ? gvk.slice(0, 1).map(([group, version, kind]) => ({ name, group, version, kind })) : [],
);

test.each(kinds)('$group/$version $kind comes back as it went', ({ name, group, version, kind }) => {
  const identity = { apiVersion: group === '' ? version : `${group}/${version}`, kind };
  fc.assert(
    fc.property(objectOf(name, 6), (fields) => {
      const object = { ...fields, ...identity };
      expect(decodeProtobuf(encodeProtobuf(object)).object).toEqual(object);
    }),
    { numRuns: 10, seed: 7 },
  );
});

test.each<[string, JsonObject]>([
  ['options of a delete', { apiVersion: 'policy/v1', kind: 'DeleteOptions', gracePeriodSeconds: 0, dryRun: ['All'] }],
  [
    'schemas, lists of schemas and booleans in a CustomResourceDefinition',
    {
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: 'foos.example.com' },
      spec: {
        versions: [
          {
            name: 'v1',
            schema: {
              openAPIV3Schema: {
                $ref: '#/x',
                default: { replicas: 0 },
                enum: ['a', 1],
                items: { type: 'string' },
                additionalProperties: false,
                'x-kubernetes-list-map-keys': ['name'],
                'x-kubernetes-validations': [{ rule: 'self > 1', fieldPath: '.a' }],
              },
            },
          },
        ],
      },
    },
  ],
  [
    'inlined messages inside inlined messages',
    {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'ValidatingAdmissionPolicy',
      metadata: { name: 'a' },
      spec: { matchConstraints: { resourceRules: [{ apiGroups: ['apps'], operations: ['*'], resourceNames: ['x'] }] } },
    },
  ],
])('%s', (_name, object) => {
  expect(decodeProtobuf(encodeProtobuf(object)).object).toEqual(object);
});

test('a label named __proto__ is a label', () => {
  const labels = JSON.parse('{"__proto__":"polluted"}') as JsonObject;
  const { object } = decodeProtobuf(encodeProtobuf({ apiVersion: 'v1', kind: 'Pod', metadata: { labels } }));
  expect(JSON.stringify(object.metadata)).toBe('{"labels":{"__proto__":"polluted"}}');
  expect(({} as JsonObject).polluted).toBeUndefined();
});

const hex = (text: string) => new Uint8Array(Buffer.from(text, 'hex'));
const configMap = '6b3873000a0f0a0276311209436f6e6669674d6170';
const unhandled = 'ConfigMap in version "v1" cannot be handled as a ConfigMap: ';
const unrecognized = 'the object provided is unrecognized (must be of type ConfigMap): ';

/** Sentences as the real 1.35.4 gave them for the same bytes. */
test.each([
  ['nothing', '', `${unrecognized}empty data (<empty>)`],
  [
    'no prefix',
    '68656c6c6f',
    `${unrecognized}provided data does not appear to be a protobuf message, expected prefix [107 56 115 0] (68656c6c6f)`,
  ],
  ['only the prefix', '6b387300', `${unrecognized}empty body (6b387300)`],
  ['an envelope cut off', '6b387300ffff', `${unrecognized}unexpected EOF (6b387300ffff)`],
  ['an object cut off', `${configMap}12030a0561`, `${unhandled}unexpected EOF`],
  [
    'a number where a message belongs',
    `${configMap}12020801`,
    `${unhandled}proto: wrong wireType = 0 for field ObjectMeta`,
  ],
  [
    'an unknown kind',
    '6b3873000a0b0a0276311205436f6e66581200',
    'ConfX in version "v1" cannot be handled as a ConfigMap: no kind "ConfX" is registered for version "v1" in scheme "pkg/runtime/scheme.go:111"',
  ],
])('refuses %s', (_name, body, message) => {
  const attempt = () => decodeProtobuf(hex(body), 'ConfigMap');
  expect(attempt).toThrow(StatusError);
  expect(attempt).toThrow(expect.objectContaining({ message, code: 400 }));
});

test('bytes of every kind of nonsense are refused, never thrown over', () => {
  const head = Buffer.from('6b3873000a090a0276311203506f6412', 'hex');
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), (noise) => {
      try {
        decodeProtobuf(Buffer.concat([head, Uint8Array.of(noise.length), noise]), 'Pod');
      } catch (error) {
        expect(error).toBeInstanceOf(StatusError);
      }
    }),
    { numRuns: 500, seed: 7 },
  );
});
