/** Merge patch (RFC 7386): what the patch says replaces, null deletes, lists are replaced whole. */
import type { Json, JsonObject } from '../types.ts';
import { badRequest } from '../status.ts';
import { NO_OBJECT, NO_PATCH, undecodable, undecodableResult } from './errors.ts';

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What a patch went through is printed by the order of its keys. */
const sorted = (entries: Iterable<[string, Json]>): JsonObject =>
  Object.fromEntries([...entries].sort(([a], [b]) => (a < b ? -1 : Number(a > b))));

/** Nulls in what is new delete nothing: they are left out. In lists they stay. */
function withoutNulls(value: Json): Json {
  if (Array.isArray(value)) return value.map((item) => (item === null ? null : withoutNulls(item)));
  if (!isObject(value)) return value;
  const entries = Object.entries(value).filter(([, part]) => part !== null);
  return sorted(entries.map(([key, part]) => [key, withoutNulls(part)]));
}

function merge(object: JsonObject, patch: JsonObject): JsonObject {
  const merged = new Map(Object.entries(object));
  for (const [key, part] of Object.entries(patch)) {
    const current = merged.get(key);
    if (part === null) merged.delete(key);
    else merged.set(key, isObject(current) && isObject(part) ? merge(current, part) : withoutNulls(part));
  }
  return sorted(merged);
}

/**
 * A changed copy; parts that did not change are shared. `typed`: the patch is read as an object first, as with every
 * fieldValidation but Ignore. @throws StatusError when the patch is no object
 */
export function applyMergePatch(object: JsonObject, patch: Json, typed = true): JsonObject {
  if (isObject(patch)) return merge(object, patch);
  if (!typed && Array.isArray(patch)) throw undecodableResult(JSON.stringify(patch), NO_OBJECT);
  if (!typed || patch === null) throw badRequest(NO_PATCH);
  const kind = Array.isArray(patch) ? 'array' : typeof patch === 'boolean' ? 'bool' : typeof patch;
  throw undecodable(`json: cannot unmarshal ${kind} into Go value of type map[string]interface {}`);
}
