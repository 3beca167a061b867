import { expect, test } from '@jest/globals';
import { unifiedDiff } from './unified-diff.ts';

// what Python's difflib, whose port the real server uses, makes of the same lines
test.each([
  ['nothing', 'a b c', 'a b c', ''],
  ['one line', 'a b c d e f g h i', 'a b c d X f g h i', '@@ -2,7 +2,7 @@\n b\n c\n d\n-e\n+X\n f\n g\n h\n'],
  ['the longest run comes first', 'a b', 'a c a b', '@@ -1,2 +1,4 @@\n+a\n+c\n a\n b\n'],
  ['a line at the end', 'a', 'a b', '@@ -1 +1,2 @@\n a\n+b\n'],
])('the difference of %s', (_name, before, after, expected) => {
  expect(unifiedDiff(before.split(' '), after.split(' '))).toBe(expected);
});

test('lines that are everywhere start no run', () => {
  const before = Array.from({ length: 300 }, (_none, i) => (i % 2 === 0 ? '}' : `line ${i}`));
  const after = before.toSpliced(150, 0, '}', 'new');
  expect(unifiedDiff(before, after)).toBe(
    '@@ -149,6 +149,8 @@\n }\n line 149\n }\n+new\n+}\n line 151\n }\n line 153\n',
  );
});
