/** Words of SQL. */

export interface Token {
  kind: 'word' | 'quoted' | 'text' | 'number' | 'sign' | 'end';
  /** Upper case for words; what is meant for names in quotes and texts. */
  text: string;
  raw: string;
  at: number;
}
export class SqlFault extends Error {
  readonly number: number;
  readonly state: string;
  constructor(number: number, state: string, message: string) {
    super(message);
    this.number = number;
    this.state = state;
  }
}

/** Where statements end: at `;` outside of quotes and comments, or at `\G` and `\g`. */
export interface Statement {
  text: string;
  /** Shown as rows of `name: value`. */
  vertical: boolean;
  /** It came with its end. */
  ended: boolean;
}
export function splitStatements(script: string): Statement[] {
  const out: Statement[] = [];
  let from = 0;
  for (let at = 0; at < script.length; at++) {
    const char = script.charAt(at);
    if (char === "'" || char === '"' || char === '`') {
      for (at++; at < script.length && script.charAt(at) !== char; at++) if (script.charAt(at) === '\\') at++;
    } else if (char === '#' || (char === '-' && /^--(\s|$)/.test(script.slice(at, at + 3)))) {
      while (at < script.length && script.charAt(at) !== '\n') at++;
    } else if (char === '/' && script.charAt(at + 1) === '*') {
      const end = script.indexOf('*/', at);
      at = end === -1 ? script.length : end + 1;
    } else if (char === ';' || (char === '\\' && /[gG]/.test(script.charAt(at + 1)))) {
      const vertical = char === '\\' && script.charAt(at + 1) === 'G';
      out.push({ text: script.slice(from, at).trim(), vertical, ended: true });
      if (char === '\\') at++;
      from = at + 1;
    }
  }
  const rest = script.slice(from).trim();
  if (rest !== '') out.push({ text: rest, vertical: false, ended: false });
  return out;
}

/** @throws SqlFault */
export function tokenise(text: string, quotesAreNames = false): Token[] {
  const tokens: Token[] = [];
  const pattern =
    /\s+|#[^\n]*|--(?=\s|$)[^\n]*|\/\*[^]*?\*\/|('(?:[^'\\]|\\.|'')*')|("(?:[^"\\]|\\.|"")*")|(`[^`]*`)|(\d+\.?\d*(?:e[+-]?\d+)?)|(@{0,2}[A-Za-z_$\u0080-\u00ff][\w$.\u0080-\u00ff]*?(?=\.|[^\w$\u0080-\u00ff]|$))|(<=>|<>|!=|<=|>=|\|\||&&|::|[-+*/%=<>(),.;!])/gy;
  let at = 0;
  while (at < text.length) {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (match === null) throw syntax(text.slice(at));
    const [raw, single, double, tick, number, word, sign] = match;
    const unquote = (quoted: string) =>
      quoted
        .slice(1, -1)
        .replaceAll(quoted.charAt(0).repeat(2), quoted.charAt(0))
        .replace(/\\(.)/g, (_all, code: string) => ({ n: '\n', t: '\t', r: '\r', '0': '\0' })[code] ?? code);
    if (single !== undefined) tokens.push({ kind: 'text', text: unquote(single), raw, at });
    else if (double !== undefined)
      tokens.push({ kind: quotesAreNames ? 'quoted' : 'text', text: unquote(double), raw, at });
    else if (tick !== undefined) tokens.push({ kind: 'quoted', text: tick.slice(1, -1), raw, at });
    else if (number !== undefined) tokens.push({ kind: 'number', text: number, raw, at });
    else if (word !== undefined) tokens.push({ kind: 'word', text: word.toUpperCase(), raw, at });
    else if (sign !== undefined) tokens.push({ kind: 'sign', text: sign, raw, at });
    at += raw.length;
  }
  tokens.push({ kind: 'end', text: '', raw: '', at: text.length });
  return tokens;
}

export const syntax = (near: string): SqlFault =>
  new SqlFault(
    1064,
    '42000',
    `You have an error in your SQL syntax; check the manual that corresponds to your MySQL server version for the right syntax to use near '${near.slice(0, 80)}' at line 1`,
  );
