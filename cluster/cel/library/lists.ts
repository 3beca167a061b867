/** Kubernetes' functions on lists, and those of cel-go's list extension. */
import { CostExceeded, PER_CALL_LIMIT } from '../cost.ts';
import { global, member, type Overload } from '../declarations.ts';
import {
  BOOL,
  BYTES,
  DOUBLE,
  DURATION,
  DYN,
  INT,
  listType,
  STRING,
  TIMESTAMP,
  typeParam,
  UINT,
  type Type,
} from '../types.ts';
import { CelError, compare, Duration, equals, ListValue, typeNameOf, Uint, type Value } from '../values.ts';
import { STANDARD } from './standard.ts';

const A = typeParam('A');
const LIST = listType(A);
const SUMMABLE: readonly [Type, Value][] = [
  [INT, 0n],
  [UINT, new Uint(0n)],
  [DOUBLE, 0],
  [DURATION, new Duration(0n)],
];
const COMPARABLE: readonly Type[] = [INT, UINT, DOUBLE, BOOL, DURATION, TIMESTAMP, STRING, BYTES];

const items = (value: Value | undefined): Value[] => [...(value as ListValue)];
const add = STANDARD.find(({ name }) => name === '_+_')?.call;

function extreme(name: string, better: number) {
  return ([list]: readonly Value[]): Value => {
    let best: Value | undefined;
    for (const item of items(list)) if (best === undefined || compare(best, item) === better) best = item;
    return best ?? new CelError(`${name} called on empty list`);
  };
}

function isSorted([list]: readonly Value[]): Value {
  const all = items(list);
  return all.every((item, i) => i === 0 || compare(all[i - 1] ?? null, item) !== 1);
}

function flatten(list: ListValue, depth: bigint): Value[] {
  return items(list).flatMap((item) => (item instanceof ListValue && depth > 0n ? flatten(item, depth - 1n) : [item]));
}

function slice([list, from, to]: readonly Value[]): Value {
  const [start, end] = [from as bigint, to as bigint];
  const { size } = list as ListValue;
  const cannot = (why: string) => new CelError(`cannot slice(${start}, ${end}), ${why}`);
  if (start < 0n || end < 0n) return cannot('negative indexes not supported');
  if (start > end) return cannot('start index must be less than or equal to end index');
  if (BigInt(size) < end) return cannot(`list is length ${size}`);
  return ListValue.of(items(list).slice(Number(start), Number(end)));
}

function sortBy([list, by]: readonly Value[]): Value {
  const [all, keys] = [items(list), items(by)];
  if (all.length !== keys.length) {
    return new CelError(
      `@sortByAssociatedKeys() expected a list of the same size as the associated keys list, but got ${all.length} and ${keys.length} elements respectively`,
    );
  }
  const [first] = keys;
  if (first === undefined) return list ?? null;
  if (typeof compare(first, first) !== 'number') return new CelError('list elements must be comparable');
  if (keys.some((key) => typeNameOf(key) !== typeNameOf(first))) {
    return new CelError('list elements must have the same type');
  }
  const order = keys.map((key, i) => ({ key, i })).sort((a, b) => Number(compare(a.key, b.key)) || a.i - b.i);
  return ListValue.of(order.map(({ i }) => all[i] ?? null));
}

function distinct([list]: readonly Value[]): Value {
  const seen: Value[] = [];
  for (const item of items(list)) if (!seen.some((one) => equals(one, item))) seen.push(item);
  return ListValue.of(seen);
}

function range([count]: readonly Value[]): Value {
  const size = Number(count);
  if (size > PER_CALL_LIMIT) throw new CostExceeded();
  return new ListValue(Math.max(size, 0), (i) => BigInt(i));
}

export const LISTS: readonly Overload[] = [
  ...COMPARABLE.map((type) => member('isSorted', [listType(type)], BOOL, isSorted)),
  ...SUMMABLE.map(([type, zero]) =>
    member('sum', [listType(type)], type, ([list], context) => {
      let sum = zero;
      for (const item of items(list)) sum = add?.([sum, item], context) ?? sum;
      return sum;
    }),
  ),
  ...COMPARABLE.map((type) => member('max', [listType(type)], type, extreme('max', -1))),
  ...COMPARABLE.map((type) => member('min', [listType(type)], type, extreme('min', 1))),
  member('indexOf', [LIST, A], INT, ([list, item = null]) => BigInt(items(list).findIndex((one) => equals(one, item)))),
  member('lastIndexOf', [LIST, A], INT, ([list, item = null]) =>
    BigInt(items(list).findLastIndex((one) => equals(one, item))),
  ),
  member('slice', [LIST, INT, INT], LIST, slice),
  member('flatten', [listType(LIST)], LIST, ([list]) => ListValue.of(flatten(list as ListValue, 1n))),
  member('flatten', [listType(DYN), INT], listType(DYN), ([list, depth]) =>
    (depth as bigint) < 0n
      ? new CelError('level must be non-negative')
      : ListValue.of(flatten(list as ListValue, depth as bigint)),
  ),
  ...COMPARABLE.map((type) =>
    member('sort', [listType(type)], listType(type), ([list = null]) => sortBy([list, list])),
  ),
  ...COMPARABLE.map((type) => member('@sortByAssociatedKeys', [LIST, listType(type)], LIST, sortBy)),
  global('lists.range', [INT], listType(INT), range),
  member('reverse', [LIST], LIST, ([list]) => ListValue.of(items(list).toReversed())),
  member('distinct', [LIST], LIST, ([list = null], context) => {
    const { size } = list as ListValue;
    context.charge(size * size);
    return distinct([list]);
  }),
];
