/** One schema as OpenAPI shows it, made of the facts. v2 and v3 differ in how references and either-or types are written. */
import type { Json, JsonObject } from '../../api/types.ts';
import type { Descriptions } from '../descriptions/descriptions.ts';
import { schemas, type FieldFact, type SchemaFact, type TypeFact } from './schema-facts.ts';

export interface Style {
  version: 2 | 3;
  descriptions: Descriptions;
  /** Of the kinds that belong to every group: which ones they are. */
  groupVersions: readonly { group: string; version: string }[];
}

const PREFIX = { 2: '#/definitions/', 3: '#/components/schemas/' };
export const reference = (version: 2 | 3, schemaName: string): JsonObject => ({
  $ref: `${PREFIX[version]}${schemaName}`,
});

const METADATA = 'https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md';

function typeDocument(type: TypeFact, style: Style): JsonObject {
  if (type.items) return { type: 'array', items: typeDocument(type.items, style) };
  if (type.map) return { type: 'object', additionalProperties: typeDocument(type.map, style) };
  const rest: JsonObject = {};
  if (type.default !== undefined && style.version === 3) rest.default = type.default as Json;
  if (type.enum) rest.enum = type.enum;
  if (type.ref !== undefined) {
    const ref = reference(style.version, type.ref);
    // In OpenAPI 3.0 nothing may stand beside a $ref.
    return Object.keys(rest).length === 0 ? ref : { ...rest, allOf: [ref] };
  }
  return { ...(type.type === undefined || type.type === 'any' ? {} : leafType(type)), ...rest };
}

const leafType = (type: { type?: string; format?: string }): JsonObject => ({
  ...(type.type === undefined ? {} : { type: type.type }),
  ...(type.format === undefined ? {} : { format: type.format }),
});

function fieldDocument(schemaName: string, name: string, field: FieldFact, style: Style): JsonObject {
  const type = typeDocument(field, style);
  const description =
    style.descriptions.field(schemaName, name) ??
    (field.ref === undefined ? undefined : style.descriptions.schema(field.ref));
  const notes: JsonObject = {};
  if (field.listMapKeys) notes['x-kubernetes-list-map-keys'] = field.listMapKeys;
  if (field.listType !== undefined) notes['x-kubernetes-list-type'] = field.listType;
  if (field.mapType !== undefined) notes['x-kubernetes-map-type'] = field.mapType;
  if (field.patchMergeKey !== undefined) notes['x-kubernetes-patch-merge-key'] = field.patchMergeKey;
  if (field.patchStrategy !== undefined) notes['x-kubernetes-patch-strategy'] = field.patchStrategy;
  if (description !== undefined) notes.description = description;
  if (Object.keys(notes).length === 0) return type;
  return style.version === 3 && type.$ref !== undefined ? { ...notes, allOf: [type] } : { ...type, ...notes };
}

export function schemaDocument(schemaName: string, style: Style): JsonObject {
  const fact: SchemaFact = schemas[schemaName] ?? {};
  const document: JsonObject = {};
  const description = style.descriptions.schema(schemaName);
  if (description !== undefined) document.description = description;
  Object.assign(document, bareType(schemaName, fact, style.version));
  if (fact.required) document.required = fact.required;
  if (fact.fields) {
    const properties: JsonObject = {};
    for (const [name, field] of Object.entries(fact.fields))
      properties[name] = fieldDocument(schemaName, name, field, style);
    document.properties = properties;
  }
  if (fact.gvk) document['x-kubernetes-group-version-kind'] = kindsOf(schemaName, fact, style);
  if (fact.mapType !== undefined) document['x-kubernetes-map-type'] = fact.mapType;
  if (fact.unions) document['x-kubernetes-unions'] = fact.unions as Json;
  return document;
}

function bareType(schemaName: string, fact: SchemaFact, version: 2 | 3): JsonObject {
  if (fact.type === 'int-or-string')
    return version === 2
      ? { type: 'string', format: 'int-or-string' }
      : { format: 'int-or-string', oneOf: [{ type: 'integer' }, { type: 'string' }] };
  if (schemaName.endsWith('.resource.Quantity'))
    return version === 2 ? { type: 'string' } : { oneOf: [{ type: 'string' }, { type: 'number' }] };
  if (fact.type === 'any') return {};
  return leafType({ type: fact.type ?? 'object', ...(fact.format === undefined ? {} : { format: fact.format }) });
}

function kindsOf(schemaName: string, { gvk }: SchemaFact, { groupVersions }: Style): Json[] {
  const kind = schemaName.slice(schemaName.lastIndexOf('.') + 1);
  const all: [string, string, string][] = Array.isArray(gvk)
    ? gvk
    : groupVersions.map(({ group, version }) => [group, version, kind]);
  return all.map(([group, version, name]) => ({ group, kind: name, version }));
}

/** The names given and all that they refer to, sorted. */
export function reachable(names: Iterable<string>): string[] {
  const found = new Set<string>();
  const visit = (type: TypeFact) => {
    if (type.ref !== undefined) add(type.ref);
    if (type.items) visit(type.items);
    if (type.map) visit(type.map);
  };
  const add = (name: string) => {
    if (found.has(name)) return;
    found.add(name);
    for (const field of Object.values(schemas[name]?.fields ?? {})) visit(field);
  };
  for (const name of names) add(name);
  return [...found].sort();
}

/** The sentences about the fields that every kind of a CustomResourceDefinition gets. */
export const COMMON_FIELDS = {
  apiVersion: `APIVersion defines the versioned schema of this representation of an object. Servers should convert recognized schemas to the latest internal value, and may reject unrecognized values. More info: ${METADATA}#resources`,
  kind: `Kind is a string value representing the REST resource this object represents. Servers may infer this from the endpoint the client submits requests to. Cannot be updated. In CamelCase. More info: ${METADATA}#types-kinds`,
  metadata: `Standard object's metadata. More info: ${METADATA}#metadata`,
  items: (plural: string) => `List of ${plural}. More info: ${METADATA}`,
  listMetadata: `Standard list metadata. More info: ${METADATA}#types-kinds`,
};
