/** The functions that awk has itself. */
import type { Wait } from '../../shell/coroutine.ts';
import { formatDate } from '../date.ts';
import { format } from '../format.ts';
import type { Tool } from '../tool.ts';
import type { Outputs } from './outputs.ts';
import type { Records } from './records.ts';
import type { Expression } from './syntax.ts';
import { Input, numberOf, patternOf, splitBy, substituted, type Value } from './values.ts';
import type { Variables } from './variables.ts';

type Eval<T> = Generator<Wait, T, void>;
/** What a function asks of the program that calls it. */
export interface Evaluator {
  readonly tool: Tool;
  readonly variables: Variables;
  readonly records: Records;
  readonly outputs: Outputs;
  /** What random numbers were begun with. */
  seed: number;
  value(expression: Expression): Eval<Value>;
  store(target: Expression, value: Value): Eval<Value>;
}

/** Calls one of awk's own functions. */
export function* callBuiltIn(awk: Evaluator, { name, args }: Expression & { kind: 'call' }): Eval<Value> {
  const { tool, variables } = awk;
  const [first, second, third, fourth] = args;
  const text = function* (arg: Expression | undefined): Eval<string> {
    return arg === undefined ? '' : variables.text(yield* awk.value(arg));
  };
  const number = function* (arg: Expression | undefined): Eval<number> {
    return arg === undefined ? 0 : numberOf(yield* awk.value(arg));
  };
  const source = function* (arg: Expression | undefined): Eval<string> {
    return arg?.kind === 'regex' ? arg.source : variables.text(arg === undefined ? '' : yield* awk.value(arg));
  };
  switch (name) {
    case 'length': {
      if (first === undefined) return variables.record.length;
      if (first.kind === 'variable') {
        const found = variables.found(first.name);
        if (found instanceof Map) return found.size;
      }
      return (yield* text(first)).length;
    }
    case 'substr': {
      const whole = yield* text(first);
      const from = Math.round(yield* number(second));
      const length = third === undefined ? Infinity : Math.round(yield* number(third));
      if (tool.gnu) {
        // mawk takes a beginning before the first letter for nothing
        const start = Math.max(from, 1);
        return whole.slice(start - 1, Math.max(start - 1, from + length - 1));
      }
      const start = Math.max(from, 1) - 1;
      return length <= 0 ? '' : whole.slice(start, start + length);
    }
    case 'index':
      return (yield* text(first)).indexOf(yield* text(second)) + 1;
    case 'split': {
      const whole = yield* text(first);
      const separator = third === undefined ? variables.text(variables.get('FS')) : yield* source(third);
      const array = variables.array(second?.kind === 'variable' ? second.name : '');
      array.clear();
      const parts =
        third?.kind === 'regex'
          ? whole === ''
            ? []
            : splitBy(whole, patternOf(separator))
          : variables.cut(whole, separator);
      parts.forEach((part, index) => array.set(String(index + 1), new Input(part)));
      return parts.length;
    }
    case 'sub':
    case 'gsub': {
      const pattern = patternOf(yield* source(first));
      const replacement = yield* text(second);
      const target: Expression = third ?? { kind: 'field', index: { kind: 'number', value: 0 } };
      const { changed, count } = substituted(yield* text(target), pattern, replacement, name === 'gsub');
      if (count > 0) yield* awk.store(target, changed);
      return count;
    }
    case 'gensub': {
      const how = yield* text(third);
      return substituted(
        fourth === undefined ? variables.record : yield* text(fourth),
        patternOf(yield* source(first)),
        yield* text(second),
        /^g/i.test(how),
      ).changed;
    }
    case 'match': {
      const matcher = patternOf(yield* source(second)).matcher(yield* text(first));
      const found = matcher.find();
      variables.set('RSTART', found ? matcher.start() + 1 : 0);
      variables.set('RLENGTH', found ? matcher.end() - matcher.start() : -1);
      return found ? matcher.start() + 1 : 0;
    }
    case 'sprintf': {
      const values: (string | number)[] = [];
      for (const arg of args.slice(1)) {
        const value = yield* awk.value(arg);
        values.push(typeof value === 'number' ? value : variables.text(value));
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
      return tool.box.random();
    case 'srand': {
      const before = awk.seed;
      awk.seed = first === undefined ? Math.floor(tool.box.now() / 1000) : yield* number(first);
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
      return Math.floor(tool.box.now() / 1000);
    case 'strftime':
      return formatDate(
        second === undefined ? tool.box.now() : (yield* number(second)) * 1000,
        first === undefined ? '%c' : yield* text(first),
      );
    case 'system':
      return yield* tool.context.call(['sh', '-c', yield* text(first)]);
    case 'close': {
      const what = yield* text(first);
      awk.records.close(what);
      return yield* awk.outputs.close(what);
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
