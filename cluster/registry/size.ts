import { StatusError } from '../api/status.ts';
import type { KubeObject } from '../api/types.ts';
import { LIMITS } from '../limits.ts';

/** Parts that are shared between versions of an object, and between objects, are measured once. */
const measured = new WeakMap<object, number>();

/** At least as many bytes as the value has as JSON: a character has at most 6, escaped. */
function atMost(value: unknown): number {
  if (typeof value === 'string') return value.length * 6 + 3;
  if (typeof value !== 'object' || value === null) return 25;
  const known = measured.get(value);
  if (known !== undefined) return known;
  let bytes = 2;
  if (Array.isArray(value)) for (const item of value) bytes += atMost(item);
  else
    for (const key of Object.keys(value)) bytes += key.length * 6 + 4 + atMost((value as Record<string, unknown>)[key]);
  if (Object.isFrozen(value)) measured.set(value, bytes);
  return bytes;
}

/** etcd refuses what is over its request size, and the API server passes its word on. */
export function checkSize(object: KubeObject): void {
  // the rough count spares the exact one for nearly all objects
  if (atMost(object) <= LIMITS.objectBytes || Buffer.byteLength(JSON.stringify(object)) <= LIMITS.objectBytes) return;
  throw new StatusError({ message: 'etcdserver: request is too large', code: 500 });
}
