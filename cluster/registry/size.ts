import { StatusError } from '../api/status.ts';
import type { KubeObject } from '../api/types.ts';
import { LIMITS } from '../limits.ts';

/** Parts that are shared between versions of an object, and between objects, are measured once. */
const measured = new WeakMap<object, number>();

/** At least as many bytes as the value has as JSON: a character has at most 6, where it is written by its number. */
function atMost(value: unknown, isPart = false): number {
  if (typeof value === 'string') return value.length * 6 + 2;
  // no number, true, false or null is longer
  if (typeof value !== 'object' || value === null) return 25;
  // parts of what is shared are not looked for on their own
  const shared = !isPart && Object.isFrozen(value);
  const known = shared ? measured.get(value) : undefined;
  if (known !== undefined) return known;
  const inside = isPart || shared;
  let bytes = 2;
  if (Array.isArray(value)) for (let i = 0; i < value.length; i++) bytes += 1 + atMost(value[i], inside);
  else {
    for (const key in value) bytes += key.length * 6 + 4 + atMost((value as Record<string, unknown>)[key], inside);
  }
  if (shared) measured.set(value, bytes);
  return bytes;
}

/** etcd refuses what is over its request size, and the API server passes its word on. */
export function checkSize(object: KubeObject): void {
  // the rough count spares the exact one for nearly all objects
  if (atMost(object) <= LIMITS.objectBytes || Buffer.byteLength(JSON.stringify(object)) <= LIMITS.objectBytes) return;
  throw new StatusError({ message: 'etcdserver: request is too large', code: 500 });
}
