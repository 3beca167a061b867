import { StatusError } from '../api/status.ts';
import type { KubeObject } from '../api/types.ts';
import { LIMITS } from '../limits.ts';

/** Parts that are shared between versions of an object, and between objects, are measured once. */
const measured = new WeakMap<object, number>();
/** How deep shared parts are looked for: `metadata.managedFields[0].fieldsV1`. */
const DEPTH = 4;

/** At least as many bytes as the value has as JSON: a character has at most 3 of UTF-8. */
function atMost(value: unknown, depth: number): number {
  if (typeof value !== 'object' || value === null) return (JSON.stringify(value) ?? '').length * 3;
  const shared = Object.isFrozen(value);
  const known = shared ? measured.get(value) : undefined;
  if (known !== undefined) return known;
  let bytes = 2;
  if (shared || depth === 0) bytes = JSON.stringify(value).length * 3;
  else if (Array.isArray(value)) for (const part of value) bytes += 1 + atMost(part, depth - 1);
  else for (const [key, part] of Object.entries(value)) bytes += key.length * 3 + 4 + atMost(part, depth - 1);
  if (shared) measured.set(value, bytes);
  return bytes;
}

/** etcd refuses what is over its request size, and the API server passes its word on. */
export function checkSize(object: KubeObject): void {
  // the rough count spares the exact one for nearly all objects
  if (atMost(object, DEPTH) <= LIMITS.objectBytes || Buffer.byteLength(JSON.stringify(object)) <= LIMITS.objectBytes)
    return;
  throw new StatusError({ message: 'etcdserver: request is too large', code: 500 });
}
