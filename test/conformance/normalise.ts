/**
 * Replaces what may differ between two runs of the same commands (times, ids, addresses, generated names) by placeholders,
 * so that transcripts and objects of two clusters can be compared as text. The recordings were made with the same rules.
 */

/** Kubernetes draws generated suffixes and template hashes from this alphabet (apimachinery util/rand). */
const SAFE = 'bcdfghjklmnpqrstvwxz2456789';

const RULES: readonly [RegExp, string][] = [
  // the API server adds a diff of its internal Go structs to two of its refusals
  [/((?:may not change fields|is immutable after creation)[^\n]*)\n@@ -[\s\S]*$/g, '$1'],
  // each cluster has an authority of its own
  [/-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----(?:\r?\n)?/g, '<certificate>'],
  [/\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)/g, '<time>'],
  [/\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d \w{3} \d{4} \d\d:\d\d:\d\d [+-]\d{4}/g, '<time>'],
  [/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g, '<uid>'],
  [/("?(?:resourceVersion|observedGeneration|metadata\.resourceVersion)"?:\s*)"?\d+"?/g, '$1<n>'],
  [/(Resource ?Version:\s*)\d+/g, '$1<n>'],
  [/\b\d{4}-\d\d-\d\d \d\d:\d\d:\d\d [+-]\d{4} \w+/g, '<time>'],
  [new RegExp(`-(?=[${SAFE}]*\\d)[${SAFE}]{8,10}-[${SAFE}]{5}\\b`, 'g'), '-<hash>-<rand>'],
  [new RegExp(`-(?=[${SAFE}]{0,9}\\d)[${SAFE}]{8,10}\\b`, 'g'), '-<hash>'],
  [new RegExp(`(pod-template-hash"?[=:] ?"?)[${SAFE}]{6,10}`, 'g'), '$1<hash>'],
  [new RegExp(`(controller-revision-hash"?[=:] ?"?[a-z0-9-]*?)[${SAFE}]{6,10}\\b`, 'g'), '$1<hash>'],
  [/\b10\.(?:\d{1,3}\.){2}\d{1,3}\b/g, '<ip>'],
  [/\b3[0-2]\d{3}(?=\/(?:TCP|UDP|SCTP))/g, '<nodeport>'],
  [/(nodePort"?:\s*)3[0-2]\d{3}\b/g, '$1<nodeport>'],
  [/\b(?:containerd:\/\/|sha256:)?[0-9a-f]{64}\b/g, '<digest>'],
  [/kube-api-access-[a-z0-9]{5}\b/g, 'kube-api-access-<rand>'],
  [/\b((?:node\d\d|controlplane)\/)\d{1,3}(?:\.\d{1,3}){3}\b/g, '$1<ip>'],
  [/Image size: \d+/g, 'Image size: <n>'],
  [/\(x\d+ over /g, '(<n> over '],
  [/https:\/\/127\.0\.0\.1:\d+|https:\/\/[\w.-]+:6443/g, '<server>'],
  [/\b\d+(?:\.\d+)?(?:ms|µs)\b/g, '<age>'],
  // kubectl prints ages under two minutes in seconds; '500m' alone is a CPU quantity, never an age here
  [/(?<![\w.-])(?:\d+y(?:\d+d)?|\d+d(?:\d+h)?|\d+h(?:\d+m)?|\d+m\d+s|\d+(?:\.\d+)?s)(?![\w.-])/g, '<age>'],
];

export function normaliseText(text: string): string {
  const replaced = RULES.reduce((current, [pattern, placeholder]) => current.replace(pattern, placeholder), text);
  const lines = replaced.split('\n').map((line) => line.replace(/[ \t]{2,}/g, '  ').trimEnd());
  return lines.join('\n').trimEnd();
}

/** A pod whose owner names it at random: its five-letter suffix follows the owner's name. */
export function normaliseSuffixes(text: string, owners: readonly string[]): string {
  return owners.reduce((current, owner) => {
    const escaped = owner.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
    return current.replace(new RegExp(`\\b(${escaped})-[${SAFE}]{5}\\b`, 'g'), '$1-<rand>');
  }, text);
}

/** Strings anywhere inside a value, normalised. */
export function normaliseDeep(value: unknown): unknown {
  if (typeof value === 'string') return normaliseText(value);
  if (Array.isArray(value)) return value.map(normaliseDeep);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, normaliseDeep(inner)]));
}
