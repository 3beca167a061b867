/** Programs that print what they read: whole, from its end, reversed, numbered. */
import type { Program } from '../shell/box.ts';
import { readSome, type Wait } from '../shell/coroutine.ts';
import { inputs, openWords } from './input.ts';
import { lasting, linesOf, type Tool } from './tool.ts';

/** Letters that can't be seen, with -v; ends with -E, tabs with -T; -A, -e and -t are all that in short. */
function visible(tool: Tool, line: string): string {
  let shown = line;
  if (tool.has('v', 'A', 'e', 't')) {
    // oxlint-disable-next-line no-control-regex -- these are the letters in question
    shown = shown.replace(/[\x00-\x08\x0b-\x1f\x7f-\xff]/g, (char) => {
      const code = char.charCodeAt(0);
      const low = code & 127;
      return `${code > 127 ? 'M-' : ''}${low < 32 ? `^${String.fromCharCode(low + 64)}` : low === 127 ? '^?' : String.fromCharCode(low)}`;
    });
  }
  if (tool.has('T', 'A', 't')) shown = shown.replaceAll('\t', '^I');
  return tool.has('E', 'A', 'e') ? shown.replace('\n', '$\n') : shown;
}

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
    let blank = false;
    for (const whole of text.split(/(?<=\n)/)) {
      const isBlank = whole === '\n';
      if (tool.has('s') && isBlank && blank) continue;
      blank = isBlank;
      const numbered = tool.has('b') ? !isBlank : tool.has('n');
      tool.out((numbered ? `${String(++line).padStart(6)}\t` : '') + visible(tool, whole));
    }
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
    const style = tool.values.get('b') ?? 't';
    const width = Number(tool.values.get('w') ?? 6);
    let number = Number(tool.values.get('v') ?? 1);
    for (const line of linesOf(yield* inputs(tool, tool.operands))) {
      if (style === 'a' || (style === 't' && line !== '')) {
        tool.out(`${String(number++).padStart(width)}${tool.values.get('s') ?? '\t'}${line}\n`);
      } else tool.out(`${' '.repeat(width + 1)}${line}\n`);
    }
  }, 'bwsvi'),
};
