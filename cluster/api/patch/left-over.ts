/**
 * What a strategic merge patch has become when it has been merged. The real server merges in place and uses the patch up on the
 * way, and when the result cannot be decoded it quotes what is left: lists that came with an order are gone, and so are
 * directives and the nulls of what was added.
 */
import { equal } from '../merge.ts';
import type { Json, JsonObject } from '../types.ts';
import { DIRECTIVE, isDirective, isObject, RETAIN_KEYS, SET_ORDER, type PatchSchema } from './strategic.ts';

const without = (object: JsonObject, ...keys: string[]): JsonObject =>
  Object.fromEntries(Object.entries(object).filter(([key]) => !keys.includes(key)));

/** What stays of a map that was added as it is; lists inside it lose their directives too. */
function added(value: JsonObject): JsonObject {
  const kept = Object.entries(value).filter(([, part]) => part !== null && !isDirective(part));
  return Object.fromEntries(
    kept.map(([key, part]) => [key, Array.isArray(part) ? addedItems(part) : addedValue(part)]),
  );
}
const addedItems = (list: readonly Json[]): Json[] => list.filter((item) => !isDirective(item)).map(addedValue);
const addedValue = (value: Json): Json => (isObject(value) && !isDirective(value) ? added(value) : value);

function mergedItems(original: readonly Json[], patch: readonly Json[], key: string, inner: PatchSchema): Json[] {
  // Items are put in the place of a whole list, and added to it, as they are.
  if (patch.some((item) => isObject(item) && item[DIRECTIVE] === 'replace')) return [...patch];
  return patch.map((item) => {
    if (!isObject(item) || isDirective(item)) return item;
    const found = original.find((other) => isObject(other) && equal(other[key] ?? null, item[key] ?? null));
    return isObject(found) ? mergedMap(found, item, inner) : item;
  });
}

function merged(current: Json | undefined, value: Json, schema: ReturnType<PatchSchema['field']>): Json {
  const { strategies, mergeKey, inner } = schema;
  if (isObject(current) && isObject(value)) {
    return strategies.includes('replace') ? value : mergedMap(current, value, inner);
  }
  if (Array.isArray(current) && Array.isArray(value)) {
    return strategies.includes('merge') && mergeKey !== undefined
      ? mergedItems(current, value, mergeKey, inner)
      : value;
  }
  return Array.isArray(value) ? value.map(addedValue) : addedValue(value);
}

function mergedMap(object: JsonObject, patch: JsonObject, schema: PatchSchema): JsonObject {
  if (patch[DIRECTIVE] === 'replace') return without(patch, DIRECTIVE);
  if (patch[DIRECTIVE] !== undefined) return patch;
  const orders = Object.keys(patch).filter((key) => key.startsWith(SET_ORDER));
  const lists = orders.map((key) => key.slice(key.indexOf('/') + 1));
  const rest = without(patch, RETAIN_KEYS, ...orders, ...lists);
  return Object.fromEntries(
    Object.entries(rest).map(([key, value]) => [
      key,
      value === null || key.startsWith('$') ? value : merged(object[key], value, schema.field(key)),
    ]),
  );
}

/** `patch` after it was merged into `object`. */
export const leftOver = (object: JsonObject, patch: Json, schema: PatchSchema): Json =>
  isObject(patch) ? mergedMap(object, patch, schema) : patch;
