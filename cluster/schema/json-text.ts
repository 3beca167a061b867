/**
 * Reading JSON as Go's decoder does: its sentences for broken text, its limit of depth, and fields that are written twice
 * (JSON.parse keeps the last and says nothing).
 */

/** As in Go's encoding/json; keeps a body of brackets from using up the stack. */
export const MAX_DEPTH = 10_000;

/** Text that is no JSON; the message is Go's. */
export class JsonSyntaxError extends Error {}

export interface DuplicateField {
  /** `spec.containers[0].image` */
  path: string;
  /** Where the field is written again. */
  offset: number;
}

interface Frame {
  /** Names seen so far; undefined for a list. */
  names?: Set<string>;
  path: string;
  /** Position in a list. */
  index: number;
  name: string;
}

const WHITE = /[ \t\r\n]*/y;
// Control characters must be escaped in a string: that they do not match is the point.
const STRING = /"(?:[ !#-[\]-\u{10ffff}]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/uy;
const LITERAL = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?|true|false|null/y;

function quoteChar(char: string): string {
  if (char === "'") return String.raw`'\''`;
  if (char === '"') return `'"'`;
  const quoted = JSON.stringify(char).slice(1, -1);
  return `'${quoted.replace(/^\\u00([0-9a-f]{2})$/, String.raw`\x$1`)}'`;
}

class Scanner {
  readonly #text: string;
  readonly #visit: (path: string, offset: number, again: boolean) => void;
  #at = 0;
  constructor(text: string, visit: (path: string, offset: number, again: boolean) => void) {
    this.#text = text;
    this.#visit = visit;
  }
  #fail(why: string): never {
    if (this.#at >= this.#text.length) throw new JsonSyntaxError('unexpected end of JSON input');
    // Go looks at bytes: of a longer character it sees the first
    const char = String.fromCharCode(Buffer.from(String.fromCodePoint(this.#text.codePointAt(this.#at) ?? 0))[0] ?? 0);
    throw new JsonSyntaxError(`invalid character ${quoteChar(char)} ${why}`);
  }
  #match(shape: RegExp): string | undefined {
    shape.lastIndex = this.#at;
    const found = shape.exec(this.#text)?.[0];
    if (found !== undefined) this.#at += found.length;
    return found;
  }
  #peek(): string {
    this.#match(WHITE);
    return this.#text.charAt(this.#at);
  }
  #string(why: string): string {
    const start = this.#at;
    if (this.#text.charAt(start) !== '"') this.#fail(why);
    const found = this.#match(STRING);
    if (found === undefined) this.#brokenString();
    return JSON.parse(found) as string;
  }
  /** Finds the character at which a string stops being one. */
  #brokenString(): never {
    const escape = /\\(?:u[0-9a-fA-F]{0,3})?/y;
    this.#at += 1;
    while (this.#at < this.#text.length) {
      const char = this.#text.charAt(this.#at);
      if (char < ' ') this.#fail('in string literal');
      if (char !== '\\') this.#at += 1;
      else if (this.#match(/\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y) === undefined) {
        const unicode = this.#match(escape) !== '\\';
        this.#fail(unicode ? String.raw`in \u hexadecimal character escape` : 'in string escape code');
      }
    }
    return this.#fail('');
  }
  #literal(): void {
    const start = this.#at;
    if (this.#match(LITERAL) !== undefined) {
      const next = this.#text.charAt(this.#at);
      const number = /[-0-9]/.test(this.#text.charAt(start));
      if (number && next === '.') this.#past('after decimal point in numeric literal');
      if (number && /[eE]/.test(next)) this.#past('in exponent of numeric literal');
      return;
    }
    const word = ['true', 'false', 'null'].find((candidate) => candidate.charAt(0) === this.#text.charAt(start));
    if (word === undefined) {
      if (this.#text.charAt(start) === '-') this.#past('in numeric literal');
      this.#fail('looking for beginning of value');
    }
    let length = 0;
    while (this.#text.charAt(start + length) === word.charAt(length)) length += 1;
    this.#at = start + length;
    this.#fail(`in literal ${word} (expecting ${quoteChar(word.charAt(length))})`);
  }
  #past(why: string): never {
    this.#at += 1;
    return this.#fail(why);
  }

  scan(): void {
    const open: Frame[] = [];
    let path = '';
    for (;;) {
      const char = this.#peek();
      if (char === '{' || char === '[') {
        if (open.length >= MAX_DEPTH) this.#fail('exceeded max depth');
        this.#at += 1;
        const frame: Frame = { path, index: 0, name: '', ...(char === '{' ? { names: new Set() } : {}) };
        if (this.#peek() === (char === '{' ? '}' : ']')) this.#at += 1;
        else {
          open.push(frame);
          path = this.#enter(frame, 'looking for beginning of object key string');
          continue;
        }
      } else if (char === '"') this.#string('');
      else this.#literal();
      // A value is complete: go on after it, or leave what it closes.
      for (;;) {
        const frame = open.at(-1);
        const next = this.#peek();
        if (!frame) {
          if (this.#at < this.#text.length) this.#fail('after top-level value');
          return;
        }
        const close = frame.names ? '}' : ']';
        if (next === close) {
          this.#at += 1;
          open.pop();
          continue;
        }
        if (next !== ',') this.#fail(frame.names ? 'after object key:value pair' : 'after array element');
        this.#at += 1;
        this.#peek();
        path = this.#enter(frame, 'looking for beginning of object key string');
        break;
      }
    }
  }
  /** Reads a name where there is one, and says where the next value stands. */
  #enter(frame: Frame, why: string): string {
    if (!frame.names) {
      frame.index += 1;
      return `${frame.path}[${frame.index - 1}]`;
    }
    const offset = this.#at;
    const name = this.#string(why);
    const path = frame.path === '' ? name : `${frame.path}.${name}`;
    this.#visit(path, offset, frame.names.has(name));
    frame.names.add(name);
    if (this.#peek() !== ':') this.#fail('after object key');
    this.#at += 1;
    return path;
  }
}

const QUOTE = 34;
const BACKSLASH = 92;
const COLON = 58;
const OPEN = new Set([91, 123]);
const CLOSE = new Set([93, 125]);

/** How many names of fields a well-formed text has, and how deep it goes: every name has its colon outside of strings. */
function measure(text: string): { names: number; depth: number } {
  let [names, depth, deepest] = [0, 0, 0];
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    if (code === QUOTE) {
      for (i += 1; i < text.length && text.charCodeAt(i) !== QUOTE; i += 1)
        if (text.charCodeAt(i) === BACKSLASH) i += 1;
    } else if (code === COLON) names += 1;
    else if (OPEN.has(code)) {
      depth += 1;
      if (depth > deepest) deepest = depth;
    } else if (CLOSE.has(code)) depth -= 1;
  }
  return { names, depth: deepest };
}

function countNames(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  const parts: unknown[] = Array.isArray(value) ? value : Object.values(value);
  let names = Array.isArray(value) ? 0 : parts.length;
  for (const part of parts) names += countNames(part);
  return names;
}

/** How numbers were written that no whole number of Go's is: by the object or list around them, and their key. */
const written = new WeakMap<object, Map<string, string>>();

/** `1.0` or `1e2`, where that is how a number was written; undefined for one written plainly. */
export const numberText = (holder: object, key: string | number): string | undefined =>
  written.get(holder)?.get(String(key));

const ODD_NUMBER = /[:[,\s]-?[0-9]+(?:\.[0-9]|[eE]|[0-9]{15})/;
const ODD = /[.eE]|^-?[0-9]{16,}$/;
const LONE_SURROGATE = /\\u[dD][89a-fA-F]/;

function parsed(text: string): unknown {
  if (!ODD_NUMBER.test(text) && !LONE_SURROGATE.test(text)) return JSON.parse(text);
  // JSON.parse hands over how a value was written, which its types do not know yet
  function look(this: object, key: string, value: unknown, context?: { source?: string }): unknown {
    if (typeof value === 'string') return value.toWellFormed();
    if (typeof value === 'number' && context?.source !== undefined && ODD.test(context.source)) {
      const known = written.get(this) ?? new Map<string, string>();
      written.set(this, known.set(key, context.source));
    }
    return value;
  }
  return JSON.parse(text, look);
}

/** The value, and whether a field is written twice somewhere in it. @throws JsonSyntaxError */
export function readJson(text: string): { value: unknown; repeats: boolean } {
  const { names, depth } = measure(text);
  try {
    if (depth <= MAX_DEPTH) {
      const value: unknown = parsed(text);
      return { value, repeats: countNames(value) < names };
    }
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  // It is broken: say where and how Go would.
  duplicateFields(text);
  throw new JsonSyntaxError('unexpected end of JSON input');
}

/** Fields written again in the same object. @throws JsonSyntaxError */
export function duplicateFields(text: string): DuplicateField[] {
  const found: DuplicateField[] = [];
  new Scanner(text, (path, offset, again) => {
    if (again) found.push({ path, offset });
  }).scan();
  return found;
}

/** Where each field is first written. @throws JsonSyntaxError */
export function fieldOffsets(text: string): Map<string, number> {
  const offsets = new Map<string, number>();
  new Scanner(text, (path, offset, again) => {
    if (!again) offsets.set(path, offset);
  }).scan();
  return offsets;
}
