/** Unknown fields of a custom resource: found, and taken out. */
import type { Json } from '../../api/types.ts';
import {
  atRoot,
  entriesOf,
  isEmbedded,
  isMap,
  itemsOf,
  own,
  preserves,
  valuesOf,
  type SchemaProps,
} from './schema-props.ts';

const META: ReadonlySet<string> = new Set(['apiVersion', 'kind', 'metadata']);

/** Takes unknown fields out of `value`, which changes, and returns their paths, sorted: `spec.colour`, `spec.stages[0].power`. */
export function prune(value: Json, schema: SchemaProps | undefined, isRoot: boolean): string[] {
  const unknown: string[] = [];
  pruneAt(value, isRoot ? atRoot(schema) : schema, '', unknown);
  return unknown.sort();
}

const inside = (path: string, key: string) => (path === '' ? key : `${path}.${key}`);

function pruneAt(value: Json, schema: SchemaProps | undefined, path: string, unknown: string[]): void {
  if (preserves(schema)) {
    pruneKnown(value, schema, path, unknown);
    return;
  }
  if (Array.isArray(value)) {
    for (const [i, item] of value.entries()) pruneAt(item, schema && itemsOf(schema), `${path}[${i}]`, unknown);
    return;
  }
  if (!isMap(value)) return;
  for (const [key, part] of entriesOf(value)) {
    if (isEmbedded(schema) && META.has(key)) continue;
    const field = own(schema?.properties, key);
    if (field) pruneAt(part, field, inside(path, key), unknown);
    else if (schema?.additionalProperties !== undefined) pruneAt(part, valuesOf(schema), inside(path, key), unknown);
    else {
      if (!META.has(key) || path !== '') unknown.push(inside(path, key));
      delete value[key];
    }
  }
}

/** Where unknown fields may stay, what the schema does describe is pruned all the same. */
function pruneKnown(value: Json, schema: SchemaProps | undefined, path: string, unknown: string[]): void {
  if (schema === undefined) return;
  if (Array.isArray(value)) {
    for (const [i, item] of value.entries()) pruneKnown(item, itemsOf(schema), `${path}[${i}]`, unknown);
    return;
  }
  if (!isMap(value)) return;
  for (const [key, part] of entriesOf(value)) {
    if (isEmbedded(schema) && META.has(key)) continue;
    const field = own(schema.properties, key);
    if (field) pruneAt(part, field, inside(path, key), unknown);
    else if (schema.additionalProperties !== undefined) pruneAt(part, valuesOf(schema), inside(path, key), unknown);
  }
}

/** Nulls where neither null nor a default is allowed count as not written. Changes `value`. */
export function pruneNulls(value: Json, schema: SchemaProps | undefined): void {
  if (Array.isArray(value)) {
    for (const item of value) pruneNulls(item, schema && itemsOf(schema));
    return;
  }
  if (!isMap(value)) return;
  for (const [key, part] of Object.entries(value)) {
    const field = own(schema?.properties, key) ?? (schema && valuesOf(schema));
    if (part === null && field && field.nullable !== true && (field.default ?? null) === null) delete value[key];
    else pruneNulls(part, field);
  }
}
