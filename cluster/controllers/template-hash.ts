/** Names derived from contents, as the controller manager derives them: `web-68d995574f`. */
import type { JsonObject, PodTemplateSpec } from '../api/types.ts';
import { goDump } from '../schema/go-dump.ts';
import { goJson } from '../schema/go-json.ts';

/** Letters and digits that make no words. */
const SAFE = 'bcdfghjklmnpqrstvwxz2456789';
const OFFSET = 0x811c9dc5;
const PRIME = 0x01000193;

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

/** FNV-1a, 32 bits. */
function fnv32a(bytes: Uint8Array, from = OFFSET): number {
  let hash = from;
  for (let i = 0; i < bytes.length; i++) hash = Math.imul(hash ^ (bytes[i] ?? 0), PRIME);
  return hash >>> 0;
}
/** FNV-1, 32 bits: multiplies first. */
const fnv32 = (bytes: Uint8Array): number =>
  bytes.reduce((hash, byte) => ((Math.imul(hash, PRIME) >>> 0) ^ byte) >>> 0, OFFSET);

/** Up to ten safe characters. */
const safe = (sum: number): string =>
  Array.from(String(sum), (digit) => SAFE[digit.charCodeAt(0) % SAFE.length] ?? '').join('');

/** Of a Deployment's or DaemonSet's template. `collisions` makes another name after a clash. */
export function templateHash(template: PodTemplateSpec, collisions: number | undefined): string {
  const text = goDump(template, 'io.k8s.api.core.v1.PodTemplateSpec');
  const sum = fnv32a(bytesOf(text));
  if (collisions === undefined) return safe(sum);
  const count = new Uint8Array(8);
  new DataView(count.buffer).setUint32(0, collisions, true);
  return safe(fnv32a(count, sum));
}

/** Of the contents of a StatefulSet's revision. */
export const revisionHash = (data: object, collisions: number): string =>
  safe(fnv32(bytesOf(goJson(data as JsonObject) + String(collisions))));
