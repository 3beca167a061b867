/**
 * Comparing and freezing JSON values. Every write goes through these several times, over all of an object: `for ... in` and counted
 * loops make no list of keys and no iterators.
 */

/** Same value, whatever the order of keys. A field that is undefined counts as absent. */
export function equal(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) || Array.isArray(b)) {
    if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) return false;
    for (let i = 0; i < a.length; i++) if (!equal(a[i], b[i])) return false;
    return true;
  }
  const left = a as Record<string, unknown>;
  const right = b as Record<string, unknown>;
  let present = 0;
  for (const key in left) {
    const value = left[key];
    if (value === undefined) continue;
    if (!Object.hasOwn(right, key) || (value !== right[key] && !equal(value, right[key]))) return false;
    present++;
  }
  for (const key in right) if (right[key] !== undefined) present--;
  return present === 0;
}

/** Freezes a value and all it holds, and returns it. What is frozen already is taken to be frozen all the way down. */
export function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  Object.freeze(value);
  if (Array.isArray(value)) for (let i = 0; i < value.length; i++) deepFreeze(value[i] as unknown);
  else {
    for (const key in value) {
      const part: unknown = value[key];
      if (typeof part === 'object') deepFreeze(part);
    }
  }
  return value;
}

/** A copy as it would arrive over the wire: fields that are undefined are not there, and items of lists are null instead. */
export function wireCopy<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item: unknown) => (item === undefined ? null : wireCopy(item))) as T;
  const copy: Record<string, unknown> = {};
  for (const key in value) {
    const part: unknown = value[key];
    if (part !== undefined) copy[key] = typeof part === 'object' ? wireCopy(part) : part;
  }
  return copy as T;
}
