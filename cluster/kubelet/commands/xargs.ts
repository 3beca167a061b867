/** Programs that run others with words they read. */
import type { Program } from '../shell/box.ts';
import { readAll } from '../shell/coroutine.ts';
import { lasting, linesOf } from './tool.ts';

export const XARGS: Readonly<Record<string, Program>> = {
  xargs: lasting(function* xargs(tool) {
    const at = tool.args.findIndex(
      (word, index) => !word.startsWith('-') && !/^-[nIL]$/.test(tool.args[index - 1] ?? ''),
    );
    const command = at === -1 ? ['echo'] : tool.args.slice(at);
    const holder = tool.values.get('I');
    const words =
      holder === undefined
        ? (yield* readAll(tool.context.io.stdin)).split(/[ \t\n]+/).filter((word) => word !== '')
        : linesOf(yield* readAll(tool.context.io.stdin));
    const size = holder === undefined ? Number(tool.values.get('n') ?? Math.max(words.length, 1)) : 1;
    let code = 0;
    for (let index = 0; index < Math.max(words.length, holder === undefined && !tool.has('r') ? 1 : 0); index += size) {
      const chunk = words.slice(index, index + size);
      const argv =
        holder === undefined ? [...command, ...chunk] : command.map((word) => word.replaceAll(holder, chunk[0] ?? ''));
      if ((yield* tool.context.call(argv)) !== 0) code = 123;
    }
    return code;
  }, 'nIL'),
};
