/** less, more, vi, watch: programs that want the whole screen. */
import { FileError } from '../files/file-view.ts';
import type { Program } from '../shell/box.ts';
import { readAll, untilTime, type Wait } from '../shell/coroutine.ts';
import { lasting, linesOf, type Tool } from './tool.ts';

/** Waits for a key, or Ctrl-C; undefined: the terminal is gone. */
function* key(tool: Tool): Generator<Wait, string | undefined, void> {
  const { stdin } = tool.context.io;
  for (;;) {
    if (tool.context.pending('INT') !== undefined) return 'q';
    const typed = stdin.take();
    if (typed !== '') return typed;
    if (stdin.ended) return undefined;
    yield { event: true };
  }
}

/** A screen at a time; a line that is typed shows the next, one that begins with q ends it. */
function* page(tool: Tool): Generator<Wait, number, void> {
  let text = '';
  for (const name of tool.operands.length === 0 ? ['-'] : tool.operands) {
    if (name === '-' && tool.context.io.stdin.isTerminal) {
      tool.context.io.stderr.write(
        tool.gnu ? 'Missing filename ("less --help" for help)\n' : `${tool.name}: missing filename\n`,
      );
      return 1;
    }
    const read = yield* tool.input(name, (error) =>
      tool.gnu || tool.name === 'less' ? `${name}: ${error.message}` : `can't open '${name}': ${error.message}`,
    );
    text += read ?? '';
  }
  if (!tool.context.io.stdout.isTerminal) {
    tool.out(text);
    return tool.code;
  }
  const height = Math.max(2, tool.box.terminal.rows - 1);
  const lines = linesOf(text);
  for (let at = 0; at < lines.length; at += height) {
    tool.out(
      lines
        .slice(at, at + height)
        .map((line) => `${line}\n`)
        .join(''),
    );
    if (at + height >= lines.length) break;
    tool.out(
      tool.name === 'less'
        ? ':'
        : `--More-- (${Math.round(((at + height) / lines.length) * 100)}% of ${text.length} bytes)`,
    );
    const typed = yield* key(tool);
    if (typed === undefined || typed.startsWith('q')) break;
  }
  return tool.code;
}

/**
 * vi, line by line: what is typed after `i`, `a` or `o` is text up to a line with a single Escape, and lines that begin with `:` are
 * commands. Whole screens are not simulated.
 */
function* vi(tool: Tool): Generator<Wait, number, void> {
  const [name] = tool.operands;
  const { io } = tool.context;
  if (!io.stdin.isTerminal) {
    io.stderr.write(`${tool.name}: stdin is not a terminal: editing needs one\n`);
    return 1;
  }
  let lines: string[] = [];
  let fresh = name === undefined;
  if (name !== undefined) {
    try {
      lines = linesOf(tool.box.files.read(tool.path(name)));
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      fresh = true;
    }
  }
  tool.out(
    `${lines.map((line) => `${line}\n`).join('')}~\n${name === undefined ? '' : `"${name}" ${fresh ? '[New file]' : `${lines.length} lines`}\n`}`,
  );
  let typing = false;
  let changed = false;
  for (;;) {
    const typed = yield* key(tool);
    if (typed === undefined) return 1;
    for (const raw of typed.split('\n').slice(0, -1)) {
      const line = raw.slice(Array.from(raw).findIndex((char) => char !== '\x1b'));
      if (raw.startsWith('\x1b') || /^(:|ZZ)/.test(line)) typing = false;
      if (typing) {
        const [text = '', rest] = raw.split('\x1b');
        lines.push(text);
        if (rest !== undefined) typing = false;
        changed = true;
        continue;
      }
      const [, command = ''] = /^:?(\S*)/.exec(line) ?? [];
      if (line.startsWith(':') || line === 'ZZ') {
        if (/^(w|wq|x|ZZ)!?$/.test(command === '' ? line : command)) {
          if (name === undefined) {
            tool.out('No current filename\n');
            continue;
          }
          const written = tool.attempt(
            () => {
              tool.box.files.write(tool.path(name), lines.map((one) => `${one}\n`).join(''));
              return true;
            },
            (error) => `'${name}' ${error.message}`,
          );
          if (written) changed = false;
          tool.out(`'${name}' ${lines.length}L, ${lines.join('\n').length + 1}C\n`);
          if (written && !command.startsWith('w')) return 0;
          if (written && command.startsWith('wq')) return 0;
        } else if (command === 'q!') return 0;
        else if (command === 'q') {
          if (!changed) return 0;
          tool.out('No write since last change (:q! overrides)\n');
        } else if (/^\d*,?\$?d$|^%d$/.test(command)) {
          lines = [];
          changed = true;
        } else tool.out(`'${command}' is not implemented\n`);
      } else if (/^[iaoIAO]/.test(line)) {
        typing = true;
        const text = line.slice(1);
        if (text !== '') lines.push(text.split('\x1b')[0] ?? '');
        if (text.includes('\x1b')) typing = false;
        changed ||= text !== '';
      }
    }
  }
}

const watch = lasting(function* watch(tool) {
  const words: string[] = [];
  let seconds = 2;
  let heading = true;
  for (let at = 0; at < tool.args.length; at++) {
    const word = tool.args[at] ?? '';
    if (words.length === 0 && word === '-n') seconds = Number(tool.args[++at]);
    else if (words.length === 0 && /^-n./.test(word)) seconds = Number(word.slice(2));
    else if (words.length === 0 && word === '-t') heading = false;
    else if (words.length === 0 && word.startsWith('-')) continue;
    else words.push(word);
  }
  if (words.length === 0) {
    tool.context.io.stderr.write(`Usage: watch [-n SEC] [-t] PROG ARGS\n`);
    return 1;
  }
  for (;;) {
    if (heading) tool.out(`\x1b[H\x1b[JEvery ${seconds.toFixed(1)}s: ${words.join(' ')}\n\n`);
    yield* tool.context.call(['sh', '-c', words.join(' ')]);
    yield* untilTime(() => tool.box.now(), tool.box.now() + Math.max(seconds, 0.1) * 1000);
    if (tool.context.pending('INT') !== undefined) return 130;
  }
});

export const PAGERS: Readonly<Record<string, Program>> = {
  less: lasting(page),
  more: lasting(page),
  vi: lasting(vi, 'cR'),
  vim: lasting(vi, 'cR'),
  watch,
  crontab: lasting(function* crontab(tool) {
    yield* [];
    tool.problem(
      tool.has('l')
        ? "can't open 'root': No such file or directory"
        : "can't change directory to '/var/spool/cron/crontabs'",
    );
  }),
  tac: lasting(function* tac(tool) {
    let text = '';
    for (const name of tool.operands.length === 0 ? ['-'] : tool.operands)
      text +=
        (name === '-'
          ? yield* readAll(tool.context.io.stdin)
          : yield* tool.input(name, (error) => `${name}: ${error.message}`)) ?? '';
    tool.out(
      linesOf(text)
        .toReversed()
        .map((line) => `${line}\n`)
        .join(''),
    );
  }),
};
