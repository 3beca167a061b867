/**
 * Strategic merge patch: maps are merged, lists are merged by key or by value where the schema says so, and directives in the
 * patch delete, replace and order ($patch, $deleteFromPrimitiveList, $setElementOrder, $retainKeys).
 */
import { equal } from '../merge.ts';
import { badRequest } from '../status.ts';
import type { Json, JsonObject } from '../types.ts';
import { broken, NO_PATCH, undecodable } from './errors.ts';
import { goText, goTypeOf } from './go-text.ts';

/** How the fields of an object are patched. */
export interface PatchSchema {
  /** What is known of a field; unknown fields are merged as plain maps and replaced as lists. */
  field(name: string): { mergeKey?: string; strategies: readonly string[]; inner: PatchSchema };
  /** Why a field has no order to set; undefined: it is a list, or nothing is known of it. */
  listProblem?(name: string): string | undefined;
}

export const DIRECTIVE = '$patch';
export const RETAIN_KEYS = '$retainKeys';
const DELETE_FROM_LIST = '$deleteFromPrimitiveList';
export const SET_ORDER = '$setElementOrder';

export const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
export const isDirective = (value: Json): boolean => isObject(value) && Object.hasOwn(value, DIRECTIVE);

const badType = (wanted: string, value: Json | undefined) =>
  broken(`expected a ${wanted}, but received a ${goTypeOf(value)}`);
const noMergeKey = (item: JsonObject, key: string) =>
  broken(`map: ${goText(item)} does not contain declared merge key: ${key}`);

/** The field after the slash in `$setElementOrder/containers`. */
function fieldOf(directive: string, prefix: string): string {
  const slash = directive.indexOf('/');
  if (slash < 0 || directive.slice(0, slash) !== prefix) {
    const what = prefix === SET_ORDER ? 'setElementOrder list' : 'primitive list';
    throw badRequest(`invalid patch format of ${what}`);
  }
  return directive.slice(slash + 1);
}

/** What is left of a patch value that has nothing to merge with: no directives, no nulls in maps. undefined: nothing. */
function plain(value: Json): Json | undefined {
  if (Array.isArray(value)) return value.map(plain).filter((item) => item !== undefined);
  if (!isObject(value)) return value;
  if (isDirective(value)) return undefined;
  const kept = new Map<string, Json>();
  for (const [key, part] of Object.entries(value)) {
    const left = part === null ? undefined : plain(part);
    if (left !== undefined) kept.set(key, left);
  }
  return Object.fromEntries(kept);
}

function mergeKeyOf(item: Json, key: string): Json {
  if (!isObject(item)) throw badType('map[string]interface {}', item);
  const value = item[key];
  if (value === undefined) throw noMergeKey(item, key);
  return value;
}

/** Items are the same when they have the same merge key, or, for plain values, are equal. */
function sameItem(a: Json, b: Json, mergeKey: string | undefined): boolean {
  return mergeKey === undefined ? a === b : equal(mergeKeyOf(a, mergeKey), mergeKeyOf(b, mergeKey));
}
const position = (list: readonly Json[], item: Json, mergeKey: string | undefined): number =>
  list.findIndex((other, i) => {
    if (mergeKey !== undefined && !isObject(other)) throw broken(`value for key ${i} is not a map`);
    return sameItem(other, item, mergeKey);
  });

/** Items the patch speaks of in the patch's order, the others kept where they stood relative to those. */
function ordered(
  merged: readonly Json[],
  order: readonly Json[],
  original: readonly Json[],
  mergeKey?: string,
): Json[] {
  const named = merged.filter((item) => position(order, item, mergeKey) >= 0);
  const others = merged.filter((item) => position(order, item, mergeKey) < 0);
  const by = (list: readonly Json[]) => (a: Json, b: Json) => position(list, a, mergeKey) - position(list, b, mergeKey);
  named.sort(by(order));
  others.sort(by(original));
  const result: Json[] = [];
  while (named.length > 0 && others.length > 0) {
    const [next, other] = [named[0] as Json, others[0] as Json];
    const place = position(original, next, mergeKey);
    const otherPlace = position(original, other, mergeKey);
    const otherFirst = place >= 0 && otherPlace >= 0 && otherPlace < place;
    result.push(otherFirst ? other : next);
    (otherFirst ? others : named).shift();
  }
  return [...result, ...named, ...others];
}

function checkSameTypes(original: readonly Json[], patch: readonly Json[]): void {
  const types = new Set([...original, ...patch].map(goTypeOf));
  if (types.size > 1) throw broken(`list element types are not identical: ${goText([original, patch])}`);
  if (types.has('[]interface {}')) throw badRequest('lists of lists are not supported');
}

function mergeKeyed(original: readonly Json[], patch: readonly Json[], mergeKey: string, inner: PatchSchema): Json[] {
  let current = [...original];
  const items: JsonObject[] = [];
  let replace = false;
  for (const item of patch) {
    if (!isObject(item)) throw badType('map[string]interface {}', item);
    const directive = item[DIRECTIVE];
    if (directive === undefined) items.push(item);
    else if (directive === 'delete') {
      const value = mergeKeyOf(item, mergeKey);
      current = current.filter((other) => !(isObject(other) && equal(other[mergeKey], value)));
    } else if (directive === 'replace') replace = true;
    else if (directive === 'merge') throw broken('merging lists cannot yet be specified in the patch');
    else throw broken(`unknown patch type: ${goText(directive)} in map: ${goText(item)}`);
  }
  if (replace) return items;
  for (const item of items) {
    const value = mergeKeyOf(item, mergeKey);
    const at = current.findIndex((other) => isObject(other) && equal(other[mergeKey], value));
    const found = current[at];
    if (isObject(found)) current[at] = mergeObject(found, item, inner);
    else current.push(item);
  }
  return ordered(current, items, original, mergeKey);
}

function mergeList(original: readonly Json[], patch: readonly Json[], field: ReturnType<PatchSchema['field']>): Json[] {
  if (!field.strategies.includes('merge')) return [...patch];
  if (original.length === 0 && patch.length === 0) return [];
  checkSameTypes(original, patch);
  if (!isObject(original[0] ?? patch[0])) {
    const both = [...original, ...patch];
    return ordered(
      both.filter((item, i) => both.indexOf(item) === i),
      patch,
      original,
    );
  }
  if (field.mergeKey === undefined) throw broken('cannot merge lists without merge key for ');
  return mergeKeyed(original, patch, field.mergeKey, field.inner);
}

/** $retainKeys: fields of the object that are not listed go. */
function retain(object: JsonObject, patch: JsonObject): Map<string, Json> {
  const listed = patch[RETAIN_KEYS];
  if (listed === undefined) return new Map(Object.entries(object));
  const unlisted = (key: string) => Array.isArray(listed) && !listed.includes(key);
  const speaksOf = ([key, value]: [string, Json]) =>
    key !== RETAIN_KEYS && value !== null && !key.startsWith(DELETE_FROM_LIST) && !key.startsWith(SET_ORDER);
  if (!Array.isArray(listed) || Object.entries(patch).some((entry) => speaksOf(entry) && unlisted(entry[0]))) {
    throw badRequest('invalid patch format of retainKeys');
  }
  return new Map(Object.entries(object).filter(([key]) => !unlisted(key)));
}

function asList(value: Json | undefined): Json[] | undefined {
  // Go has no name for the type of nothing
  if (value === null) throw broken('expected a []interface {}, but received a %!s(<nil>)');
  if (value !== undefined && !Array.isArray(value)) throw badType('[]interface {}', value);
  return value;
}

/** The patch's items must come in the order it asks for. */
function checkOrder(patch: readonly Json[], order: readonly Json[], mergeKey: string | undefined): void {
  if (order.length === 0) return;
  let at = 0;
  for (const item of patch.filter((candidate) => !isDirective(candidate))) {
    while (at < order.length && !sameItem(item, order[at] as Json, mergeKey)) at += 1;
    if (at >= order.length) {
      throw broken(
        `The order in patch list:\n${goText(patch)}\n doesn't match $setElementOrder list:\n${goText(order)}\n`,
      );
    }
    at += 1;
  }
}

/** Handles one $setElementOrder and the list it is about; undefined: there is no such list. */
function applyOrder(
  original: Json[] | undefined,
  patch: Json[] | undefined,
  order: Json[],
  field: ReturnType<PatchSchema['field']>,
) {
  checkOrder(patch ?? [], order, field.mergeKey);
  if (!original && !patch) return undefined;
  const merged = original && patch ? mergeList(original, patch, field) : (original ?? (plain(patch ?? []) as Json[]));
  return ordered(merged, order, original ?? [], field.mergeKey);
}

function mergeObject(object: JsonObject, patch: JsonObject, schema: PatchSchema): JsonObject {
  const directive = patch[DIRECTIVE];
  if (directive === 'replace') {
    const { [DIRECTIVE]: _directive, ...rest } = patch;
    return rest;
  }
  if (directive === 'delete') return {};
  if (directive !== undefined) throw broken(`unknown patch type: ${goText(directive)} in map: ${goText(patch)}`);
  const merged = retain(object, patch);
  const done = new Set([RETAIN_KEYS]);
  for (const [key, order] of Object.entries(patch)) {
    if (!key.startsWith(SET_ORDER)) continue;
    const wanted = asList(order) ?? [];
    const name = fieldOf(key, SET_ORDER);
    const [original, patched] = [asList(merged.get(name)), asList(patch[name])];
    const problem = schema.listProblem?.(name);
    if (problem !== undefined) throw broken(problem);
    const list = applyOrder(original, patched, wanted, schema.field(name));
    if (list) merged.set(name, list);
    done.add(key).add(name);
  }
  for (const [key, value] of Object.entries(patch)) {
    if (done.has(key)) continue;
    if (key.startsWith(DELETE_FROM_LIST)) {
      const name = fieldOf(key, DELETE_FROM_LIST);
      const list = merged.get(name);
      if (Array.isArray(list) && Array.isArray(value)) {
        merged.set(
          name,
          list.filter((item) => !value.includes(item)),
        );
      }
      continue;
    }
    const current = merged.get(key);
    if (value === null) merged.delete(key);
    else if (isObject(current) && isObject(value)) {
      const { strategies, inner } = schema.field(key);
      merged.set(key, strategies.includes('replace') ? value : mergeObject(current, value, inner));
    } else if (Array.isArray(current) && Array.isArray(value))
      merged.set(key, mergeList(current, value, schema.field(key)));
    else {
      const kept = plain(value);
      if (kept === undefined) merged.delete(key);
      else merged.set(key, kept);
    }
  }
  return Object.fromEntries(merged);
}

/** A changed copy; parts that did not change are shared. @throws StatusError when the patch is not well made */
export function strategicMerge(object: JsonObject, patch: Json, schema: PatchSchema): JsonObject {
  if (patch === null) return object;
  if (isObject(patch)) return mergeObject(object, patch, schema);
  const kind = Array.isArray(patch)
    ? 'array'
    : typeof patch === 'boolean'
      ? 'bool'
      : patch === null
        ? 'null'
        : typeof patch;
  throw badRequest(`json: cannot unmarshal ${kind} into Go value of type map[string]interface {}`);
}

/**
 * The refusal of a patch that is no JSON; strategic patches leave out what comes first, and so does every patch that is not read
 * with its types in mind (fieldValidation=Ignore).
 */
export const undecodableText = (type: 'json' | 'merge' | 'strategic', why: string, typed = true) => {
  if (!typed && type === 'merge') return badRequest(NO_PATCH);
  return !typed || type === 'strategic' ? badRequest(why) : undecodable(why);
};
