/** Finds the type of every part of an expression, and all that does not fit, in cel-go's words. */
import {
  qualifiedName,
  type CallNode,
  type ComprehensionNode,
  type Literal,
  type Node,
  type SelectNode,
} from './ast.ts';
import type { Functions, Overload } from './declarations.ts';
import type { Issue } from './source.ts';
import {
  BOOL,
  BYTES,
  DOUBLE,
  DYN,
  DURATION,
  ERROR,
  formatType,
  insideOptional,
  INT,
  isDyn,
  listType,
  mapType,
  mostGeneral,
  NULL,
  optionalType,
  sameType,
  STRING,
  substitute,
  TIMESTAMP,
  typeOf,
  typeParam,
  UINT,
  unify,
  type Mapping,
  type Type,
} from './types.ts';

/** Names of types, usable as values: `type(x) == int`. */
const TYPE_NAMES: Record<string, Type> = {
  bool: typeOf(BOOL),
  bytes: typeOf(BYTES),
  double: typeOf(DOUBLE),
  int: typeOf(INT),
  list: typeOf(listType(DYN)),
  map: typeOf(mapType(DYN, DYN)),
  null_type: typeOf(NULL),
  string: typeOf(STRING),
  type: typeOf(typeOf()),
  uint: typeOf(UINT),
  'google.protobuf.Timestamp': typeOf(TIMESTAMP),
  'google.protobuf.Duration': typeOf(DURATION),
  optional_type: typeOf(optionalType(DYN)),
};
export const isTypeName = (name: string): boolean => Object.hasOwn(TYPE_NAMES, name);

export interface Environment {
  functions: Functions;
  variables: ReadonlyMap<string, Type>;
}

/** Writes `type` onto every node. The list is empty when all is well. */
export function check(root: Node, environment: Environment): Issue[] {
  const checker = new Checker(environment);
  checker.check(root);
  checker.finish();
  return checker.issues;
}

function literalType(value: Literal): Type {
  if (value === null) return NULL;
  switch (typeof value) {
    case 'boolean':
      return BOOL;
    case 'bigint':
      return INT;
    case 'number':
      return DOUBLE;
    case 'string':
      return STRING;
    default:
      return value instanceof Uint8Array ? BYTES : UINT;
  }
}

class Checker {
  readonly issues: Issue[] = [];
  readonly #environment: Environment;
  #scopes: Map<string, Type>[] = [];
  #mapping: Mapping = new Map();
  #freeParams = 0;
  readonly #nodes: Node[] = [];
  constructor(environment: Environment) {
    this.#environment = environment;
  }

  check(node: Node): Type {
    const type = this.#typeOf(node);
    node.type = type;
    this.#nodes.push(node);
    return type;
  }

  /** What is still open may be anything. */
  finish(): void {
    for (const node of this.#nodes) node.type = substitute(this.#mapping, node.type ?? DYN, true);
  }

  #typeOf(node: Node): Type {
    switch (node.kind) {
      case 'literal':
        return literalType(node.value);
      case 'ident':
        return this.#ident(node.name) ?? this.#undeclared(node, node.name);
      case 'select':
        return this.#select(node);
      case 'call':
        return this.#call(node);
      case 'list':
        return this.#list(node.items, node.optional);
      case 'map': {
        let key: Type | undefined;
        let value: Type | undefined;
        for (const entry of node.entries) {
          key = this.#join(key, this.check(entry.key));
          value = this.#join(value, this.#element(entry.value, entry.optional));
        }
        return mapType(key ?? this.#freeParam(), value ?? this.#freeParam());
      }
      case 'struct': {
        for (const { value } of node.fields) this.check(value);
        const type = this.#ident(node.name);
        if (!type) return this.#undeclared(node, node.name);
        this.#report(
          node.at,
          type.kind === 'type'
            ? `'${formatType(type.of[0] ?? DYN)}' is not a message type`
            : `'${formatType(type)}' is not a type`,
        );
        return ERROR;
      }
      default:
        return this.#comprehension(node);
    }
  }

  #report(at: number, message: string): void {
    this.issues.push({ at, message });
  }
  #undeclared(node: Node, name: string): Type {
    this.#report(node.at, `undeclared reference to '${name}' (in container '')`);
    return ERROR;
  }
  #mismatch(node: Node, expected: Type, actual: Type): Type {
    this.#report(node.at, `expected type '${formatType(expected)}' but found '${formatType(actual)}'`);
    return ERROR;
  }

  #ident(written: string): Type | undefined {
    const name = written.replace(/^\./, '');
    if (name === written) {
      for (const scope of this.#scopes.toReversed()) {
        const type = scope.get(name);
        if (type) return type;
      }
    }
    return this.#environment.variables.get(name) ?? (Object.hasOwn(TYPE_NAMES, name) ? TYPE_NAMES[name] : undefined);
  }

  #select(node: SelectNode): Type {
    const name = node.test ? undefined : qualifiedName(node);
    const whole = name === undefined ? undefined : this.#ident(name);
    if (whole && name !== undefined) {
      // a name with dots: the node becomes it
      Object.assign(node, { kind: 'ident', name });
      return whole;
    }
    const field = this.#field(node.at, node.operand, node.field, false);
    return node.test ? BOOL : substitute(this.#mapping, field, false);
  }

  #field(at: number, operand: Node, field: string, optional: boolean): Type {
    const operandType = substitute(this.#mapping, this.check(operand), false);
    const inside = insideOptional(operandType);
    const target = inside ?? operandType;
    let result = DYN;
    switch (target.kind) {
      case 'map':
        result = target.of[1] ?? DYN;
        break;
      case 'struct':
        result = this.#structField(at, target, field);
        break;
      case 'param':
        this.#assignable(DYN, target);
        break;
      case 'dyn':
      case 'error':
        break;
      default:
        this.#report(at, `type '${formatType(target)}' does not support field selection`);
    }
    return inside || optional ? optionalType(result) : result;
  }

  #structField(at: number, target: Type, field: string): Type {
    if (!target.fields) {
      this.#report(at, `unexpected failed resolution of '${target.name}'`);
      return ERROR;
    }
    const type = target.fields.get(field);
    if (!type) this.#report(at, `undefined field '${field}'`);
    return type ?? ERROR;
  }

  #call(node: CallNode): Type {
    if (node.name === '_?._' && !node.target) {
      const [operand, field] = node.args;
      if (operand && field?.kind === 'literal' && typeof field.value === 'string') {
        field.type = STRING;
        return substitute(this.#mapping, this.#field(node.at, operand, field.value, true), false);
      }
    }
    for (const arg of node.args) this.check(arg);
    if (!node.target) return this.#named(node, node.name);
    const prefix = qualifiedName(node.target);
    const whole = prefix === undefined ? undefined : `${prefix}.${node.name}`.replace(/^\./, '');
    if (whole !== undefined && this.#environment.functions.get(whole)) {
      delete node.target;
      node.name = whole;
      return this.#named(node, whole);
    }
    this.check(node.target);
    return this.#named(node, node.name);
  }

  #named(node: CallNode, written: string): Type {
    const name = written.replace(/^\./, '');
    const overloads = this.#environment.functions.get(name);
    if (!overloads) return this.#undeclared(node, written);
    node.name = name;
    return this.#resolve(node, overloads);
  }

  #resolve(node: CallNode, overloads: readonly Overload[]): Type {
    const nodes = node.target ? [node.target, ...node.args] : node.args;
    const types = nodes.map((arg) => arg.type ?? DYN);
    if (node.name === '_&&_' || node.name === '_||_') {
      const wrong = nodes.filter((arg, i) => {
        if (this.#assignable(types[i] ?? DYN, BOOL)) return false;
        this.#mismatch(arg, BOOL, types[i] ?? DYN);
        return true;
      });
      return wrong.length > 0 ? ERROR : BOOL;
    }
    let result: Type | undefined;
    for (const overload of overloads) {
      if (overload.member !== (node.target !== undefined)) continue;
      const { params, type } = this.#instance(overload);
      const mapping = unify(this.#mapping, types, params);
      if (!mapping) continue;
      this.#mapping = mapping;
      const found = substitute(mapping, type, false);
      if (!result) result = found;
      else if (!isDyn(result) && !sameType(found, result)) result = DYN;
    }
    if (result) return result;
    const shown = types.map((type) => formatType(substitute(this.#mapping, type, true)));
    const target = node.target ? `${shown.shift() ?? ''}.` : '';
    this.#report(node.at, `found no matching overload for '${node.name}' applied to '${target}(${shown.join(', ')})'`);
    return ERROR;
  }

  /** The overload with type parameters of its own. */
  #instance({ params, result }: Overload): { params: Type[]; type: Type } {
    const fresh = new Map<string, Type>();
    const open = (type: Type): void => {
      if (type.kind === 'param' && !fresh.has(type.name)) fresh.set(type.name, this.#freeParam());
      type.of.forEach(open);
    };
    [result, ...params].forEach(open);
    return {
      params: params.map((param) => substitute(fresh, param, false)),
      type: substitute(fresh, result, false),
    };
  }

  #list(items: readonly Node[], optional: ReadonlySet<number>): Type {
    let joined: Type | undefined;
    for (const [i, item] of items.entries()) joined = this.#join(joined, this.#element(item, optional.has(i)));
    return listType(joined ?? this.#freeParam());
  }

  #element(node: Node, optional: boolean): Type {
    const type = this.check(node);
    if (!optional) return type;
    const inside = insideOptional(type);
    if (!inside && !isDyn(type)) this.#mismatch(node, optionalType(type), type);
    return inside ?? type;
  }

  /** Elements of different types make a list of anything: validators.ts says where that is not allowed. */
  #join(before: Type | undefined, current: Type): Type {
    if (!before) return current;
    return this.#assignable(before, current) ? mostGeneral(before, current) : DYN;
  }

  #comprehension(node: ComprehensionNode): Type {
    this.check(node.range);
    const accu = this.check(node.init);
    const range = substitute(this.#mapping, node.range.type ?? DYN, false);
    const variables = new Map<string, Type>();
    const { variable, variable2 } = node;
    const declare = (one: Type, two: Type) => {
      variables.set(variable, one);
      if (variable2 !== undefined) variables.set(variable2, two);
    };
    const [first = DYN, second = DYN] = range.of;
    switch (range.kind) {
      case 'list':
        declare(variable2 === undefined ? first : INT, first);
        break;
      case 'map':
        declare(first, second);
        break;
      case 'dyn':
      case 'error':
      case 'param':
        this.#assignable(DYN, range);
        declare(DYN, DYN);
        break;
      default:
        this.#report(
          node.range.at,
          `expression of type '${formatType(range)}' cannot be range of a comprehension (must be list, map, or dynamic)`,
        );
        declare(ERROR, ERROR);
    }
    this.#scopes.push(new Map([[node.accumulator, accu]]), variables);
    this.check(node.condition);
    this.#assert(node.condition, BOOL);
    this.check(node.step);
    this.#assert(node.step, accu);
    this.#scopes.pop();
    const result = this.check(node.result);
    this.#scopes.pop();
    return substitute(this.#mapping, result, false);
  }

  #assert(node: Node, type: Type): void {
    if (!this.#assignable(type, node.type ?? DYN)) this.#mismatch(node, type, node.type ?? DYN);
  }
  #freeParam(): Type {
    return typeParam(`_var${this.#freeParams++}`);
  }
  #assignable(a: Type, b: Type): boolean {
    const mapping = unify(this.#mapping, [a], [b]);
    if (mapping) this.#mapping = mapping;
    return mapping !== undefined;
  }
}
