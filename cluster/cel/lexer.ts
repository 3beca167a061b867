/** An expression's text as tokens. */
import { CONTROL_LETTERS } from '../api/go-quote.ts';
import { codePoints } from './values.ts';

export type TokenKind = 'int' | 'uint' | 'float' | 'string' | 'bytes' | 'ident' | 'escaped' | 'op' | 'end';

export interface Token {
  kind: TokenKind;
  text: string;
  /** In code points. */
  at: number;
}

/** Text that is no token: the exact sentences are made by the grammar in syntax-errors.ts. */
export class NotCel extends Error {}

/** In this order: the longest match wins, among equals the first. */
const PATTERNS: readonly [TokenKind, RegExp][] = [
  ['op', /==|!=|<=|>=|&&|\|\||[<>[\]{}().,\-!?:+*/%]/y],
  ['float', /(?:\d+\.\d+(?:[eE][+-]?\d+)?|\d+[eE][+-]?\d+|\.\d+(?:[eE][+-]?\d+)?)/y],
  ['int', /(?:0x[0-9a-fA-F]+|\d+)/y],
  ['uint', /(?:0x[0-9a-fA-F]+|\d+)[uU]/y],
  [
    'string',
    /(?:[rR](?:"""[^]*?"""|'''[^]*?'''|"[^"\n\r]*"|'[^'\n\r]*')|"""(?:\\[^]|[^\\])*?"""|'''(?:\\[^]|[^\\])*?'''|"(?:\\[^\n\r]|[^\\"\n\r])*"|'(?:\\[^\n\r]|[^\\'\n\r])*')/y,
  ],
  [
    'bytes',
    /[bB](?:[rR](?:"""[^]*?"""|'''[^]*?'''|"[^"\n\r]*"|'[^'\n\r]*')|"""(?:\\[^]|[^\\])*?"""|'''(?:\\[^]|[^\\])*?'''|"(?:\\[^\n\r]|[^\\"\n\r])*"|'(?:\\[^\n\r]|[^\\'\n\r])*')/y,
  ],
  ['ident', /[A-Za-z_][A-Za-z0-9_]*/y],
  ['escaped', /`[A-Za-z0-9_./ -]+`/y],
];
const SPACE = /(?:[\t \r\n\f]+|\/\/[^\n]*)+/y;

/** @throws NotCel */
export function tokenize(source: string): Token[] {
  const tokens: Token[] = [];
  let i = 0;
  let at = 0;
  const advance = (text: string) => {
    i += text.length;
    at += codePoints(text);
  };
  const matchAt = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = i;
    return pattern.exec(source)?.[0];
  };
  while (i < source.length) {
    const space = matchAt(SPACE);
    if (space) {
      advance(space);
      continue;
    }
    let best: Token | undefined;
    for (const [kind, pattern] of PATTERNS) {
      const text = matchAt(pattern);
      if (text && text.length > (best?.text.length ?? 0)) best = { kind, text, at };
    }
    if (!best) throw new NotCel(`no token at ${at}`);
    tokens.push(best);
    advance(best.text);
  }
  tokens.push({ kind: 'end', text: '<EOF>', at });
  return tokens;
}

const ESCAPES = new Map([
  ...CONTROL_LETTERS.map(([character, letter]) => [letter, character] as const),
  ...['\\', "'", '"', '`', '?'].map((character) => [character, character] as const),
]);

function withoutQuotes(text: string): { raw: boolean; inside: string } {
  const raw = /^[rR]/.test(text);
  const quoted = raw ? text.slice(1) : text;
  const width = /^("""|''')/.test(quoted) && quoted.length >= 6 ? 3 : 1;
  return { raw, inside: quoted.slice(width, -width).replaceAll('\r\n', '\n').replaceAll('\r', '\n') };
}

const ESCAPE = /\\(?:x([0-9a-fA-F]{2})|X([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-3][0-7]{2})|([^]))/gu;

/** What a string literal stands for. undefined: it holds an escape that there is not. */
export function unquote(text: string): string | undefined {
  const { raw, inside } = withoutQuotes(text);
  if (raw) return inside;
  let bad = false;
  const value = inside.replace(
    ESCAPE,
    (_all, x?: string, X?: string, u?: string, U?: string, octal?: string, one = '') => {
      const hex = x ?? X ?? u ?? U;
      const code = hex ? parseInt(hex, 16) : octal ? parseInt(octal, 8) : undefined;
      if (code !== undefined) {
        if (code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) bad = true;
        return bad ? '' : String.fromCodePoint(code);
      }
      const plain = ESCAPES.get(one);
      if (plain === undefined) bad = true;
      return plain ?? '';
    },
  );
  return bad ? undefined : value;
}

/** What a bytes literal stands for; its octal and hex escapes are bytes, everything else UTF-8. */
export function unquoteBytes(text: string): Uint8Array | undefined {
  const { raw, inside } = withoutQuotes(text.slice(1));
  if (raw) return Buffer.from(inside);
  const bytes: Buffer[] = [];
  let rest = 0;
  let bad = false;
  for (const match of inside.matchAll(ESCAPE)) {
    bytes.push(Buffer.from(inside.slice(rest, match.index)));
    rest = match.index + match[0].length;
    const [, x, X, u, U, octal, one = ''] = match;
    const hex = x ?? X;
    const plain = ESCAPES.get(one);
    if (hex) bytes.push(Buffer.from([parseInt(hex, 16)]));
    else if (octal) bytes.push(Buffer.from([parseInt(octal, 8)]));
    else if (u === undefined && U === undefined && plain !== undefined) bytes.push(Buffer.from(plain));
    else bad = true;
  }
  bytes.push(Buffer.from(inside.slice(rest)));
  return bad ? undefined : Buffer.concat(bytes);
}
