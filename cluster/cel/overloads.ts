/** Which overload a call with these values is, and what the real runtime says when there is none. */
import type { Type } from './types.ts';
import {
  CelError,
  Duration,
  isMapValue,
  ListValue,
  Opaque,
  Optional,
  Timestamp,
  typeNameOf,
  TypeValue,
  Uint,
  type Value,
} from './values.ts';

/** Functions that make a value of one type into one of another. */
export const CONVERSIONS: ReadonlySet<string> = new Set(
  'bool bytes double duration dyn int string timestamp type uint'.split(' '),
);

/** What a list holds is looked at only where it tells overloads apart: by its first item. */
export function fits(type: Type, value: Value): boolean {
  switch (type.kind) {
    case 'dyn':
    case 'param':
      return true;
    case 'bool':
      return typeof value === 'boolean';
    case 'int':
      return typeof value === 'bigint';
    case 'double':
      return typeof value === 'number';
    case 'string':
      return typeof value === 'string';
    case 'null':
      return value === null;
    case 'uint':
      return value instanceof Uint;
    case 'bytes':
      return value instanceof Uint8Array;
    case 'timestamp':
      return value instanceof Timestamp;
    case 'duration':
      return value instanceof Duration;
    case 'list': {
      const [item] = type.of;
      return value instanceof ListValue && (!item || value.size === 0 || fits(item, value.at(0)));
    }
    case 'map':
      return isMapValue(value);
    case 'type':
      return value instanceof TypeValue;
    case 'struct':
    case 'opaque':
      if (type.name === 'optional_type') return value instanceof Optional;
      return value instanceof Opaque ? value.typeName === type.name : type.kind === 'struct' && isMapValue(value);
    default:
      return false;
  }
}

const NUMBERS = ['int', 'uint', 'double'];
const TIMES = ['google.protobuf.Timestamp', 'google.protobuf.Duration'];
const ORDERED = [...NUMBERS, ...TIMES, 'bool', 'bytes', 'string'];
/** The types that have the operation at all, with some right-hand side. */
const OPERATORS: Record<string, readonly string[]> = {
  '_+_': [...NUMBERS, ...TIMES, 'bytes', 'string', 'list'],
  '_-_': [...NUMBERS, ...TIMES],
  '_*_': NUMBERS,
  '_/_': NUMBERS,
  '_%_': ['int', 'uint'],
  '_<_': ORDERED,
  '_<=_': ORDERED,
  '_>_': ORDERED,
  '_>=_': ORDERED,
  '-_': ['int', 'double', 'bool', 'google.protobuf.Duration'],
  matches: ['string'],
  size: [],
};
/** These say no more than that there is no overload. */
const TERSE: ReadonlySet<string> = new Set(['!_', '@in', 'contains', 'startsWith', 'endsWith', '_==_', '_!=_']);

export function noOverload(name: string, args: readonly Value[]): CelError {
  const types = args.map(typeNameOf);
  const able = OPERATORS[name];
  if (TERSE.has(name) || able?.includes(types[0] ?? '')) return new CelError('no such overload');
  return new CelError(able ? `no such overload: ${name}` : `no such overload: ${name}(${types.join(', ')})`);
}
