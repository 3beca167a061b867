/** CEL's own operators and conversions. */
import { global, member, type Overload } from '../declarations.ts';
import {
  durationText,
  fitsInt,
  fitsUint,
  formatG,
  parseDuration,
  parseTimestamp,
  timestampFits,
  timestampText,
} from '../numbers.ts';
import {
  BOOL,
  BYTES,
  DOUBLE,
  DURATION,
  DYN,
  INT,
  listType,
  mapType,
  STRING,
  TIMESTAMP,
  typeOf,
  typeParam,
  UINT,
  type Type,
} from '../types.ts';
import {
  addLists,
  CelError,
  compare,
  Duration,
  equals,
  isMapValue,
  ListValue,
  LiteralMap,
  sizeOf,
  Timestamp,
  typeNameOf,
  TypeValue,
  Uint,
  type Value,
} from '../values.ts';
import { valueText } from '../print.ts';
import { matcher } from './patterns.ts';

const A = typeParam('A');
const B = typeParam('B');
const LIST = listType(A);
const MAP = mapType(A, B);
export const NO_OVERLOAD = new CelError('no such overload');
const INT_OVERFLOW = new CelError('integer overflow');
const UINT_OVERFLOW = new CelError('unsigned integer overflow');
const DURATION_OVERFLOW = new CelError('duration overflow');
const TIMESTAMP_OVERFLOW = new CelError('timestamp overflow');

const int = (value: bigint): Value => (fitsInt(value) ? value : INT_OVERFLOW);
const uint = (value: bigint): Value => (fitsUint(value) ? new Uint(value) : UINT_OVERFLOW);
const duration = (nanos: bigint): Value => (fitsInt(nanos) ? new Duration(nanos) : DURATION_OVERFLOW);
const timestamp = (nanos: bigint): Value => (timestampFits(nanos) ? new Timestamp(nanos) : TIMESTAMP_OVERFLOW);

/** Two numbers of one type; anything else has no such operation. */
const arithmetic =
  (ints: (a: bigint, b: bigint) => bigint | CelError, doubles?: (a: number, b: number) => number) =>
  ([a, b]: readonly Value[]): Value | undefined => {
    if (typeof a === 'bigint' && typeof b === 'bigint') {
      const result = ints(a, b);
      return typeof result === 'bigint' ? int(result) : result;
    }
    if (a instanceof Uint && b instanceof Uint) {
      const result = ints(a.value, b.value);
      return typeof result === 'bigint' ? uint(result) : result;
    }
    if (doubles && typeof a === 'number' && typeof b === 'number') return doubles(a, b);
    return undefined;
  };

const addNumbers = arithmetic(
  (a, b) => a + b,
  (a, b) => a + b,
);
function add(args: readonly Value[]): Value {
  const [a = null, b = null] = args;
  const sum = addNumbers(args);
  if (sum !== undefined) return sum;
  if (typeof a === 'string' && typeof b === 'string') return a + b;
  if (a instanceof Uint8Array && b instanceof Uint8Array) return Buffer.concat([a, b]);
  if (a instanceof ListValue && b instanceof ListValue) return addLists(a, b);
  if (a instanceof Duration && b instanceof Duration) return duration(a.nanos + b.nanos);
  if (a instanceof Timestamp && b instanceof Duration) return timestamp(a.nanos + b.nanos);
  if (a instanceof Duration && b instanceof Timestamp) return timestamp(a.nanos + b.nanos);
  return NO_OVERLOAD;
}

const subtractNumbers = arithmetic(
  (a, b) => a - b,
  (a, b) => a - b,
);
function subtract(args: readonly Value[]): Value {
  const [a = null, b = null] = args;
  const difference = subtractNumbers(args);
  if (difference !== undefined) return difference;
  if (a instanceof Duration && b instanceof Duration) return duration(a.nanos - b.nanos);
  if (a instanceof Timestamp && b instanceof Duration) return timestamp(a.nanos - b.nanos);
  if (a instanceof Timestamp && b instanceof Timestamp) return duration(a.nanos - b.nanos);
  return NO_OVERLOAD;
}

const orNone =
  (operation: (args: readonly Value[]) => Value | undefined) =>
  (args: readonly Value[]): Value =>
    operation(args) ?? NO_OVERLOAD;
const multiply = orNone(
  arithmetic(
    (a, b) => a * b,
    (a, b) => a * b,
  ),
);
const divide = orNone(
  arithmetic(
    (a, b) => (b === 0n ? new CelError('division by zero') : a / b),
    (a, b) => a / b,
  ),
);
const modulo = orNone(arithmetic((a, b) => (b === 0n ? new CelError('modulus by zero') : a % b)));

const negate = ([a = null]: readonly Value[]): Value =>
  typeof a === 'bigint' ? int(-a) : typeof a === 'number' ? -a : NO_OVERLOAD;

const ordered =
  (test: (order: number) => boolean) =>
  ([a = null, b = null]: readonly Value[]): Value => {
    const order = compare(a, b);
    return typeof order === 'number' ? test(order) : order;
  };

const SAME_ORDER: readonly Type[] = [BOOL, INT, UINT, DOUBLE, STRING, BYTES, TIMESTAMP, DURATION];
const MIXED_ORDER: readonly [Type, Type][] = [INT, UINT, DOUBLE].flatMap((a) =>
  [INT, UINT, DOUBLE].filter((b) => b !== a).map((b): [Type, Type] => [a, b]),
);
const comparisons = (name: string, test: (order: number) => boolean): Overload[] =>
  [...SAME_ORDER.map((type) => [type, type]), ...MIXED_ORDER].map((params) =>
    global(name, params, BOOL, ordered(test)),
  );

const same = (name: string, types: readonly Type[], call: Overload['call']): Overload[] =>
  types.map((type) => global(name, [type, type], type, call));

/** What a value is looked up by in a list: numbers that are whole. */
function position(index: Value): number | CelError {
  if (typeof index === 'bigint') return Number(index);
  if (index instanceof Uint) return Number(index.value);
  if (typeof index === 'number') {
    return Number.isInteger(index) ? index : new CelError(`unsupported index value ${formatG(index)} in list`);
  }
  return new CelError(`unsupported index type '${typeNameOf(index)}' in list`);
}

/** The value under a key or position; undefined: nothing there. Scalars have nothing anywhere. */
export function lookUp(container: Value, key: Value): Value | undefined {
  if (isMapValue(container)) return container.find(key);
  if (!(container instanceof ListValue)) return undefined;
  const at = position(key);
  if (typeof at !== 'number') return at;
  return at >= 0 && at < container.size ? container.at(at) : undefined;
}
export const nothingAt = (container: Value, key: Value): CelError =>
  new CelError(
    container instanceof ListValue ? `index out of bounds: ${valueText(key)}` : `no such key: ${valueText(key)}`,
  );

const index = ([container = null, key = null]: readonly Value[]): Value => {
  const found = lookUp(container, key);
  return found === undefined ? nothingAt(container, key) : found;
};

const isIn = ([item = null, container = null]: readonly Value[]): Value => {
  if (container instanceof ListValue) {
    for (const one of container) if (equals(item, one)) return true;
    return false;
  }
  return isMapValue(container) ? container.find(item) !== undefined : NO_OVERLOAD;
};

const size = ([value = null]: readonly Value[]): Value => BigInt(sizeOf(value));
const SIZED: readonly Type[] = [BYTES, LIST, MAP, STRING];

const identity = ([value = null]: readonly Value[]): Value => value;
const cannot = (from: string, to: string) => new CelError(`type conversion error from '${from}' to '${to}'`);

const doubleToInt = (value: number): Value =>
  Number.isFinite(value) && Math.abs(value) < 2 ** 63 ? BigInt(Math.trunc(value)) : INT_OVERFLOW;
const doubleToUint = (value: number): Value =>
  Number.isFinite(value) && value >= 0 && value < 2 ** 64 ? new Uint(BigInt(Math.trunc(value))) : UINT_OVERFLOW;

const TRUE_TEXTS: ReadonlySet<string> = new Set(['1', 't', 'T', 'true', 'TRUE', 'True']);
const FALSE_TEXTS: ReadonlySet<string> = new Set(['0', 'f', 'F', 'false', 'FALSE', 'False']);

function toBool(text: string): Value {
  if (TRUE_TEXTS.has(text)) return true;
  return FALSE_TEXTS.has(text) ? false : cannot('string', 'bool');
}
function toInt(text: string): Value {
  const value = /^[+-]?\d+$/.test(text) ? BigInt(text.replace(/^\+/, '')) : undefined;
  return value !== undefined && fitsInt(value) ? value : cannot('string', 'int');
}
function toUint(text: string): Value {
  const value = /^\d+$/.test(text) ? BigInt(text) : undefined;
  return value !== undefined && fitsUint(value) ? new Uint(value) : cannot('string', 'uint');
}
function toDouble(text: string): Value {
  if (/^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(text)) {
    const value = Number(text);
    return Number.isFinite(value) ? value : cannot('string', 'double');
  }
  const special = /^([+-]?)(inf(?:inity)?|nan)$/i.exec(text);
  if (!special) return cannot('string', 'double');
  if (/nan/i.test(text)) return NaN;
  return special[1] === '-' ? -Infinity : Infinity;
}
function bytesText(bytes: Uint8Array): Value {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (fault) {
    if (fault instanceof TypeError) return new CelError('invalid UTF-8 in bytes, cannot convert to string');
    throw fault;
  }
}

/** One conversion: `from` is the type of the argument, `convert` gets a value of it. */
const converts = <T extends Value>(to: Type, from: Type, convert: (value: T) => Value, name = to.name): Overload =>
  global(name, [from], to, ([value]) => convert(value as T));

const CONVERSIONS: readonly Overload[] = [
  global('type', [A], typeOf(A), ([value = null]) => new TypeValue(typeNameOf(value))),
  global('dyn', [A], DYN, identity),
  global('bool', [BOOL], BOOL, identity),
  converts<string>(BOOL, STRING, toBool),
  global('bytes', [BYTES], BYTES, identity),
  converts<string>(BYTES, STRING, (text) => Buffer.from(text)),
  global('double', [DOUBLE], DOUBLE, identity),
  converts<bigint>(DOUBLE, INT, Number),
  converts<string>(DOUBLE, STRING, toDouble),
  converts<Uint>(DOUBLE, UINT, ({ value }) => Number(value)),
  global('duration', [DURATION], DURATION, identity),
  converts<bigint>(DURATION, INT, (nanos) => new Duration(nanos)),
  converts<string>(DURATION, STRING, (text) => {
    const nanos = parseDuration(text);
    return nanos === undefined ? cannot('string', 'google.protobuf.Duration') : new Duration(nanos);
  }),
  global('int', [INT], INT, identity),
  converts<number>(INT, DOUBLE, doubleToInt),
  converts<Duration>(INT, DURATION, ({ nanos }) => nanos),
  converts<string>(INT, STRING, toInt),
  converts<Timestamp>(INT, TIMESTAMP, ({ nanos }) => {
    const seconds = nanos / 1_000_000_000n;
    return nanos < 0n && nanos % 1_000_000_000n !== 0n ? seconds - 1n : seconds;
  }),
  converts<Uint>(INT, UINT, ({ value }) => int(value)),
  global('string', [STRING], STRING, identity),
  converts<boolean>(STRING, BOOL, String),
  converts<Uint8Array>(STRING, BYTES, bytesText),
  converts<number>(STRING, DOUBLE, formatG),
  converts<Duration>(STRING, DURATION, ({ nanos }) => durationText(nanos)),
  converts<bigint>(STRING, INT, String),
  converts<Timestamp>(STRING, TIMESTAMP, ({ nanos }) => timestampText(nanos)),
  converts<Uint>(STRING, UINT, ({ value }) => String(value)),
  global('timestamp', [TIMESTAMP], TIMESTAMP, identity),
  converts<bigint>(TIMESTAMP, INT, (seconds) => timestamp(seconds * 1_000_000_000n)),
  converts<string>(TIMESTAMP, STRING, (text) => {
    const nanos = parseTimestamp(text);
    return nanos === undefined ? cannot('string', 'google.protobuf.Timestamp') : timestamp(nanos);
  }),
  global('uint', [UINT], UINT, identity),
  converts<number>(UINT, DOUBLE, doubleToUint),
  converts<bigint>(UINT, INT, uint),
  converts<string>(UINT, STRING, toUint),
];

const text =
  (test: (value: string, part: string) => boolean) =>
  (args: readonly Value[]): Value => {
    const [value, part] = args;
    return typeof value === 'string' && typeof part === 'string' ? test(value, part) : NO_OVERLOAD;
  };
const matches = ([value, pattern]: readonly Value[]): Value => {
  if (typeof value !== 'string' || typeof pattern !== 'string') return NO_OVERLOAD;
  const re = matcher(pattern);
  return re instanceof CelError ? re : re.test(value);
};

/** `cel.@mapInsert(map, key, value)` and `(map, map)`: what transformMap and transformMapEntry are made of. */
function mapInsert([map = null, key = null, value]: readonly Value[]): Value {
  let grown = map instanceof LiteralMap ? map : new LiteralMap();
  const entries: [Value, Value][] =
    value === undefined && isMapValue(key)
      ? key.keys().map((one) => [one, key.find(one) ?? null])
      : [[key, value ?? null]];
  for (const [one, it] of entries) {
    const next = grown.with(one, it);
    if (!next) return new CelError(`insert failed: key ${valueText(one)} already exists`);
    grown = next;
  }
  return grown;
}
const never = (): Value => NO_OVERLOAD;

export const STANDARD: readonly Overload[] = [
  // these four are evaluated where their arguments may be errors
  global('_?_:_', [BOOL, A, A], A, never),
  global('_&&_', [BOOL, BOOL], BOOL, never),
  global('_||_', [BOOL, BOOL], BOOL, never),
  global('@not_strictly_false', [BOOL], BOOL, never),
  global('!_', [BOOL], BOOL, ([value]) => (typeof value === 'boolean' ? !value : NO_OVERLOAD)),
  global('_==_', [A, A], BOOL, ([a = null, b = null]) => equals(a, b)),
  global('_!=_', [A, A], BOOL, ([a = null, b = null]) => !equals(a, b)),
  global('_+_', [BYTES, BYTES], BYTES, add),
  global('_+_', [DOUBLE, DOUBLE], DOUBLE, add),
  global('_+_', [DURATION, DURATION], DURATION, add),
  global('_+_', [DURATION, TIMESTAMP], TIMESTAMP, add),
  global('_+_', [TIMESTAMP, DURATION], TIMESTAMP, add),
  global('_+_', [INT, INT], INT, add),
  global('_+_', [LIST, LIST], LIST, add),
  global('_+_', [STRING, STRING], STRING, add),
  global('_+_', [UINT, UINT], UINT, add),
  ...same('_/_', [DOUBLE, INT, UINT], divide),
  ...same('_%_', [INT, UINT], modulo),
  ...same('_*_', [DOUBLE, INT, UINT], multiply),
  global('-_', [DOUBLE], DOUBLE, negate),
  global('-_', [INT], INT, negate),
  global('_-_', [DOUBLE, DOUBLE], DOUBLE, subtract),
  global('_-_', [DURATION, DURATION], DURATION, subtract),
  global('_-_', [INT, INT], INT, subtract),
  global('_-_', [TIMESTAMP, DURATION], TIMESTAMP, subtract),
  global('_-_', [TIMESTAMP, TIMESTAMP], DURATION, subtract),
  global('_-_', [UINT, UINT], UINT, subtract),
  ...comparisons('_<_', (order) => order < 0),
  ...comparisons('_<=_', (order) => order <= 0),
  ...comparisons('_>_', (order) => order > 0),
  ...comparisons('_>=_', (order) => order >= 0),
  global('_[_]', [LIST, INT], A, index),
  global('_[_]', [MAP, A], B, index),
  global('@in', [A, LIST], BOOL, isIn),
  global('@in', [A, MAP], BOOL, isIn),
  ...SIZED.flatMap((type) => [global('size', [type], INT, size), member('size', [type], INT, size)]),
  ...CONVERSIONS,
  member(
    'contains',
    [STRING, STRING],
    BOOL,
    text((value, part) => value.includes(part)),
  ),
  member(
    'endsWith',
    [STRING, STRING],
    BOOL,
    text((value, part) => value.endsWith(part)),
  ),
  member(
    'startsWith',
    [STRING, STRING],
    BOOL,
    text((value, part) => value.startsWith(part)),
  ),
  global('matches', [STRING, STRING], BOOL, matches),
  member('matches', [STRING, STRING], BOOL, matches),
  global('cel.@mapInsert', [MAP, A, B], MAP, mapInsert),
  global('cel.@mapInsert', [MAP, MAP], MAP, mapInsert),
];
