import { expect, test } from '@jest/globals';
import { array, assert, constantFrom, property } from 'fast-check';
import { createSequenceGuard } from './guard.ts';

const size = { cols: 80, rows: 24 };
const passed = (...chunks: string[]): string => {
  const guard = createSequenceGuard(() => size);
  return chunks.map((chunk) => Buffer.from(guard.pass(Buffer.from(chunk))).toString()).join('|');
};

test.each<{ name: string; chunks: string[]; out: string }>([
  { name: 'plain text', chunks: ['한글 abc'], out: '한글 abc' },
  { name: 'colours', chunks: ['\u001b[38;5;208mx\u001b[0m'], out: '\u001b[38;5;208mx\u001b[0m' },
  { name: 'a count within the screen', chunks: ['\u001b[24L'], out: '\u001b[24L' },
  { name: 'lines beyond the screen', chunks: ['a\u001b[2147483647Lb'], out: 'a\u001b[24Lb' },
  { name: 'each of several', chunks: ['\u001b[99S\u001b[98T\u001b[97M'], out: '\u001b[24S\u001b[24T\u001b[24M' },
  { name: 'tabs', chunks: ['\u001b[999999I\u001b[999999Z'], out: '\u001b[80I\u001b[80Z' },
  { name: 'repetition', chunks: ['x\u001b[2147483647b'], out: 'x\u001b[1920b' },
  { name: 'a scroll region of many numbers', chunks: ['\u001b[1;9999r'], out: '\u001b[1;9999r' },
  { name: 'a cursor movement of any count', chunks: ['\u001b[9999C'], out: '\u001b[9999C' },
  { name: 'a private sequence of the same letter', chunks: ['\u001b[?9999S'], out: '\u001b[?9999S' },
  { name: 'more parameters', chunks: ['\u001b[9999;1;2T'], out: '\u001b[24;1;2T' },
  { name: 'leading zeros', chunks: ['\u001b[0000000099999L'], out: '\u001b[24L' },
  { name: 'cut in the middle', chunks: ['a\u001b[99', '99L'], out: 'a|\u001b[24L' },
  { name: 'cut after ESC', chunks: ['a\u001b', '[9999L'], out: 'a|\u001b[24L' },
  { name: 'the C1 introducer', chunks: ['\u009b9999L'], out: '\u001b[24L' },
  { name: 'a control character inside', chunks: ['\u001b[99\n99L'], out: '\n\u001b[24L' },
  { name: 'a delete inside', chunks: ['\u001b[99\u007f99L'], out: '\u001b[24L' },
  { name: 'cancelled', chunks: ['\u001b[9999\u0018L'], out: '\u001b[9999\u0018L' },
  { name: 'begun anew', chunks: ['\u001b[99\u001b[9999L'], out: '\u001b[99\u001b[24L' },
  { name: 'another escape', chunks: ['\u001bM\u001b#8'], out: '\u001bM\u001b#8' },
  { name: 'a Â that is no introducer', chunks: ['Â9999L'], out: 'Â9999L' },
  { name: 'a sequence that never ends', chunks: [`\u001b[${'9'.repeat(5_000)}`, 'L'], out: '|L' },
])('guard: $name', ({ chunks, out }) => {
  expect(passed(...chunks)).toBe(out);
});

test('guard: where the stream is cut makes no difference', () => {
  const piece = constantFrom('\u001b[', '\u001b', '9999', '12', ';', 'L', 'm', '\n', '한', '\u009b', '?', 'x');
  assert(
    property(array(piece, { maxLength: 30 }), (pieces) => {
      // Ended, so that nothing stays held back.
      const text = `${pieces.join('')}\u0018.`;
      const bytes = Buffer.from(text);
      const guard = createSequenceGuard(() => size);
      const byByte = Buffer.concat([...bytes].map((byte) => Buffer.from(guard.pass(Buffer.from([byte])))));
      expect(byByte.toString()).toBe(passed(text));
    }),
  );
});
