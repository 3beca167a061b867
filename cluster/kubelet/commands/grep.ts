/** Lines by a pattern, in linear time. */
import { RE2JS } from 're2js';
import type { Program } from '../shell/box.ts';
import { readAll, readLine, type Wait } from '../shell/coroutine.ts';
import { lasting, linesOf, type Tool } from './tool.ts';

/** A pattern as grep reads it, in linear time; undefined: not valid. */
export function grepPattern(
  text: string,
  { extended = false, fixed = false, ignoreCase = false, word = false, line = false } = {},
): RE2JS | undefined {
  let source = fixed ? RE2JS.quote(text) : extended ? text : basicToExtended(text);
  if (word) source = `\\b(?:${source})\\b`;
  if (line) source = `^(?:${source})$`;
  try {
    return RE2JS.compile(source, ignoreCase ? RE2JS.CASE_INSENSITIVE : 0);
  } catch {
    // not a regular expression: the caller says so
    return undefined;
  }
}

/** In a basic expression `+?|(){}` stand for themselves unless escaped. */
export const basicToExtended = (text: string): string =>
  text.replace(/\[[^\]]*\]|\\?[+?|(){}]/g, (found) =>
    found.startsWith('[') ? found : found.startsWith('\\') ? found.slice(1) : `\\${found}`,
  );

function* grep(tool: Tool): Generator<Wait, number, void> {
  const operands = [...tool.operands];
  const written = tool.values.get('e') ?? operands.shift() ?? '';
  const extended = tool.has('E') || tool.name === 'egrep';
  const fixed = tool.has('F') || tool.name === 'fgrep';
  const options = { extended, fixed, ignoreCase: tool.has('i'), word: tool.has('w'), line: tool.has('x') };
  const patterns = written.split('\n').map((one) => grepPattern(one, options));
  if (patterns.includes(undefined)) {
    tool.problem(tool.gnu ? 'Invalid regular expression' : `bad regex '${written}': Invalid regular expression`, 2);
    return 2;
  }
  const hit = (line: string) => patterns.some((pattern) => pattern?.matcher(line).find()) !== tool.has('v');
  const recursive = tool.has('r', 'R');
  const names = recursive ? filesUnder(tool, operands.length === 0 ? ['.'] : operands) : operands;
  const titled = !tool.has('h') && (names.length > 1 || recursive || tool.has('H'));
  const most = Number(tool.values.get('m') ?? Infinity);
  const [after, before] = [
    Number(tool.values.get('A') ?? tool.values.get('C') ?? 0),
    Number(tool.values.get('B') ?? tool.values.get('C') ?? 0),
  ];
  let found = false;
  let failed = false;
  const each = (name: string, lines: Iterable<string>, titleIt = titled): void => {
    const all = [...lines];
    const title = titleIt ? `${name}:` : '';
    let hits = 0;
    let shownTo = -1;
    for (const [index, line] of all.entries()) {
      if (hits >= most || !hit(line)) continue;
      hits++;
      found = true;
      if (tool.has('q', 'c', 'l', 'L')) continue;
      if (tool.has('o') && !tool.has('v')) {
        for (const pattern of patterns) {
          const matcher = pattern?.matcher(line);
          while (matcher?.find()) if (matcher.group() !== '') tool.out(`${title}${matcher.group()}\n`);
        }
        continue;
      }
      const from = Math.max(index - before, shownTo + 1);
      if (shownTo >= 0 && from > shownTo + 1 && before + after > 0) tool.out('--\n');
      for (let at = from; at <= Math.min(index + after, all.length - 1); at++) {
        const mark = at === index || hit(all[at] ?? '') ? ':' : '-';
        tool.out(`${titleIt ? name + mark : ''}${tool.has('n') ? `${at + 1}${mark}` : ''}${all[at]}\n`);
        shownTo = at;
      }
    }
    if (tool.has('l') && hits > 0) tool.out(`${name}\n`);
    else if (tool.has('L') && hits === 0) tool.out(`${name}\n`);
    else if (tool.has('c')) tool.out(`${title}${hits}\n`);
  };
  if (names.length === 0) {
    // line by line: what is followed with tail -f comes out at once
    if (before + after === 0 && !tool.has('c', 'n', 'l', 'L') && most === Infinity) {
      for (;;) {
        const line = yield* readLine(tool.context.io.stdin);
        if (line === undefined) return found ? 0 : 1;
        each('', [line], false);
        if (found && tool.has('q')) return 0;
      }
    }
    each('(standard input)', linesOf(yield* readAll(tool.context.io.stdin)), false);
  }
  for (const name of names) {
    const text = yield* tool.input(name, (error) => (tool.has('s') ? '' : `${name}: ${error.message}`));
    if (text === undefined) failed = true;
    else each(name, linesOf(text));
  }
  return failed && !(found && tool.has('q')) ? 2 : found ? 0 : 1;
}

function filesUnder(tool: Tool, names: readonly string[]): string[] {
  return names.flatMap((name): string[] => {
    const node = tool.box.files.find(tool.path(name), false);
    if (node?.kind !== 'folder') return node?.kind === 'link' ? [] : [name];
    return filesUnder(
      tool,
      tool.box.files.list(tool.path(name)).map((child) => `${name}/${child}`),
    );
  });
}

export const GREP: Readonly<Record<string, Program>> = {
  grep: lasting(grep, 'emABC'),
  egrep: lasting(grep, 'emABC'),
  fgrep: lasting(grep, 'emABC'),
};
