/** The first and the last of a text; `tail -f` follows it. */
import type { Program } from '../shell/box.ts';
import { readAll, readLine, readSome, type Wait } from '../shell/coroutine.ts';
import { inputs } from './input.ts';
import { lasting, linesOf, type Tool } from './tool.ts';

const count = (tool: Tool, letter: string, otherwise: string): string => {
  const short = tool.args.find((word, index) => /^-\d+$/.test(word) && !/^-\w*[nc]$/.test(tool.args[index - 1] ?? ''));
  return short === undefined ? (tool.values.get(letter) ?? otherwise) : short.slice(1);
};

function* head(tool: Tool): Generator<Wait, number | void, void> {
  const asked = tool.values.get('n');
  if (asked !== undefined && !/^[-+]?\d+[a-zA-Z]?$/.test(asked)) {
    tool.problem(tool.gnu ? `invalid number of lines: '${asked}'` : `invalid number '${asked}'`);
    return 1;
  }
  const bytes = tool.values.get('c');
  const { stdin } = tool.context.io;
  if (tool.operands.length === 0) {
    // only as much as is wanted is read: what comes after may be for another
    if (bytes !== undefined) {
      let text = '';
      while (text.length < Number(bytes)) {
        const more = yield* readSome(stdin);
        if (more === '') break;
        text += more;
      }
      tool.out(text.slice(0, Number(bytes)));
      stdin.untake(text.slice(Number(bytes)));
      return;
    }
    const wanted = count(tool, 'n', '10');
    if (wanted.startsWith('-')) {
      tool.out(
        linesOf(yield* readAll(stdin))
          .slice(0, Number(wanted))
          .map((line) => `${line}\n`)
          .join(''),
      );
      return;
    }
    for (let left = Number(wanted); left > 0; left--) {
      const line = yield* readLine(stdin);
      if (line === undefined) return;
      tool.out(`${line}\n`);
    }
    return;
  }
  const many = (tool.operands.length > 1 && !tool.has('q')) || tool.has('v');
  let shown = 0;
  for (const name of tool.operands) {
    const before = tool.code;
    tool.code = 0;
    const text = yield* inputs(tool, [name]);
    if (tool.code !== 0) continue;
    tool.code = before;
    if (many) tool.out(`${shown++ > 0 ? '\n' : ''}==> ${name} <==\n`);
    const lines = Number(count(tool, 'n', '10'));
    if (bytes !== undefined) tool.out(text.slice(0, Number(bytes)));
    else
      tool.out(
        linesOf(text)
          .slice(0, lines)
          .map((line) => `${line}\n`)
          .join(''),
      );
  }
}

function* tail(tool: Tool): Generator<Wait, void, void> {
  const wanted = count(tool, 'n', '10');
  const follows = tool.has('f', 'F', 'follow');
  const show = (text: string) => {
    const bytes = tool.values.get('c');
    if (bytes !== undefined)
      tool.out(bytes.startsWith('+') ? text.slice(Number(bytes) - 1) : text.slice(-Number(bytes)));
    else {
      const lines = text.split(/(?<=\n)/);
      tool.out(
        wanted.startsWith('+')
          ? lines.slice(Number(wanted) - 1).join('')
          : Number(wanted) === 0
            ? ''
            : lines.slice(-Number(wanted)).join(''),
      );
    }
  };
  if (tool.operands.length === 0) {
    show(yield* readAll(tool.context.io.stdin));
    return;
  }
  const seen = new Map<string, number>();
  for (const name of tool.operands) {
    const node = tool.box.files.find(tool.path(name));
    if (node?.kind === 'device') {
      // a device has no end: who follows it waits for good
      if (follows) for (;;) yield { until: Infinity };
      continue;
    }
    const text =
      node === undefined && tool.has('F')
        ? (tool.problem(
            tool.gnu
              ? `cannot open '${name}' for reading: No such file or directory`
              : `can't open '${name}': No such file or directory`,
          ),
          '')
        : yield* tail1(tool, name);
    if (text === undefined) continue;
    const titled = (tool.operands.length > 1 && !tool.has('q')) || tool.has('v');
    if (titled) tool.out(`${seen.size > 0 ? '\n' : ''}==> ${name} <==\n`);
    seen.set(name, text.length);
    show(text);
  }
  if (seen.size === 0 && tool.code !== 0 && !tool.gnu) tool.context.io.stderr.write('tail: no files\n');
  if (!follows || seen.size === 0) return;
  tool.code = 0;
  const interval = Math.max(Number(tool.values.get('s') ?? 1), 0.1) * 1000;
  for (;;) {
    const next = tool.box.now() + interval;
    while (tool.box.now() < next) yield { until: next, event: true };
    for (const [name, length] of seen) {
      const node = tool.box.files.find(tool.path(name));
      if (node?.kind !== 'file') continue;
      if (node.data.length > length) tool.out(node.data.slice(length));
      else if (node.data.length < length) tool.out(node.data);
      seen.set(name, node.data.length);
    }
    while (tool.context.io.stdout.full) yield { event: true };
  }
}

function* tail1(tool: Tool, name: string): Generator<Wait, string | undefined, void> {
  return yield* tool.input(name, (error) =>
    tool.gnu ? `cannot open '${name}' for reading: ${error.message}` : `can't open '${name}': ${error.message}`,
  );
}

export const HEAD_TAIL: Readonly<Record<string, Program>> = {
  head: lasting(head, 'nc'),
  tail: lasting(tail, 'ncs'),
};
