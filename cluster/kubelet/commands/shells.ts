/** The shells, as programs. */
import { FileError, normalisePath } from '../files/file-view.ts';
import type { Program } from '../shell/box.ts';
import { readAll, type Run } from '../shell/coroutine.ts';
import { interactiveShell } from '../shell/interactive.ts';
import { Shell } from '../shell/shell.ts';
import type { ShellOptions } from '../shell/state.ts';

export const shellProgram = (kind: ShellOptions['kind']): Program =>
  function* shell(context): Run {
    const [called = 'sh', ...words] = context.argv;
    const name = called.replace(/^-/, '').split('/').at(-1) ?? 'sh';
    const options = new Set<string>();
    let script: string | undefined;
    let interactive = false;
    let at = 0;
    for (; at < words.length; at++) {
      const word = words[at] ?? '';
      if (word === '--') {
        at++;
        break;
      }
      if (/^--\w/.test(word)) continue;
      if (!/^[-+][a-zA-Z]+$/.test(word)) break;
      if (word.includes('o')) {
        const long = words[++at] ?? '';
        options.add({ errexit: 'e', nounset: 'u', xtrace: 'x' }[long] ?? long);
        if (!/[ceux]/.test(word)) continue;
      }
      for (const letter of word.slice(1)) if ('eux'.includes(letter)) options.add(letter);
      if (word.includes('i')) interactive = true;
      if (word.includes('c')) {
        script = words[++at] ?? '';
        at++;
        break;
      }
    }
    const make = (rest: Partial<ShellOptions>): Shell => {
      const made = new Shell({ context, name, kind, ...rest });
      for (const option of options) made.options.add(option);
      return made;
    };
    if (script !== undefined)
      return yield* make({ name: words[at] ?? name, positional: words.slice(at + 1) }).script(script);
    const file = words[at];
    if (file !== undefined) {
      try {
        const text = context.box.files.read(normalisePath(file, context.cwd));
        return yield* make({ name: file, positional: words.slice(at + 1), fromFile: true }).script(text);
      } catch (error) {
        if (!(error instanceof FileError)) throw error;
        const said =
          kind === 'bash'
            ? `${file}: ${error.message}`
            : kind === 'dash'
              ? `0: cannot open ${file}: No such file`
              : `can't open '${file}': ${error.message}`;
        context.io.stderr.write(`${name}: ${said}\n`);
        return kind === 'bash' ? 127 : 2;
      }
    }
    if (interactive || context.io.stdin.isTerminal) return yield* interactiveShell(make({ interactive: true }));
    return yield* make({}).script(yield* readAll(context.io.stdin));
  };
