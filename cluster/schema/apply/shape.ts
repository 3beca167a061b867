/** How server-side apply sees a value: a scalar, a list or a map, and whether its parts have owners of their own. */
import type { Json, JsonObject } from '../../api/types.ts';
import { goStruct, schema, type FieldSchema } from '../lookup.ts';

export interface ScalarShape {
  kind: 'scalar';
  type: 'string' | 'number' | 'boolean' | 'untyped';
}
export interface ListShape {
  kind: 'list';
  /** `set`: items are their own keys. */
  by: 'atomic' | 'set' | 'key';
  keys: readonly string[];
  sortedKeys: readonly string[];
  element: FieldSchema;
}
export interface MapShape {
  kind: 'map';
  atomic: boolean;
  fields?: Record<string, FieldSchema>;
  element?: FieldSchema;
}
/** `deduced`: the schema does not say, the value does. */
export type Shape = ScalarShape | ListShape | MapShape | { kind: 'deduced' };

const DEDUCED: FieldSchema = { type: 'any' };

const listBy = (by: ListShape['by'], element: FieldSchema, keys: readonly string[] = []): ListShape => ({
  kind: 'list',
  by,
  keys,
  sortedKeys: keys.toSorted(),
  element,
});
const DEDUCED_LIST = listBy('atomic', DEDUCED);

function listShape(field: FieldSchema, element: FieldSchema): ListShape {
  const { listType, listMapKeys = [], patchStrategy = '', patchMergeKey } = field;
  if (listType === 'map') return listBy('key', element, listMapKeys);
  if (listType !== undefined) return listBy(listType, element);
  if (!patchStrategy.split(',').includes('merge')) return listBy('atomic', element);
  return patchMergeKey ? listBy('key', element, [patchMergeKey]) : listBy('set', element);
}

const SCALARS: Partial<Record<string, ScalarShape['type']>> = {
  string: 'string',
  integer: 'number',
  number: 'number',
  boolean: 'boolean',
  'int-or-string': 'untyped',
};

/** Leaves that are written as text or number. */
const SCALAR_LEAVES = /\.(?:Time|MicroTime|Quantity|IntOrString)$/;

// The facts never change, so a field's shape is worked out once.
const shapes = new WeakMap<FieldSchema, Shape>();

export function shapeOf(field: FieldSchema): Shape {
  const known = shapes.get(field);
  if (known) return known;
  const shape = makeShape(field);
  shapes.set(field, shape);
  return shape;
}

function makeShape(field: FieldSchema): Shape {
  if (field.items) return listShape(field, field.items);
  if (field.fields) {
    const { fields, map } = field;
    return { kind: 'map', atomic: field.mapType === 'atomic', fields, ...(map ? { element: map } : {}) };
  }
  if (field.map) return { kind: 'map', atomic: field.mapType === 'atomic', element: field.map };
  if (field.ref === undefined) {
    const type = SCALARS[field.type ?? ''];
    return type ? { kind: 'scalar', type } : { kind: 'deduced' };
  }
  if (SCALAR_LEAVES.test(field.ref)) {
    return { kind: 'scalar', type: field.ref.endsWith('Time') ? 'string' : 'untyped' };
  }
  const { fields, mapType } = schema(field.ref);
  return fields ? { kind: 'map', atomic: (field.mapType ?? mapType) === 'atomic', fields } : { kind: 'deduced' };
}

export const isMap = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The shape with what it leaves open decided by the value. */
export function resolved(field: FieldSchema, value: Json | undefined): ScalarShape | ListShape | MapShape {
  const shape = shapeOf(field);
  if (shape.kind !== 'deduced') return shape;
  if (Array.isArray(value)) return DEDUCED_LIST;
  // what is raw to the schema changes hands as a whole
  const atomic = field.ref?.endsWith('.RawExtension') ?? false;
  return isMap(value) ? { kind: 'map', atomic, element: DEDUCED } : { kind: 'scalar', type: 'untyped' };
}

export const memberOf = (shape: MapShape, name: string): FieldSchema | undefined =>
  shape.fields?.[name] ?? shape.element;

/** An item that cannot be told from others. */
export class ItemError extends Error {}

/** A key that is not written counts with its default; texts that Go always writes have the empty one. */
function keyDefault({ ref }: FieldSchema, shape: MapShape, name: string): Json | undefined {
  const field = shape.fields?.[name];
  // a reference may leave its name out, which then is the empty one
  if (name === 'name' && ref?.endsWith('.LocalObjectReference')) return '';
  if (field?.default !== undefined) return field.default as Json;
  const go = ref === undefined ? undefined : goStruct(ref)?.byName.get(name);
  return field?.type === 'string' && go && !go.pointer && !go.omitEmpty ? '' : undefined;
}

/** How an item of a list is named: by its keys (defaults count), or by its value. @throws ItemError */
export function itemElement(list: ListShape, item: Json): string {
  if (list.by === 'set') {
    if (isMap(item)) throw new ItemError("associative list without keys has an element that's a map type");
    if (Array.isArray(item)) throw new ItemError('not supported: associative list with lists as elements');
    if (item === null) throw new ItemError("associative list without keys has an element that's an explicit null");
    return `v:${JSON.stringify(item)}`;
  }
  if (item === null) throw new ItemError('associative list with keys may not have a null element');
  if (!isMap(item)) throw new ItemError('associative list with keys may not have non-map elements');
  const shape = shapeOf(list.element);
  const key: JsonObject = {};
  for (const name of list.sortedKeys) {
    const value = item[name] ?? (shape.kind === 'map' ? keyDefault(list.element, shape, name) : undefined);
    if (value !== undefined) key[name] = value;
  }
  if (list.keys.length > 0 && Object.keys(key).length === 0) {
    const names = list.keys.map((name) => JSON.stringify(name)).join(' ');
    throw new ItemError(
      `associative list with keys has an element that omits all key fields [${names}] (and doesn't have default values for any key fields)`,
    );
  }
  return `k:${JSON.stringify(key)}`;
}
