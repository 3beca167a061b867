import { expect, test } from '@jest/globals';
import { countIndexes, overlap } from './indexes.ts';

test.each([
  ['nothing', '', { total: 0 }],
  ['single ones and intervals', '0,2-4,7', { total: 5 }],
  ['no number', '0,x', { total: 0, problem: 'cannot convert string to integer for index: "x"' }],
  ['an index beyond the last', '0-10', { total: 0, problem: 'too large index: "10"' }],
  ['an interval that goes back', '3-2', { total: 0, problem: 'non-increasing order, previous: 3, current: 2' }],
  ['indexes that go back', '3,1', { total: 0, problem: 'non-increasing order, previous: 3, current: 1' }],
  [
    'an interval of three parts',
    '1-2-3',
    {
      total: 0,
      problem:
        'the fragment "1-2-3" violates the requirement that an index interval can have at most two parts separated by \'-\'',
    },
  ],
])('counts %s', (_name, text, counted) => {
  expect(countIndexes(text, 10)).toEqual(counted);
});

test.each([
  ['intervals apart', '0-2', '3,5', undefined],
  ['an interval in another', '0-5', '2-3', 2],
  ['the second of several', '0,4-6', '1,6', 6],
  ['what cannot be read is passed over', 'x,3', '3', 3],
])('overlap: %s', (_name, completed, failed, index) => {
  expect(overlap(completed, failed, 10)).toBe(index);
});
