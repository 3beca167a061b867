/** Names derived from contents: `web-68d995574f`. */

/** Letters and digits that make no words. */
const SAFE = 'bcdfghjklmnpqrstvwxz2456789';

function fnv32a(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return hash;
}

/** JSON with sorted keys, so that equal contents give equal text. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const fields = Object.entries(value).filter(([, field]) => field !== undefined);
  fields.sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${fields.map(([name, field]) => `${JSON.stringify(name)}:${canonical(field)}`).join(',')}}`;
}

/** Up to ten safe characters. `collisions` makes another name after a clash. */
export function contentHash(content: unknown, collisions: number | undefined): string {
  const sum = fnv32a(canonical(content) + (collisions === undefined ? '' : String(collisions)));
  return String(sum)
    .split('')
    .map((digit) => SAFE[digit.charCodeAt(0) % SAFE.length] ?? '')
    .join('');
}
