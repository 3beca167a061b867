import { expect, test } from '@jest/globals';
import { deepFreeze, equal, wireCopy } from './merge.ts';

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

test.each([
  [
    { a: undefined, b: [undefined, { c: 1, d: undefined }], e: null },
    { b: [null, { c: 1 }], e: null },
  ],
  ['text', 'text'],
  [[], []],
])('%j travels as %j', (value, expected) => {
  expect(wireCopy<unknown>(value)).toEqual(expected);
  expect(JSON.stringify(wireCopy<unknown>(value))).toBe(JSON.stringify(value));
});

test('a copy shares nothing', () => {
  const value = { a: [{ b: 1 }] };
  const copy = wireCopy(value);
  expect(copy.a).not.toBe(value.a);
  expect(copy.a[0]).not.toBe(value.a[0]);
});
