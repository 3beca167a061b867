/** Variables, programs by name, conditions and sums. */
import type { Context, Program } from '../shell/box.ts';
import type { Run } from '../shell/coroutine.ts';
import { test, TestFault } from '../shell/condition.ts';
import { DEFAULT_PATH, findProgram } from '../shell/programs.ts';
import { instant } from './tool.ts';
import { usage } from './usage.ts';

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
  if (at < context.argv.length) {
    const [name = ''] = context.argv.slice(at);
    const found = findProgram(context.box, name, env.get('PATH') ?? DEFAULT_PATH, context.cwd);
    if (typeof found === 'string') {
      const why = found === 'missing' ? 'No such file or directory' : 'Permission denied';
      context.io.stderr.write(
        context.box.flavour === 'gnu' ? `env: '${name}': ${why}\n` : `env: can't execute '${name}': ${why}\n`,
      );
      return found === 'missing' ? 127 : 126;
    }
    return yield* context.call(context.argv.slice(at), { env });
  }
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
    if (!(error instanceof TestFault)) throw error;
    tool.problem(error.fault === 'number' ? `invalid integer '${error.word}'` : `extra argument '${error.word}'`, 2);
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
    if (tool.operands.length === 0 && !tool.gnu) return usage(tool);
    for (const name of tool.operands) {
      const found = findProgram(tool.box, name, tool.context.env.get('PATH') ?? DEFAULT_PATH, tool.context.cwd);
      if (typeof found === 'string') tool.code = 1;
      else tool.out(`${found.path}\n`);
    }
    return tool.code;
  }),
};
