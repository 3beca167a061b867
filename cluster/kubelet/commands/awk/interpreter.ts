/** Runs an awk program over its input, and lets others have their turn while it does. */
import { RE2JS } from 're2js';
import { formatDate } from '../date.ts';
import { format, general } from '../format.ts';
import { FileError } from '../../files/file-view.ts';
import { readLine, readSome, type Run, type Wait } from '../../shell/coroutine.ts';
import { Collector, nothingIn, textSource } from '../../shell/coroutine.ts';
import type { Tool } from '../tool.ts';
import { AwkFault, type AwkProgram, type Expression, type Statement } from './syntax.ts';

/** Text that looks like a number is both, when it came from the input. */
export type Value = string | number | Input | undefined;
class Input {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}
type Store = Map<string, Value>;

class Leave extends Error {
  readonly how: 'break' | 'continue' | 'next' | 'nextfile' | 'exit' | 'return';
  readonly value: Value;
  constructor(how: Leave['how'], value?: Value) {
    super(how);
    this.how = how;
    this.value = value;
  }
}
type Eval<T> = Generator<Wait, T, void>;

/** Steps between two turns for others. */
const TURN = 2000;
const DEEPEST = 200;
const NUMERIC = /^\s*[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?\s*$/;

const numberOf = (value: Value): number => {
  if (typeof value === 'number') return value;
  const text = value instanceof Input ? value.text : (value ?? '');
  return Number(/^\s*[-+]?(?:\d+\.?\d*(?:[eE][-+]?\d+)?|\.\d+(?:[eE][-+]?\d+)?)/.exec(text)?.[0] ?? 0);
};
const isNumeric = (value: Value): boolean =>
  typeof value === 'number' || value === undefined || (value instanceof Input && NUMERIC.test(value.text));

const patterns = new Map<string, RE2JS>();
function patternOf(source: string): RE2JS {
  const known = patterns.get(source);
  if (known !== undefined) return known;
  let made: RE2JS;
  try {
    made = RE2JS.compile(source.replace(/\\(["&%@ ])/g, '$1'));
  } catch {
    throw new AwkFault(`bad regex '${source}': Invalid regular expression`);
  }
  if (patterns.size > 200) patterns.clear();
  patterns.set(source, made);
  return made;
}

export class Awk {
  readonly #tool: Tool;
  readonly #program: AwkProgram;
  readonly #globals = new Map<string, Value | Store>();
  #frames: Map<string, Value | Store>[] = [];
  #fields: string[] = [''];
  #steps = 0;
  #seed = 0;
  /** Operands not read yet: files, and `name=value`. */
  #operands: string[];
  #reading: { lines: string[]; at: number } | undefined;
  #stdinUsed = false;
  readonly #ranges = new Set<object>();
  readonly #outputs = new Map<string, { write(text: string): void; finish?(): Run }>();
  readonly #inputs = new Map<string, { lines: string[]; at: number }>();
  code = 0;

  constructor(tool: Tool, program: AwkProgram, operands: readonly string[], separator: string | undefined) {
    this.#tool = tool;
    this.#program = program;
    this.#operands = [...operands];
    const initial: [string, Value][] = [
      ['FS', separator ?? ' '],
      ['OFS', ' '],
      ['ORS', '\n'],
      ['RS', '\n'],
      ['NR', 0],
      ['FNR', 0],
      ['NF', 0],
      ['SUBSEP', '\x1c'],
      ['OFMT', '%.6g'],
      ['CONVFMT', '%.6g'],
      ['RSTART', 0],
      ['RLENGTH', -1],
      ['FILENAME', ''],
      ['ARGC', operands.length + 1],
    ];
    for (const [name, value] of initial) this.#globals.set(name, value);
    this.#globals.set(
      'ENVIRON',
      new Map([...tool.context.env].map(([name, value]): [string, Value] => [name, new Input(value)])),
    );
    this.#globals.set(
      'ARGV',
      new Map(['awk', ...operands].map((word, index): [string, Value] => [String(index), new Input(word)])),
    );
  }
  /** `-v name=value` */
  assign(name: string, value: string): void {
    this.#globals.set(name, new Input(value));
  }

  *run(): Run {
    const { rules } = this.#program;
    const always = rules.filter(({ when }) => when !== 'BEGIN' && when !== 'END');
    try {
      for (const { when, body } of rules) if (when === 'BEGIN' && body) yield* this.#execute(body);
      if (always.length > 0 || rules.some(({ when }) => when === 'END')) {
        while (yield* this.#nextRecord()) yield* this.#match();
      }
    } catch (leave) {
      if (!(leave instanceof Leave) || leave.how !== 'exit') throw leave;
      this.code = leave.value === undefined ? this.code : numberOf(leave.value);
      if (this.#inEnd) return yield* this.#close();
    }
    this.#inEnd = true;
    try {
      for (const { when, body } of rules) if (when === 'END' && body) yield* this.#execute(body);
    } catch (leave) {
      if (!(leave instanceof Leave) || leave.how !== 'exit') throw leave;
      this.code = leave.value === undefined ? this.code : numberOf(leave.value);
    }
    return yield* this.#close();
  }
  #inEnd = false;
  *#close(): Run {
    for (const { finish } of this.#outputs.values()) if (finish) yield* finish();
    this.#outputs.clear();
    return this.code & 255;
  }
  *#match(): Eval<void> {
    try {
      for (const { when, body } of this.#program.rules) {
        if (when === 'BEGIN' || when === 'END') continue;
        if (when !== 'always') {
          if (when.to === undefined) {
            if (!this.#isTrue(yield* this.#value(when.from))) continue;
          } else if (!this.#ranges.has(when)) {
            if (!this.#isTrue(yield* this.#value(when.from))) continue;
            if (!this.#isTrue(yield* this.#value(when.to))) this.#ranges.add(when);
          } else if (this.#isTrue(yield* this.#value(when.to))) this.#ranges.delete(when);
        }
        if (body) yield* this.#execute(body);
        else this.#tool.out(this.#record + this.#text(this.#get('ORS')));
      }
    } catch (leave) {
      if (!(leave instanceof Leave) || (leave.how !== 'next' && leave.how !== 'nextfile')) throw leave;
      if (leave.how === 'nextfile') this.#reading = undefined;
    }
  }

  // --- input
  /** The lines of what is read now; false: there is no more. */
  *#line(): Eval<string | undefined> {
    for (;;) {
      if (this.#reading !== undefined) {
        const line = this.#reading.lines[this.#reading.at++];
        if (line !== undefined) return line;
        this.#reading = undefined;
      }
      const operand = this.#operands.shift();
      if (operand === undefined) {
        if (this.#stdinUsed) return undefined;
        const line = yield* this.#stdinLine();
        if (line === undefined) this.#stdinUsed = true;
        return line;
      }
      const [, name, value] = /^([A-Za-z_]\w*)=([^]*)$/.exec(operand) ?? [];
      if (name !== undefined) {
        this.assign(name, value ?? '');
        continue;
      }
      this.#stdinUsed = true;
      const text = yield* this.#tool.input(operand, (error) => `${operand}: ${error.message}`);
      if (text === undefined) {
        this.code = this.#tool.gnu ? 2 : 1;
        continue;
      }
      this.#globals.set('FILENAME', operand);
      this.#globals.set('FNR', 0);
      this.#reading = { lines: this.#split(text), at: 0 };
    }
  }
  *#stdinLine(): Eval<string | undefined> {
    const separator = this.#text(this.#get('RS'));
    if (separator === '\n') return yield* readLine(this.#tool.context.io.stdin);
    let text = '';
    for (;;) {
      const more = yield* readSome(this.#tool.context.io.stdin);
      if (more === '') break;
      text += more;
    }
    this.#reading = { lines: this.#split(text), at: 1 };
    this.#stdinUsed = true;
    return this.#reading.lines[0];
  }
  #split(text: string): string[] {
    const separator = this.#text(this.#get('RS'));
    const parts =
      separator === ''
        ? text.replace(/^\n+|\n+$/g, '').split(/\n{2,}/)
        : separator.length === 1
          ? text.split(separator)
          : splitBy(text, patternOf(separator));
    if (parts.at(-1) === '' || (separator !== '\n' && parts.at(-1) === '\n')) parts.pop();
    return parts;
  }
  *#nextRecord(): Eval<boolean> {
    const line = yield* this.#line();
    if (line === undefined) return false;
    this.#count();
    this.#setRecord(line);
    return true;
  }
  #count(): void {
    this.#globals.set('NR', numberOf(this.#get('NR')) + 1);
    this.#globals.set('FNR', numberOf(this.#get('FNR')) + 1);
  }
  get #record(): string {
    return this.#fields[0] ?? '';
  }
  #setRecord(line: string): void {
    this.#fields = [line, ...this.#cut(line, this.#text(this.#get('FS')))];
    this.#globals.set('NF', this.#fields.length - 1);
  }
  #cut(text: string, separator: string): string[] {
    if (text === '') return [];
    if (separator === ' ') {
      const trimmed = text.replace(/^[ \t\n]+|[ \t\n]+$/g, '');
      return trimmed === '' ? [] : trimmed.split(/[ \t\n]+/);
    }
    if (separator === '') return text.split('');
    if (separator.length === 1 && separator !== '\\') return text.split(separator);
    return splitBy(text, patternOf(separator));
  }
  #setField(index: number, text: string): void {
    if (index === 0) {
      this.#setRecord(text);
      return;
    }
    while (this.#fields.length <= index) this.#fields.push('');
    this.#fields[index] = text;
    this.#globals.set('NF', this.#fields.length - 1);
    this.#join();
  }
  #join(): void {
    this.#fields[0] = this.#fields.slice(1).join(this.#text(this.#get('OFS')));
  }

  // --- variables
  #get(name: string): Value {
    const frame = this.#frames.at(-1);
    const found = frame?.has(name) ? frame.get(name) : this.#globals.get(name);
    return found instanceof Map ? '' : found;
  }
  #set(name: string, value: Value): void {
    const frame = this.#frames.at(-1);
    if (frame?.has(name)) frame.set(name, value);
    else this.#globals.set(name, value);
    if (name === 'NF') {
      const count = numberOf(value);
      this.#fields = Array.from({ length: Math.min(count, 10_000) + 1 }, (_, index) => this.#fields[index] ?? '');
      this.#join();
    }
  }
  #array(name: string): Store {
    const frame = this.#frames.at(-1);
    const where = frame?.has(name) ? frame : this.#globals;
    const found = where.get(name);
    if (found instanceof Map) return found;
    const made: Store = new Map();
    where.set(name, made);
    return made;
  }
  *#key(keys: readonly Expression[]): Eval<string> {
    const parts: string[] = [];
    for (const key of keys) parts.push(this.#text(yield* this.#value(key)));
    return parts.join(this.#text(this.#get('SUBSEP')));
  }
  #text(value: Value): string {
    if (typeof value === 'string') return value;
    if (value instanceof Input) return value.text;
    if (value === undefined) return '';
    return Number.isInteger(value) && Math.abs(value) < 1e16 ? String(value) : general(value, 6);
  }
  #isTrue(value: Value): boolean {
    if (typeof value === 'number') return value !== 0;
    if (value instanceof Input) return NUMERIC.test(value.text) ? Number(value.text) !== 0 : value.text !== '';
    return value !== undefined && value !== '';
  }

  // --- statements
  *#turn(): Eval<void> {
    if (++this.#steps % TURN === 0) yield {};
  }
  *#execute(statement: Statement): Eval<void> {
    yield* this.#turn();
    switch (statement.kind) {
      case 'block':
        for (const one of statement.body) yield* this.#execute(one);
        return;
      case 'expression':
        yield* this.#value(statement.of);
        return;
      case 'print':
        yield* this.#print(statement);
        return;
      case 'if':
        if (this.#isTrue(yield* this.#value(statement.condition))) yield* this.#execute(statement.yes);
        else if (statement.no) yield* this.#execute(statement.no);
        return;
      case 'while':
        if (statement.once && !(yield* this.#loop(statement.body))) return;
        while (this.#isTrue(yield* this.#value(statement.condition))) if (!(yield* this.#loop(statement.body))) return;
        return;
      case 'for':
        if (statement.start) yield* this.#execute(statement.start);
        while (statement.condition === undefined || this.#isTrue(yield* this.#value(statement.condition))) {
          if (!(yield* this.#loop(statement.body))) return;
          if (statement.step) yield* this.#execute(statement.step);
        }
        return;
      case 'each':
        for (const key of Array.from(this.#array(statement.array).keys())) {
          this.#set(statement.variable, new Input(key));
          if (!(yield* this.#loop(statement.body))) return;
        }
        return;
      case 'delete':
        if (statement.keys === undefined) this.#array(statement.array).clear();
        else this.#array(statement.array).delete(yield* this.#key(statement.keys));
        return;
      case 'leave':
        throw new Leave(statement.how);
      default:
        throw new Leave(
          statement.kind,
          statement.value === undefined ? undefined : yield* this.#value(statement.value),
        );
    }
  }
  /** The body of a loop; false: it was left. */
  *#loop(body: Statement): Eval<boolean> {
    yield* this.#turn();
    try {
      yield* this.#execute(body);
    } catch (leave) {
      if (!(leave instanceof Leave)) throw leave;
      if (leave.how === 'break') return false;
      if (leave.how !== 'continue') throw leave;
    }
    return true;
  }
  *#print({ formatted, args, to }: Statement & { kind: 'print' }): Eval<void> {
    const values: Value[] = [];
    for (const arg of args) values.push(yield* this.#value(arg));
    const text = formatted
      ? format(
          this.#text(values[0]),
          values.slice(1).map((one) => (typeof one === 'number' ? one : this.#text(one))),
        )
      : (values.length === 0 ? this.#record : values.map((one) => this.#text(one)).join(this.#text(this.#get('OFS')))) +
        this.#text(this.#get('ORS'));
    if (to === undefined) {
      this.#tool.out(text);
      while (this.#tool.context.io.stdout.full) yield { event: true };
      if (this.#tool.context.io.stdout.broken) throw new Leave('exit', 0);
      return;
    }
    const where = this.#text(yield* this.#value(to.where));
    this.#output(to.how, where).write(text);
  }
  #output(how: '>' | '>>' | '|', where: string): { write(text: string): void } {
    const known = this.#outputs.get(where);
    if (known !== undefined) return known;
    const { io } = this.#tool.context;
    let made: { write(text: string): void; finish?(): Run };
    if (how === '|') {
      let held = '';
      made = {
        write: (text) => (held += text),
        finish: () => this.#tool.context.call(['sh', '-c', where], { io: { ...io, stdin: textSource(held) } }),
      };
    } else if (where === '/dev/stdout' || where === '-') made = io.stdout;
    else if (where === '/dev/stderr') made = io.stderr;
    else {
      const path = this.#tool.path(where);
      try {
        this.#tool.box.files.write(path, '', { append: how === '>>' });
      } catch (error) {
        if (!(error instanceof FileError)) throw error;
        throw new AwkFault(`can't open '${where}': ${error.message}`);
      }
      made = { write: (text) => this.#tool.box.files.write(path, text, { append: true }) };
    }
    this.#outputs.set(where, made);
    return made;
  }

  // --- expressions
  *#value(expression: Expression): Eval<Value> {
    switch (expression.kind) {
      case 'number':
      case 'text':
        return expression.value;
      case 'regex':
        return Number(patternOf(expression.source).matcher(this.#record).find());
      case 'variable':
        return this.#get(expression.name);
      case 'field':
        return this.#field(numberOf(yield* this.#value(expression.index)));
      case 'element': {
        const array = this.#array(expression.array);
        const key = yield* this.#key(expression.keys);
        if (!array.has(key)) array.set(key, undefined);
        return array.get(key);
      }
      case 'group': {
        let last: Value;
        for (const item of expression.items) last = yield* this.#value(item);
        return last;
      }
      case 'assign': {
        const value = yield* this.#value(expression.value);
        if (expression.operator === '=') return yield* this.#store(expression.target, value);
        const before = numberOf(yield* this.#value(expression.target));
        return yield* this.#store(expression.target, calculate(expression.operator.charAt(0), before, numberOf(value)));
      }
      case 'step': {
        const before = numberOf(yield* this.#value(expression.target));
        yield* this.#store(expression.target, before + expression.by);
        return expression.before ? before + expression.by : before;
      }
      case 'unary': {
        const value = yield* this.#value(expression.of);
        if (expression.operator === '!') return Number(!this.#isTrue(value));
        return expression.operator === '-' ? -numberOf(value) : numberOf(value);
      }
      case 'choice':
        return yield* this.#value(
          this.#isTrue(yield* this.#value(expression.condition)) ? expression.yes : expression.no,
        );
      case 'in':
        return Number(this.#array(expression.array).has(yield* this.#key(expression.keys)));
      case 'binary':
        return yield* this.#binary(expression);
      case 'getline':
        return yield* this.#getline(expression);
      default:
        return expression.own ? yield* this.#callOwn(expression) : yield* this.#callBuiltIn(expression);
    }
  }
  #field(index: number): Value {
    if (index < 0) throw new AwkFault(`Access to negative field`);
    const text = this.#fields[Math.trunc(index)];
    return text === undefined ? undefined : new Input(text);
  }
  *#store(target: Expression, value: Value): Eval<Value> {
    if (target.kind === 'variable') this.#set(target.name, value);
    else if (target.kind === 'field')
      this.#setField(Math.trunc(numberOf(yield* this.#value(target.index))), this.#text(value));
    else if (target.kind === 'element') this.#array(target.array).set(yield* this.#key(target.keys), value);
    return value;
  }
  *#binary({ operator, left, right }: Expression & { kind: 'binary' }): Eval<Value> {
    const a = yield* this.#value(left);
    if (operator === '&&') return Number(this.#isTrue(a) && this.#isTrue(yield* this.#value(right)));
    if (operator === '||') return Number(this.#isTrue(a) || this.#isTrue(yield* this.#value(right)));
    if (operator === '~' || operator === '!~') {
      const pattern = right.kind === 'regex' ? right.source : this.#text(yield* this.#value(right));
      return Number(patternOf(pattern).matcher(this.#text(a)).find() === (operator === '~'));
    }
    const b = yield* this.#value(right);
    if (operator === ' ') return this.#text(a) + this.#text(b);
    if ('+-*/%^'.includes(operator)) {
      if ((operator === '/' || operator === '%') && numberOf(b) === 0) throw new AwkFault('Division by zero');
      return calculate(operator, numberOf(a), numberOf(b));
    }
    const both = isNumeric(a) && isNumeric(b);
    const [x, y] = both ? [numberOf(a), numberOf(b)] : [this.#text(a), this.#text(b)];
    const order = x < y ? -1 : x > y ? 1 : 0;
    return Number(
      { '==': order === 0, '!=': order !== 0, '<': order < 0, '<=': order <= 0, '>': order > 0, '>=': order >= 0 }[
        operator
      ] ?? false,
    );
  }
  *#getline({ target, file, command }: Expression & { kind: 'getline' }): Eval<Value> {
    let line: string | undefined;
    if (file === undefined && command === undefined) {
      line = yield* this.#line();
      if (line !== undefined) this.#count();
    } else {
      const name = this.#text(yield* this.#value((file ?? command) as Expression));
      let known = this.#inputs.get(name);
      if (known === undefined) {
        let text: string | undefined;
        if (file) {
          const node = this.#tool.box.files.find(this.#tool.path(name));
          if (name === '-') {
            line = yield* readLine(this.#tool.context.io.stdin);
            text = undefined;
          } else text = node?.kind === 'file' ? node.data : undefined;
          if (text === undefined && line === undefined) return name === '-' ? 0 : -1;
        } else {
          const output = new Collector();
          yield* this.#tool.context.call(['sh', '-c', name], {
            io: { ...this.#tool.context.io, stdin: nothingIn, stdout: output },
          });
          ({ text } = output);
        }
        if (text !== undefined) {
          known = { lines: this.#split(text), at: 0 };
          this.#inputs.set(name, known);
        }
      }
      if (known) line = known.lines[known.at++];
      if (command && line !== undefined) this.#count();
    }
    if (line === undefined) return 0;
    if (target) yield* this.#store(target, new Input(line));
    else this.#setRecord(line);
    return 1;
  }

  *#callOwn({ name, args }: Expression & { kind: 'call' }): Eval<Value> {
    const called = this.#program.functions.get(name);
    if (called === undefined) throw new AwkFault('Call to undefined function');
    if (this.#frames.length > DEEPEST) throw new AwkFault('Out of memory');
    const frame = new Map<string, Value | Store>();
    for (const [index, parameter] of called.parameters.entries()) {
      const arg = args[index];
      if (arg === undefined) frame.set(parameter, undefined);
      else if (arg.kind === 'variable') {
        // an array is handed over itself; a name that is neither yet may become one
        const outer = this.#frames.at(-1);
        const found = outer?.has(arg.name) ? outer.get(arg.name) : this.#globals.get(arg.name);
        frame.set(
          parameter,
          found === undefined && usesAsArray(called.body, parameter) ? this.#array(arg.name) : found,
        );
      } else frame.set(parameter, yield* this.#value(arg));
    }
    this.#frames.push(frame);
    try {
      yield* this.#execute(called.body);
      return undefined;
    } catch (leave) {
      if (!(leave instanceof Leave) || leave.how !== 'return') throw leave;
      return leave.value;
    } finally {
      this.#frames.pop();
    }
  }
  *#callBuiltIn({ name, args }: Expression & { kind: 'call' }): Eval<Value> {
    const [first, second, third, fourth] = args;
    const text = function* (this: Awk, arg: Expression | undefined): Eval<string> {
      return arg === undefined ? '' : this.#text(yield* this.#value(arg));
    }.bind(this);
    const number = function* (this: Awk, arg: Expression | undefined): Eval<number> {
      return arg === undefined ? 0 : numberOf(yield* this.#value(arg));
    }.bind(this);
    const source = function* (this: Awk, arg: Expression | undefined): Eval<string> {
      return arg?.kind === 'regex' ? arg.source : this.#text(arg === undefined ? '' : yield* this.#value(arg));
    }.bind(this);
    switch (name) {
      case 'length': {
        if (first === undefined) return this.#record.length;
        if (first.kind === 'variable') {
          const frame = this.#frames.at(-1);
          const found = frame?.has(first.name) ? frame.get(first.name) : this.#globals.get(first.name);
          if (found instanceof Map) return found.size;
        }
        return (yield* text(first)).length;
      }
      case 'substr': {
        const whole = yield* text(first);
        const from = Math.round(yield* number(second));
        const length = third === undefined ? Infinity : Math.round(yield* number(third));
        const start = Math.max(from, 1);
        return whole.slice(start - 1, Math.max(start - 1, from + length - 1));
      }
      case 'index':
        return (yield* text(first)).indexOf(yield* text(second)) + 1;
      case 'split': {
        const whole = yield* text(first);
        const separator = third === undefined ? this.#text(this.#get('FS')) : yield* source(third);
        const array = this.#array(second?.kind === 'variable' ? second.name : '');
        array.clear();
        const parts =
          third?.kind === 'regex'
            ? whole === ''
              ? []
              : splitBy(whole, patternOf(separator))
            : this.#cut(whole, separator);
        parts.forEach((part, index) => array.set(String(index + 1), new Input(part)));
        return parts.length;
      }
      case 'sub':
      case 'gsub': {
        const pattern = patternOf(yield* source(first));
        const replacement = yield* text(second);
        const target: Expression = third ?? { kind: 'field', index: { kind: 'number', value: 0 } };
        const { changed, count } = substituted(yield* text(target), pattern, replacement, name === 'gsub');
        if (count > 0) yield* this.#store(target, changed);
        return count;
      }
      case 'gensub': {
        const how = yield* text(third);
        return substituted(
          fourth === undefined ? this.#record : yield* text(fourth),
          patternOf(yield* source(first)),
          yield* text(second),
          /^g/i.test(how),
        ).changed;
      }
      case 'match': {
        const matcher = patternOf(yield* source(second)).matcher(yield* text(first));
        const found = matcher.find();
        this.#set('RSTART', found ? matcher.start() + 1 : 0);
        this.#set('RLENGTH', found ? matcher.end() - matcher.start() : -1);
        return found ? matcher.start() + 1 : 0;
      }
      case 'sprintf': {
        const values: (string | number)[] = [];
        for (const arg of args.slice(1)) {
          const value = yield* this.#value(arg);
          values.push(typeof value === 'number' ? value : this.#text(value));
        }
        return format(yield* text(first), values);
      }
      case 'tolower':
        return (yield* text(first)).toLowerCase();
      case 'toupper':
        return (yield* text(first)).toUpperCase();
      case 'int':
        return Math.trunc(yield* number(first));
      case 'rand':
        return this.#tool.box.random();
      case 'srand': {
        const before = this.#seed;
        this.#seed = first === undefined ? Math.floor(this.#tool.box.now() / 1000) : yield* number(first);
        return before;
      }
      case 'atan2':
        return Math.atan2(yield* number(first), yield* number(second));
      case 'sin':
      case 'cos':
      case 'exp':
      case 'log':
      case 'sqrt':
        return Math[name](yield* number(first));
      case 'systime':
        return Math.floor(this.#tool.box.now() / 1000);
      case 'strftime':
        return formatDate(
          second === undefined ? this.#tool.box.now() : (yield* number(second)) * 1000,
          first === undefined ? '%c' : yield* text(first),
        );
      case 'system':
        return yield* this.#tool.context.call(['sh', '-c', yield* text(first)]);
      case 'close': {
        const what = yield* text(first);
        const open = this.#outputs.get(what);
        this.#outputs.delete(what);
        this.#inputs.delete(what);
        return open?.finish ? yield* open.finish() : 0;
      }
      case 'and':
        return (yield* number(first)) & (yield* number(second));
      case 'or':
        return (yield* number(first)) | (yield* number(second));
      case 'xor':
        return (yield* number(first)) ^ (yield* number(second));
      case 'lshift':
        return (yield* number(first)) << (yield* number(second));
      case 'rshift':
        return (yield* number(first)) >> (yield* number(second));
      default:
        return 0;
    }
  }
}

const calculate = (operator: string, a: number, b: number): number =>
  operator === '+'
    ? a + b
    : operator === '-'
      ? a - b
      : operator === '*'
        ? a * b
        : operator === '/'
          ? a / b
          : operator === '%'
            ? a % b
            : a ** b;

function splitBy(text: string, pattern: RE2JS): string[] {
  const matcher = pattern.matcher(text);
  const parts: string[] = [];
  let last = 0;
  while (matcher.find()) {
    if (matcher.end() === matcher.start()) continue;
    parts.push(text.slice(last, matcher.start()));
    last = matcher.end();
  }
  parts.push(text.slice(last));
  return parts;
}
function substituted(
  text: string,
  pattern: RE2JS,
  replacement: string,
  all: boolean,
): { changed: string; count: number } {
  const matcher = pattern.matcher(text);
  let changed = '';
  let last = 0;
  let count = 0;
  while (matcher.find()) {
    count++;
    const found = matcher.group() ?? '';
    changed +=
      text.slice(last, matcher.start()) +
      replacement.replace(/\\\\|\\&|&/g, (one) => (one === '&' ? found : one === '\\&' ? '&' : '\\'));
    last = matcher.end();
    if (!all) break;
  }
  return { changed: changed + text.slice(last), count };
}
function usesAsArray(statement: unknown, name: string): boolean {
  return (
    JSON.stringify(statement).includes(`"array":${JSON.stringify(name)}`) ||
    JSON.stringify(statement).includes(`"kind":"variable","name":${JSON.stringify(name)}`)
  );
}
