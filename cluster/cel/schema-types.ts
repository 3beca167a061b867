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
  lazyStructType,
  listType,
  mapType,
  STRING,
  TIMESTAMP,
  type Type,
} from './types.ts';

const FORMATS: Record<string, Type> = {
  byte: BYTES,
  duration: DURATION,
  date: TIMESTAMP,
  'date-time': TIMESTAMP,
};

/** The type of what has no parts; undefined: it has some, or nothing is known of it. */
export function scalarType(type: string | undefined, format: string | undefined): Type | undefined {
  switch (type) {
    case 'string':
      return FORMATS[format ?? ''] ?? STRING;
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
    default:
      return scalarType(schema.type, schema.format);
  }
}

const objectType = (schema: SchemaProps, name: string): Type =>
  lazyStructType(name, (field) => {
    const raw = unescapeName(field);
    const property = raw === undefined ? undefined : own(schema.properties, raw);
    return property && schemaType(property, `${name}.${field}`);
  });
