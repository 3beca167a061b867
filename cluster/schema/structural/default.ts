/** The default values that a custom resource's schema gives. */
import type { Json } from '../../api/types.ts';
import { entriesOf, isMap, itemsOf, own, valuesOf, type SchemaProps } from './schema-props.ts';

const isNullToReplace = (value: Json | undefined, schema: SchemaProps | undefined): boolean =>
  value === null && schema !== undefined && schema.nullable !== true;

const defaultOf = (schema: SchemaProps | undefined): Json => structuredClone(schema?.default ?? null);

/** Fills in what is not there, outside in: a default object gets the defaults of its own fields. Changes `value`. */
export function applyDefaults(value: Json, schema: SchemaProps | undefined): void {
  if (schema === undefined) return;
  if (Array.isArray(value)) {
    const items = itemsOf(schema);
    for (const [i, item] of value.entries()) {
      if (isNullToReplace(item, items)) value[i] = defaultOf(items);
      applyDefaults(value[i] ?? null, items);
    }
    return;
  }
  if (!isMap(value)) return;
  for (const [key, field] of entriesOf(schema.properties)) {
    if (field.default === undefined || field.default === null) continue;
    if (!Object.hasOwn(value, key) || isNullToReplace(value[key], field)) value[key] = defaultOf(field);
  }
  const values = valuesOf(schema);
  for (const key of Object.keys(value)) {
    const field = own(schema.properties, key);
    if (field) applyDefaults(value[key] ?? null, field);
    else if (values) {
      if (isNullToReplace(value[key], values)) value[key] = defaultOf(values);
      applyDefaults(value[key] ?? null, values);
    }
  }
}
