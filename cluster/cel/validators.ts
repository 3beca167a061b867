/** What is looked at after the types fit: literals that cannot be what they are used as, and lists of mixed types. */
import { descendants, type Node } from './ast.ts';
import { matcher } from './library/patterns.ts';
import { parseDuration, parseTimestamp } from './numbers.ts';
import type { Issue } from './source.ts';
import { formatType, insideOptional, sameType, DYN, type Type } from './types.ts';
import { CelError } from './values.ts';

const isLiteralOf: Record<string, (text: string) => boolean> = {
  duration: (text) => parseDuration(text) !== undefined,
  timestamp: (text) => parseTimestamp(text) !== undefined,
  matches: (text) => !(matcher(text) instanceof CelError),
};

export function validateLiterals(root: Node): Issue[] {
  const issues: Issue[] = [];
  const nodes = [...descendants(root)];
  for (const name of ['duration', 'timestamp', 'matches']) {
    for (const node of nodes) {
      if (node.kind !== 'call' || node.name !== name) continue;
      const [literal] = node.args;
      if (literal?.kind !== 'literal' || typeof literal.value !== 'string') continue;
      if (!isLiteralOf[name]?.(literal.value)) issues.push({ at: literal.at, message: `invalid ${name} argument` });
    }
  }
  const exempt = new Set(
    nodes.filter((node) => node.kind === 'call' && node.name === 'format').flatMap((node) => [...descendants(node)]),
  );
  for (const node of nodes) if (!exempt.has(node)) issues.push(...mixed(node));
  return issues;
}

const typeOf = (node: Node): Type => node.type ?? DYN;
const mismatch = (node: Node, expected: Type, actual: Type): Issue => ({
  at: node.at,
  message: `expected type '${formatType(expected)}' but found '${formatType(actual)}'`,
});

function mixed(node: Node): Issue[] {
  if (node.kind === 'list') {
    let first: Type | undefined;
    for (const [i, item] of node.items.entries()) {
      const type = node.optional.has(i) ? (insideOptional(typeOf(item)) ?? DYN) : typeOf(item);
      if (first && !sameType(first, type)) return [mismatch(item, first, type)];
      first ??= type;
    }
  }
  if (node.kind !== 'map') return [];
  const [head, ...others] = node.entries;
  if (!head) return [];
  const valueType = ({ value, optional }: (typeof node.entries)[number]) =>
    optional ? (insideOptional(typeOf(value)) ?? DYN) : typeOf(value);
  return others.flatMap((entry) => [
    ...(sameType(typeOf(head.key), typeOf(entry.key))
      ? []
      : [mismatch(entry.key, typeOf(head.key), typeOf(entry.key))]),
    ...(sameType(valueType(head), valueType(entry)) ? [] : [mismatch(entry.value, valueType(head), valueType(entry))]),
  ]);
}
