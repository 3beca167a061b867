/** Tokens as the real lexer numbers them: lists of expected tokens are in that order. */
const LITERALS = '== != in < <= >= > && || [ ] { } ( ) . , - ! ? : + * / % true false null'.split(' ');
const NAMED = ['NUM_FLOAT', 'NUM_INT', 'NUM_UINT', 'STRING', 'BYTES', 'IDENTIFIER', 'ESC_IDENTIFIER'];
export const EOF = 'EOF';

export const ORDER: readonly string[] = [EOF, ...LITERALS, ...NAMED];
const LITERAL_SET: ReadonlySet<string> = new Set(LITERALS);

const shown = (type: string): string => (type === EOF ? '<EOF>' : LITERAL_SET.has(type) ? `'${type}'` : type);

/** As "expecting" goes on. */
export function printSet(types: ReadonlySet<string>): string {
  const all = ORDER.filter((type) => types.has(type)).map(shown);
  return all.length === 1 ? (all[0] ?? '') : `{${all.join(', ')}}`;
}

export interface GrammarToken {
  /** A literal, a named kind, or EOF. */
  type: string;
  text: string;
  /** In UTF-16 units: the start, and the end after it. */
  start: number;
  end: number;
}

const ESCAPE = '\\\\(?:[abfnrtv"\'\\\\?`]|[xX][0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[0-3][0-7]{2})';
const QUOTED = [
  `"(?:${ESCAPE}|[^\\\\"\\n\\r])*"`,
  `'(?:${ESCAPE}|[^\\\\'\\n\\r])*'`,
  `"""(?:${ESCAPE}|[^\\\\])*?"""`,
  `'''(?:${ESCAPE}|[^\\\\])*?'''`,
  `[rR]"[^"\\n\\r]*"`,
  `[rR]'[^'\\n\\r]*'`,
  `[rR]"""[^]*?"""`,
  `[rR]'''[^]*?'''`,
];
const PATTERNS: readonly [string, RegExp][] = [
  ['', /==|!=|<=|>=|&&|\|\||[<>[\]{}().,\-!?:+*/%]/y],
  ['NUM_FLOAT', /\d+\.\d+(?:[eE][+-]?\d+)?|\d+[eE][+-]?\d+|\.\d+(?:[eE][+-]?\d+)?/y],
  ['NUM_INT', /0x[0-9a-fA-F]+|\d+/y],
  ['NUM_UINT', /(?:0x[0-9a-fA-F]+|\d+)[uU]/y],
  ...QUOTED.map((pattern): [string, RegExp] => ['STRING', new RegExp(pattern, 'y')]),
  ...QUOTED.map((pattern): [string, RegExp] => ['BYTES', new RegExp(`[bB](?:${pattern})`, 'y')]),
  ['IDENTIFIER', /[A-Za-z_][A-Za-z0-9_]*/y],
  ['ESC_IDENTIFIER', /`[A-Za-z0-9_./ -]+`/y],
];
const SPACE = /(?:[\t \r\n\f]+|\/\/[^\n]*)+/y;

const at = (pattern: RegExp, source: string, i: number): string | undefined => {
  pattern.lastIndex = i;
  return pattern.exec(source)?.[0];
};

/** Where a text that begins like a token stops being one. */
function failure(source: string, start: number): number {
  const first = source[start];
  if (first === '=' || first === '&' || first === '|') return start + 1;
  if (first === '`') {
    const inside = at(/`[A-Za-z0-9_./ -]*/y, source, start) ?? '`';
    return start + inside.length;
  }
  if (first !== '"' && first !== "'") return start;
  const text = new RegExp(`${first}(?:${ESCAPE}|[^\\\\${first}\\n\\r])*`, 'y');
  const end = start + (at(text, source, start)?.length ?? 1);
  if (source[end] !== '\\') return end;
  // the first character that no escape can go on with
  const partial = at(/\\(?:[xX][0-9a-fA-F]?|u[0-9a-fA-F]{0,3}|U[0-9a-fA-F]{0,7}|[0-3][0-7]?)?/y, source, end);
  return end + (partial?.length ?? 1);
}

/** All tokens, an EOF last; `problems` are the texts in between that are none, by their place. */
export function scan(source: string): { tokens: GrammarToken[]; problems: { at: number; text: string }[] } {
  const tokens: GrammarToken[] = [];
  const problems: { at: number; text: string }[] = [];
  let i = 0;
  while (i < source.length) {
    const space = at(SPACE, source, i);
    if (space) {
      i += space.length;
      continue;
    }
    let best: GrammarToken | undefined;
    for (const [kind, pattern] of PATTERNS) {
      const text = at(pattern, source, i);
      if (!text || text.length <= (best?.text.length ?? 0)) continue;
      const type = kind === '' || (kind === 'IDENTIFIER' && LITERAL_SET.has(text)) ? text : kind;
      best = { type, text, start: i, end: i + text.length };
    }
    if (best) {
      tokens.push(best);
      i = best.end;
      continue;
    }
    const stop = failure(source, i);
    const wide = (source.codePointAt(stop) ?? 0) > 0xffff ? 2 : 1;
    problems.push({ at: i, text: source.slice(i, stop + wide) });
    i = stop + wide;
  }
  tokens.push({ type: EOF, text: '<EOF>', start: source.length, end: source.length });
  return { tokens, problems };
}
