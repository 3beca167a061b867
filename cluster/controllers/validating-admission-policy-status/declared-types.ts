/** What the objects of a kind are known to hold, for expressions to be checked against. */
import type { KubeObject } from '../../api/types.ts';
import {
  DYN,
  lazyStructType,
  listType,
  mapType,
  scalarType,
  schemaType,
  STRING,
  structType,
  type Type,
} from '../../cel/index.ts';
import { schema, schemaNameOf, type ValueSchema } from '../../schema/lookup.ts';
import { resources } from '../../schema/resources.ts';
import type { SchemaProps } from '../../schema/structural/schema-props.ts';
import type { Reader } from '../../store/client.ts';

export interface GroupVersionKind {
  group: string;
  version: string;
  kind: string;
}

/** undefined: nothing can be said of it, and no expression may name it. */
function typeOf(value: ValueSchema, name: string): Type | undefined {
  if (value.items) {
    const item = typeOf(value.items, `${name}.@idx`);
    return item && listType(item);
  }
  if (value.map) {
    const entry = typeOf(value.map, `${name}.@elem`);
    return entry && mapType(STRING, entry);
  }
  if (value.ref !== undefined) {
    const { fields, type, format } = schema(value.ref);
    if (fields) return objectType(value.ref, name);
    return typeOf({ ...(type ? { type } : {}), ...(format ? { format } : {}) }, name);
  }
  if (value.type === 'int-or-string') return DYN;
  if (value.type === 'object') return structType(name, new Map());
  return scalarType(value.type, value.format);
}

const objectType = (schemaName: string, name: string): Type =>
  lazyStructType(name, (field) => {
    const declared = schema(schemaName).fields?.[field];
    return declared && typeOf(declared, `${name}.${field}`);
  });

interface Definition extends KubeObject {
  spec?: {
    group?: string;
    names?: { plural?: string; kind?: string };
    versions?: { name?: string; served?: boolean; schema?: { openAPIV3Schema?: SchemaProps } }[];
  };
}
const DEFINITIONS = 'customresourcedefinitions.apiextensions.k8s.io';

const versionOf = ({ spec }: Definition, version: string) =>
  (spec?.versions ?? []).find((one) => one.name === version && one.served);

/** The kind of a resource, custom ones included. */
export function kindOf(store: Reader, group: string, version: string, resource: string): GroupVersionKind | undefined {
  const info = resources.find((one) => one.group === group && one.version === version && one.resource === resource);
  if (info) return { group, version, kind: info.kind };
  const custom = store
    .list<Definition>(DEFINITIONS)
    .find((one) => one.spec?.group === group && one.spec.names?.plural === resource && versionOf(one, version));
  const kind = custom?.spec?.names?.kind;
  return kind === undefined ? undefined : { group, version, kind };
}

export function declaredType(store: Reader, { group, version, kind }: GroupVersionKind): Type | undefined {
  const name = schemaNameOf(group, version, kind);
  if (name !== undefined) return objectType(name, kind);
  const custom = store
    .list<Definition>(DEFINITIONS)
    .find((one) => one.spec?.group === group && one.spec.names?.kind === kind && versionOf(one, version));
  const props = custom && versionOf(custom, version)?.schema?.openAPIV3Schema;
  return props && schemaType(props, kind, true);
}
