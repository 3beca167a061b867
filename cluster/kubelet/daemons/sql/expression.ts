/** Expressions of SQL: parsed to functions of a row. */
import { SqlFault, syntax, type Token } from './lexer.ts';

export type Value = string | number | null;
/** Values by lower-case name, and by `table.name`. */
export type Row = ReadonlyMap<string, Value>;
export interface Group {
  rows: readonly Row[];
}
export interface Evaluated {
  of(row: Row, group: Group): Value;
  /** As a column's heading. */
  title: string;
  /** Counts a whole group. */
  aggregate: boolean;
  /** A plain column's name. */
  column?: string;
}

export interface Session {
  now: number;
  random(): number;
  user: string;
  database: string;
  version: string;
  variables: ReadonlyMap<string, Value>;
}

const number = (value: Value): number => (typeof value === 'number' ? value : Number.parseFloat(value ?? '') || 0);
export const isTrue = (value: Value): boolean => value !== null && number(value) !== 0;
const text = (value: Value): string => (value === null ? 'NULL' : String(value));

/** Texts compare without regard to case, as the default collation does. */
export function compare(a: Value, b: Value): number {
  if (typeof a === 'number' || typeof b === 'number') return number(a) - number(b);
  const [left, right] = [text(a).toLowerCase(), text(b).toLowerCase()];
  return left < right ? -1 : left > right ? 1 : 0;
}

/** LIKE, in time that grows with both lengths and no faster. */
function like(subject: string, pattern: string): boolean {
  const [s, p] = [subject.toLowerCase(), pattern.toLowerCase()];
  let [i, j, star, mark] = [0, 0, -1, 0];
  while (i < s.length) {
    const char = p.charAt(j);
    if (char === '%') {
      star = j++;
      mark = i;
    } else if (char === '_' || (char !== '' && char === s.charAt(i))) {
      i++;
      j++;
    } else if (star !== -1) {
      j = star + 1;
      i = ++mark;
    } else return false;
  }
  while (p.charAt(j) === '%') j++;
  return j === p.length;
}

const stamp = (ms: number): string => new Date(ms).toISOString().slice(0, 19).replace('T', ' ');

const FUNCTIONS: Readonly<Record<string, (args: readonly Value[], session: Session) => Value>> = {
  NOW: (_args, session) => stamp(session.now),
  CURRENT_TIMESTAMP: (_args, session) => stamp(session.now),
  CURDATE: (_args, session) => stamp(session.now).slice(0, 10),
  CURRENT_DATE: (_args, session) => stamp(session.now).slice(0, 10),
  CURTIME: (_args, session) => stamp(session.now).slice(11),
  UNIX_TIMESTAMP: (_args, session) => Math.floor(session.now / 1000),
  VERSION: (_args, session) => session.version,
  DATABASE: (_args, session) => (session.database === '' ? null : session.database),
  CURRENT_DATABASE: (_args, session) => session.database,
  USER: (_args, session) => session.user,
  CURRENT_USER: (_args, session) => session.user.replace(/@.*/, '@%'),
  CONNECTION_ID: () => 8,
  RAND: (_args, session) => session.random(),
  RANDOM: (_args, session) => session.random(),
  SLEEP: () => 0,
  CONCAT: (args) => (args.includes(null) ? null : args.map(text).join('')),
  UPPER: ([value = null]) => (value === null ? null : text(value).toUpperCase()),
  LOWER: ([value = null]) => (value === null ? null : text(value).toLowerCase()),
  LENGTH: ([value = null]) => (value === null ? null : text(value).length),
  CHAR_LENGTH: ([value = null]) => (value === null ? null : text(value).length),
  TRIM: ([value = null]) => (value === null ? null : text(value).trim()),
  SUBSTRING: ([value = null, from = 1, length = null]) =>
    value === null
      ? null
      : text(value).slice(number(from) - 1, length === null ? undefined : number(from) - 1 + number(length)),
  REPLACE: ([value = null, from = '', to = '']) =>
    value === null ? null : text(value).replaceAll(text(from), text(to)),
  IFNULL: ([value = null, otherwise = null]) => value ?? otherwise,
  COALESCE: (args) => args.find((one) => one !== null) ?? null,
  IF: ([condition = null, yes = null, no = null]) => (isTrue(condition) ? yes : no),
  ABS: ([value = null]) => (value === null ? null : Math.abs(number(value))),
  ROUND: ([value = null, digits = 0]) => (value === null ? null : Number(number(value).toFixed(number(digits)))),
  FLOOR: ([value = null]) => (value === null ? null : Math.floor(number(value))),
  CEIL: ([value = null]) => (value === null ? null : Math.ceil(number(value))),
  MOD: ([value = null, by = 1]) => (value === null ? null : number(value) % number(by)),
  PG_IS_IN_RECOVERY: () => 'f',
};
/** Decimals keep as many digits behind the point as the one with most has. */
function sumOf(values: readonly Value[]): Value {
  const sum = values.reduce<number>((total, one) => total + number(one), 0);
  const digits = Math.max(
    ...values.map((one) => (typeof one === 'string' ? (/\.(\d+)$/.exec(one)?.[1]?.length ?? 0) : 0)),
  );
  return digits === 0 ? sum : sum.toFixed(digits);
}
const AGGREGATES: Readonly<Record<string, (values: readonly Value[]) => Value>> = {
  COUNT: (values) => values.length,
  SUM: (values) => (values.length === 0 ? null : sumOf(values)),
  AVG: (values) =>
    values.length === 0 ? null : (values.reduce<number>((sum, one) => sum + number(one), 0) / values.length).toFixed(4),
  MIN: (values) =>
    values.reduce<Value>((least, one) => (least === null || compare(one, least) < 0 ? one : least), null),
  MAX: (values) => values.reduce<Value>((most, one) => (most === null || compare(one, most) > 0 ? one : most), null),
  GROUP_CONCAT: (values) => (values.length === 0 ? null : values.map(text).join(',')),
  STRING_AGG: (values) => (values.length === 0 ? null : values.map(text).join(',')),
};
const BARE_FUNCTIONS = new Set(['CURRENT_TIMESTAMP', 'CURRENT_DATE', 'CURRENT_USER', 'USER']);

const RESERVED = new Set(
  'FROM WHERE GROUP ORDER LIMIT HAVING AS AND OR ON JOIN LEFT INNER RIGHT UNION SET VALUES INTO ASC DESC SELECT OFFSET INSERT UPDATE DELETE CREATE TABLE'.split(
    ' ',
  ),
);

/** Reads tokens one after the other; what it meets that it does not expect is a mistake near there. */
export class Reader {
  readonly tokens: readonly Token[];
  readonly source: string;
  readonly session: Session;
  at = 0;

  constructor(source: string, tokens: readonly Token[], session: Session) {
    this.source = source;
    this.tokens = tokens;
    this.session = session;
  }
  get token(): Token {
    return this.tokens[Math.min(this.at, this.tokens.length - 1)] ?? { kind: 'end', text: '', raw: '', at: 0 };
  }
  fault(): SqlFault {
    return syntax(this.source.slice(this.token.at));
  }
  isAtEnd(): boolean {
    return this.token.kind === 'end';
  }
  is(...words: string[]): boolean {
    return words.every((word, index) => {
      const token = this.tokens[this.at + index];
      return (token?.kind === 'word' || token?.kind === 'sign') && token.text === word;
    });
  }
  take(...words: string[]): boolean {
    if (!this.is(...words)) return false;
    this.at += words.length;
    return true;
  }
  /** One of these words. */
  takeAny(...words: string[]): boolean {
    return words.some((word) => this.take(word));
  }
  /** @throws SqlFault */
  expect(...words: string[]): void {
    for (const word of words) if (!this.take(word)) throw this.fault();
  }
  name(): string {
    const { token } = this;
    if (token.kind !== 'quoted' && (token.kind !== 'word' || RESERVED.has(token.text))) throw this.fault();
    this.at++;
    return token.kind === 'quoted' ? token.text : token.raw;
  }
  /** What is left, with nothing to follow. */
  finish(): void {
    if (this.token.kind !== 'end') throw this.fault();
  }
  list<T>(one: () => T): T[] {
    const found = [one()];
    while (this.take(',')) found.push(one());
    return found;
  }

  expression(): Evaluated {
    const from = this.token.at;
    const found = this.#or();
    const last = this.tokens[this.at - 1];
    const title = this.source.slice(from, (last?.at ?? 0) + (last?.raw.length ?? 0));
    return { ...found, title: found.column === undefined ? title.replace(/^'([^']*)'$/, '$1') : found.title };
  }
  #binary(left: Evaluated, right: Evaluated, how: (a: Value, b: Value) => Value): Evaluated {
    return {
      of: (row, group) => how(left.of(row, group), right.of(row, group)),
      title: '',
      aggregate: left.aggregate || right.aggregate,
    };
  }
  #or(): Evaluated {
    let left = this.#and();
    while (this.take('OR') || this.take('||'))
      left = this.#binary(left, this.#and(), (a, b) => Number(isTrue(a) || isTrue(b)));
    return left;
  }
  #and(): Evaluated {
    let left = this.#not();
    while (this.take('AND') || this.take('&&'))
      left = this.#binary(left, this.#not(), (a, b) => Number(isTrue(a) && isTrue(b)));
    return left;
  }
  #not(): Evaluated {
    if (!this.take('NOT') && !this.take('!')) return this.#compared();
    const inner = this.#not();
    return { ...inner, of: (row, group) => Number(!isTrue(inner.of(row, group))), title: '' };
  }
  #compared(): Evaluated {
    const left = this.#sum();
    const not = this.take('NOT');
    const flip = (value: boolean): number => Number(value !== not);
    if (this.take('IS')) {
      const isNot = this.take('NOT');
      this.expect('NULL');
      return { ...plain(left), of: (row, group) => Number((left.of(row, group) === null) !== isNot) };
    }
    if (this.take('LIKE') || this.take('ILIKE'))
      return this.#binary(left, this.#sum(), (a, b) =>
        a === null || b === null ? null : flip(like(text(a), text(b))),
      );
    if (this.take('IN')) {
      this.expect('(');
      const values = this.list(() => this.expression());
      this.expect(')');
      return {
        ...plain(left),
        of: (row, group) => flip(values.some((one) => compare(left.of(row, group), one.of(row, group)) === 0)),
      };
    }
    if (this.take('BETWEEN')) {
      const low = this.#sum();
      this.expect('AND');
      const high = this.#sum();
      return {
        ...plain(left),
        of: (row, group) => {
          const value = left.of(row, group);
          return flip(compare(value, low.of(row, group)) >= 0 && compare(value, high.of(row, group)) <= 0);
        },
      };
    }
    if (not) throw this.fault();
    const operators: Record<string, (order: number) => boolean> = {
      '=': (order) => order === 0,
      '<>': (order) => order !== 0,
      '!=': (order) => order !== 0,
      '<': (order) => order < 0,
      '<=': (order) => order <= 0,
      '>': (order) => order > 0,
      '>=': (order) => order >= 0,
    };
    const how = this.token.kind === 'sign' ? operators[this.token.text] : undefined;
    if (how === undefined) return left;
    this.at++;
    return this.#binary(left, this.#sum(), (a, b) => (a === null || b === null ? null : Number(how(compare(a, b)))));
  }
  #sum(): Evaluated {
    let left = this.#product();
    for (;;) {
      if (this.take('+')) left = this.#binary(left, this.#product(), (a, b) => number(a) + number(b));
      else if (this.take('-')) left = this.#binary(left, this.#product(), (a, b) => number(a) - number(b));
      else return left;
    }
  }
  #product(): Evaluated {
    let left = this.#factor();
    for (;;) {
      if (this.take('*')) left = this.#binary(left, this.#factor(), (a, b) => number(a) * number(b));
      else if (this.take('/'))
        left = this.#binary(left, this.#factor(), (a, b) =>
          number(b) === 0 ? null : (number(a) / number(b)).toFixed(4),
        );
      else if (this.take('%'))
        left = this.#binary(left, this.#factor(), (a, b) => (number(b) === 0 ? null : number(a) % number(b)));
      else return left;
    }
  }
  #factor(): Evaluated {
    const { token } = this;
    const constant = (value: Value): Evaluated => ({ of: () => value, title: token.raw, aggregate: false });
    if (this.take('(')) {
      const inner = this.#or();
      this.expect(')');
      return inner;
    }
    if (this.take('-')) {
      const inner = this.#factor();
      return { ...plain(inner), of: (row, group) => -number(inner.of(row, group)) };
    }
    this.at++;
    switch (token.kind) {
      case 'number':
        return constant(Number(token.text));
      case 'text':
        return constant(token.text);
      case 'word':
      case 'quoted':
        break;
      default:
        this.at--;
        throw this.fault();
    }
    const word = token.text;
    if (token.kind === 'word') {
      if (word === 'NULL') return constant(null);
      if (word === 'TRUE' || word === 'FALSE') return constant(Number(word === 'TRUE'));
      if (word.startsWith('@'))
        return constant(this.session.variables.get(word.replace(/^@+(GLOBAL\.|SESSION\.)?/, '').toLowerCase()) ?? null);
      if (this.is('(')) return this.#call(word);
      if (BARE_FUNCTIONS.has(word))
        return { of: () => FUNCTIONS[word]?.([], this.session) ?? null, title: token.raw, aggregate: false };
      if (RESERVED.has(word)) {
        this.at--;
        throw this.fault();
      }
    }
    let name = token.kind === 'quoted' ? token.text : token.raw;
    while (this.is('.') && this.tokens[this.at + 1]?.kind !== 'sign') {
      this.at++;
      name += `.${this.name()}`;
    }
    const key = name.toLowerCase();
    return {
      of: (row) => {
        const value = row.get(key) ?? row.get(key.split('.').slice(-2).join('.'));
        if (value === undefined && !row.has(key))
          throw new SqlFault(1054, '42S22', `Unknown column '${name}' in 'field list'`);
        return value ?? null;
      },
      title: name.split('.').at(-1) ?? name,
      aggregate: false,
      column: key,
    };
  }
  #call(name: string): Evaluated {
    this.expect('(');
    const distinct = this.take('DISTINCT');
    if (this.take('*')) {
      this.expect(')');
      return { of: (_row, group) => group.rows.length, title: '', aggregate: true };
    }
    const args = this.take(')') ? [] : this.list(() => this.expression());
    if (args.length > 0) this.expect(')');
    const aggregate = AGGREGATES[name];
    const [first] = args;
    if (aggregate !== undefined && first !== undefined)
      return {
        of: (_row, group) => {
          const values = group.rows.map((row) => first.of(row, group)).filter((one) => one !== null);
          return aggregate(distinct ? [...new Set(values)] : values);
        },
        title: '',
        aggregate: true,
      };
    const known = FUNCTIONS[name];
    if (known === undefined)
      throw new SqlFault(1305, '42000', `FUNCTION ${this.session.database}.${name.toLowerCase()} does not exist`);
    return {
      of: (row, group) =>
        known(
          args.map((one) => one.of(row, group)),
          this.session,
        ),
      title: '',
      aggregate: args.some((one) => one.aggregate),
    };
  }
}
/** The same without being a plain column. */
const plain = ({ aggregate }: Evaluated): Pick<Evaluated, 'title' | 'aggregate'> => ({ title: '', aggregate });
