/** awk's programs, read into a tree. */
import { AwkFault, type AwkFunction, type AwkProgram, type Expression, type Rule, type Statement } from './syntax.ts';
import { tokensOf, type Token } from './tokens.ts';

const BUILT_IN = new Set(
  'length substr index split sub gsub match sprintf sin cos atan2 exp log sqrt int rand srand tolower toupper system close fflush systime strftime mktime and or xor compl lshift rshift gensub'.split(
    ' ',
  ),
);

class Parser {
  readonly #tokens: readonly Token[];
  #at = 0;
  /** Inside of `print ... > file` a `>` does not compare, and inside of `for (x in a)` nothing is looked up. */
  #noGreater = false;
  #noIn = false;
  readonly functions = new Map<string, AwkFunction>();

  constructor(source: string) {
    this.#tokens = tokensOf(source);
  }
  get #token(): Token {
    return this.#tokens[Math.min(this.#at, this.#tokens.length - 1)] ?? { kind: 'end', text: '' };
  }
  #is(text: string): boolean {
    const { kind, text: own } = this.#token;
    return own === text && (kind === 'sign' || kind === 'word');
  }
  #take(text: string): boolean {
    if (!this.#is(text)) return false;
    this.#at++;
    return true;
  }
  #expect(text: string): void {
    if (!this.#take(text)) throw this.#fault();
  }
  #fault(): AwkFault {
    return new AwkFault('Unexpected token');
  }
  #lines(): void {
    while (this.#token.kind === 'line') this.#at++;
  }
  #ends(): void {
    while (this.#token.kind === 'line' || this.#is(';')) this.#at++;
  }

  program(): AwkProgram {
    const rules: Rule[] = [];
    for (this.#ends(); this.#token.kind !== 'end'; this.#ends()) {
      if (this.#take('function') || this.#take('func')) {
        const name = this.#token.text;
        this.#at++;
        this.#expect('(');
        const parameters: string[] = [];
        while (!this.#take(')')) {
          this.#lines();
          parameters.push(this.#token.text);
          this.#at++;
          this.#take(',');
        }
        this.#lines();
        this.functions.set(name, { parameters, body: this.#block() });
        continue;
      }
      let when: Rule['when'] = 'always';
      if (this.#take('BEGIN')) when = 'BEGIN';
      else if (this.#take('END')) when = 'END';
      else if (!this.#is('{')) {
        const from = this.#expression();
        if (this.#take(',')) {
          this.#lines();
          when = { from, to: this.#expression() };
        } else when = { from };
      }
      if (this.#is('{')) rules.push({ when, body: this.#block() });
      else if (typeof when === 'object') rules.push({ when });
      else throw this.#fault();
    }
    return { rules, functions: this.functions };
  }
  #block(): Statement {
    this.#expect('{');
    const body: Statement[] = [];
    for (this.#ends(); !this.#take('}'); this.#ends()) {
      if (this.#token.kind === 'end') throw this.#fault();
      body.push(this.#statement());
    }
    return { kind: 'block', body };
  }
  /** The end of a simple statement. */
  #closed<T extends Statement>(statement: T): T {
    if (this.#is('}') || this.#token.kind === 'end') return statement;
    if (this.#token.kind !== 'line' && !this.#is(';')) throw this.#fault();
    this.#at++;
    return statement;
  }
  #body(): Statement {
    this.#lines();
    if (this.#take(';')) return { kind: 'block', body: [] };
    return this.#statement();
  }
  #statement(): Statement {
    if (this.#is('{')) return this.#block();
    if (this.#take('if')) {
      this.#expect('(');
      const condition = this.#expression();
      this.#expect(')');
      const yes = this.#body();
      const before = this.#at;
      this.#ends();
      if (!this.#take('else')) {
        this.#at = before;
        return { kind: 'if', condition, yes };
      }
      return { kind: 'if', condition, yes, no: this.#body() };
    }
    if (this.#take('while')) {
      this.#expect('(');
      const condition = this.#expression();
      this.#expect(')');
      return { kind: 'while', condition, body: this.#body(), once: false };
    }
    if (this.#take('do')) {
      const body = this.#body();
      this.#ends();
      this.#expect('while');
      this.#expect('(');
      const condition = this.#expression();
      this.#expect(')');
      return this.#closed({ kind: 'while', condition, body, once: true });
    }
    if (this.#take('for')) return this.#for();
    return this.#closed(this.#simple());
  }
  #for(): Statement {
    this.#expect('(');
    const [name, word, array, close] = this.#tokens.slice(this.#at, this.#at + 4);
    if (name?.kind === 'name' && word?.text === 'in' && array?.kind === 'name' && close?.text === ')') {
      this.#at += 4;
      return { kind: 'each', variable: name.text, array: array.text, body: this.#body() };
    }
    const start = this.#is(';') ? undefined : this.#simple();
    this.#expect(';');
    this.#lines();
    const condition = this.#is(';') ? undefined : this.#expression();
    this.#expect(';');
    this.#lines();
    const step = this.#is(')') ? undefined : this.#simple();
    this.#expect(')');
    return {
      kind: 'for',
      ...(start ? { start } : {}),
      ...(condition ? { condition } : {}),
      ...(step ? { step } : {}),
      body: this.#body(),
    };
  }
  #simple(): Statement {
    for (const how of ['break', 'continue', 'next', 'nextfile'] as const)
      if (this.#take(how)) return { kind: 'leave', how };
    for (const kind of ['exit', 'return'] as const) {
      if (!this.#take(kind)) continue;
      const none = this.#is(';') || this.#is('}') || this.#token.kind === 'line' || this.#token.kind === 'end';
      return none ? { kind } : { kind, value: this.#expression() };
    }
    if (this.#take('delete')) {
      const array = this.#token.text;
      this.#at++;
      if (!this.#take('[')) return { kind: 'delete', array };
      const keys = this.#list(']');
      return { kind: 'delete', array, keys };
    }
    const formatted = this.#is('printf');
    if (this.#take('print') || this.#take('printf')) return this.#print(formatted);
    return { kind: 'expression', of: this.#expression() };
  }
  #print(formatted: boolean): Statement {
    let args: readonly Expression[] = [];
    this.#noGreater = true;
    const none =
      ['>', '>>', '|', ';', '}'].some((one) => this.#is(one)) ||
      this.#token.kind === 'line' ||
      this.#token.kind === 'end';
    if (!none) {
      const first = this.#expression();
      const more: Expression[] = [first];
      while (this.#take(',')) {
        this.#lines();
        more.push(this.#expression());
      }
      args = more.length === 1 && first.kind === 'group' ? first.items : more;
    }
    this.#noGreater = false;
    for (const how of ['>>', '>', '|'] as const) {
      if (!this.#take(how)) continue;
      const where = how === '|' ? this.#concatenation(false) : this.#choice();
      return { kind: 'print', formatted, args, to: { how, where } };
    }
    return { kind: 'print', formatted, args };
  }

  /** Up to the closing sign, which is taken. */
  #list(close: string): Expression[] {
    const items: Expression[] = [];
    this.#lines();
    while (!this.#take(close)) {
      items.push(this.#expression());
      this.#lines();
      if (!this.#is(close)) this.#expect(',');
      this.#lines();
    }
    return items;
  }
  #expression(): Expression {
    const left = this.#choice();
    const assigns = ['=', '+=', '-=', '*=', '/=', '%=', '^=', '**='].find((one) => this.#is(one));
    if (assigns === undefined || !['variable', 'field', 'element'].includes(left.kind)) return left;
    this.#at++;
    this.#lines();
    return { kind: 'assign', operator: assigns === '**=' ? '^=' : assigns, target: left, value: this.#expression() };
  }
  #choice(): Expression {
    const condition = this.#or();
    if (!this.#take('?')) return condition;
    this.#lines();
    const yes = this.#expression();
    this.#lines();
    this.#expect(':');
    this.#lines();
    return { kind: 'choice', condition, yes, no: this.#expression() };
  }
  #binary(signs: readonly string[], next: () => Expression): Expression {
    let left = next();
    for (;;) {
      const operator = signs.find((one) => this.#is(one));
      if (operator === undefined) return left;
      this.#at++;
      this.#lines();
      left = { kind: 'binary', operator, left, right: next() };
    }
  }
  #or(): Expression {
    return this.#binary(['||'], () => this.#binary(['&&'], () => this.#in()));
  }
  #in(): Expression {
    let left = this.#match();
    while (!this.#noIn && this.#take('in')) {
      left = { kind: 'in', keys: left.kind === 'group' ? left.items : [left], array: this.#token.text };
      this.#at++;
    }
    return left;
  }
  #match(): Expression {
    return this.#binary(['~', '!~'], () => this.#compared());
  }
  #compared(): Expression {
    const left = this.#concatenation(true);
    const signs = ['==', '!=', '<=', '>=', '<', ...(this.#noGreater ? [] : ['>'])];
    const operator = signs.find((one) => this.#is(one));
    if (operator === undefined) {
      if (!this.#noGreater && this.#is('|') && this.#tokens[this.#at + 1]?.text === 'getline') {
        this.#at += 2;
        return { kind: 'getline', command: left, ...this.#into() };
      }
      return left;
    }
    this.#at++;
    return { kind: 'binary', operator, left, right: this.#concatenation(true) };
  }
  /** What begins a value can follow another: then both are joined. */
  #concatenation(pipes: boolean): Expression {
    let left = this.#sum();
    for (;;) {
      const { kind, text } = this.#token;
      const begins =
        ['number', 'text', 'regex', 'name', 'call'].includes(kind) ||
        (kind === 'sign' && ['$', '!', '(', '-', '+', '++', '--'].includes(text)) ||
        false;
      if (!begins || (kind === 'sign' && text === '!') || (text === 'in' && kind === 'word')) break;
      left = { kind: 'binary', operator: ' ', left, right: this.#sum() };
    }
    if (pipes && !this.#noGreater && this.#is('|') && this.#tokens[this.#at + 1]?.text === 'getline') {
      this.#at += 2;
      return { kind: 'getline', command: left, ...this.#into() };
    }
    return left;
  }
  #sum(): Expression {
    return this.#binary(['+', '-'], () => this.#binary(['*', '/', '%'], () => this.#unary()));
  }
  #unary(): Expression {
    for (const operator of ['!', '-', '+'])
      if (this.#take(operator)) return { kind: 'unary', operator, of: this.#unary() };
    return this.#power();
  }
  #power(): Expression {
    const left = this.#postfix();
    if (!this.#take('^') && !this.#take('**')) return left;
    // the power binds from the right, and a sign may stand before it
    const negative = this.#take('-');
    const right = this.#power();
    return {
      kind: 'binary',
      operator: '^',
      left,
      right: negative ? { kind: 'unary', operator: '-', of: right } : right,
    };
  }
  #postfix(): Expression {
    const target = this.#primary();
    if (['variable', 'field', 'element'].includes(target.kind)) {
      if (this.#take('++')) return { kind: 'step', by: 1, before: false, target };
      if (this.#take('--')) return { kind: 'step', by: -1, before: false, target };
    }
    return target;
  }
  #into(): { target?: Expression } {
    const { kind, text } = this.#token;
    if (kind === 'name' || (kind === 'sign' && text === '$')) return { target: this.#primary() };
    return {};
  }
  #primary(): Expression {
    const { kind, text } = this.#token;
    this.#at++;
    switch (kind) {
      case 'number':
        return { kind, value: Number(text) };
      case 'text':
        return { kind, value: text };
      case 'regex':
        return { kind, source: text };
      case 'name': {
        if (this.#take('[')) return { kind: 'element', array: text, keys: this.#list(']') };
        if (text === 'length') return { kind: 'call', name: text, args: [], own: false };
        return { kind: 'variable', name: text };
      }
      case 'call': {
        this.#expect('(');
        const outer = [this.#noGreater, this.#noIn] as const;
        [this.#noGreater, this.#noIn] = [false, false];
        const args = this.#list(')');
        [this.#noGreater, this.#noIn] = outer;
        return { kind: 'call', name: text, args, own: !BUILT_IN.has(text) };
      }
      case 'word':
        if (text === 'getline') {
          const into = this.#into();
          if (!this.#take('<')) return { kind: 'getline', ...into };
          return { kind: 'getline', ...into, file: this.#postfix() };
        }
        break;
      case 'sign': {
        if (text === '$') {
          const by = this.#is('++') ? 1 : this.#is('--') ? -1 : undefined;
          if (by !== undefined) this.#at++;
          const index = this.#primary();
          return { kind: 'field', index: by === undefined ? index : { kind: 'step', by, before: true, target: index } };
        }
        if (text === '++' || text === '--')
          return { kind: 'step', by: text === '++' ? 1 : -1, before: true, target: this.#primary() };
        if (text === '-' || text === '+' || text === '!') return { kind: 'unary', operator: text, of: this.#unary() };
        if (text === '(') {
          const outer = [this.#noGreater, this.#noIn] as const;
          [this.#noGreater, this.#noIn] = [false, false];
          const items = this.#list(')');
          [this.#noGreater, this.#noIn] = outer;
          return { kind: 'group', items };
        }
        break;
      }
      default:
    }
    this.#at--;
    throw this.#fault();
  }
}

/** @throws AwkFault */
export function parseAwk(source: string): AwkProgram {
  const parser = new Parser(source);
  return parser.program();
}
