/** The text form of label selectors: `app=web,tier in (a,b),!legacy`. */
import { invalid, path, printFieldError, type FieldError } from './field.ts';
import { qualifiedName } from './name-formats.ts';
import { requirementProblems, type Requirement, type SelectorOperator } from './requirement.ts';

/** The sentence of a selector that cannot be read. */
export class SelectorSyntaxError extends Error {}

type Token = 'end' | 'word' | 'error' | ')' | '(' | ',' | '!' | '=' | '==' | '!=' | '>' | '<' | 'in' | 'notin';
interface Scanned {
  token: Token;
  text: string;
}

const SYMBOLS = ['==', '!=', '=', '!', '(', ')', ',', '>', '<'] as const;
const OPERATORS: Partial<Record<Token, SelectorOperator>> = {
  in: 'in',
  notin: 'notin',
  '=': '=',
  '==': '==',
  '!=': '!=',
  '>': 'gt',
  '<': 'lt',
};

function scan(text: string): Scanned[] {
  const scanned: Scanned[] = [];
  let at = 0;
  while (at < text.length) {
    const rest = text.slice(at);
    const blank = /^[ \t\r\n]+/.exec(rest);
    if (blank) {
      at += blank[0].length;
      continue;
    }
    const symbol = SYMBOLS.find((candidate) => rest.startsWith(candidate));
    const word = symbol ?? /^[^=!(),><\s]+/.exec(rest)?.[0] ?? rest.charAt(0);
    const token = symbol ?? (word === 'in' || word === 'notin' ? word : 'word');
    scanned.push({ token, text: word });
    at += word.length;
  }
  scanned.push({ token: 'end', text: '' });
  return scanned;
}

function fail(sentence: string): never {
  throw new SelectorSyntaxError(sentence);
}

const joined = (errors: readonly FieldError[]): string => {
  const sentences = errors.map(printFieldError);
  return sentences.length === 1 ? (sentences[0] ?? '') : `[${sentences.join(', ')}]`;
};

class Parser {
  readonly #tokens: Scanned[];
  #at = 0;
  constructor(text: string) {
    // Go's scanner takes a NUL for the end
    this.#tokens = scan(text.split('\0', 1)[0] ?? '');
  }
  /** Inside values `in` and `notin` are plain words. */
  #look(asOperator = false): Scanned {
    const next = this.#tokens[this.#at] ?? { token: 'end', text: '' };
    return !asOperator && (next.token === 'in' || next.token === 'notin') ? { token: 'word', text: next.text } : next;
  }
  #take(asOperator = false): Scanned {
    const next = this.#look(asOperator);
    this.#at += 1;
    return next;
  }

  parse(): Requirement[] {
    const requirements: Requirement[] = [];
    for (;;) {
      const { token, text } = this.#look();
      if (token === 'end') return requirements;
      if (token !== 'word' && token !== '!') fail(`found '${text}', expected: !, identifier, or 'end of string'`);
      requirements.push(this.#wrapped());
      const after = this.#take();
      if (after.token === 'end') return requirements;
      if (after.token !== ',') fail(`found '${after.text}', expected: ',' or 'end of string'`);
      const next = this.#look();
      if (next.token !== 'word' && next.token !== '!') fail(`found '${next.text}', expected: identifier after ','`);
    }
  }
  #wrapped(): Requirement {
    try {
      return this.#requirement();
    } catch (error) {
      if (error instanceof SelectorSyntaxError) fail(`unable to parse requirement: ${error.message}`);
      throw error;
    }
  }
  #requirement(): Requirement {
    let { token, text: key } = this.#take();
    const negated = token === '!';
    if (negated) ({ token, text: key } = this.#take());
    if (token !== 'word') fail(`found '${key}', expected: identifier`);
    const keyProblems = qualifiedName(key);
    if (keyProblems.length > 0) fail(printFieldError(invalid(path(), key, keyProblems.join('; '))));
    const next = this.#look().token;
    if (negated || next === 'end' || next === ',') return { key, operator: negated ? '!' : 'exists', values: [] };
    const operator = this.#operator();
    const values = operator === 'in' || operator === 'notin' ? this.#values() : [this.#value()];
    const requirement = { key, operator, values: [...new Set(values)].sort() };
    const errors = requirementProblems(requirement);
    if (errors.length > 0) fail(joined(errors));
    return requirement;
  }
  #operator(): SelectorOperator {
    const { token, text } = this.#take(true);
    return OPERATORS[token] ?? fail(`found '${text}', expected: in, notin, =, ==, !=, gt, lt`);
  }
  #value(): string {
    const next = this.#look().token;
    if (next === 'end' || next === ',') return '';
    const { token, text } = this.#take();
    return token === 'word' ? text : fail(`found '${text}', expected: identifier`);
  }
  /** `(a,b)`; empty places stand for the empty value. */
  #values(): string[] {
    const open = this.#take();
    if (open.token !== '(') fail(`found '${open.text}' expected: '('`);
    const first = this.#look();
    if (first.token === ')') {
      this.#take();
      return [''];
    }
    if (first.token !== 'word' && first.token !== ',') {
      fail(`found '${first.text}', expected: ',', ')' or identifier`);
    }
    const values: string[] = [];
    for (;;) {
      const { token, text } = this.#take();
      const next = this.#look();
      if (token === 'word') {
        values.push(text);
        if (next.token !== ',' && next.token !== ')') fail(`found '${next.text}', expected: ',' or ')'`);
      } else if (token === ',') {
        if (values.length === 0 || next.token === ',' || next.token === ')') values.push('');
      } else fail(`found '${text}', expected: ',', or identifier`);
      if (next.token === ')') {
        this.#take();
        return values;
      }
    }
  }
}

/** Requirements sorted by key. @throws SelectorSyntaxError */
export const parseRequirements = (text: string): Requirement[] =>
  new Parser(text).parse().sort((a, b) => (a.key < b.key ? -1 : Number(a.key > b.key)));
