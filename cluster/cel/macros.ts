/** What is written as a call but stands for a loop or a test: `has(a.b)`, `list.all(x, ...)`. */
import { ACCUMULATOR, OLD_ACCUMULATOR, type Literal, type Node } from './ast.ts';

/** Why a macro's arguments make no sense, and where. */
export class MacroError extends Error {
  readonly at: number;
  constructor(at: number, message: string) {
    super(message);
    this.at = at;
  }
}

/** Every node a macro makes is at the macro's own place. */
function makers(at: number) {
  const ident = (name: string): Node => ({ kind: 'ident', at, name });
  const literal = (value: Literal): Node => ({ kind: 'literal', at, value });
  const call = (name: string, ...args: Node[]): Node => ({ kind: 'call', at, name, args });
  return {
    ident,
    literal,
    call,
    member: (target: Node, name: string, ...args: Node[]): Node => ({ kind: 'call', at, name, target, args }),
    list: (...items: Node[]): Node => ({ kind: 'list', at, items, optional: new Set() }),
    map: (): Node => ({ kind: 'map', at, entries: [] }),
    accu: ident(ACCUMULATOR),
    loop: (
      range: Node,
      [variable, variable2]: [string, string?],
      init: Node,
      condition: Node,
      step: Node,
      result: Node,
    ): Node => ({
      kind: 'comprehension',
      at,
      range,
      variable,
      ...(variable2 === undefined ? {} : { variable2 }),
      accumulator: ACCUMULATOR,
      init,
      condition,
      step,
      result,
    }),
    /** `value` under a name, for `result`. */
    bind: (name: string, value: Node, result: Node): Node => ({
      kind: 'comprehension',
      at,
      range: { kind: 'list', at, items: [], optional: new Set() },
      variable: '#unused',
      accumulator: name,
      init: value,
      condition: literal(false),
      step: ident(name),
      result,
    }),
  };
}
type Makers = ReturnType<typeof makers>;

type Names = [string, string?];
type Expand = (make: Makers, target: Node, names: Names, args: Node[]) => Node;

const all: Expand = (make, range, names, [test]) =>
  make.loop(
    range,
    names,
    make.literal(true),
    make.call('@not_strictly_false', make.accu),
    make.call('_&&_', make.accu, test!),
    make.accu,
  );
const exists: Expand = (make, range, names, [test]) =>
  make.loop(
    range,
    names,
    make.literal(false),
    make.call('@not_strictly_false', make.call('!_', make.accu)),
    make.call('_||_', make.accu, test!),
    make.accu,
  );
const existsOne: Expand = (make, range, names, [test]) =>
  make.loop(
    range,
    names,
    make.literal(0n),
    make.literal(true),
    make.call('_?_:_', test!, make.call('_+_', make.accu, make.literal(1n)), make.accu),
    make.call('_==_', make.accu, make.literal(1n)),
  );
/** With a filter before the last argument. */
const collect =
  (init: (make: Makers) => Node, add: (make: Makers, names: Names, value: Node) => Node): Expand =>
  (make, range, names, args) => {
    const step = add(make, names, args.at(-1)!);
    const [filter] = args.length > 1 ? args : [];
    return make.loop(
      range,
      names,
      init(make),
      make.literal(true),
      filter ? make.call('_?_:_', filter, step, make.accu) : step,
      make.accu,
    );
  };
const append = (make: Makers, _names: Names, value: Node) => make.call('_+_', make.accu, make.list(value));
const map = collect((make) => make.list(), append);
const filter: Expand = (make, range, names, [test]) => map(make, range, names, [test!, make.ident(names[0])]);
const transformMap = collect(
  (make) => make.map(),
  (make, [key], value) => make.call('cel.@mapInsert', make.accu, make.ident(key), value),
);
const transformMapEntry = collect(
  (make) => make.map(),
  (make, _names, value) => make.call('cel.@mapInsert', make.accu, value),
);

/** By name and number of arguments; the first argument names the variable. */
const ONE: Record<string, Expand> = {
  'all/2': all,
  'exists/2': exists,
  'exists_one/2': existsOne,
  'existsOne/2': existsOne,
  'map/2': map,
  'map/3': map,
  'filter/2': filter,
};
/** The first two arguments name the variables. */
const TWO: Record<string, Expand> = {
  'all/3': all,
  'exists/3': exists,
  'exists_one/3': existsOne,
  'existsOne/3': existsOne,
  'transformList/3': map,
  'transformList/4': map,
  'transformMap/3': transformMap,
  'transformMap/4': transformMap,
  'transformMapEntry/3': transformMapEntry,
  'transformMapEntry/4': transformMapEntry,
};

const TAKEN = 'iteration variable overwrites accumulator variable';
const isAccumulator = (name: string) => name === ACCUMULATOR || name === OLD_ACCUMULATOR;

function oneVariable(name: string, arg: Node): Names {
  if (arg.kind !== 'ident') {
    const quantifier = name.startsWith('all') || name.startsWith('exists');
    throw new MacroError(arg.at, quantifier ? 'argument must be a simple name' : 'argument is not an identifier');
  }
  if (isAccumulator(arg.name)) throw new MacroError(arg.at, TAKEN);
  return [arg.name];
}

function twoVariables(first: Node, second: Node): Names {
  for (const arg of [first, second]) {
    if (arg.kind !== 'ident') throw new MacroError(arg.at, 'argument must be a simple name');
  }
  if (first.kind !== 'ident' || second.kind !== 'ident') throw new Error('idents, as checked above');
  if (first.name === second.name) throw new MacroError(second.at, `duplicate variable name: ${first.name}`);
  for (const arg of [first, second]) if (isAccumulator(arg.name)) throw new MacroError(arg.at, TAKEN);
  return [first.name, second.name];
}

const SORT_INPUT = '@__sortBy_input__';
const SORTABLE: ReadonlySet<Node['kind']> = new Set(['list', 'select', 'ident', 'comprehension', 'call']);

/** What the call stands for, or undefined when it is a plain call. @throws MacroError */
export function expand(at: number, name: string, target: Node | undefined, args: Node[]): Node | undefined {
  const make = makers(at);
  if (!target) {
    if (name !== 'has' || args.length !== 1) return undefined;
    const [arg] = args;
    if (arg?.kind !== 'select' || arg.test) throw new MacroError(arg?.at ?? at, 'invalid argument to has() macro');
    return { kind: 'select', at, operand: arg.operand, field: arg.field, test: true };
  }
  const key = `${name}/${args.length}`;
  const [first, second] = args;
  if (!first || !second) return undefined;
  const one = Object.hasOwn(ONE, key) ? ONE[key] : undefined;
  if (one) return one(make, target, oneVariable(name, first), args.slice(1));
  const two = Object.hasOwn(TWO, key) ? TWO[key] : undefined;
  if (two) return two(make, target, twoVariables(first, second), args.slice(2));
  if (key === 'optMap/2' || key === 'optFlatMap/2') {
    if (first.kind !== 'ident') throw new MacroError(first.at, `${name}() variable name must be a simple identifier`);
    const mapped = make.bind(first.name, make.member(target, 'value'), second);
    return make.call(
      '_?_:_',
      make.member(target, 'hasValue'),
      name === 'optMap' ? make.call('optional.of', mapped) : mapped,
      make.call('optional.none'),
    );
  }
  if (key === 'sortBy/2') {
    if (!SORTABLE.has(target.kind)) {
      throw new MacroError(
        target.at,
        'sortBy can only be applied to a list, identifier, comprehension, call or select expression',
      );
    }
    const input = make.ident(SORT_INPUT);
    const keys = map(make, input, oneVariable(name, first), [second]);
    return make.bind(SORT_INPUT, target, make.member(input, '@sortByAssociatedKeys', keys));
  }
  return undefined;
}
