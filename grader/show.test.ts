import { expect, test } from '@jest/globals';
import { findingText, show } from './show.ts';

test.each([
  [undefined, ''],
  [null, ''],
  ['', '""'],
  ['2Gi', '2Gi'],
  [4, '4'],
  [false, 'false'],
  [['a', 'b'], '[a, b]'],
  [{ key: 'a', values: ['1'], none: null }, '{key: a, values: ["1"], none: null}'],
  ['x'.repeat(400), `${'x'.repeat(300)}…`],
])('%j is shown as %s', (value, text) => {
  expect(show(value)).toBe(text);
});

test.each([
  [
    { object: 'Pod a/b', path: 'spec.nodeName', expected: 'node02', actual: '' },
    'Pod a/b spec.nodeName: expected node02, found nothing',
  ],
  [{ object: 'Pod a/b', path: '', expected: 'Pod a/b', actual: '' }, 'Pod a/b is not there'],
  [{ object: 'Pod a/b', path: '', expected: '', actual: 'Pod a/b' }, 'Pod a/b is there and should not be'],
  [{ object: 'Pod (a)', path: '', expected: '2 × Pod', actual: '1: b' }, 'Pod (a): expected 2 × Pod, found 1: b'],
])('a finding on one line: %#', (finding, text) => {
  expect(findingText(finding)).toBe(text);
});
