import { expect, test } from '@jest/globals';
import { linesToAskAbout } from './paste.ts';

test.each([
  { name: 'one command', text: 'kubectl get pods', bracketed: false, lines: 0 },
  { name: 'a last line break is no line', text: 'a\nb\nc\nd\n', bracketed: false, lines: 0 },
  { name: 'five lines that would run one by one', text: 'a\nb\nc\nd\ne', bracketed: false, lines: 5 },
  { name: 'five lines into a shell that waits for Enter', text: 'a\nb\nc\nd\ne', bracketed: true, lines: 0 },
  { name: 'fifty lines anyway', text: 'x\r\n'.repeat(50), bracketed: true, lines: 50 },
])('paste: $name', ({ text, bracketed, lines }) => {
  expect(linesToAskAbout(text, bracketed)).toBe(lines);
});
