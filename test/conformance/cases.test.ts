import { expect, test } from '@jest/globals';
import { passingCases, recordedCases } from './cases.ts';

test('recorded cases have names of their own, and the passing list names recorded cases only', () => {
  const names = recordedCases().map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  expect(passingCases().filter((name) => !names.includes(name))).toEqual([]);
});
