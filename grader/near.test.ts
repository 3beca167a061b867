import { expect, test } from '@jest/globals';
import { distance, nearest } from './near.ts';

test.each([
  ['compute', 'compute', 0],
  ['compute', 'compuet', 1],
  ['compute', 'computes', 1],
  ['compute', 'comput', 1],
  ['harbor', 'harbour', 1],
  ['web', 'api', 3],
  ['a', 'abcdefgh', 4],
])('%s and %s are %d apart', (a, b, away) => {
  expect(distance(a, b)).toBe(away);
});

test.each([
  ['spce', 'spec'],
  ['SPEC', 'spec'],
  ['storage', undefined],
  ['x', undefined],
])('nearest to %s', (name, meant) => {
  expect(nearest(name, ['status', 'spec', 'y'])).toBe(meant);
});
