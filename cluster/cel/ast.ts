/** Parsed expressions. The checker writes what it found out onto the nodes. */
import type { Type } from './types.ts';

export type Literal = null | boolean | bigint | number | string | Uint8Array | UintLiteral;
export interface UintLiteral {
  uint: bigint;
}

interface NodeBase {
  /** Where it is, in code points from the start. */
  at: number;
  type?: Type;
}

export interface LiteralNode extends NodeBase {
  kind: 'literal';
  value: Literal;
}
export interface IdentNode extends NodeBase {
  kind: 'ident';
  name: string;
}
export interface SelectNode extends NodeBase {
  kind: 'select';
  operand: Node;
  field: string;
  /** `has(a.b)` */
  test: boolean;
}
export interface CallNode extends NodeBase {
  kind: 'call';
  name: string;
  target?: Node;
  args: Node[];
}
export interface ListNode extends NodeBase {
  kind: 'list';
  items: Node[];
  /** Positions of `?x`. */
  optional: ReadonlySet<number>;
}
export interface MapEntry {
  at: number;
  key: Node;
  value: Node;
  optional: boolean;
}
export interface MapNode extends NodeBase {
  kind: 'map';
  entries: MapEntry[];
}
export interface StructNode extends NodeBase {
  kind: 'struct';
  name: string;
  fields: { at: number; name: string; value: Node; optional: boolean }[];
}
export interface ComprehensionNode extends NodeBase {
  kind: 'comprehension';
  range: Node;
  variable: string;
  /** The second of two-variable comprehensions. */
  variable2?: string;
  accumulator: string;
  init: Node;
  condition: Node;
  step: Node;
  result: Node;
}
export type Node =
  | LiteralNode
  | IdentNode
  | SelectNode
  | CallNode
  | ListNode
  | MapNode
  | StructNode
  | ComprehensionNode;

/** The name under which a comprehension's result so far is known inside it; no source can spell it. */
export const ACCUMULATOR = '@result';
/** What it was called once; still refused as a variable. */
export const OLD_ACCUMULATOR = '__result__';

/** `a.b.c` as a name, if the node is nothing but that. */
export function qualifiedName(node: Node): string | undefined {
  if (node.kind === 'ident') return node.name;
  if (node.kind !== 'select' || node.test) return undefined;
  const prefix = qualifiedName(node.operand);
  return prefix === undefined ? undefined : `${prefix}.${node.field}`;
}

/** Everything directly inside a node. */
export function parts(node: Node): Node[] {
  switch (node.kind) {
    case 'literal':
    case 'ident':
      return [];
    case 'select':
      return [node.operand];
    case 'call':
      return node.target ? [node.target, ...node.args] : node.args;
    case 'list':
      return node.items;
    case 'map':
      return node.entries.flatMap(({ key, value }) => [key, value]);
    case 'struct':
      return node.fields.map(({ value }) => value);
    default:
      return [node.range, node.init, node.condition, node.step, node.result];
  }
}

/** The node and all inside it, outside in. */
export function* descendants(node: Node): Generator<Node> {
  yield node;
  for (const part of parts(node)) yield* descendants(part);
}
