/** Variables, programs by name, conditions and sums. */
import type { Context, Program } from '../shell/box.ts';
import type { Run } from '../shell/coroutine.ts';
import { BadNumber, test } from '../shell/condition.ts';
import { DEFAULT_PATH, findProgram } from '../shell/programs.ts';
import { instant } from './tool.ts';

function* envProgram(context: Context): Run {
  const env = new Map(context.env);
  let at = 1;
  for (; at < context.argv.length; at++) {
    const word = context.argv[at] ?? '';
    const equals = word.indexOf('=');
    if (word === '-i' || word === '-') env.clear();
    else if (word === '-u') env.delete(context.argv[++at] ?? '');
    else if (equals > 0) env.set(word.slice(0, equals), word.slice(equals + 1));
    else break;
  }
  if (at < context.argv.length) return yield* context.call(context.argv.slice(at), { env });
  for (const [name, value] of env) context.io.stdout.write(`${name}=${value}\n`);
  return 0;
}

const testProgram: Program = instant((tool) => {
  const bracket = tool.name === '[';
  const { files } = tool.box;
  try {
    const words = bracket ? tool.args.slice(0, -1) : tool.args;
    return test(words, { files, cwd: tool.context.cwd, get: (name) => tool.context.env.get(name) }) ? 0 : 1;
  } catch (error) {
    if (!(error instanceof BadNumber)) throw error;
    tool.problem(`bad number '${error.message}'`, 2);
    return 2;
  }
});

export const ENVIRONMENT: Readonly<Record<string, Program>> = {
  test: testProgram,
  '[': testProgram,
  true: instant(() => 0),
  false: instant(() => 1),
  env: envProgram,
  printenv: instant((tool) => {
    if (tool.operands.length === 0) for (const [name, value] of tool.context.env) tool.out(`${name}=${value}\n`);
    for (const name of tool.operands) {
      const value = tool.context.env.get(name);
      if (value === undefined) tool.code = 1;
      else tool.out(`${value}\n`);
    }
  }),
  which: instant((tool) => {
    for (const name of tool.operands) {
      const found = findProgram(tool.box, name, tool.context.env.get('PATH') ?? DEFAULT_PATH, tool.context.cwd);
      if (typeof found === 'string') tool.code = 1;
      else tool.out(`${found.path}\n`);
    }
  }),
  expr: instant((tool) => {
    const [left = '', operator, right = ''] = tool.args;
    if (operator === undefined) {
      tool.out(`${left}\n`);
      return left === '' || left === '0' ? 1 : 0;
    }
    const [a, b] = [Number(left), Number(right)];
    const both = !Number.isNaN(a) && !Number.isNaN(b);
    const results: Record<string, () => string | number> = {
      '+': () => a + b,
      '-': () => a - b,
      '*': () => a * b,
      '/': () => Math.trunc(a / b),
      '%': () => a % b,
      '=': () => Number(left === right),
      '!=': () => Number(left !== right),
      '<': () => Number(both ? a < b : left < right),
      '>': () => Number(both ? a > b : left > right),
      '<=': () => Number(both ? a <= b : left <= right),
      '>=': () => Number(both ? a >= b : left >= right),
    };
    const result = results[operator]?.();
    if (result === undefined || ('+-*/%'.includes(operator) && !both)) {
      tool.problem(tool.gnu ? 'non-integer argument' : 'invalid number', 2);
      return 2;
    }
    tool.out(`${result}\n`);
    return result === 0 || result === '' ? 1 : 0;
  }),
};
