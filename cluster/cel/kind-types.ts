/** What the objects of built-in kinds hold, for expressions to be checked against. */
import { schema, schemaNameOf, type ValueSchema } from '../schema/lookup.ts';
import { scalarType } from './schema-types.ts';
import { DYN, lazyStructType, listType, mapType, STRING, structType, type Type } from './types.ts';

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

/** undefined: no such kind. */
export function kindType({ group, version, kind }: GroupVersionKind): Type | undefined {
  const name = schemaNameOf(group, version, kind);
  return name === undefined ? undefined : objectType(name, kind);
}
