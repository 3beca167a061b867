/**
 * Why a text is not a JSON object, in the words of Go's decoder: the server passes them on. The text itself is secret and
 * never shown.
 */

class Problem extends Error {}

/** Reads one value from the start of what is left; positions move forward only. */
class Scanner {
  readonly #text: string;
  #at = 0;
  constructor(text: string) {
    this.#text = text;
  }

  document(): 'object' | 'array' | 'string' | 'number' | 'bool' | 'null' {
    const kind = this.#value();
    this.#skipSpace();
    if (this.#at < this.#text.length) throw this.#unexpected('after top-level value');
    return kind;
  }

  #peek(): string {
    const character = this.#text[this.#at];
    if (character === undefined) throw new Problem('unexpected end of JSON input');
    return character;
  }
  #unexpected(where: string): Problem {
    const character = this.#peek();
    const shown = character === "'" ? String.raw`'\''` : character === '"' ? `'"'` : `'${escaped(character)}'`;
    return new Problem(`invalid character ${shown} ${where}`);
  }
  #skipSpace(): void {
    while (/[ \t\r\n]/.test(this.#text[this.#at] ?? '')) this.#at += 1;
  }
  #value() {
    this.#skipSpace();
    const start = this.#peek();
    if (start === '{') return this.#object();
    if (start === '[') return this.#array();
    if (start === '"') return this.#string();
    if (start === '-' || /[0-9]/.test(start)) return this.#number();
    for (const [word, kind] of [
      ['true', 'bool'],
      ['false', 'bool'],
      ['null', 'null'],
    ] as const) {
      if (word.startsWith(start)) return this.#literal(word, kind);
    }
    throw this.#unexpected('looking for beginning of value');
  }
  #object() {
    this.#at += 1;
    this.#skipSpace();
    if (this.#peek() === '}') return this.#close('object');
    for (;;) {
      this.#skipSpace();
      if (this.#peek() !== '"') throw this.#unexpected('looking for beginning of object key string');
      this.#string();
      this.#skipSpace();
      if (this.#peek() !== ':') throw this.#unexpected('after object key');
      this.#at += 1;
      this.#value();
      this.#skipSpace();
      if (this.#peek() === '}') return this.#close('object');
      if (this.#peek() !== ',') throw this.#unexpected('after object key:value pair');
      this.#at += 1;
    }
  }
  #array() {
    this.#at += 1;
    this.#skipSpace();
    if (this.#peek() === ']') return this.#close('array');
    for (;;) {
      this.#value();
      this.#skipSpace();
      if (this.#peek() === ']') return this.#close('array');
      if (this.#peek() !== ',') throw this.#unexpected('after array element');
      this.#at += 1;
    }
  }
  #close<K extends 'object' | 'array'>(kind: K): K {
    this.#at += 1;
    return kind;
  }
  #string() {
    this.#at += 1;
    for (; this.#peek() !== '"'; this.#at += 1) {
      if (this.#peek() < ' ') throw this.#unexpected('in string literal');
      if (this.#peek() !== '\\') continue;
      this.#at += 1;
      if (!'bfnrt\\/"u'.includes(this.#peek())) throw this.#unexpected('in string escape code');
      if (this.#peek() !== 'u') continue;
      for (let digit = 0; digit < 4; digit += 1) {
        this.#at += 1;
        if (!/[0-9a-fA-F]/.test(this.#peek())) throw this.#unexpected(String.raw`in \u hexadecimal character escape`);
      }
    }
    this.#at += 1;
    return 'string' as const;
  }
  #digits(where: string): void {
    if (!/[0-9]/.test(this.#peek())) throw this.#unexpected(where);
    while (/[0-9]/.test(this.#text[this.#at] ?? '')) this.#at += 1;
  }
  #number() {
    if (this.#peek() === '-') this.#at += 1;
    if (this.#peek() === '0') this.#at += 1;
    else this.#digits('in numeric literal');
    if (this.#text[this.#at] === '.') {
      this.#at += 1;
      this.#digits('after decimal point in numeric literal');
    }
    if (/[eE]/.test(this.#text[this.#at] ?? '')) {
      this.#at += 1;
      if (/[+-]/.test(this.#peek())) this.#at += 1;
      this.#digits('in exponent of numeric literal');
    }
    return 'number' as const;
  }
  #literal<K extends 'bool' | 'null'>(word: string, kind: K): K {
    for (const expected of word) {
      if (this.#peek() !== expected) throw this.#unexpected(`in literal ${word} (expecting '${expected}')`);
      this.#at += 1;
    }
    return kind;
  }
}

const SHORT: Record<string, string> = {
  '\x07': String.raw`\a`,
  '\b': String.raw`\b`,
  '\f': String.raw`\f`,
  '\n': String.raw`\n`,
  '\r': String.raw`\r`,
  '\t': String.raw`\t`,
  '\v': String.raw`\v`,
  '\\': String.raw`\\`,
};

/** As Go quotes a character: what can't be printed by its escape. */
function escaped(character: string): string {
  const code = character.charCodeAt(0);
  const hex = (digits: number) => code.toString(16).padStart(digits, '0');
  if (code < 0x20 || code === 0x7f || character === '\\') return SHORT[character] ?? String.raw`\x${hex(2)}`;
  return (code > 0x7f && code <= 0xa0) || code === 0xad ? String.raw`\u${hex(4)}` : character;
}

/** One character of `text` is one byte. undefined: it is a JSON object (or null, which Go takes for an empty one). */
export function jsonObjectProblem(text: string): string | undefined {
  try {
    const kind = new Scanner(text).document();
    if (kind === 'object' || kind === 'null') return undefined;
    return `json: cannot unmarshal ${kind} into Go value of type map[string]interface {}`;
  } catch (error) {
    if (error instanceof Problem) return error.message;
    throw error;
  }
}
