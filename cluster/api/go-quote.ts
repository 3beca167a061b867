/** Go's %q: what JSON escapes, but control characters by their byte and what cannot be printed by its code. */
const ODD = /[\p{Cc}\xa0\xad\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}]|(?! )\p{Zs}/gu;
/** Control characters that have a letter of their own behind the backslash, and that letter. */
export const CONTROL_LETTERS: readonly (readonly [character: string, letter: string])[] = [
  ['\x07', 'a'],
  ['\b', 'b'],
  ['\f', 'f'],
  ['\n', 'n'],
  ['\r', 'r'],
  ['\t', 't'],
  ['\v', 'v'],
];
const NAMED = new Map(CONTROL_LETTERS.map(([character, letter]) => [character, `\\${letter}`]));

function escaped(char: string): string {
  const named = NAMED.get(char);
  if (named !== undefined) return named;
  const code = char.codePointAt(0) ?? 0;
  if (code < 0x80) return `\\x${code.toString(16).padStart(2, '0')}`;
  return code < 0x10000 ? `\\u${code.toString(16).padStart(4, '0')}` : `\\U${code.toString(16).padStart(8, '0')}`;
}

export const goQuote = (text: string): string => `"${text.replace(/["\\]/g, '\\$&').replace(ODD, escaped)}"`;
