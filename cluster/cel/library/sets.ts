/** Lists as sets. */
import { global, type Overload } from '../declarations.ts';
import { BOOL, listType, typeParam } from '../types.ts';
import { equals, ListValue, type Value } from '../values.ts';

const LIST = listType(typeParam('T'));
const has = (list: ListValue, item: Value): boolean => [...list].some((one) => equals(one, item));
const containsAll = (list: ListValue, other: ListValue): boolean => [...other].every((item) => has(list, item));
const sets = (name: string, test: (a: ListValue, b: ListValue) => boolean): Overload =>
  global(name, [LIST, LIST], BOOL, ([a, b], context) => {
    const [left, right] = [a as ListValue, b as ListValue];
    // the work is paid for before it is done
    context.charge(left.size * right.size);
    return test(left, right);
  });

export const SETS: readonly Overload[] = [
  sets('sets.contains', containsAll),
  sets('sets.equivalent', (a, b) => containsAll(a, b) && containsAll(b, a)),
  sets('sets.intersects', (a, b) => [...a].some((item) => has(b, item))),
];
