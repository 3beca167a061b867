import { expect, test } from '@jest/globals';
import { nameOf, passingCases, recordedCases } from './cases.ts';

test('recorded cases have names of their own, and the passing list names recorded cases only', () => {
  const names = recordedCases().map(nameOf);
  expect(new Set(names).size).toBe(names.length);
  expect(passingCases().filter((name) => !names.includes(name))).toEqual([]);
});
