/** Values that may be absent. */
import { global, member, type Overload } from '../declarations.ts';
import { BOOL, DYN, INT, listType, mapType, optionalType, STRING, typeParam } from '../types.ts';
import { CelError, Duration, isMapValue, ListValue, Optional, Timestamp, Uint, type Value } from '../values.ts';

const V = typeParam('V');
const K = typeParam('K');
const OPTIONAL = optionalType(V);
const LIST = listType(V);
const MAP = mapType(K, V);

function isZero(value: Value): boolean {
  if (value === null || value === false || value === '' || value === 0n || value === 0) return true;
  if (value instanceof Uint) return value.value === 0n;
  if (value instanceof Duration || value instanceof Timestamp) return value.nanos === 0n;
  if (value instanceof ListValue) return value.size === 0;
  if (value instanceof Uint8Array) return value.length === 0;
  return isMapValue(value) && value.size === 0;
}
/** Evaluated where its arguments may be absent: see the interpreter. */
const never = (): Value => new CelError('no such overload');
const unwrap = ([list]: readonly Value[]): Value =>
  ListValue.of([...(list as ListValue)].flatMap((one) => (one instanceof Optional ? (one.value ?? []) : [one])));

export const OPTIONALS: readonly Overload[] = [
  global('optional.of', [V], OPTIONAL, ([value]) => new Optional(value)),
  global('optional.ofNonZeroValue', [V], OPTIONAL, ([value = null]) => new Optional(isZero(value) ? undefined : value)),
  global('optional.none', [], OPTIONAL, () => new Optional(undefined)),
  member(
    'value',
    [OPTIONAL],
    V,
    ([optional]) => (optional as Optional).value ?? new CelError('optional.none() dereference'),
  ),
  member('hasValue', [OPTIONAL], BOOL, ([optional]) => (optional as Optional).value !== undefined),
  member('or', [OPTIONAL, OPTIONAL], OPTIONAL, never),
  member('orValue', [OPTIONAL, V], V, never),
  global('_?._', [DYN, STRING], OPTIONAL, never),
  global('_[?_]', [LIST, INT], OPTIONAL, never),
  global('_[?_]', [optionalType(LIST), INT], OPTIONAL, never),
  global('_[?_]', [MAP, K], OPTIONAL, never),
  global('_[?_]', [optionalType(MAP), K], OPTIONAL, never),
  global('_[_]', [optionalType(LIST), INT], OPTIONAL, never),
  global('_[_]', [optionalType(MAP), K], OPTIONAL, never),
  member('last', [LIST], OPTIONAL, ([list]) => {
    const { size } = list as ListValue;
    return new Optional(size === 0 ? undefined : (list as ListValue).at(size - 1));
  }),
  member('first', [LIST], OPTIONAL, ([list]) => {
    const { size } = list as ListValue;
    return new Optional(size === 0 ? undefined : (list as ListValue).at(0));
  }),
  global('optional.unwrap', [listType(OPTIONAL)], LIST, unwrap),
  member('unwrapOpt', [listType(OPTIONAL)], LIST, unwrap),
];
