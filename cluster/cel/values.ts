/**
 * What expressions compute with. Ints are bigint and doubles number, so that the two stay apart; an error is a value
 * like any other until something strict meets it.
 */

export class CelError {
  readonly message: string;
  constructor(message: string) {
    this.message = message;
  }
}

export class Uint {
  readonly value: bigint;
  constructor(value: bigint) {
    this.value = value;
  }
}

/** Nanoseconds since 1970, UTC. */
export class Timestamp {
  readonly nanos: bigint;
  constructor(nanos: bigint) {
    this.nanos = nanos;
  }
}

export class Duration {
  readonly nanos: bigint;
  constructor(nanos: bigint) {
    this.nanos = nanos;
  }
}

/** How lists of sets and of keyed items compare and add: `set` without order, `map` by these fields. */
export type Merge = { type: 'set' } | { type: 'map'; keys: readonly string[] };

export class ListValue {
  readonly size: number;
  readonly merge?: Merge;
  readonly #at: (position: number) => Value;
  /** Shared by lists that grew out of one another: each sees its own `size` of them. */
  readonly #items?: Value[];
  constructor(size: number, at: (position: number) => Value, merge?: Merge, items?: Value[]) {
    this.size = size;
    this.#at = at;
    if (merge) this.merge = merge;
    if (items) this.#items = items;
  }
  /** Takes the array over. */
  static of(items: Value[], merge?: Merge): ListValue {
    return new ListValue(items.length, (i) => items[i] ?? null, merge, items);
  }
  at(position: number): Value {
    return this.#at(position);
  }
  /** Loops append one by one: the array is only copied when another list has grown on it already. */
  concat(other: ListValue): ListValue {
    const items = this.#items?.length === this.size ? this.#items : [...this];
    for (const item of other) items.push(item);
    return ListValue.of(items);
  }
  *[Symbol.iterator](): Generator<Value> {
    for (let i = 0; i < this.size; i++) yield this.#at(i);
  }
}

/** Maps and objects alike. */
export interface MapValue {
  readonly isMap: true;
  readonly size: number;
  find(key: Value): Value | undefined;
  keys(): readonly Value[];
}

/** One key for all numbers of the same amount, as CEL's maps look them up. */
function keyText(key: Value): string | undefined {
  if (typeof key === 'string') return `s${key}`;
  if (typeof key === 'boolean') return `b${key}`;
  if (typeof key === 'bigint') return `n${key}`;
  if (key instanceof Uint) return `n${key.value}`;
  if (typeof key === 'number' && Number.isInteger(key)) return `n${BigInt(key)}`;
  return undefined;
}

interface Entry {
  position: number;
  key: Value;
  value: Value;
}

export class LiteralMap implements MapValue {
  readonly isMap = true;
  readonly size: number;
  /** Shared by maps that grew out of one another: each sees its own `size` of them. */
  readonly #entries: Map<string, Entry>;
  constructor(entries = new Map<string, Entry>()) {
    this.#entries = entries;
    this.size = entries.size;
  }
  /** The map with one more entry; undefined: the key is there already and not to be replaced, or can be none. */
  with(key: Value, value: Value, replace = false): LiteralMap | undefined {
    const text = keyText(key);
    if (text === undefined) return undefined;
    if (this.find(key) !== undefined) {
      if (!replace) return undefined;
      const same = this.keys().map((one) => [keyText(one) ?? '', this.find(one) ?? null, one] as const);
      return new LiteralMap(
        new Map(
          same.map(([name, old, one], position) => [name, { position, key: one, value: name === text ? value : old }]),
        ),
      );
    }
    const mine = this.#entries.size === this.size;
    const entries = mine
      ? this.#entries
      : new Map([...this.#entries].filter(([, { position }]) => position < this.size));
    entries.set(text, { position: this.size, key, value });
    return new LiteralMap(entries);
  }
  find(key: Value): Value | undefined {
    const text = keyText(key);
    const entry = text === undefined ? undefined : this.#entries.get(text);
    return entry && entry.position < this.size ? entry.value : undefined;
  }
  keys(): readonly Value[] {
    return [...this.#entries.values()].slice(0, this.size).map(({ key }) => key);
  }
}

/** The result of `type(x)` and of naming a type. */
export class TypeValue {
  readonly name: string;
  constructor(name: string) {
    this.name = name;
  }
}

export class Optional {
  readonly value: Value | undefined;
  constructor(value: Value | undefined) {
    this.value = value;
  }
}

/** Values of Kubernetes' own types: quantities, addresses, URLs, ... */
export abstract class Opaque {
  abstract readonly typeName: string;
  abstract equals(other: Opaque): boolean;
  /** As `%v` of a Go error or `format` would print it. */
  abstract toString(): string;
  /** What size-dependent costs count. */
  get costSize(): number {
    return 1;
  }
}

export type Value =
  | null
  | boolean
  | bigint
  | number
  | string
  | Uint8Array
  | Uint
  | Timestamp
  | Duration
  | ListValue
  | MapValue
  | TypeValue
  | Optional
  | Opaque
  | CelError;

export const isMapValue = (value: Value): value is MapValue =>
  typeof value === 'object' && value !== null && 'isMap' in value;
export const isError = (value: Value): value is CelError => value instanceof CelError;

export function typeNameOf(value: Value): string {
  if (value === null) return 'null_type';
  switch (typeof value) {
    case 'boolean':
      return 'bool';
    case 'bigint':
      return 'int';
    case 'number':
      return 'double';
    case 'string':
      return 'string';
    default:
  }
  if (value instanceof Uint) return 'uint';
  if (value instanceof Uint8Array) return 'bytes';
  if (value instanceof Timestamp) return 'google.protobuf.Timestamp';
  if (value instanceof Duration) return 'google.protobuf.Duration';
  if (value instanceof ListValue) return 'list';
  if (value instanceof TypeValue) return 'type';
  if (value instanceof Optional) return 'optional_type';
  if (value instanceof Opaque) return value.typeName;
  if (value instanceof CelError) return 'error';
  return 'map';
}

type Numeric = bigint | number | Uint;
export const isNumeric = (value: Value): value is Numeric =>
  typeof value === 'bigint' || typeof value === 'number' || value instanceof Uint;

/** -1, 0, 1; undefined for NaN. */
function compareNumbers(a: Numeric, b: Numeric): number | undefined {
  const left = a instanceof Uint ? a.value : a;
  const right = b instanceof Uint ? b.value : b;
  if (left < right) return -1;
  if (left > right) return 1;
  // JavaScript compares bigint and number by amount; NaN is neither less, nor greater, nor equal
  return Number.isNaN(left) || Number.isNaN(right) ? undefined : 0;
}

/** By code point, which is the order of the UTF-8 bytes that Go compares. */
export function compareStrings(a: string, b: string): number {
  if (a === b) return 0;
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

const sign = (difference: bigint): number => (difference < 0n ? -1 : difference > 0n ? 1 : 0);

/** -1, 0, 1, or why the two have no order. */
export function compare(a: Value, b: Value): number | CelError {
  if (isNumeric(a) && isNumeric(b)) return compareNumbers(a, b) ?? new CelError('NaN values cannot be ordered');
  if (typeof a === 'string' && typeof b === 'string') return compareStrings(a, b);
  if (typeof a === 'boolean' && typeof b === 'boolean') return Number(a) - Number(b);
  if (a instanceof Uint8Array && b instanceof Uint8Array) return Buffer.compare(a, b);
  if (a instanceof Timestamp && b instanceof Timestamp) return sign(a.nanos - b.nanos);
  if (a instanceof Duration && b instanceof Duration) return sign(a.nanos - b.nanos);
  return new CelError('no such overload');
}

/** Values of different types are not equal, but numbers are by amount. */
export function equals(a: Value, b: Value): boolean {
  if (a === b) return true;
  if (isNumeric(a) && isNumeric(b)) return compareNumbers(a, b) === 0;
  if (a instanceof Uint8Array && b instanceof Uint8Array) return Buffer.compare(a, b) === 0;
  if (a instanceof Timestamp && b instanceof Timestamp) return a.nanos === b.nanos;
  if (a instanceof Duration && b instanceof Duration) return a.nanos === b.nanos;
  if (a instanceof ListValue && b instanceof ListValue) return equalLists(a, b);
  if (a instanceof TypeValue && b instanceof TypeValue) return a.name === b.name;
  if (a instanceof Opaque && b instanceof Opaque) return a.typeName === b.typeName && a.equals(b);
  if (a instanceof Optional && b instanceof Optional) {
    if (a.value === undefined || b.value === undefined) return a.value === b.value;
    return equals(a.value, b.value);
  }
  if (isMapValue(a) && isMapValue(b)) {
    if (a.size !== b.size) return false;
    return a.keys().every((key) => {
      const left = a.find(key);
      const right = b.find(key);
      return left !== undefined && right !== undefined && equals(left, right);
    });
  }
  return false;
}

/** What tells one item of a keyed list from another. */
export const listKey = (item: Value, keys: readonly string[]): string =>
  JSON.stringify(keys.map((key) => (isMapValue(item) ? formatKey(item.find(key)) : undefined)));
const formatKey = (value: Value | undefined): string | undefined =>
  value === undefined || value === null || typeof value === 'object'
    ? undefined
    : `${typeNameOf(value)}:${String(value)}`;

function equalLists(a: ListValue, b: ListValue): boolean {
  if (a.size !== b.size) return false;
  if (a.merge?.type === 'set') return [...b].every((item) => [...a].some((one) => equals(one, item)));
  if (a.merge?.type === 'map') {
    const { keys } = a.merge;
    const byKey = new Map([...a].map((item) => [listKey(item, keys), item]));
    return [...b].every((item) => {
      const mine = byKey.get(listKey(item, keys));
      return mine !== undefined && equals(mine, item);
    });
  }
  for (let i = 0; i < a.size; i++) if (!equals(a.at(i), b.at(i))) return false;
  return true;
}

export function addLists(a: ListValue, b: ListValue): ListValue {
  if (a.merge?.type === 'set') {
    const items = [...a];
    for (const item of b) if (!items.some((one) => equals(one, item))) items.push(item);
    return ListValue.of(items, a.merge);
  }
  if (a.merge?.type === 'map') {
    const { keys } = a.merge;
    const items = new Map([...a].map((item) => [listKey(item, keys), item]));
    for (const item of b) items.set(listKey(item, keys), item);
    return ListValue.of([...items.values()], a.merge);
  }
  return a.concat(b);
}

/** Length as `size()` counts it; 1 for what has none: the unit of costs. */
export function sizeOf(value: Value): number {
  if (typeof value === 'string') return codePoints(value);
  if (value instanceof Uint8Array) return value.length;
  if (value instanceof ListValue) return value.size;
  if (value instanceof Opaque) return value.costSize;
  if (value instanceof Optional) return value.value === undefined ? 1 : sizeOf(value.value);
  return isMapValue(value) ? value.size : 1;
}

export function codePoints(text: string): number {
  let count = 0;
  for (let i = 0; i < text.length; i++) {
    count++;
    const unit = text.charCodeAt(i);
    if (unit >= 0xd800 && unit < 0xdc00) i++;
  }
  return count;
}
