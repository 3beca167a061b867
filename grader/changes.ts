/** Everything that differs between two states of an object, down to single fields. */
import type { Difference } from './compare.ts';
import { isNothing } from './compare.ts';
import { fieldPath, isMap } from './paths.ts';
import { show } from './show.ts';

/** `expected` is what was there, `actual` what is there now. */
export function changes(was: unknown, is: unknown, path: string): Difference[] {
  if (isNothing(was) && isNothing(is)) return [];
  if (isMap(was) && isMap(is)) {
    const keys = new Set([...Object.keys(was), ...Object.keys(is)]);
    return [...keys].flatMap((key) => changes(was[key], is[key], fieldPath(path, key)));
  }
  if (Array.isArray(was) && Array.isArray(is) && was.length === is.length) {
    return was.flatMap((one, index) => changes(one, is[index], `${path}[${index}]`));
  }
  return Object.is(was, is) ? [] : [{ path, expected: show(was), actual: show(is) }];
}
