/** Programs that print what they read: whole, from its end, reversed, numbered. */
import type { Program } from '../shell/box.ts';
import { readSome, type Wait } from '../shell/coroutine.ts';
import { inputs, openWords } from './input.ts';
import { lasting, linesOf, type Tool } from './tool.ts';

function* cat(tool: Tool): Generator<Wait, void, void> {
  let line = 0;
  for (const name of tool.operands.length === 0 ? ['-'] : tool.operands) {
    const node = name === '-' ? undefined : tool.box.files.find(tool.path(name));
    if (name === '-' || (node?.kind === 'device' && (node.name === 'stdin' || node.name === 'tty'))) {
      for (;;) {
        const bytes = yield* readSome(tool.context.io.stdin);
        if (bytes === '') break;
        tool.out(bytes);
        while (tool.context.io.stdout.full) yield { event: true };
      }
      continue;
    }
    if (node?.kind === 'device' && node.name !== 'null') {
      while (!tool.context.io.stdout.broken) {
        tool.out('\0'.repeat(4096));
        yield tool.context.io.stdout.full ? { event: true } : {};
      }
      return;
    }
    const text = yield* tool.input(name, openWords(tool, name));
    if (text === undefined) continue;
    if (tool.has('n')) for (const one of linesOf(text)) tool.out(`${String(++line).padStart(6)}\t${one}\n`);
    else tool.out(tool.has('A') ? text.replace(/\t/g, '^I').replace(/\n/g, '$\n') : text);
  }
}

export const CAT: Readonly<Record<string, Program>> = {
  cat: lasting(cat),
  tac: lasting(function* tac(tool) {
    tool.out(
      linesOf(yield* inputs(tool, tool.operands))
        .toReversed()
        .map((line) => `${line}\n`)
        .join(''),
    );
  }),
  rev: lasting(function* rev(tool) {
    tool.out(
      linesOf(yield* inputs(tool, tool.operands))
        .map((line) => `${Array.from(line).toReversed().join('')}\n`)
        .join(''),
    );
  }),
  nl: lasting(function* nl(tool) {
    linesOf(yield* inputs(tool, tool.operands)).forEach((line, index) =>
      tool.out(line === '' ? '\n' : `${String(index + 1).padStart(6)}\t${line}\n`),
    );
  }),
};
