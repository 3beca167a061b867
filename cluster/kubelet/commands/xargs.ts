/** Programs that run others with words they read. */
import type { Program } from '../shell/box.ts';
import { nothingIn, readAll, type Wait } from '../shell/coroutine.ts';
import { DEFAULT_PATH, findProgram } from '../shell/programs.ts';
import { lasting, linesOf, type Tool } from './tool.ts';

/** Words as xargs reads them: quotes and backslashes keep spaces. */
function wordsOf(text: string): string[] {
  return [...text.matchAll(/(?:"[^"]*"|'[^']*'|\\[^]|[^\s"'\\])+/g)].map(([word]) =>
    word.replace(
      /"([^"]*)"|'([^']*)'|\\([^])/g,
      (_all, double: string | undefined, single: string | undefined, char: string | undefined) =>
        double ?? single ?? char ?? '',
    ),
  );
}

function* xargs(tool: Tool): Generator<Wait, number, void> {
  const { args, context } = tool;
  let [holder, size, perLine, command]: [string | undefined, number, boolean, string[]] = [
    undefined,
    Infinity,
    false,
    [],
  ];
  let [zero, skipsEmpty, tells] = [false, false, false];
  for (let at = 0; at < args.length; at++) {
    const word = args[at] ?? '';
    const value = () => (word.length > 2 ? word.slice(2) : (args[++at] ?? ''));
    if (!word.startsWith('-')) {
      command = args.slice(at);
      break;
    }
    if (word === '--') {
      command = args.slice(at + 1);
      break;
    }
    if (word.startsWith('-I')) holder = value();
    else if (word === '-i') holder = '{}';
    else if (word.startsWith('-n')) size = Number(value());
    else if (word.startsWith('-L')) {
      size = Number(value());
      perLine = true;
    } else if (/^-[PsdE]/.test(word)) value();
    else {
      if (word.includes('0')) zero = true;
      if (word.includes('r')) skipsEmpty = true;
      if (word.includes('t')) tells = true;
    }
  }
  if (command.length === 0) command = ['echo'];
  const text = yield* readAll(context.io.stdin);
  const words = zero
    ? text.split('\0').filter((word) => word !== '')
    : holder === undefined && !perLine
      ? wordsOf(text)
      : linesOf(text)
          .filter((line) => line.trim() !== '')
          .map((line) => line.trimStart());
  const [name = ''] = command;
  const found = findProgram(tool.box, name, context.env.get('PATH') ?? DEFAULT_PATH, context.cwd);
  const run = function* (argv: readonly string[]): Generator<Wait, number, void> {
    if (tells) context.io.stderr.write(`${argv.join(' ')}\n`);
    return yield* context.call(argv, { io: { ...context.io, stdin: nothingIn } });
  };
  const chunks: string[][] = [];
  if (holder !== undefined) chunks.push(...words.map((word) => [word]));
  else {
    const many = Math.min(Math.max(size, 1), Math.max(words.length, 1));
    for (let at = 0; at < words.length; at += many)
      chunks.push(words.slice(at, at + many).flatMap((word) => (perLine ? wordsOf(word) : [word])));
    if (chunks.length === 0 && !skipsEmpty) chunks.push([]);
  }
  if (typeof found === 'string' && chunks.length > 0) {
    tool.problem(`${name}: ${found === 'missing' ? 'No such file or directory' : 'Permission denied'}`);
    return found === 'missing' ? 127 : 126;
  }
  let code = 0;
  for (const chunk of chunks) {
    const argv =
      holder === undefined
        ? [...command, ...chunk]
        : command.map((word) => word.replaceAll(holder ?? '', chunk[0] ?? ''));
    const ended = yield* run(argv);
    if (ended === 255) {
      tool.problem(`${name}: exited with status 255; aborting`);
      return 124;
    }
    if (ended !== 0) code = 123;
  }
  return code;
}

export const XARGS: Readonly<Record<string, Program>> = { xargs: lasting(xargs) };
