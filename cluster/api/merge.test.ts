import { expect, test } from '@jest/globals';
import { deepFreeze, equal } from './merge.ts';

test.each<[string, unknown, unknown, boolean]>([
  ['the order of keys does not matter', { a: 1, b: 2 }, { b: 2, a: 1 }, true],
  ['the order of items does', [1, 2], [2, 1], false],
  ['undefined counts as absent', { a: 1, b: undefined }, { a: 1 }, true],
  ['null does not', { a: null }, {}, false],
  ['a list is no map', [], {}, false],
  ['deep', { a: [{ b: [1] }] }, { a: [{ b: [1] }] }, true],
  ['a number is no text', 1, '1', false],
])('%s', (_, a, b, expected) => {
  expect(equal(a, b)).toBe(expected);
  expect(equal(b, a)).toBe(expected);
});

test('all of a value is frozen', () => {
  const value = deepFreeze({ a: [{ b: 1 }] });
  expect(Object.isFrozen(value.a[0])).toBe(true);
});
