/** kubectl's words and flags. */

const LONG: Readonly<Record<string, string>> = {
  n: 'namespace',
  o: 'output',
  l: 'selector',
  A: 'all-namespaces',
  s: 'server',
  q: 'quiet',
};
/** Those that kubectl has and this one has not. */
export const OTHERS: ReadonlySet<string> = new Set(
  'annotate api-resources api-versions apply attach autoscale certificate cluster-info completion config cordon cp create debug describe diff drain edit events exec explain expose help kustomize label logs options patch plugin port-forward proxy replace run set taint top uncordon wait'.split(
    ' ',
  ),
);
const BARE: ReadonlySet<string> = new Set([
  'all-namespaces',
  'no-headers',
  'client',
  'all',
  'force',
  'now',
  'wait',
  'ignore-not-found',
  'quiet',
]);

export function parsed(argv: readonly string[]): { words: string[]; flags: Map<string, string> } {
  const [words, flags, left] = [[] as string[], new Map<string, string>(), argv.slice(1)];
  for (let word = left.shift(); word !== undefined; word = left.shift()) {
    const match = /^(?:--([\w-]+)|-([a-zA-Z]))(?:=?(.+))?$/s.exec(word);
    if (!match) words.push(word);
    else {
      const name = match[1] ?? LONG[match[2] ?? ''] ?? match[2] ?? '';
      flags.set(name, match[3] ?? (BARE.has(name) ? 'true' : (left.shift() ?? '')));
    }
  }
  return { words, flags };
}
