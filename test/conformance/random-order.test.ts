import { expect, test } from '@jest/globals';
import { randomlyOrdered, wordsOf } from './random-order.ts';

test('outputs that differ in order only have the same words', () => {
  const one = 'error: [cannot delete Pods with local storage: a/b, cannot delete DaemonSet-managed Pods: c/d]';
  const other = 'error: [cannot delete DaemonSet-managed Pods: c/d, cannot delete Pods with local storage: a/b]';
  expect(wordsOf(one)).toEqual(wordsOf(other));
});

test('another word is seen', () => {
  expect(wordsOf('pod a, pod b')).not.toEqual(wordsOf('pod a, pod c'));
  expect(wordsOf('pod a')).not.toEqual(wordsOf('pod a, pod a'));
});

test.each([
  ['nodes/own-drain-mixed-pods', 'kubectl drain node02', true],
  ['nodes/own-drain-mixed-pods', 'kubectl get pods', false],
  ['nodes/another', 'kubectl drain node02', false],
])('%s: %s', (caseName, command, expected) => {
  expect(randomlyOrdered(caseName, command)).toBe(expected);
});
