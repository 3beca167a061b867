/** Shell patterns (`*`, `?`, `[...]`) as regular expressions in linear time: the patterns are strangers'. */
import { RE2JS } from 're2js';

export interface PatternPiece {
  text: string;
  /** Quoted: stands for itself. */
  quoted: boolean;
}

const escaped = (text: string) => text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');

export const isPattern = (pieces: readonly PatternPiece[]): boolean =>
  pieces.some(({ text, quoted }) => !quoted && /[*?[]/.test(text));

function source(pieces: readonly PatternPiece[], star: string): string {
  let out = '';
  for (const { text, quoted } of pieces) {
    if (quoted) {
      out += escaped(text);
      continue;
    }
    for (let at = 0; at < text.length; at++) {
      const char = text.charAt(at);
      const close = char === '[' ? text.indexOf(']', at + 2) : -1;
      if (char === '*') out += star;
      else if (char === '?') out += '[\\s\\S]';
      else if (char === '\\') out += escaped(text.charAt(++at));
      else if (close !== -1) {
        const inner = text
          .slice(at + 1, close)
          .replace(/\\/g, '\\\\')
          .replace(/^!/, '^');
        out += `[${inner}]`;
        at = close;
      } else out += escaped(char);
    }
  }
  return out;
}

/** undefined: no valid pattern; it then matches nothing. */
function compile(text: string): RE2JS | undefined {
  try {
    return RE2JS.compile(text, RE2JS.DOTALL);
  } catch {
    // a bracket expression that means nothing: the shell takes it as not matching
    return undefined;
  }
}

export function matches(pieces: readonly PatternPiece[], text: string): boolean {
  return (
    compile(`^(?:${source(pieces, '[\\s\\S]*')})$`)
      ?.matcher(text)
      .find() ?? false
  );
}

/** Takes the shortest or longest match off an end. */
export function strip(
  pieces: readonly PatternPiece[],
  text: string,
  { side, greedy }: { side: 'prefix' | 'suffix'; greedy: boolean },
): string {
  const pattern = compile(`^(?:${source(pieces, '[\\s\\S]*')})$`);
  if (pattern === undefined) return text;
  const lengths = Array.from({ length: text.length + 1 }, (_, length) => (greedy ? text.length - length : length));
  for (const length of lengths) {
    const piece = side === 'prefix' ? text.slice(0, length) : text.slice(text.length - length);
    if (pattern.matcher(piece).find()) {
      return side === 'prefix' ? text.slice(length) : text.slice(0, text.length - length);
    }
  }
  return text;
}

export function replace(
  pieces: readonly PatternPiece[],
  text: string,
  { replacement, all, anchor }: { replacement: string; all: boolean; anchor: 'start' | 'end' | null },
): string {
  const body = source(pieces, '[\\s\\S]*');
  const pattern = compile(anchor === 'start' ? `^(?:${body})` : anchor === 'end' ? `(?:${body})$` : body);
  if (pattern === undefined || body === '') return text;
  const literal = replacement.replace(/[\\$]/g, '\\$&');
  const matcher = pattern.matcher(text);
  return all ? matcher.replaceAll(literal) : matcher.replaceFirst(literal);
}
