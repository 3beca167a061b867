/** node: its version and `console.log` of a text. Anything else it says it can't run here. */
import { normalisePath } from '../files/file-view.ts';
import type { Context, Program } from '../shell/box.ts';
import { readAll, type Run } from '../shell/coroutine.ts';
import { textOf } from './serve.ts';

export const nodeProgram = (version: string): Program =>
  function* node({ io, argv, box, cwd }): Run {
    const [first, second = ''] = argv.slice(1);
    if (first === '-v' || first === '--version') {
      io.stdout.write(`v${version}\n`);
      return 0;
    }
    const evaluates = first === '-e' || first === '--eval' || first === '-p' || first === '--print';
    const path = first === undefined || evaluates ? undefined : normalisePath(first, cwd);
    const text = evaluates ? second : path === undefined ? yield* readAll(io.stdin) : textOf(box, path);
    if (text === undefined) {
      io.stderr.write(
        `node:internal/modules/cjs/loader:1459\n  throw err;\n  ^\n\nError: Cannot find module '${path ?? ''}'\n    at Module._resolveFilename (node:internal/modules/cjs/loader:1456:15)\n    at node:internal/main/run_main_module:33:47 {\n  code: 'MODULE_NOT_FOUND',\n  requireStack: []\n}\n\nNode.js v${version}\n`,
      );
      return 1;
    }
    for (const line of text.split(/[\n;]/).map((one) => one.trim())) {
      if (line === '') continue;
      const [, double, single] = /^console\.log\((?:"([^"\\]*)"|'([^'\\]*)'|`[^`$]*`)\)$/.exec(line) ?? [];
      if (double === undefined && single === undefined) {
        io.stderr.write("node: can't run this script here: the simulated cluster has no Node.js\n");
        return 1;
      }
      io.stdout.write(`${double ?? single}\n`);
    }
    return 0;
  };

/** Options and what is no program are for node. */
export function* nodeEntrypoint({ argv, call, box }: Context): Run {
  const words = argv.slice(1);
  const [first = ''] = words;
  const isScript = /\.[cm]?js$/.test(first) && box.files.find(normalisePath(first)) !== undefined;
  return yield* call(first.startsWith('-') || isScript ? ['node', ...words] : words);
}
