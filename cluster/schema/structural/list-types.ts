/** Lists of type set and map: no item twice. */
import { duplicate, invalid, Path, type FieldError } from '../../api/field.ts';
import type { Json, JsonObject } from '../../api/types.ts';
import { goValue } from './go-value.ts';
import { entriesOf, goJson, isMap, itemsOf, own, valuesOf, type SchemaProps } from './schema-props.ts';

/** Positions of items that are there already, each named once. */
function repeated(items: readonly Json[]): number[] {
  const seen = new Map<string, number>();
  const found: number[] = [];
  for (const [i, item] of items.entries()) {
    const text = goJson(item);
    const times = seen.get(text) ?? 0;
    if (times === 1) found.push(i);
    seen.set(text, times + 1);
  }
  return found;
}

function checkMap(list: readonly Json[], keys: readonly string[], at: Path): FieldError[] {
  const odd = list.findIndex((item) => item !== null && !isMap(item));
  if (odd >= 0) return [invalid(at.index(odd), goValue(list[odd]), 'must be an object for an array of list-type map')];
  const named = list.map((item): JsonObject => {
    if (!isMap(item)) return {};
    const present = keys.filter((key) => Object.hasOwn(item, key));
    return Object.fromEntries(present.map((key) => [key, item[key] ?? null]));
  });
  return repeated(named).map((i) => duplicate(at.index(i), goValue(named[i])));
}

function checkList(list: readonly Json[], schema: SchemaProps, at: Path): FieldError[] {
  const errors: FieldError[] = [];
  const type = schema['x-kubernetes-list-type'];
  if (type === 'set') errors.push(...repeated(list).map((i) => duplicate(at.index(i), goValue(list[i]))));
  if (type === 'map') errors.push(...checkMap(list, schema['x-kubernetes-list-map-keys'] ?? [], at));
  const items = itemsOf(schema);
  if (items) for (const [i, item] of list.entries()) errors.push(...validateListTypes(item, items, at.index(i)));
  return errors;
}

/** All repeated items in a value. */
export function validateListTypes(value: Json, schema: SchemaProps | undefined, at?: Path): FieldError[] {
  if (!schema) return [];
  if (Array.isArray(value)) return checkList(value, schema, at ?? new Path(''));
  if (!isMap(value)) return [];
  const here = (key: string) => (at ? at.child(key) : new Path(key));
  const values = valuesOf(schema);
  return entriesOf(value).flatMap(([key, part]) => {
    const errors: FieldError[] = values ? validateListTypes(part, values, (at ?? new Path('')).key(key)) : [];
    const field = own(schema.properties, key);
    return field ? [...errors, ...validateListTypes(part, field, here(key))] : errors;
  });
}
