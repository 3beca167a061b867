/** Kinds of CustomResourceDefinitions as OpenAPI publishes them. */
import type { Json, JsonObject } from '../../api/types.ts';
import type { ResourceInfo } from '../resources.ts';
import { COMMON_FIELDS, reference } from './schema-document.ts';
import { metaSchema } from './schema-facts.ts';

export interface CustomKind {
  info: ResourceInfo;
  listKind: string;
  /** spec.versions[].schema.openAPIV3Schema of the version; undefined where it has none. */
  schema?: JsonObject;
}

/** Group h2.example.com, version v1, kind Widget: com.example.h2.v1.Widget. */
export const customSchemaName = ({ group, version, kind }: { group: string; version: string; kind: string }): string =>
  [...group.split('.').toReversed(), version, kind].join('.');

/** The kind's own schema and that of its list, by name. */
export function customSchemas({ info, listKind, schema }: CustomKind, version: 2 | 3): JsonObject {
  const name = customSchemaName(info);
  const listName = customSchemaName({ ...info, kind: listKind });
  const pointer = (schemaName: string, description: string): JsonObject =>
    version === 2 ? { description, ...reference(2, schemaName) } : { description, allOf: [reference(3, schemaName)] };
  const identity = {
    apiVersion: { description: COMMON_FIELDS.apiVersion, type: 'string' },
    kind: { description: COMMON_FIELDS.kind, type: 'string' },
  };
  const gvk = (kind: string) => ({
    'x-kubernetes-group-version-kind': [{ group: info.group, kind, version: info.version }],
  });
  const own = schema === undefined ? { type: 'object' } : published(schema, version);
  const properties = isObject(own.properties) ? own.properties : {};
  return {
    [name]: {
      ...own,
      properties: sorted({
        ...properties,
        ...identity,
        metadata: pointer(metaSchema('ObjectMeta'), COMMON_FIELDS.metadata),
      }),
      ...gvk(info.kind),
    },
    [listName]: {
      description: `${listKind} is a list of ${info.kind}`,
      type: 'object',
      required: ['items'],
      properties: {
        apiVersion: identity.apiVersion,
        items: { description: COMMON_FIELDS.items(info.resource), type: 'array', items: reference(version, name) },
        kind: identity.kind,
        metadata: pointer(metaSchema('ListMeta'), COMMON_FIELDS.listMetadata),
      },
      ...gvk(listKind),
    },
  };
}

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const sorted = (object: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(object).sort(([a], [b]) => (a < b ? -1 : 1)));

/** What OpenAPI v2 has no words for. */
const ONLY_V3 = new Set(['default', 'nullable', 'oneOf', 'anyOf', 'allOf', 'not']);
/** Fields of a schema that hold schemas. */
const ONE = new Set(['items', 'additionalProperties', 'not']);
const MANY = new Set(['oneOf', 'anyOf', 'allOf']);

function published(schema: JsonObject, version: 2 | 3): JsonObject {
  const preserves = schema['x-kubernetes-preserve-unknown-fields'] === true;
  const intOrString = schema['x-kubernetes-int-or-string'] === true;
  const out: JsonObject = {};
  for (const [name, value] of Object.entries(schema)) {
    if (version === 2) {
      if (ONLY_V3.has(name)) continue;
      // v2 clients would refuse what these allow.
      if (name === 'type' && (preserves || intOrString || schema.nullable === true)) continue;
      if ((name === 'items' || name === 'properties') && (preserves || schema.nullable === true)) continue;
    }
    if (ONE.has(name) && isObject(value)) out[name] = published(value, version);
    else if (MANY.has(name) && Array.isArray(value))
      out[name] = value.map((one) => (isObject(one) ? published(one, version) : one));
    else if (name === 'properties' && isObject(value))
      out[name] = sorted(
        Object.fromEntries(
          Object.entries(value).map(([key, one]) => [key, isObject(one) ? published(one, version) : one]),
        ),
      );
    else out[name] = value;
  }
  if (version === 3 && intOrString && out.anyOf === undefined && out.allOf === undefined)
    out.anyOf = [{ type: 'integer' }, { type: 'string' }];
  return out;
}
