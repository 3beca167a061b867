/** Regular expressions as POSIX and the GNU C library have them, basic and extended, read into a tree. */

export type Assertion =
  | 'start'
  | 'end'
  | 'text start'
  | 'text end'
  | 'boundary'
  | 'no boundary'
  | 'word start'
  | 'word end';
export type RegexNode =
  | { kind: 'char'; char: string }
  | { kind: 'any' }
  /** `source`: what is between the brackets, as RE2 has it. */
  | { kind: 'set'; source: string }
  | { kind: 'assertion'; what: Assertion }
  | { kind: 'group'; number: number; body: RegexNode }
  | { kind: 'reference'; number: number }
  | { kind: 'sequence'; items: readonly RegexNode[] }
  | { kind: 'choice'; options: readonly RegexNode[] }
  /** `most`: Infinity for without end. */
  | { kind: 'repeat'; least: number; most: number; body: RegexNode };
export interface Regex {
  root: RegexNode;
  groups: number;
  /** It asks for what a group matched before: no automaton can. */
  hasReferences: boolean;
}

/** In the C library's words. */
export class BadRegex extends Error {}

const CLASSES = new Set('alpha digit alnum upper lower space blank punct print graph cntrl xdigit word'.split(' '));
/** RE2 takes no more than that. */
const MOST_TIMES = 1000;
const WORD = String.raw`0-9A-Za-z_`;

class Reader {
  readonly #text: string;
  readonly #extended: boolean;
  #at = 0;
  #groups = 0;
  #open = 0;
  hasReferences = false;

  constructor(text: string, extended: boolean) {
    this.#text = text;
    this.#extended = extended;
  }
  get groups(): number {
    return this.#groups;
  }
  #has(text: string): boolean {
    return this.#text.startsWith(text, this.#at);
  }
  /** An operator, which a basic expression has behind a backslash. */
  #operator(sign: string): string {
    return this.#extended ? sign : `\\${sign}`;
  }
  #take(text: string): boolean {
    if (!this.#has(text)) return false;
    this.#at += text.length;
    return true;
  }
  whole(): RegexNode {
    const root = this.#choice();
    if (this.#at >= this.#text.length) return root;
    // only a closing sign that nothing opened stops before the end
    throw new BadRegex(String.raw`Unmatched ) or \)`);
  }
  #choice(): RegexNode {
    const options = [this.#sequence()];
    while (this.#take(this.#operator('|'))) options.push(this.#sequence());
    return options.length === 1 && options[0] ? options[0] : { kind: 'choice', options };
  }
  #sequence(): RegexNode {
    const items: RegexNode[] = [];
    while (this.#at < this.#text.length && !this.#has(this.#operator('|'))) {
      if (this.#has(this.#operator(')'))) {
        if (this.#open > 0 || !this.#extended) break;
        // in an extended expression it stands for itself where nothing is open
        throw new BadRegex(String.raw`Unmatched ) or \)`);
      }
      items.push(this.#repeated(this.#atom(items.length === 0)));
    }
    return { kind: 'sequence', items };
  }
  #repeated(atom: RegexNode): RegexNode {
    let body = atom;
    for (;;) {
      if (this.#take('*')) body = { kind: 'repeat', least: 0, most: Infinity, body };
      else if (this.#take(this.#operator('+'))) body = { kind: 'repeat', least: 1, most: Infinity, body };
      else if (this.#take(this.#operator('?'))) body = { kind: 'repeat', least: 0, most: 1, body };
      else if (this.#has(this.#operator('{'))) {
        const times = this.#times();
        if (times === undefined) return body;
        body = { kind: 'repeat', ...times, body };
      } else return body;
    }
  }
  #times(): { least: number; most: number } | undefined {
    const rest = this.#text.slice(this.#at + this.#operator('{').length);
    const close = this.#operator('}');
    const end = rest.indexOf(close);
    const [all, least, comma, most] = /^(\d*)(,?)(\d*)/.exec(rest) ?? [''];
    const isEmpty = least === '' && comma === '';
    if (this.#extended && isEmpty) return undefined;
    if (end === -1) throw new BadRegex(String.raw`Unmatched \{`);
    if (isEmpty || all.length !== end) throw new BadRegex(String.raw`Invalid content of \{\}`);
    this.#at += this.#operator('{').length + end + close.length;
    const from = Number(least);
    const to = most === '' ? (comma === '' ? from : Infinity) : Number(most);
    if (from > to) throw new BadRegex(String.raw`Invalid content of \{\}`);
    if (from > 32_767 || (to !== Infinity && to > 32_767)) throw new BadRegex('Regular expression too big');
    return { least: Math.min(from, MOST_TIMES), most: to > MOST_TIMES ? Infinity : to };
  }
  #atom(first: boolean): RegexNode {
    const char = this.#text.charAt(this.#at);
    if (this.#take(this.#operator('('))) {
      const number = ++this.#groups;
      this.#open++;
      const body = this.#choice();
      if (!this.#take(this.#operator(')'))) throw new BadRegex(String.raw`Unmatched ( or \(`);
      this.#open--;
      return { kind: 'group', number, body };
    }
    if (char === '\\') return this.#escaped();
    this.#at++;
    if (char === '.') return { kind: 'any' };
    if (char === '[') return this.#set();
    if (char === '^' && (this.#extended || first)) {
      // what follows the beginning of a basic expression is no repetition
      if (!this.#extended && this.#take('*'))
        return {
          kind: 'sequence',
          items: [
            { kind: 'assertion', what: 'start' },
            { kind: 'char', char: '*' },
          ],
        };
      return { kind: 'assertion', what: 'start' };
    }
    if (char === '$' && (this.#extended || this.#endsHere())) return { kind: 'assertion', what: 'end' };
    if (this.#extended && first && '*+?'.includes(char)) {
      if (char === '*') return { kind: 'sequence', items: [] };
      throw new BadRegex('Invalid preceding regular expression');
    }
    return { kind: 'char', char };
  }
  #endsHere(): boolean {
    return this.#at >= this.#text.length || this.#has(String.raw`\)`) || this.#has(String.raw`\|`);
  }
  #escaped(): RegexNode {
    const char = this.#text.charAt(this.#at + 1);
    if (char === '') throw new BadRegex('Trailing backslash');
    this.#at += 2;
    if (/[1-9]/.test(char)) {
      if (Number(char) > this.#groups) throw new BadRegex('Invalid back reference');
      this.hasReferences = true;
      return { kind: 'reference', number: Number(char) };
    }
    const assertion = ASSERTIONS[char];
    if (assertion !== undefined) return { kind: 'assertion', what: assertion };
    if (char === 'w') return { kind: 'set', source: WORD };
    if (char === 'W') return { kind: 'set', source: `^${WORD}` };
    if (char === 's') return { kind: 'set', source: '[:space:]' };
    if (char === 'S') return { kind: 'set', source: '^[:space:]' };
    return { kind: 'char', char: LETTERS[char] ?? char };
  }
  #set(): RegexNode {
    const fault = new BadRegex('Unmatched [, [^, [:, [., or [=');
    let source = this.#take('^') ? '^' : '';
    for (let first = true; ; first = false) {
      const char = this.#text.charAt(this.#at);
      if (char === '') throw fault;
      if (char === ']' && !first) break;
      const named = /^\[([:.=])(.*?)\1\]/.exec(this.#text.slice(this.#at));
      if (named) {
        const [all, kind, name = ''] = named;
        if (kind === ':' && !CLASSES.has(name)) throw new BadRegex('Invalid character class name');
        source += kind === ':' ? `[:${name}:]` : quotedInSet(name);
        this.#at += all.length;
        continue;
      }
      if (char === '[' && /^\[[:.=]/.test(this.#text.slice(this.#at))) throw fault;
      const [, last] = /^.-([^\]])/s.exec(this.#text.slice(this.#at)) ?? [];
      if (last === undefined) {
        source += quotedInSet(char);
        this.#at++;
        continue;
      }
      if (last < char) throw new BadRegex('Invalid range end');
      source += `${quotedInSet(char)}-${quotedInSet(last)}`;
      this.#at += 3;
    }
    this.#at++;
    return { kind: 'set', source };
  }
}
const quotedInSet = (char: string): string => char.replace(/[\\\]^[&~-]/g, String.raw`\$&`);
const LETTERS: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', f: '\f', v: '\v', a: '\x07' };
const ASSERTIONS: Readonly<Record<string, Assertion>> = {
  b: 'boundary',
  B: 'no boundary',
  '<': 'word start',
  '>': 'word end',
  '`': 'text start',
  "'": 'text end',
};

/** @throws BadRegex */
export function readRegex(text: string, extended: boolean): Regex {
  const reader = new Reader(text, extended);
  const root = reader.whole();
  return { root, groups: reader.groups, hasReferences: reader.hasReferences };
}
