/** expr: sums, comparisons and matches, each word an argument. */
import { RE2JS } from 're2js';
import type { Program } from '../shell/box.ts';
import { basicToExtended } from './grep.ts';
import { instant, type Tool } from './tool.ts';

class Fault extends Error {}

class Expr {
  readonly #words: readonly string[];
  readonly #gnu: boolean;
  #at = 0;
  constructor(words: readonly string[], gnu: boolean) {
    this.#words = words;
    this.#gnu = gnu;
  }
  get isDone(): boolean {
    return this.#at >= this.#words.length;
  }
  #take(...signs: string[]): string | undefined {
    const word = this.#words[this.#at];
    if (word === undefined || !signs.includes(word)) return undefined;
    this.#at++;
    return word;
  }
  #number(text: string): bigint {
    if (!/^-?\d+$/.test(text)) throw new Fault(this.#gnu ? 'non-integer argument' : 'non-numeric argument');
    return BigInt(text);
  }
  or(): string {
    let left = this.#and();
    while (this.#take('|')) {
      const right = this.#and();
      if (left === '' || left === '0') left = right;
    }
    return left;
  }
  #and(): string {
    let left = this.#compared();
    while (this.#take('&')) {
      const right = this.#compared();
      if (left === '' || left === '0' || right === '' || right === '0') left = '0';
    }
    return left;
  }
  #compared(): string {
    let left = this.#sum();
    for (;;) {
      const sign = this.#take('=', '==', '!=', '<', '<=', '>', '>=');
      if (sign === undefined) return left;
      const right = this.#sum();
      const both = /^-?\d+$/.test(left) && /^-?\d+$/.test(right);
      const [a, b] = both ? [BigInt(left), BigInt(right)] : [left, right];
      const order = a < b ? -1 : a > b ? 1 : 0;
      left = String(
        Number(
          {
            '=': order === 0,
            '==': order === 0,
            '!=': order !== 0,
            '<': order < 0,
            '<=': order <= 0,
            '>': order > 0,
            '>=': order >= 0,
          }[sign],
        ),
      );
    }
  }
  #sum(): string {
    let left = this.#product();
    for (;;) {
      const sign = this.#take('+', '-');
      if (sign === undefined) return left;
      const [a, b] = [this.#number(left), this.#number(this.#product())];
      left = String(sign === '+' ? a + b : a - b);
    }
  }
  #product(): string {
    let left = this.#match();
    for (;;) {
      const sign = this.#take('*', '/', '%');
      if (sign === undefined) return left;
      const [a, b] = [this.#number(left), this.#number(this.#match())];
      if (sign !== '*' && b === 0n) throw new Fault('division by zero');
      left = String(sign === '*' ? a * b : sign === '/' ? a / b : a % b);
    }
  }
  #match(): string {
    let left = this.#primary();
    while (this.#take(':')) left = matched(left, this.#primary());
    return left;
  }
  #primary(): string {
    const word = this.#words[this.#at++];
    if (word === undefined)
      throw new Fault(this.#gnu ? `syntax error: missing argument after '${this.#words.at(-1)}'` : 'syntax error');
    if (word === '(') {
      const inner = this.or();
      if (!this.#take(')')) throw new Fault('syntax error');
      return inner;
    }
    if (this.#at < this.#words.length && !(this.#words.length === 1)) {
      if (word === 'length') return String(this.#primary().length);
      if (word === 'match') return matched(this.#primary(), this.#primary());
      if (word === 'index') {
        const [text, chars] = [this.#primary(), this.#primary()];
        return String(Array.from(text).findIndex((char) => chars.includes(char)) + 1);
      }
      if (word === 'substr') {
        const [text, from, length] = [this.#primary(), Number(this.#primary()), Number(this.#primary())];
        return from > 0 && length > 0 ? text.slice(from - 1, from - 1 + length) : '';
      }
      if (word === 'quote' || word === '+') return this.#words[this.#at++] ?? '';
    }
    return word;
  }
}
/** The group, or how much of the beginning fits. */
function matched(text: string, pattern: string): string {
  const matcher = RE2JS.compile(`^(?:${basicToExtended(pattern)})`).matcher(text);
  const found = matcher.find();
  if (matcher.groupCount() > 0) return found ? (matcher.group(1) ?? '') : '';
  return String(found ? matcher.end() : 0);
}

function expr(tool: Tool): number {
  if (tool.args.length === 0) {
    if (tool.gnu) tool.context.io.stderr.write("expr: missing operand\nTry 'expr --help' for more information.\n");
    else tool.problem('too few arguments');
    return 2;
  }
  try {
    const parser = new Expr(tool.args, tool.gnu);
    const value = parser.or();
    if (!parser.isDone) throw new Fault('syntax error');
    tool.out(`${value}\n`);
    return value === '' || value === '0' ? 1 : 0;
  } catch (fault) {
    if (!(fault instanceof Fault)) throw fault;
    tool.problem(fault.message);
    return 2;
  }
}
export const EXPR: Readonly<Record<string, Program>> = { expr: instant(expr) };
