import { expect, test } from '@jest/globals';
import { goQuote } from './go-quote.ts';

test.each([
  ['plain', 'web-1', '"web-1"'],
  ['quotes and backslashes', 'a"b\\c', String.raw`"a\"b\\c"`],
  ['control characters', 'x\0\n\t\x07\x7f', String.raw`"x\x00\n\t\a\x7f"`],
  ['letters of all languages', 'é한☃😀', '"é한☃😀"'],
  ['what cannot be seen', '\u00a0\u200b\ufeff', String.raw`"\u00a0\u200b\ufeff"`],
])('%s', (_, text, quoted) => {
  expect(goQuote(text)).toBe(quoted);
});
