import { StatusError } from '../api/status.ts';
import type { KubeObject } from '../api/types.ts';
import { LIMITS } from '../limits.ts';

/** Parts that are shared between versions of an object, and between objects, are measured once. */
const measured = new WeakMap<object, number>();

/** No number, true, false or null is longer. */
const LONGEST_OTHER = 25;

/** At least as many bytes as the value has as JSON: a character has at most 6, where it is written by its number. */
function atMost(value: object, isPart: boolean): number {
  // parts of what is shared are not looked for on their own
  const shared = !isPart && Object.isFrozen(value);
  const known = shared ? measured.get(value) : undefined;
  if (known !== undefined) return known;
  const inside = isPart || shared;
  const isList = Array.isArray(value);
  let bytes = 2;
  for (const key in value) {
    const part = (value as Record<string, unknown>)[key];
    bytes += isList ? 1 : key.length * 6 + 4;
    if (typeof part === 'string') bytes += part.length * 6 + 2;
    else bytes += typeof part === 'object' && part !== null ? atMost(part, inside) : LONGEST_OTHER;
  }
  if (shared) measured.set(value, bytes);
  return bytes;
}

/** etcd refuses what is over its request size, and the API server passes its word on. */
export function checkSize(object: KubeObject): void {
  // the rough count spares the exact one for nearly all objects
  if (atMost(object, false) <= LIMITS.objectBytes || Buffer.byteLength(JSON.stringify(object)) <= LIMITS.objectBytes)
    return;
  throw new StatusError({ message: 'etcdserver: request is too large', code: 500 });
}
