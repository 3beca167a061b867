/** awk's programs, cut into tokens. */
import { AwkFault } from './syntax.ts';

export interface Token {
  kind: 'number' | 'text' | 'regex' | 'name' | 'call' | 'word' | 'sign' | 'line' | 'end';
  text: string;
}
const WORDS = new Set(
  'BEGIN END function func if else while for do break continue next nextfile exit return delete in getline print printf'.split(
    ' ',
  ),
);
const SIGNS = [
  '**=',
  '...',
  '==',
  '<=',
  '>=',
  '!=',
  '&&',
  '||',
  '++',
  '--',
  '+=',
  '-=',
  '*=',
  '/=',
  '%=',
  '^=',
  '>>',
  '**',
  '!~',
  '+',
  '-',
  '*',
  '/',
  '%',
  '^',
  '!',
  '>',
  '<',
  '|',
  '?',
  ':',
  '~',
  '$',
  '=',
  '(',
  ')',
  '{',
  '}',
  '[',
  ']',
  ',',
  ';',
];

export function unescaped(text: string): string {
  return text.replace(/\\(\r?\n|x[0-9a-fA-F]{1,2}|[0-7]{1,3}|.)/g, (_all, code: string) => {
    if (code === '\n' || code === '\r\n') return '';
    if (/^[0-7]/.test(code)) return String.fromCharCode(Number.parseInt(code, 8) & 255);
    if (/^x./.test(code)) return String.fromCharCode(Number.parseInt(code.slice(1), 16));
    return (
      { n: '\n', t: '\t', r: '\r', '\\': '\\', '"': '"', '/': '/', a: '\x07', b: '\b', f: '\f', v: '\v' }[code] ??
      `\\${code}`
    );
  });
}

export function tokensOf(source: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  /** After a value a slash divides; elsewhere it begins an expression. */
  const divides = () => {
    const last = tokens.at(-1);
    return (
      last !== undefined &&
      (['number', 'text', 'name'].includes(last.kind) || [')', ']', '$', '++', '--'].includes(last.text))
    );
  };
  while (at < source.length) {
    const rest = source.slice(at);
    const space = /^(?:[ \t\r]|\\\r?\n|#[^\n]*)+/.exec(rest)?.[0];
    if (space !== undefined) {
      at += space.length;
      continue;
    }
    if (rest.startsWith('\n')) {
      tokens.push({ kind: 'line', text: '\n' });
      at++;
      continue;
    }
    const number = /^(?:0x[0-9a-fA-F]+|\d+\.?\d*(?:[eE][-+]?\d+)?|\.\d+(?:[eE][-+]?\d+)?)/.exec(rest)?.[0];
    if (number !== undefined) {
      tokens.push({ kind: 'number', text: number });
      at += number.length;
      continue;
    }
    if (rest.startsWith('"')) {
      const text = /^"((?:[^"\\\n]|\\[^])*)"/.exec(rest);
      if (text === null) throw new AwkFault('Unexpected end of string');
      tokens.push({ kind: 'text', text: unescaped(text[1] ?? '') });
      at += text[0].length;
      continue;
    }
    if (rest.startsWith('/') && !divides()) {
      const regex = /^\/((?:[^/\\\n[]|\\.|\[\^?\]?(?:[^\]\n\\]|\\.|\[:\w+:\])*\])*)\//.exec(rest);
      if (regex === null) throw new AwkFault('Unexpected end of regex');
      tokens.push({ kind: 'regex', text: (regex[1] ?? '').replace(/\\\//g, '/') });
      at += regex[0].length;
      continue;
    }
    const name = /^[A-Za-z_]\w*/.exec(rest)?.[0];
    if (name !== undefined) {
      at += name.length;
      tokens.push({ kind: WORDS.has(name) ? 'word' : source.charAt(at) === '(' ? 'call' : 'name', text: name });
      continue;
    }
    const sign = SIGNS.find((one) => rest.startsWith(one));
    if (sign === undefined) throw new AwkFault('Unexpected token');
    tokens.push({ kind: 'sign', text: sign });
    at += sign.length;
  }
  tokens.push({ kind: 'end', text: '' });
  return tokens;
}
