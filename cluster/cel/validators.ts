/** What is looked at after the types fit: literals that cannot be what they are used as, and lists of mixed types. */
import { descendants, parts, type CallNode, type Node } from './ast.ts';
import { clauses, FormatProblem, wrongClause } from './library/format-string.ts';
import { matcher } from './library/patterns.ts';
import { parseDuration, parseTimestamp } from './numbers.ts';
import { CONVERSIONS } from './overloads.ts';
import type { Issue } from './source.ts';
import { formatType, insideOptional, sameType, typeText, DYN, type Kind, type Type } from './types.ts';
import { CelError, type Value } from './values.ts';

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
  for (const node of nodes) if (node.kind === 'call' && node.name === 'format') issues.push(...formatIssues(node));
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

const PRINTABLE: ReadonlySet<Kind> = new Set(
  'list map int uint double bool string timestamp bytes duration type null dyn'.split(' ') as Kind[],
);
const TAKES: Record<string, readonly Kind[]> = {
  d: ['int', 'uint'],
  f: ['double', 'string'],
  e: ['double', 'string'],
  b: ['int', 'uint', 'bool'],
  x: ['int', 'uint', 'string', 'bytes'],
  X: ['int', 'uint', 'string', 'bytes'],
  o: ['int', 'uint'],
};

/** The part that cannot be printed as text. */
function unprintable(node: Node): Node | undefined {
  if (!PRINTABLE.has(typeOf(node).kind)) return node;
  return node.kind === 'list' || node.kind === 'map' ? parts(node).map(unprintable).find(Boolean) : undefined;
}

/** A literal format with a literal list is tried beforehand. */
function formatIssues({ target, args: [list], at }: CallNode): Issue[] {
  if (target?.kind !== 'literal' || typeof target.value !== 'string' || list?.kind !== 'list') return [];
  const { items } = list;
  let used = 0;
  try {
    for (const clause of clauses(target.value)) {
      if (typeof clause === 'string') continue;
      const item = items[used];
      if (clause.letter === '') return [{ at, message: 'unexpected end of string' }];
      if (!item) return [{ at, message: `index ${used} out of range` }];
      used++;
      const { letter } = clause;
      if (letter.startsWith('?')) return [{ at, message: wrongClause(letter, '') }];
      const { kind } = typeOf(item);
      const bad =
        letter === 's' ? unprintable(item) : kind === 'dyn' || TAKES[letter]?.includes(kind) ? undefined : item;
      if (bad) return [{ at: bad.at, message: wrongClause(letter, typeText(typeOf(bad)).replace(/\(.*/, '')) }];
    }
  } catch (problem) {
    if (problem instanceof FormatProblem) return [{ at, message: problem.message }];
    throw problem;
  }
  if (items.length <= used) return [];
  const message = `too many arguments supplied to string.format (expected ${used}, got ${items.length})`;
  return [{ at, message }];
}

/** What is computed before the first evaluation, and may fail there: conversions of literals, and literal patterns. */
export function precompute(root: Node, evaluate: (node: Node) => Value): string | undefined {
  for (const node of descendants(root)) {
    if (node.kind !== 'call') continue;
    if (node.target && (node.name === 'find' || node.name === 'findAll') && node.args[0]?.kind === 'literal') {
      const re = typeof node.args[0].value === 'string' ? matcher(node.args[0].value) : undefined;
      if (re instanceof CelError) return re.message;
    }
    if (!node.target && CONVERSIONS.has(node.name) && node.args.every(({ kind }) => kind === 'literal')) {
      const value = evaluate(node);
      if (value instanceof CelError) return value.message;
    }
  }
  return undefined;
}
