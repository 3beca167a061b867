/** Evaluates checked expressions, counting what it costs. */
import { parts, type CallNode, type ComprehensionNode, type Literal, type Node } from './ast.ts';
import { isTypeName } from './checker.ts';
import { callCost, CostExceeded, LIST_COST, MAP_COST } from './cost.ts';
import type { CallContext, Functions } from './declarations.ts';
import { lookUp, nothingAt } from './library/standard.ts';
import { valueText } from './print.ts';
import { CONVERSIONS, fits, noOverload } from './overloads.ts';
import {
  CelError,
  isError,
  isMapValue,
  ListValue,
  LiteralMap,
  Optional,
  TypeValue,
  typeNameOf,
  Uint,
  type Value,
} from './values.ts';

/** Looks a variable up; undefined: there is none of that name. */
export type Variables = (name: string) => Value | undefined;

interface Scope {
  name: string;
  value: Value;
  outer: Scope | undefined;
}

const NO_OVERLOAD = new CelError('no such overload');

/** What cel-go's runtime calls a value's Go type. */
const goType = (value: Value): string =>
  value === null
    ? 'Null'
    : (({ bigint: 'Int', number: 'Double', string: 'String', boolean: 'Bool' } as Record<string, string>)[
        typeof value
      ] ?? value.constructor.name);

const literalValue = (value: Literal): Value =>
  typeof value === 'object' && value !== null && !(value instanceof Uint8Array) ? new Uint(value.uint) : value;

const constants = new WeakMap<Node, boolean>();
/** Whether cel-go computes it beforehand: literals, lists and maps of them, and their conversions. */
function isConstant(node: Node): boolean {
  if (node.kind === 'literal') return true;
  if (node.kind !== 'list' && node.kind !== 'map' && node.kind !== 'call') return false;
  const known = constants.get(node);
  if (known !== undefined) return known;
  const converts = node.kind === 'call' && !node.target && CONVERSIONS.has(node.name);
  const made = (node.kind !== 'call' || converts) && parts(node).every(isConstant);
  constants.set(node, made);
  return made;
}

export class Interpreter implements CallContext {
  cost = 0;
  readonly #functions: Functions;
  readonly #variables: Variables;
  readonly #limit: number;
  constructor(functions: Functions, variables: Variables, limit: number) {
    this.#functions = functions;
    this.#variables = variables;
    this.#limit = limit;
  }

  /** @throws CostExceeded */
  charge(cost: number): void {
    this.cost += cost;
    if (this.cost > this.#limit) throw new CostExceeded();
  }

  /** @throws CostExceeded */
  evaluate(node: Node, scope?: Scope): Value {
    if (node.kind === 'literal' || !isConstant(node)) return this.#evaluate(node, scope);
    // made once, before anything is counted
    const { cost } = this;
    const value = this.#evaluate(node, scope);
    this.cost = cost;
    return value;
  }

  #evaluate(node: Node, scope: Scope | undefined): Value {
    switch (node.kind) {
      case 'literal':
        return literalValue(node.value);
      case 'ident':
        this.charge(1);
        return this.#ident(node.name, scope);
      case 'select':
        return this.#select(this.#operand(node.operand, scope, node.test), node.field, node.test);
      case 'call':
        return this.#call(node, scope);
      case 'list':
        return this.#list(node.items, node.optional, scope);
      case 'map':
        return this.#map(node, scope);
      case 'struct':
        return NO_OVERLOAD;
      default:
        return this.#comprehension(node, scope);
    }
  }

  #ident(written: string, scope: Scope | undefined): Value {
    const name = written.replace(/^\./, '');
    for (let at = scope; at; at = at.outer) if (at.name === name) return at.value;
    const value = this.#variables(name);
    if (value !== undefined) return value;
    return isTypeName(name) ? new TypeValue(name) : new CelError(`no such attribute(s): ${name}`);
  }

  /** What something is selected from: a result costs one more than a name. */
  #operand(node: Node, scope: Scope | undefined, test = false): Value {
    const value = this.evaluate(node, scope);
    // to ask whether something is there costs nothing
    if (test) return value;
    const isName = node.kind === 'ident' || node.kind === 'select' || (node.kind === 'call' && node.name === '_[_]');
    this.charge(isName ? 1 : 2);
    return value;
  }

  #select(operand: Value, key: Value, test: boolean): Value {
    if (isError(operand)) return operand;
    if (operand instanceof Optional) {
      if (operand.value === undefined) return test ? false : operand;
      const found = lookUp(operand.value, key);
      return test ? found !== undefined : new Optional(found);
    }
    const found = lookUp(operand, key);
    if (test) return found !== undefined && !isError(found);
    return found === undefined ? nothingAt(operand, key) : found;
  }

  #optionalSelect(operand: Value, key: Value): Value {
    if (isError(operand)) return operand;
    if (isError(key)) return key;
    const inside = operand instanceof Optional ? operand.value : operand;
    if (inside === undefined) return operand;
    const found = lookUp(inside, key);
    return found !== undefined && isError(found) ? found : new Optional(found);
  }

  #call(node: CallNode, scope: Scope | undefined): Value {
    const [first, second, third] = node.args;
    switch (node.name) {
      case '_&&_':
      case '_||_':
        return first && second ? this.#logic(node.name === '_||_', first, second, scope) : NO_OVERLOAD;
      case '_?_:_': {
        const condition = first ? this.evaluate(first, scope) : null;
        const chosen = condition === true ? second : third;
        if (isError(condition)) return condition;
        return typeof condition === 'boolean' && chosen ? this.evaluate(chosen, scope) : NO_OVERLOAD;
      }
      case '@not_strictly_false': {
        const value = first ? this.evaluate(first, scope) : null;
        this.charge(1);
        return value !== false;
      }
      case '_?._':
      case '_[?_]': {
        if (!first || !second) return NO_OVERLOAD;
        return this.#optionalSelect(this.#operand(first, scope), this.evaluate(second, scope));
      }
      case '_[_]': {
        if (!first || !second) return NO_OVERLOAD;
        const container = this.#operand(first, scope);
        const key = this.evaluate(second, scope);
        return isError(container) || !isError(key) ? this.#select(container, key, false) : key;
      }
      default:
        return this.#plainCall(node, scope);
    }
  }

  /** An error on one side does not matter when the other decides. */
  #logic(decisive: boolean, left: Node, right: Node, scope: Scope | undefined): Value {
    const a = this.evaluate(left, scope);
    if (a === decisive) return decisive;
    const b = this.evaluate(right, scope);
    if (b === decisive) return decisive;
    if (typeof a === 'boolean' && typeof b === 'boolean') return !decisive;
    if (isError(a)) return a;
    return isError(b) ? b : NO_OVERLOAD;
  }

  #plainCall(node: CallNode, scope: Scope | undefined): Value {
    const target = node.target ? this.evaluate(node.target, scope) : undefined;
    // the other value of an optional is only asked for when it is needed
    if (target instanceof Optional && (node.name === 'or' || node.name === 'orValue')) {
      if (target.value !== undefined) return node.name === 'or' ? target : target.value;
      return node.args[0] ? this.evaluate(node.args[0], scope) : NO_OVERLOAD;
    }
    const args = node.args.map((arg) => this.evaluate(arg, scope));
    if (target !== undefined) args.unshift(target);
    const failed = args.find(isError);
    if (failed) return failed;
    const overloads = this.#functions.get(node.name) ?? [];
    for (const { member, params, call } of overloads) {
      if (member !== (node.target !== undefined) || params.length !== args.length) continue;
      if (!params.every((param, i) => fits(param, args[i] ?? null))) continue;
      const result = call(args, this);
      this.charge(callCost(node.name, args, result));
      return result;
    }
    return noOverload(node.name, args);
  }

  #list(nodes: readonly Node[], optional: ReadonlySet<number>, scope: Scope | undefined): Value {
    const items: Value[] = [];
    for (const [i, item] of nodes.entries()) {
      const value = this.evaluate(item, scope);
      if (isError(value)) return value;
      if (!optional.has(i)) items.push(value);
      else if (!(value instanceof Optional)) {
        return new CelError(`cannot initialize optional list element from non-optional value ${valueText(value)}`);
      } else if (value.value !== undefined) items.push(value.value);
    }
    this.charge(LIST_COST);
    return ListValue.of(items);
  }

  #map(node: Extract<Node, { kind: 'map' }>, scope: Scope | undefined): Value {
    let map = new LiteralMap();
    for (const entry of node.entries) {
      const key = this.evaluate(entry.key, scope);
      if (isError(key)) return key;
      let value = this.evaluate(entry.value, scope);
      if (isError(value)) return value;
      if (entry.optional) {
        if (!(value instanceof Optional)) {
          return new CelError(
            `cannot initialize optional entry '${valueText(key)}' from non-optional value ${valueText(value)}`,
          );
        }
        if (value.value === undefined) continue;
        value = value.value;
      }
      const next = map.with(key, value, true);
      if (!next) return new CelError(`unsupported key type: ${typeNameOf(key)}`);
      map = next;
    }
    this.charge(MAP_COST);
    return map;
  }

  #comprehension(node: ComprehensionNode, scope: Scope | undefined): Value {
    const range = this.evaluate(node.range, scope);
    if (isError(range)) return range;
    let accu: Value = this.evaluate(node.init, scope);
    const { variable, variable2, accumulator } = node;
    const inside = (value: Value): Scope => ({ name: accumulator, value, outer: scope });
    /** False: the loop is over. */
    const round = (first: Value, second: Value): boolean => {
      const names: Scope = { name: variable, value: first, outer: inside(accu) };
      const all = variable2 === undefined ? names : { name: variable2, value: second, outer: names };
      if (this.evaluate(node.condition, all) !== true) return false;
      accu = this.evaluate(node.step, all);
      return true;
    };
    if (range instanceof ListValue) {
      for (let i = 0; i < range.size; i++) {
        const item = range.at(i);
        if (!(variable2 === undefined ? round(item, null) : round(BigInt(i), item))) break;
      }
    } else if (isMapValue(range)) {
      for (const key of range.keys()) if (!round(key, range.find(key) ?? null)) break;
    } else return new CelError(`got 'types.${goType(range)}', expected iterable type`);
    return this.evaluate(node.result, inside(accu));
  }
}
