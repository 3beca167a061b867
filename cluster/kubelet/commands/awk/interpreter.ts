/** Runs an awk program over its input, and lets others have their turn while it does. */
import type { Run, Wait } from '../../shell/coroutine.ts';
import { format } from '../format.ts';
import type { Tool } from '../tool.ts';
import { callBuiltIn } from './functions.ts';
import { Outputs } from './outputs.ts';
import { Records } from './records.ts';
import { AwkFault, type AwkProgram, type Expression, type Statement } from './syntax.ts';
import { calculate, Input, isNumeric, isTrue, numberOf, patternOf, textOf, type Store, type Value } from './values.ts';
import { Variables } from './variables.ts';

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
export class Awk {
  readonly tool: Tool;
  readonly variables: Variables;
  readonly records: Records;
  readonly outputs: Outputs;
  seed = 0;
  readonly #program: AwkProgram;
  #steps = 0;
  readonly #ranges = new Set<object>();
  #inEnd = false;
  code = 0;

  constructor(tool: Tool, program: AwkProgram, operands: readonly string[], separator: string | undefined) {
    this.tool = tool;
    this.#program = program;
    this.variables = new Variables(tool, operands, separator);
    this.records = new Records(tool, this.variables, operands);
    this.outputs = new Outputs(tool);
  }
  /** `-v name=value` */
  assign(name: string, value: string): void {
    this.variables.assign(name, value);
  }

  *run(): Run {
    const { rules } = this.#program;
    const always = rules.filter(({ when }) => when !== 'BEGIN' && when !== 'END');
    try {
      for (const { when, body } of rules) if (when === 'BEGIN' && body) yield* this.#execute(body);
      if (always.length > 0 || rules.some(({ when }) => when === 'END')) {
        while (yield* this.records.next()) yield* this.#match();
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
  *#close(): Run {
    yield* this.outputs.closeAll();
    return (this.code || this.records.code) & 255;
  }
  *#match(): Eval<void> {
    try {
      for (const { when, body } of this.#program.rules) {
        if (when === 'BEGIN' || when === 'END') continue;
        if (when !== 'always') {
          if (when.to === undefined) {
            if (!isTrue(yield* this.value(when.from))) continue;
          } else if (!this.#ranges.has(when)) {
            if (!isTrue(yield* this.value(when.from))) continue;
            if (!isTrue(yield* this.value(when.to))) this.#ranges.add(when);
          } else if (isTrue(yield* this.value(when.to))) this.#ranges.delete(when);
        }
        if (body) yield* this.#execute(body);
        else this.tool.out(this.variables.record + this.variables.text(this.variables.get('ORS')));
      }
    } catch (leave) {
      if (!(leave instanceof Leave) || (leave.how !== 'next' && leave.how !== 'nextfile')) throw leave;
      if (leave.how === 'nextfile') this.records.skipFile();
    }
  }

  *#key(keys: readonly Expression[]): Eval<string> {
    const parts: string[] = [];
    for (const key of keys) parts.push(this.variables.text(yield* this.value(key)));
    return parts.join(this.variables.text(this.variables.get('SUBSEP')));
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
        yield* this.value(statement.of);
        return;
      case 'print':
        yield* this.#print(statement);
        return;
      case 'if':
        if (isTrue(yield* this.value(statement.condition))) yield* this.#execute(statement.yes);
        else if (statement.no) yield* this.#execute(statement.no);
        return;
      case 'while':
        if (statement.once && !(yield* this.#loop(statement.body))) return;
        while (isTrue(yield* this.value(statement.condition))) if (!(yield* this.#loop(statement.body))) return;
        return;
      case 'for':
        if (statement.start) yield* this.#execute(statement.start);
        while (statement.condition === undefined || isTrue(yield* this.value(statement.condition))) {
          if (!(yield* this.#loop(statement.body))) return;
          if (statement.step) yield* this.#execute(statement.step);
        }
        return;
      case 'each':
        for (const key of Array.from(this.variables.array(statement.array).keys())) {
          this.variables.set(statement.variable, new Input(key));
          if (!(yield* this.#loop(statement.body))) return;
        }
        return;
      case 'delete':
        if (statement.keys === undefined) this.variables.array(statement.array).clear();
        else this.variables.array(statement.array).delete(yield* this.#key(statement.keys));
        return;
      case 'leave':
        throw new Leave(statement.how);
      default:
        throw new Leave(statement.kind, statement.value === undefined ? undefined : yield* this.value(statement.value));
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
    for (const arg of args) values.push(yield* this.value(arg));
    const text = formatted
      ? format(
          this.variables.text(values[0]),
          values.slice(1).map((one) => (typeof one === 'number' ? one : this.variables.text(one))),
        )
      : (values.length === 0
          ? this.variables.record
          : values.map((one) => this.#printed(one)).join(this.variables.text(this.variables.get('OFS')))) +
        this.variables.text(this.variables.get('ORS'));
    if (to === undefined) {
      this.tool.out(text);
      while (this.tool.context.io.stdout.full) yield { event: true };
      if (this.tool.context.io.stdout.broken) throw new Leave('exit', 0);
      return;
    }
    const where = this.variables.text(yield* this.value(to.where));
    this.outputs.to(to.how, where).write(text);
  }
  /** As print has it: numbers by OFMT. */
  #printed(value: Value): string {
    return typeof value === 'number' ? textOf(value, textOf(this.variables.get('OFMT'))) : this.variables.text(value);
  }

  // --- expressions
  *value(expression: Expression): Eval<Value> {
    switch (expression.kind) {
      case 'number':
      case 'text':
        return expression.value;
      case 'regex':
        return Number(patternOf(expression.source).matcher(this.variables.record).find());
      case 'variable':
        return this.variables.get(expression.name);
      case 'field':
        return this.#field(numberOf(yield* this.value(expression.index)));
      case 'element': {
        const array = this.variables.array(expression.array);
        const key = yield* this.#key(expression.keys);
        if (!array.has(key)) array.set(key, undefined);
        return array.get(key);
      }
      case 'group': {
        let last: Value;
        for (const item of expression.items) last = yield* this.value(item);
        return last;
      }
      case 'assign': {
        const value = yield* this.value(expression.value);
        if (expression.operator === '=') return yield* this.store(expression.target, value);
        const before = numberOf(yield* this.value(expression.target));
        return yield* this.store(expression.target, calculate(expression.operator.charAt(0), before, numberOf(value)));
      }
      case 'step': {
        const before = numberOf(yield* this.value(expression.target));
        yield* this.store(expression.target, before + expression.by);
        return expression.before ? before + expression.by : before;
      }
      case 'unary': {
        const value = yield* this.value(expression.of);
        if (expression.operator === '!') return Number(!isTrue(value));
        return expression.operator === '-' ? -numberOf(value) : numberOf(value);
      }
      case 'choice':
        return yield* this.value(isTrue(yield* this.value(expression.condition)) ? expression.yes : expression.no);
      case 'in':
        return Number(this.variables.array(expression.array).has(yield* this.#key(expression.keys)));
      case 'binary':
        return yield* this.#binary(expression);
      case 'getline':
        return yield* this.#getline(expression);
      default:
        return expression.own ? yield* this.#callOwn(expression) : yield* callBuiltIn(this, expression);
    }
  }
  #field(index: number): Value {
    if (index < 0) throw new AwkFault(`Access to negative field`);
    return this.variables.field(index);
  }
  *store(target: Expression, value: Value): Eval<Value> {
    if (target.kind === 'variable') this.variables.set(target.name, value);
    else if (target.kind === 'field')
      this.variables.setField(Math.trunc(numberOf(yield* this.value(target.index))), this.variables.text(value));
    else if (target.kind === 'element') this.variables.array(target.array).set(yield* this.#key(target.keys), value);
    return value;
  }
  *#binary({ operator, left, right }: Expression & { kind: 'binary' }): Eval<Value> {
    const a = yield* this.value(left);
    if (operator === '&&') return Number(isTrue(a) && isTrue(yield* this.value(right)));
    if (operator === '||') return Number(isTrue(a) || isTrue(yield* this.value(right)));
    if (operator === '~' || operator === '!~') {
      const pattern = right.kind === 'regex' ? right.source : this.variables.text(yield* this.value(right));
      return Number(patternOf(pattern).matcher(this.variables.text(a)).find() === (operator === '~'));
    }
    const b = yield* this.value(right);
    if (operator === ' ') return this.variables.text(a) + this.variables.text(b);
    if ('+-*/%^'.includes(operator)) {
      if ((operator === '/' || operator === '%') && numberOf(b) === 0) throw new AwkFault('Division by zero');
      return calculate(operator, numberOf(a), numberOf(b));
    }
    const both = isNumeric(a) && isNumeric(b);
    const [x, y] = both ? [numberOf(a), numberOf(b)] : [this.variables.text(a), this.variables.text(b)];
    const order = x < y ? -1 : x > y ? 1 : 0;
    return Number(
      { '==': order === 0, '!=': order !== 0, '<': order < 0, '<=': order <= 0, '>': order > 0, '>=': order >= 0 }[
        operator
      ] ?? false,
    );
  }
  *#getline({ target, file, command }: Expression & { kind: 'getline' }): Eval<Value> {
    const from = file ?? command;
    const source =
      from === undefined
        ? undefined
        : { name: this.variables.text(yield* this.value(from)), isCommand: file === undefined };
    const line = yield* this.records.line(source);
    if (typeof line === 'number') return line;
    if (target) yield* this.store(target, new Input(line));
    else this.variables.setRecord(line);
    return 1;
  }

  *#callOwn({ name, args }: Expression & { kind: 'call' }): Eval<Value> {
    const called = this.#program.functions.get(name);
    if (called === undefined) throw new AwkFault('Call to undefined function');
    if (this.variables.frames.length > DEEPEST) throw new AwkFault('Out of memory');
    const frame = new Map<string, Value | Store>();
    for (const [index, parameter] of called.parameters.entries()) {
      const arg = args[index];
      if (arg === undefined) frame.set(parameter, undefined);
      else if (arg.kind === 'variable') {
        // an array is handed over itself; a name that is neither yet may become one
        const found = this.variables.found(arg.name);
        frame.set(
          parameter,
          found === undefined && usesAsArray(called.body, parameter) ? this.variables.array(arg.name) : found,
        );
      } else frame.set(parameter, yield* this.value(arg));
    }
    this.variables.frames.push(frame);
    try {
      yield* this.#execute(called.body);
      return undefined;
    } catch (leave) {
      if (!(leave instanceof Leave) || leave.how !== 'return') throw leave;
      return leave.value;
    } finally {
      this.variables.frames.pop();
    }
  }
}

function usesAsArray(statement: unknown, name: string): boolean {
  return (
    JSON.stringify(statement).includes(`"array":${JSON.stringify(name)}`) ||
    JSON.stringify(statement).includes(`"kind":"variable","name":${JSON.stringify(name)}`)
  );
}
