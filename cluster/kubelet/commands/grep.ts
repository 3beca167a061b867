/** Lines by a pattern, in linear time. */
import type { Program } from '../shell/box.ts';
import { readAll, readLine, type Wait } from '../shell/coroutine.ts';
import { compilePattern, type Found, type Pattern } from './regex/pattern.ts';
import { BadRegex } from './regex/syntax.ts';
import { lasting, linesOf, type Tool } from './tool.ts';
import { usage } from './usage.ts';

interface Options {
  extended?: boolean;
  fixed?: boolean;
  ignoreCase?: boolean;
  word?: boolean;
  line?: boolean;
}
/** A pattern as grep reads it. @throws BadRegex */
export function grepPattern(text: string, { extended, fixed, ignoreCase, word, line }: Options = {}): Pattern {
  let source = fixed ? text.replace(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`) : text;
  const isExtended = fixed === true || extended === true;
  const [open, close] = isExtended ? ['(', ')'] : [String.raw`\(`, String.raw`\)`];
  // a group more would move what references count
  const refers = /\\[1-9]/.test(source) && fixed !== true;
  if (line && !refers) source = `^${open}${source}${close}$`;
  const pattern = compilePattern(source, { extended: isExtended, ignoreCase: ignoreCase === true });
  if (!word && !(line && refers)) return pattern;
  const fits = (searched: string, { start, end }: Found): boolean =>
    line
      ? start === 0 && end === searched.length
      : !/\w/.test(searched.charAt(start - 1)) && !/\w/.test(searched.charAt(end));
  const all = function* (searched: string): IterableIterator<Found> {
    for (const found of pattern.all(searched)) if (fits(searched, found)) yield found;
  };
  return { groups: pattern.groups, test: (searched) => all(searched).next().done !== true, all };
}

/** In a basic expression `+?|(){}` stand for themselves unless escaped. */
export const basicToExtended = (text: string): string =>
  text.replace(/\[[^\]]*\]|\\?[+?|(){}]/g, (found) =>
    found.startsWith('[') ? found : found.startsWith('\\') ? found.slice(1) : `\\${found}`,
  );

/** Of `-e` and `-f`, as often as they are given; undefined: neither was. */
function* written(tool: Tool): Generator<Wait, string[] | undefined, void> {
  const found: string[] = [];
  let any = false;
  for (let at = 0; at < tool.args.length; at++) {
    const word = tool.args[at] ?? '';
    if (word === '--') break;
    const [, letter, rest = ''] = /^-[^-emABCf]*?([ef])([^]*)$/.exec(word) ?? [];
    if (letter === undefined) continue;
    const value = rest === '' ? (tool.args[++at] ?? '') : rest;
    any = true;
    if (letter === 'e') found.push(...value.split('\n'));
    else {
      const text = yield* tool.input(value, (error) => `${value}: ${error.message}`, 2);
      if (text === undefined) return undefined;
      found.push(...linesOf(text));
    }
  }
  return any ? found : undefined;
}

function* grep(tool: Tool): Generator<Wait, number, void> {
  const operands = [...tool.operands];
  const given = yield* written(tool);
  if (tool.code !== 0) return tool.code;
  if (given === undefined && operands.length === 0) {
    if (tool.gnu)
      tool.context.io.stderr.write(
        "Usage: grep [OPTION]... PATTERNS [FILE]...\nTry 'grep --help' for more information.\n",
      );
    else usage(tool);
    return 2;
  }
  const wanted = given ?? (operands.shift() ?? '').split('\n');
  const extended = tool.has('E') || tool.name === 'egrep';
  const fixed = tool.has('F') || tool.name === 'fgrep';
  const options = {
    extended,
    fixed,
    ignoreCase: tool.has('i', 'y', 'ignore-case'),
    word: tool.has('w'),
    line: tool.has('x'),
  };
  let patterns: Pattern[];
  try {
    patterns = wanted.map((one) => grepPattern(one, options));
  } catch (error) {
    if (!(error instanceof BadRegex)) throw error;
    tool.problem(tool.gnu ? error.message : `bad regex '${wanted.join('\n')}': ${error.message}`, 2);
    return 2;
  }
  const hit = (line: string) => patterns.some((pattern) => pattern.test(line)) !== tool.has('v');
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
        const number = tool.has('n') ? `${index + 1}:` : '';
        const parts = patterns.flatMap((pattern) => [...pattern.all(line)]).sort((a, b) => a.start - b.start);
        for (const { groups } of parts) if (groups[0]) tool.out(`${title}${number}${groups[0]}\n`);
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
    if (tool.has('s') && tool.box.files.find(tool.path(name)) === undefined) {
      failed = true;
      continue;
    }
    // busybox reads nothing from a folder, and is content
    if (!tool.gnu && tool.box.files.find(tool.path(name))?.kind === 'folder') continue;
    const text = yield* tool.input(name, (error) => `${name}: ${error.message}`);
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
  grep: lasting(grep, 'emABCf'),
  egrep: lasting(grep, 'emABCf'),
  fgrep: lasting(grep, 'emABCf'),
};
