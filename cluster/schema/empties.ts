/**
 * Lists and maps that a client wrote but left empty. Go holds them apart from those that nobody wrote until it stores or prints
 * the object, so defaults and validation see them and nobody later does.
 */
import type { Json, JsonObject, KubeObject } from '../api/types.ts';
import { goStruct, schema, schemaNameOf, type ValueSchema } from './lookup.ts';

export interface Empty {
  /** What it was taken out of. */
  parent: JsonObject;
  key: string;
  /** Of `parent`, from the root: keys and positions. */
  at: readonly (string | number)[];
  value: Json;
}

const isEmpty = (value: Json | undefined, of: ValueSchema): boolean =>
  Array.isArray(value)
    ? value.length === 0
    : of.map !== undefined && typeof value === 'object' && value !== null && Object.keys(value).length === 0;

function collect(value: Json, of: ValueSchema, at: Empty['at'], into: Empty[]): void {
  if (typeof value !== 'object' || value === null) return;
  if (Array.isArray(value)) {
    for (const [i, item] of value.entries()) if (of.items) collect(item, of.items, [...at, i], into);
    return;
  }
  if (of.map) {
    for (const [key, part] of Object.entries(value)) collect(part, of.map, [...at, key], into);
    return;
  }
  const struct = of.ref === undefined ? undefined : goStruct(of.ref);
  if (!struct || of.ref === undefined) return;
  const fields = schema(of.ref).fields ?? {};
  for (const [key, part] of Object.entries(value)) {
    const [field, inside] = [struct.byName.get(key), fields[key]];
    if (!field || !inside) continue;
    if (field.pointer || !isEmpty(part, inside)) collect(part, inside, [...at, key], into);
    else {
      into.push({ parent: value, key, at, value: part });
      if (field.omitEmpty) delete value[key];
      // stored as protobuf, an empty list or map is no list or map
      else value[key] = null;
    }
  }
}

/**
 * Takes the empty lists and maps out of an object, as Go does when it prints one, and returns them. Changes `object`. Owners
 * that the client asks to forget stay: an empty `managedFields` means something of its own.
 */
export function takeEmpties(object: KubeObject): Empty[] {
  const [version = '', group = ''] = object.apiVersion.split('/').toReversed();
  const ref = schemaNameOf(group, version, object.kind);
  if (ref === undefined) return [];
  const { managedFields } = object.metadata;
  const taken: Empty[] = [];
  collect(object as unknown as Json, { ref }, [], taken);
  if (!managedFields || managedFields.length > 0) return taken;
  object.metadata.managedFields = managedFields;
  return taken.filter(({ at, key }) => key !== 'managedFields' || at.length !== 1);
}

/** Calls `look` while the empty ones are back in their places, where nothing has come to stand. */
export function withEmpties<T>(empties: readonly Empty[], look: () => T): T {
  const back = empties
    .filter(({ parent, key }) => parent[key] === undefined || parent[key] === null)
    .map(({ parent, key, value }) => ({ parent, key, value, before: parent[key] }));
  for (const { parent, key, value } of back) parent[key] = value;
  try {
    return look();
  } finally {
    for (const { parent, key, before } of back) {
      if (before === undefined) delete parent[key];
      else parent[key] = before;
    }
  }
}

/**
 * The stored object with the empty ones of its successor, where it has nothing: to Go, a list that is empty and one that is
 * not there are the same, so that nothing has changed.
 */
export function alike<T extends KubeObject>(old: T, empties: readonly Empty[]): T {
  if (empties.length === 0) return old;
  const copy = structuredClone(old);
  for (const { at, key, value } of empties) {
    let place: unknown = copy;
    for (const step of at) place = (place as Record<string | number, unknown> | null | undefined)?.[step];
    if (typeof place !== 'object' || place === null) continue;
    const parent = place as JsonObject;
    parent[key] ??= structuredClone(value);
  }
  return copy;
}
