/**
 * What an expression over declared data can cost at most, before any data are there: as cel-go's checker estimates it, with
 * Kubernetes' functions. Strings and lists count with the most that their schema allows.
 */
import { ACCUMULATOR, type CallNode, type ComprehensionNode, type Node } from './ast.ts';
import { LIST_COST, MAP_COST } from './cost.ts';
import type { Declared } from './declarations-of-size.ts';
import type { Program } from './index.ts';
import { insideOptional, type Kind, type Type } from './types.ts';
import { codePoints } from './values.ts';

/** Above this everything counts the same. */
const ENDLESS = 2 ** 64;
const TRAVERSAL = 0.1;
const REGEX = 0.25;
const CHECK = 350_000;
/** Of comparing two addresses. */
const ADDRESS_COST = 4;
/** Of a named format, as a pattern. */
const FORMAT_PATTERN = 128;

interface Size {
  min: number;
  max: number;
}
const UNKNOWN: Size = { min: 0, max: ENDLESS };
const fixed = (size: number): Size => ({ min: size, max: size });
const cap = (amount: number) => Math.min(amount, ENDLESS);
const union = (a: Size, b: Size): Size => ({ min: Math.min(a.min, b.min), max: Math.max(a.max, b.max) });
const plus = (a: Size, b: Size): Size => ({ min: cap(a.min + b.min), max: cap(a.max + b.max) });
const times = (a: Size, b: Size): Size => ({ min: cap(a.min * b.min), max: cap(a.max * b.max) });
const traverse = (size: Size, factor = TRAVERSAL) => cap(Math.ceil(size.max * factor));

/** What is known of a value: where it is declared, how large it is, and how large what it holds. */
interface Known {
  declared?: Declared;
  size?: Size;
  keys?: Size;
  items?: Size;
}
interface Estimate extends Known {
  cost: number;
}

/** `variables` are the names that stand for declared data: `self`, `oldSelf`. */
export const estimateCost = ({ root }: Program, variables: Record<string, Declared>): number =>
  new Estimator(variables).estimate(root).cost;

const SCALARS: ReadonlySet<Kind> = new Set(['bool', 'double', 'duration', 'int', 'timestamp', 'uint']);
function isScalar(type: Type | undefined): boolean {
  if (!type) return false;
  const inside = insideOptional(type);
  return inside ? isScalar(inside) : SCALARS.has(type.kind);
}
const isTextual = (type: Type | undefined) => ['string', 'bytes', 'dyn'].includes(type?.kind ?? '');

class Estimator {
  readonly #variables: Record<string, Declared>;
  readonly #locals: { name: string; known: Known }[] = [];
  constructor(variables: Record<string, Declared>) {
    this.#variables = variables;
  }

  estimate(node: Node): Estimate {
    const found = this.#estimate(node);
    const size = found.size ?? this.#sizeOf(node, found);
    return size ? { ...found, size } : found;
  }

  #sizeOf(node: Node, { declared }: Known): Size | undefined {
    if (node.kind === 'literal') {
      const { value } = node;
      if (typeof value === 'string') return fixed(codePoints(value));
      return fixed(value instanceof Uint8Array ? value.length : 1);
    }
    if (node.kind === 'list') return fixed(node.items.length);
    if (node.kind === 'map') return fixed(node.entries.length);
    if (declared) return { min: 0, max: declared.most };
    return isScalar(node.type) ? fixed(1) : undefined;
  }

  #estimate(node: Node): Estimate {
    switch (node.kind) {
      case 'literal':
        return { cost: 0 };
      case 'ident': {
        const local = this.#locals.findLast(({ name }) => name === node.name)?.known;
        const declared = local ? local.declared : this.#variables[node.name];
        return { ...local, ...(declared ? { declared } : {}), cost: 1 };
      }
      case 'select': {
        const operand = this.estimate(node.operand);
        if (node.test) return { cost: operand.cost };
        const step = ['map', 'struct', 'param'].includes(node.operand.type?.kind ?? '') ? 1 : 0;
        const declared = operand.declared?.field?.(node.field);
        return { cost: operand.cost + step, ...(declared ? { declared } : {}) };
      }
      case 'call':
        return this.#call(node);
      case 'list': {
        const items = node.items.map((item) => this.estimate(item));
        const cost = items.reduce((sum, item) => sum + item.cost, LIST_COST);
        return { cost, keys: fixed(1), items: all(items) };
      }
      case 'map': {
        const keys = node.entries.map(({ key }) => this.estimate(key));
        const values = node.entries.map(({ value }) => this.estimate(value));
        const cost = [...keys, ...values].reduce((sum, one) => sum + one.cost, MAP_COST);
        return { cost, keys: all(keys), items: all(values) };
      }
      case 'struct':
        return { cost: 0 };
      default:
        return this.#comprehension(node);
    }
  }

  #with<T>(name: string, known: Known, use: () => T): T {
    this.#locals.push({ name, known });
    const result = use();
    this.#locals.pop();
    return result;
  }

  #comprehension(node: ComprehensionNode): Estimate {
    const range = this.estimate(node.range);
    const init = this.estimate(node.init);
    if (node.accumulator !== ACCUMULATOR) {
      // a name for a value
      return this.#with(node.accumulator, init, () => {
        const result = this.estimate(node.result);
        return { ...result, cost: cap(range.cost + init.cost + result.cost) };
      });
    }
    const isList = node.range.type?.kind === 'list';
    const inside = (of: 'keys' | 'items'): Known => {
      const declared = range.declared?.[of];
      const size = range[of];
      return { ...(declared ? { declared } : {}), ...(size ? { size } : {}) };
    };
    const position: Known = {};
    const [first, second] =
      node.variable2 === undefined
        ? [inside(isList ? 'items' : 'keys'), undefined]
        : [isList ? position : inside('keys'), inside('items')];
    return this.#with(node.accumulator, init, () => {
      const loop = () => ({ condition: this.estimate(node.condition), step: this.estimate(node.step) });
      const { condition, step } = this.#with(node.variable, first, () =>
        second && node.variable2 !== undefined ? this.#with(node.variable2, second, loop) : loop(),
      );
      const result = this.estimate(node.result);
      const rounds = range.size ?? UNKNOWN;
      const each = cap(condition.cost + step.cost);
      const cost = cap(range.cost + init.cost + result.cost + cap(rounds.max * each));
      if (node.init.kind !== 'list' && node.init.kind !== 'map')
        return { cost, ...(init.size ? { size: init.size } : {}) };
      return {
        cost,
        size: rounds,
        ...(step.items ? { items: step.items } : {}),
        ...(step.keys ? { keys: step.keys } : {}),
      };
    });
  }

  #call(node: CallNode): Estimate {
    const args = node.args.map((arg) => this.estimate(arg));
    const target = node.target && this.estimate(node.target);
    const [a, b, c] = args;
    const spent = args.reduce((sum, arg) => sum + arg.cost, target?.cost ?? 0);
    const size = (of: Estimate | undefined): Size => of?.size ?? UNKNOWN;
    switch (node.name) {
      case 'dyn':
        return { ...a, cost: spent + 1 };
      case '_&&_':
      case '_||_':
        return { cost: cap(spent) };
      case '_?_:_': {
        const cost = cap((a?.cost ?? 0) + Math.max(b?.cost ?? 0, c?.cost ?? 0));
        const items = b?.items && c?.items ? { items: union(b.items, c.items) } : {};
        return { cost, size: union(size(b), size(c)), ...items };
      }
      case '_[_]': {
        const declared = a?.declared?.items;
        return { cost: cap(spent + 1), ...(declared ? { declared } : {}), ...(a?.items ? { size: a.items } : {}) };
      }
      case '_+_': {
        const sum = plus(size(a), size(b));
        const items = a?.items && b?.items ? { items: union(a.items, b.items) } : {};
        const [type] = node.args.map((arg) => arg.type);
        if (type?.kind === 'list') return { cost: cap(spent + 1), size: sum, ...items };
        if (!isTextual(type)) return { cost: cap(spent + 1) };
        return { cost: cap(spent + traverse(sum)), size: sum };
      }
      default: {
        const own = this.#function(node, target, args);
        return { ...own, cost: cap(spent + own.cost) };
      }
    }
  }

  /** What the function itself costs. */
  #function(node: CallNode, target: Estimate | undefined, args: readonly Estimate[]): Estimate {
    const [a, b] = args;
    const size = (of: Estimate | undefined): Size => of?.size ?? UNKNOWN;
    const [own, first, second] = [size(target), size(a), size(b)];
    const types = node.args.map((arg) => arg.type);
    switch (node.name) {
      case 'check':
        return { cost: CHECK };
      case 'isSorted':
      case 'sum':
      case 'max':
      case 'min':
      case 'indexOf':
      case 'lastIndexOf':
        return { cost: this.#listWalk(node, target) };
      case 'url':
        return { cost: traverse(first), size: first };
      case 'lowerAscii':
      case 'upperAscii':
      case 'substring':
      case 'trim':
        return { cost: traverse(own), size: own };
      case 'replace':
        return { cost: traverse(own, 2 * TRAVERSAL), size: replaced(own, first, second) };
      case 'split':
        return { cost: traverse(own, 2 * TRAVERSAL), size: { min: 0, max: own.max } };
      case 'join': {
        const items = this.#declaredItems(target);
        const separators = { min: Math.max(own.min - 1, 0), max: Math.max(own.max - 1, 0) };
        const length = plus(times(own, items), args.length > 0 ? times(first, separators) : fixed(0));
        return { cost: traverse(length), size: length };
      }
      case 'find':
      case 'findAll':
        return { cost: cap(traverse(plus(own, fixed(1))) * traverse(first, REGEX)), size: { min: 0, max: own.max } };
      case 'matches':
        if (!target) return { cost: 1 };
        return { cost: cap(traverse(plus(own, fixed(1))) * traverse(first, REGEX)) };
      case 'contains':
        return { cost: cap(traverse(own) * traverse(first)) };
      case 'startsWith':
      case 'endsWith':
        return { cost: traverse(first) };
      case 'cidr':
      case 'isIP':
      case 'isCIDR':
      case 'quantity':
      case 'isQuantity':
      case 'semver':
      case 'isSemver':
        return { cost: traverse(first) };
      case 'ip':
        return { cost: target ? 1 : traverse(first) };
      case 'containsIP':
        return { cost: ADDRESS_COST + (types[0]?.kind === 'string' ? traverse(first) : 0) };
      case 'containsCIDR':
        return { cost: ADDRESS_COST + 3 + (types[0]?.kind === 'string' ? traverse(first) : 0) };
      case 'ip.isCanonical':
        return { cost: traverse(first, 2 * TRAVERSAL) };
      case 'validate':
        return { cost: cap(Math.ceil(traverse(first) * FORMAT_PATTERN * REGEX)) };
      case 'format':
        return { cost: traverse(own) };
      case 'strings.quote':
        return { cost: traverse(first), size: { min: first.min + 2, max: cap(first.max * 2 + 2) } };
      case 'bytes':
        if (types[0]?.kind !== 'string') return { cost: 1 };
        return { cost: traverse(first), size: { min: first.min, max: cap(first.max * 4) } };
      case 'string':
        return { cost: types[0]?.kind === 'bytes' ? traverse(first) : 1 };
      case '@in':
        return { cost: types[1]?.kind === 'map' ? 1 : second.max };
      case 'sets.contains':
      case 'sets.intersects':
        return { cost: cap(first.max * second.max + 1) };
      case 'sets.equivalent':
        return { cost: cap(2 * first.max * second.max + 1) };
      case 'distinct':
      case 'sort':
        return { cost: cap(2 * own.max * own.max + LIST_COST + 1), size: own };
      case 'slice':
      case 'flatten':
      case 'reverse':
        return { cost: cap(own.max + LIST_COST), size: own };
      case 'lists.range': {
        const [count] = node.args;
        const known =
          count?.kind === 'literal' && typeof count.value === 'bigint' ? fixed(Number(count.value)) : UNKNOWN;
        return { cost: cap(known.max + LIST_COST + 1), size: known };
      }
      case '_==_':
      case '_!=_':
        if (types.some((type) => type?.kind === 'type')) return { cost: 0 };
        return { cost: traverse({ min: 0, max: Math.min(first.max, second.max) }) };
      case '_<_':
      case '_<=_':
      case '_>_':
      case '_>=_':
        if (!types.some(isTextual)) return { cost: 1 };
        return { cost: Math.max(1, traverse({ min: 0, max: Math.min(first.max, second.max) })) };
      default:
        return { cost: 1 };
    }
  }

  #declaredItems(target: Estimate | undefined): Size {
    const most = target?.declared?.items?.most;
    return most === undefined ? UNKNOWN : { min: 0, max: most };
  }

  /** One for each item, and for texts what reading them costs. */
  #listWalk({ target: list }: CallNode, target: Estimate | undefined): number {
    const own = target?.size ?? UNKNOWN;
    const item = list?.type?.of[0];
    if (list?.type?.kind !== 'list' || !item) return traverse(own);
    const each = item.kind === 'string' || item.kind === 'bytes' ? 1 + traverse(this.#declaredItems(target)) : 1;
    return cap(own.max * each);
  }
}

function all(parts: readonly Estimate[]): Size {
  if (parts.length === 0) return fixed(0);
  return parts.map(({ size = UNKNOWN }) => size).reduce(union);
}

/** How long a text can be after parts of it were replaced. */
function replaced(text: Size, part: Size, by: Size): Size {
  let [count, kept] = [0, 0];
  if (part.min === 0) [count, kept] = [cap(text.max + 1), text.max];
  else if (by.max <= part.min) kept = text.max;
  else count = Math.ceil(text.max / part.min);
  return { min: 0, max: cap(cap(count * by.max) + kept) };
}
