/** The types that structural schemas declare. */
import { isEmbedded, itemsOf, own, valuesOf, type SchemaProps } from '../schema/structural/schema-props.ts';
import { unescapeName } from './escaping.ts';
import { withObjectMeta } from './json-values.ts';
import {
  BOOL,
  BYTES,
  DOUBLE,
  DURATION,
  DYN,
  INT,
  listType,
  mapType,
  STRING,
  structType,
  TIMESTAMP,
  type Type,
} from './types.ts';

const FORMATS: Record<string, Type> = {
  byte: BYTES,
  duration: DURATION,
  date: TIMESTAMP,
  'date-time': TIMESTAMP,
};

/**
 * `name` is what sentences call an object; its fields' types are named after it. undefined: no expression can be about
 * such a value (data kept without a schema).
 */
export function schemaType(schema: SchemaProps, name: string, isRoot = isEmbedded(schema)): Type | undefined {
  if (schema['x-kubernetes-int-or-string']) return DYN;
  switch (schema.type) {
    case 'array': {
      const items = itemsOf(schema);
      const type = items && schemaType(items, `${name}.@idx`);
      return type && listType(type);
    }
    case 'object': {
      const values = valuesOf(schema);
      if (values && !isRoot) {
        const type = schemaType(values, `${name}.@elem`);
        return type && mapType(STRING, type);
      }
      return objectType(isRoot ? withObjectMeta(schema) : schema, name);
    }
    case 'string':
      return FORMATS[schema.format ?? ''] ?? STRING;
    case 'boolean':
      return BOOL;
    case 'number':
      return DOUBLE;
    case 'integer':
      return INT;
    default:
      return undefined;
  }
}

function objectType(schema: SchemaProps, name: string): Type {
  const known = new Map<string, Type | undefined>();
  return structType(name, {
    get(field) {
      if (!known.has(field)) {
        const raw = unescapeName(field);
        const property = raw === undefined ? undefined : own(schema.properties, raw);
        known.set(field, property && schemaType(property, `${name}.${field}`));
      }
      return known.get(field);
    },
  });
}
