import { expect, test } from '@jest/globals';
import { CURRICULUM, questionsByDomain } from './curriculum.ts';

test('the weights are percent of the whole', () => {
  expect(Object.values(CURRICULUM).reduce((sum, { weight }) => sum + weight, 0)).toBe(100);
});

test.each([
  { questions: 17, expected: [5, 4, 3, 3, 2] },
  { questions: 20, expected: [6, 5, 4, 3, 2] },
  { questions: 5, expected: [2, 1, 1, 1, 0] },
  { questions: 0, expected: [0, 0, 0, 0, 0] },
])('$questions questions by weight', ({ questions, expected }) => {
  expect(Object.values(questionsByDomain(questions))).toEqual(expected);
});
