/** From an expression's text to its tree: the grammar of CEL, by recursive descent. */
import type { Literal, MapEntry, Node } from './ast.ts';
import { RESERVED } from './escaping.ts';
import { NotCel, tokenize, unquote, unquoteBytes, type Token } from './lexer.ts';
import { expand, MacroError } from './macros.ts';
import type { Issue } from './source.ts';
import { codePoints } from './values.ts';

const KEYWORDS: ReadonlySet<string> = new Set(['in', 'true', 'false', 'null']);
const RELATIONS: ReadonlySet<string> = new Set(['<', '<=', '>=', '>', '==', '!=', 'in']);
const MAX_DEPTH = 250;
const MAX_CODE_POINTS = 100_000;
const MAX_INT = 2n ** 63n - 1n;
const MAX_UINT = 2n ** 64n - 1n;

export type Parsed = { root: Node } | { issues: Issue[] } | { syntax: true };

/** A tree, what is wrong with its parts, or (`syntax`) that it follows no grammar: syntax-errors.ts says why. */
export function parse(source: string): Parsed {
  const size = codePoints(source);
  if (size > MAX_CODE_POINTS) {
    const message = `expression code point size exceeds limit: size: ${size}, limit ${MAX_CODE_POINTS}`;
    return { issues: [{ at: -1, message }] };
  }
  try {
    const parser = new Parser(tokenize(source));
    const root = parser.start();
    return parser.issues.length > 0 ? { issues: parser.issues } : { root };
  } catch (problem) {
    if (problem instanceof TooDeep) return { issues: [{ at: -1, message: problem.message }] };
    if (problem instanceof NotCel) return { syntax: true };
    throw problem;
  }
}

class TooDeep extends Error {}

class Parser {
  readonly issues: Issue[] = [];
  readonly #tokens: readonly Token[];
  #next = 0;
  #depth = 0;
  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  start(): Node {
    const root = this.#expr();
    if (this.#token.kind !== 'end') throw new NotCel();
    return root;
  }

  get #token(): Token {
    const token = this.#tokens[this.#next] ?? this.#tokens.at(-1);
    if (!token) throw new NotCel();
    return token;
  }
  #is(text: string): boolean {
    const { kind } = this.#token;
    return this.#token.text === text && (kind === 'op' || (kind === 'ident' && KEYWORDS.has(text)));
  }
  #take(text: string): Token | undefined {
    if (!this.#is(text)) return undefined;
    const token = this.#token;
    this.#next++;
    return token;
  }
  #expect(text: string): Token {
    const token = this.#take(text);
    if (!token) throw new NotCel();
    return token;
  }
  #identifier(): Token {
    const token = this.#token;
    if (token.kind !== 'ident' || KEYWORDS.has(token.text)) throw new NotCel();
    this.#next++;
    return token;
  }

  /** A problem in place of a node: the parse goes on, to find others. */
  #problem(at: number, message: string): Node {
    this.issues.push({ at, message });
    return { kind: 'literal', at, value: null };
  }

  #expr(): Node {
    if (++this.#depth > MAX_DEPTH) throw new TooDeep(`expression recursion limit exceeded: ${MAX_DEPTH}`);
    const condition = this.#logic('||');
    const op = this.#take('?');
    let node = condition;
    if (op) {
      const yes = this.#logic('||');
      this.#expect(':');
      node = { kind: 'call', at: op.at, name: '_?_:_', args: [condition, yes, this.#expr()] };
    }
    this.#depth--;
    return node;
  }

  /** Chains are trees of little depth, as the real parser balances them. */
  #logic(operator: '||' | '&&'): Node {
    const part = () => (operator === '||' ? this.#logic('&&') : this.#relation());
    const first = part();
    const terms = [first];
    const ops: number[] = [];
    for (let op = this.#take(operator); op; op = this.#take(operator)) {
      ops.push(op.at);
      terms.push(part());
    }
    const term = (i: number): Node => terms[i] ?? first;
    const balanced = (low: number, high: number): Node => {
      const mid = Math.floor((low + high + 1) / 2);
      const left = mid === low ? term(mid) : balanced(low, mid - 1);
      const right = mid === high ? term(mid + 1) : balanced(mid + 1, high);
      return { kind: 'call', at: ops[mid] ?? 0, name: `_${operator}_`, args: [left, right] };
    };
    return ops.length === 0 ? first : balanced(0, ops.length - 1);
  }

  #binary(operators: (text: string) => boolean, part: () => Node): Node {
    let left = part();
    for (let deep = 0; operators(this.#token.text) && this.#is(this.#token.text); deep++) {
      if (deep >= MAX_DEPTH) throw new TooDeep(`expression recursion limit exceeded: ${MAX_DEPTH}`);
      const { text, at } = this.#token;
      this.#next++;
      left = { kind: 'call', at, name: text === 'in' ? '@in' : `_${text}_`, args: [left, part()] };
    }
    return left;
  }
  #relation(): Node {
    return this.#binary(
      (text) => RELATIONS.has(text),
      () =>
        this.#binary(
          (text) => text === '+' || text === '-',
          () =>
            this.#binary(
              (text) => text === '*' || text === '/' || text === '%',
              () => this.#unary(),
            ),
        ),
    );
  }

  #unary(): Node {
    const first = this.#token;
    if (this.#is('!')) {
      let count = 0;
      while (this.#take('!')) count++;
      const operand = this.#member();
      return count % 2 === 0 ? operand : { kind: 'call', at: first.at, name: '!_', args: [operand] };
    }
    if (!this.#is('-')) return this.#member();
    const numberNext = () => ['int', 'float'].includes(this.#tokens[this.#next + 1]?.kind ?? '');
    if (numberNext()) return this.#member();
    let count = 0;
    while (this.#take('-')) count++;
    const operand = this.#member();
    return count % 2 === 0 ? operand : { kind: 'call', at: first.at, name: '-_', args: [operand] };
  }

  #member(): Node {
    let node = this.#primary();
    for (let deep = 0; ; deep++) {
      if (deep >= MAX_DEPTH) throw new TooDeep(`expression recursion limit exceeded: ${MAX_DEPTH}`);
      const dot = this.#take('.');
      if (dot) {
        node = this.#selection(node, dot);
        continue;
      }
      const open = this.#take('[');
      if (!open) return node;
      const name = this.#take('?') ? '_[?_]' : '_[_]';
      node = { kind: 'call', at: open.at, name, args: [node, this.#expr()] };
      this.#expect(']');
    }
  }

  #selection(operand: Node, dot: Token): Node {
    const optional = this.#take('?');
    const escaped = this.#token.kind === 'escaped';
    const field = escaped ? this.#token : this.#identifier();
    if (escaped) {
      this.#next++;
      this.#problem(field.at, "unsupported syntax: '`'");
    }
    if (optional) {
      const name: Node = { kind: 'literal', at: field.at, value: field.text };
      return { kind: 'call', at: dot.at, name: '_?._', args: [operand, name] };
    }
    const open = escaped ? undefined : this.#take('(');
    if (!open) return { kind: 'select', at: dot.at, operand, field: field.text, test: false };
    return this.#call(open.at, field.text, operand);
  }

  #call(at: number, name: string, target?: Node): Node {
    const args: Node[] = [];
    if (!this.#take(')')) {
      do args.push(this.#expr());
      while (this.#take(','));
      this.#expect(')');
    }
    try {
      return expand(at, name, target, args) ?? { kind: 'call', at, name, args, ...(target ? { target } : {}) };
    } catch (problem) {
      if (problem instanceof MacroError) return this.#problem(problem.at, problem.message);
      throw problem;
    }
  }

  #primary(): Node {
    const token = this.#token;
    if (this.#take('(')) {
      const node = this.#expr();
      this.#expect(')');
      return node;
    }
    if (this.#take('[')) return this.#list(token.at);
    if (this.#take('{')) return this.#map(token.at);
    if (this.#is('.') || (token.kind === 'ident' && !KEYWORDS.has(token.text))) return this.#named();
    return this.#literal();
  }

  #list(at: number): Node {
    const items: Node[] = [];
    const optional = new Set<number>();
    while (!this.#is(']')) {
      if (items.length > 0) this.#expect(',');
      else if (this.#take(',')) break;
      if (items.length > 0 && this.#is(']')) break;
      if (this.#take('?')) optional.add(items.length);
      items.push(this.#expr());
    }
    this.#expect(']');
    return { kind: 'list', at, items, optional };
  }

  #map(at: number): Node {
    const entries: MapEntry[] = [];
    while (!this.#is('}')) {
      if (entries.length > 0) this.#expect(',');
      else if (this.#take(',')) break;
      if (entries.length > 0 && this.#is('}')) break;
      const optional = this.#take('?') !== undefined;
      const key = this.#expr();
      const colon = this.#expect(':');
      entries.push({ at: colon.at, key, value: this.#expr(), optional });
    }
    this.#expect('}');
    return { kind: 'map', at, entries };
  }

  /** An identifier, a global call, or a message `a.b{...}`. */
  #named(): Node {
    const leading = this.#take('.');
    const token = this.#identifier();
    const name = `${leading ? '.' : ''}${token.text}`;
    const message = this.#messageName(name);
    if (message !== undefined) return this.#struct(message);
    const { at } = leading ?? token;
    const open = this.#take('(');
    if (RESERVED.has(token.text)) {
      if (open) this.#call(open.at, name);
      return this.#problem(at, `reserved identifier: ${token.text}`);
    }
    return open ? this.#call(open.at, name) : { kind: 'ident', at: token.at, name };
  }

  /** The whole name, taken, when a `{` ends it. */
  #messageName(first: string): string | undefined {
    let name = first;
    let i = this.#next;
    while (this.#tokens[i]?.text === '.' && this.#tokens[i + 1]?.kind === 'ident') {
      name += `.${this.#tokens[i + 1]?.text ?? ''}`;
      i += 2;
    }
    if (this.#tokens[i]?.text !== '{') return undefined;
    this.#next = i;
    return name;
  }

  #struct(name: string): Node {
    const { at } = this.#expect('{');
    const fields: { at: number; name: string; value: Node; optional: boolean }[] = [];
    while (!this.#is('}')) {
      if (fields.length > 0) this.#expect(',');
      else if (this.#take(',')) break;
      if (fields.length > 0 && this.#is('}')) break;
      const optional = this.#take('?') !== undefined;
      const field = this.#identifier();
      const colon = this.#expect(':');
      fields.push({ at: colon.at, name: field.text, value: this.#expr(), optional });
    }
    this.#expect('}');
    return { kind: 'struct', at, name, fields };
  }

  #literal(): Node {
    const first = this.#token;
    const sign = this.#take('-') ? '-' : '';
    const { kind, text } = this.#token;
    this.#next++;
    const node = (value: Literal): Node => ({ kind: 'literal', at: first.at, value });
    const wrong = (what: string) => this.#problem(first.at, `invalid ${what} literal`);
    if (kind === 'int') {
      const value = BigInt(text) * (sign ? -1n : 1n);
      return value > MAX_INT || value < -MAX_INT - 1n ? wrong('int') : node(value);
    }
    if (kind === 'float') {
      const value = Number(sign + text);
      return Number.isFinite(value) ? node(value) : wrong('double');
    }
    if (sign) throw new NotCel();
    switch (kind) {
      case 'uint': {
        const uint = BigInt(text.slice(0, -1));
        return uint > MAX_UINT ? wrong('uint') : node({ uint });
      }
      case 'string': {
        const value = unquote(text);
        if (value === undefined) throw new NotCel();
        return node(value);
      }
      case 'bytes': {
        const value = unquoteBytes(text);
        if (value === undefined) throw new NotCel();
        return node(value);
      }
      case 'ident':
        if (text === 'true' || text === 'false') return node(text === 'true');
        if (text === 'null') return node(null);
        throw new NotCel();
      default:
        throw new NotCel();
    }
  }
}
