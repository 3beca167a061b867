import { StatusError } from '../api/status.ts';
import type { KubeObject } from '../api/types.ts';
import { LIMITS } from '../limits.ts';

/** etcd refuses what is over its request size, and the API server passes its word on. */
export function checkSize(object: KubeObject): void {
  // counting characters first spares the exact count for nearly all objects: a character has at most 3 bytes of UTF-8
  const text = JSON.stringify(object);
  if (text.length * 3 <= LIMITS.objectBytes || Buffer.byteLength(text) <= LIMITS.objectBytes) return;
  throw new StatusError({ message: 'etcdserver: request is too large', code: 500 });
}
