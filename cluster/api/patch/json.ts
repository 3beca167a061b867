/** JSON patch (RFC 6902), with the habits of the library that the real server uses. */
import { equal } from '../merge.ts';
import { badRequest, StatusError } from '../status.ts';
import type { Json, JsonObject } from '../types.ts';
import { NO_OBJECT, rejected, undecodable, undecodableResult } from './errors.ts';

/** As the real server has it: a patch may not be a way to keep it busy. */
const MAX_OPERATIONS = 10_000;

interface Place {
  /** undefined: the path leads nowhere. */
  container: Json[] | JsonObject | undefined;
  key: string;
}

const isContainer = (value: Json | undefined): value is Json[] | JsonObject =>
  typeof value === 'object' && value !== null;
/** Not what every object of JavaScript has: a patch may name `constructor`. */
const own = (object: JsonObject, key: string): Json | undefined =>
  Object.hasOwn(object, key) ? object[key] : undefined;
/** A field named __proto__ is a field like others. */
function put(object: JsonObject, key: string, value: Json): void {
  Object.defineProperty(object, key, { value, enumerable: true, writable: true, configurable: true });
}
const decodeKey = (key: string): string => key.replaceAll('~1', '/').replaceAll('~0', '~');

function find(root: JsonObject, pointer: string): Place {
  const parts = pointer.split('/');
  // What stands before the first slash is not looked at: `data/a` means /a.
  const keys = parts.slice(1).map(decodeKey);
  if (parts.length < 2) return { container: undefined, key: '' };
  let container: Json | undefined = root;
  for (const key of keys.slice(0, -1)) {
    container = Array.isArray(container) ? container[indexOf(container, key)] : own(container, key);
    if (!isContainer(container)) return { container: undefined, key: '' };
  }
  return { container, key: keys.at(-1) ?? '' };
}

/** An existing position; negative ones count from the end. */
function indexOf(list: readonly Json[], key: string): number {
  if (!/^[+-]?[0-9]+$/.test(key)) throw rejected();
  const index = Number(key);
  const at = index < 0 ? index + list.length : index;
  if (at < 0 || at >= list.length) throw rejected();
  return at;
}

function get({ container, key }: Place): Json | undefined {
  if (container === undefined) throw rejected();
  return Array.isArray(container) ? container[indexOf(container, key)] : own(container, key);
}

function add({ container, key }: Place, value: Json): void {
  if (container === undefined) throw rejected();
  if (!Array.isArray(container)) put(container, key, value);
  else if (key === '-') container.push(value);
  else {
    // One past the end is a position too.
    const at = indexOf([...container, null], key);
    container.splice(at, 0, value);
  }
}

function remove({ container, key }: Place): void {
  if (container === undefined) throw rejected();
  if (Array.isArray(container)) container.splice(indexOf(container, key), 1);
  else if (Object.hasOwn(container, key)) delete container[key];
  else throw rejected();
}

function test(root: JsonObject, pointer: string, wanted: Json | undefined): void {
  const actual = pointer === '' ? root : get(find(root, pointer));
  // A field that is not there equals null.
  if (!equal(actual ?? null, wanted ?? null)) throw rejected();
}

interface Operation {
  op: string;
  path: string;
  from: string | undefined;
  value: Json | undefined;
}

/** A patch that is read with its types in mind is refused where one does not fit, before anything is done. @throws StatusError */
function checkTypes(patch: readonly Json[]): void {
  for (const operation of patch) {
    if (operation === null) continue;
    if (!isContainer(operation) || Array.isArray(operation)) {
      throw undecodable(`json: cannot unmarshal ${kindOfPatch(operation)} into Go value of type handlers.jsonPatchOp`);
    }
    for (const [field, value] of Object.entries(operation)) {
      if (!['op', 'path', 'from'].includes(field) || value === null || typeof value === 'string') continue;
      const target = `Go struct field jsonPatchOp.${field}`;
      throw undecodable(`json: cannot unmarshal ${kindOfPatch(value)} into ${target} of type string`);
    }
  }
}

function operationOf(json: Json): Operation {
  if (json === null) throw rejected();
  if (!isContainer(json) || Array.isArray(json)) {
    throw badRequest(`json: cannot unmarshal ${kindOfPatch(json)} into Go value of type jsonpatch.Operation`);
  }
  const text = (field: string): string | undefined => {
    const value = json[field];
    return typeof value === 'string' ? value : undefined;
  };
  const path = text('path');
  const op = text('op');
  if (op === undefined || path === undefined) throw rejected();
  return { op, path, from: text('from'), value: json['value'] };
}

function applyOperation(root: JsonObject, { op, path, from, value }: Operation): JsonObject {
  const source = (): Place => {
    if (from === undefined) throw rejected();
    return find(root, from);
  };
  switch (op) {
    case 'add':
      add(find(root, path), value ?? null);
      return root;
    case 'remove':
      remove(find(root, path));
      return root;
    case 'replace': {
      if (path === '') {
        if (!isContainer(value)) throw rejected();
        return value as JsonObject;
      }
      const place = find(root, path);
      get(place);
      if (Array.isArray(place.container)) place.container[indexOf(place.container, place.key)] = value ?? null;
      else if (place.container) put(place.container, place.key, value ?? null);
      return root;
    }
    case 'move': {
      const place = source();
      const moved = get(place);
      remove(place);
      add(find(root, path), moved ?? null);
      return root;
    }
    case 'copy':
      add(find(root, path), structuredClone(get(source()) ?? null));
      return root;
    case 'test':
      test(root, path, value);
      return root;
    default:
      throw rejected();
  }
}

function kindOfPatch(patch: Json): string {
  if (patch === null) return 'null';
  return typeof patch === 'object' ? 'object' : typeof patch === 'boolean' ? 'bool' : typeof patch;
}

/** The maps a patch went through: the real server prints their keys in order, and others' as they were. */
function sortKeys(object: JsonObject): void {
  const entries = Object.entries(object).sort(([a], [b]) => (a < b ? -1 : Number(a > b)));
  for (const [key] of entries) delete object[key];
  for (const [key, value] of entries) put(object, key, value);
}

/**
 * A changed copy. `typed`: the types of the operations are checked first, as with every fieldValidation but Ignore.
 * @throws StatusError when the patch does not fit
 */
export function applyJsonPatch(object: JsonObject, patch: Json, typed = true): JsonObject {
  if (patch === null) return object;
  if (!Array.isArray(patch)) {
    const sentence = `json: cannot unmarshal ${kindOfPatch(patch)} into Go value of type`;
    throw typed ? undecodable(`${sentence} []handlers.jsonPatchOp`) : badRequest(`${sentence} jsonpatch.Patch`);
  }
  if (typed) checkTypes(patch);
  if (patch.length > MAX_OPERATIONS) {
    throw new StatusError({
      message: `Request entity too large: The allowed maximum operations in a JSON patch is ${MAX_OPERATIONS}, got ${patch.length}`,
      reason: 'RequestEntityTooLarge',
      code: 413,
    });
  }
  let root = structuredClone(object);
  for (const operation of patch) {
    root = applyOperation(root, operationOf(operation));
    if (!isContainer(root)) throw rejected();
  }
  if (Array.isArray(root)) throw undecodableResult(JSON.stringify(root), NO_OBJECT);
  for (const { path, from } of patch.map(operationOf)) {
    let container: Json | undefined = root;
    for (const pointer of [path, from ?? path]) {
      container = root;
      for (const key of pointer.split('/').slice(1).map(decodeKey)) {
        if (!isContainer(container)) break;
        if (!Array.isArray(container)) sortKeys(container);
        container = Array.isArray(container) ? container[Number(key)] : own(container, key);
      }
    }
  }
  return root;
}
