/** Parts of lines and characters: cut, tr, wc. */
import type { Program } from '../shell/box.ts';
import { readSome, type Wait } from '../shell/coroutine.ts';
import { inputs } from './input.ts';
import { unescaped } from './format.ts';
import { lasting, linesOf, type Tool } from './tool.ts';
import { usage } from './usage.ts';

function* wc(tool: Tool): Generator<Wait, void, void> {
  const names = tool.operands.length === 0 ? ['-'] : tool.operands;
  const wanted = tool.has('l', 'w', 'c', 'm', 'L')
    ? (['l', 'w', 'c', 'm', 'L'] as const).filter((flag) => tool.has(flag))
    : (['l', 'w', 'c'] as const);
  const totals: Record<string, number> = {};
  // GNU's makes columns as wide as all sizes together
  const nodes = names.map((name) => (name === '-' ? undefined : tool.box.files.find(tool.path(name))));
  const sizes = nodes.reduce((sum, node) => sum + (node?.kind === 'file' ? node.data.length : 0), 0);
  const width = nodes.some((node) => node?.kind === 'folder') ? 7 : String(sizes).length;
  const show = (counts: Record<string, number>, name: string) => {
    const values = wanted.map((flag) => counts[flag] ?? 0);
    const single = wanted.length === 1 && names.length === 1;
    const pad = tool.gnu ? (names[0] === '-' && !single ? 7 : width) : 9;
    tool.out(
      `${single ? values[0] : values.map((value) => String(value).padStart(pad)).join(' ')}${name === '' ? '' : ` ${name}`}\n`,
    );
  };
  for (const name of names) {
    const text = yield* tool.input(name, (error) => `${name}: ${error.message}`);
    if (text === undefined) continue;
    const counts = {
      l: text.split('\n').length - 1,
      w: text.split(/[ \t\n\r]+/).filter((word) => word !== '').length,
      c: text.length,
      m: text.length,
      L: Math.max(0, ...linesOf(text).map((line) => line.length)),
    };
    for (const [flag, value] of Object.entries(counts)) totals[flag] = (totals[flag] ?? 0) + value;
    show(counts, name === '-' ? '' : name);
  }
  if (names.length > 1) show(totals, 'total');
}

/** `1,3-5`: which positions of so many. */
function positions(list: string, length: number): number[] {
  return list.split(',').flatMap((part) => {
    const [from = '', to] = part.split('-');
    const start = from === '' ? 1 : Number(from);
    const end = to === undefined ? start : to === '' ? length : Number(to);
    return Array.from({ length: Math.max(0, Math.min(end, length) - start + 1) }, (_, index) => start + index - 1);
  });
}

function* cut(tool: Tool): Generator<Wait, number | void, void> {
  const list = tool.values.get('f') ?? tool.values.get('c') ?? tool.values.get('b');
  const given = tool.values.get('d') ?? '\t';
  const refuse = (why: string): number => {
    tool.problem(why);
    if (tool.gnu) tool.context.io.stderr.write("Try 'cut --help' for more information.\n");
    return 1;
  };
  if (list === undefined)
    return refuse(
      tool.gnu
        ? 'you must specify a list of bytes, characters, or fields'
        : 'expected a list of bytes, characters, or fields',
    );
  if (tool.gnu && given.length > 1) return refuse('the delimiter must be a single character');
  if (tool.gnu && /(?:^|,)0/.test(list))
    return refuse(`${tool.has('f') ? 'fields' : 'byte/character positions'} are numbered from 1`);
  const delimiter = given.charAt(0);
  const joined = tool.values.get('output-delimiter') ?? delimiter;
  for (const line of linesOf(yield* inputs(tool, tool.operands))) {
    if (!tool.has('f')) {
      tool.out(
        `${[...new Set(positions(list, line.length))]
          .sort((a, b) => a - b)
          .map((at) => line.charAt(at))
          .join('')}\n`,
      );
      continue;
    }
    const fields = line.split(delimiter);
    if (fields.length === 1) {
      if (!tool.has('s')) tool.out(`${line}\n`);
    } else
      tool.out(
        `${[...new Set(positions(list, fields.length))]
          .sort((a, b) => a - b)
          .map((at) => fields[at])
          .join(joined)}\n`,
      );
  }
}

const CLASSES: Record<string, string> = {
  upper: 'A-Z',
  lower: 'a-z',
  digit: '0-9',
  alpha: 'A-Za-z',
  alnum: 'A-Za-z0-9',
  space: ' \t\n\r\v\f',
  punct: '!-/:-@[-`{-~',
  blank: ' \t',
};

function charset(text: string): string[] {
  const plain = unescaped(text.replace(/\[:(\w+):\]/g, (_all, name: string) => CLASSES[name] ?? ''));
  const out: string[] = [];
  for (let at = 0; at < plain.length; at++) {
    if (plain.charAt(at + 1) === '-' && at + 2 < plain.length) {
      for (let code = plain.charCodeAt(at); code <= plain.charCodeAt(at + 2); code++)
        out.push(String.fromCharCode(code));
      at += 2;
    } else out.push(plain.charAt(at));
  }
  return out;
}

function* tr(tool: Tool): Generator<Wait, number | void, void> {
  const [first] = tool.operands;
  if (first === undefined) return usage(tool);
  if (tool.gnu && tool.operands.length === 1 && !tool.has('d', 's')) {
    tool.problem(`missing operand after '${first}'`);
    tool.context.io.stderr.write(
      "Two strings must be given when translating.\nTry 'tr --help' for more information.\n",
    );
    return 1;
  }
  const from = charset(tool.operands[0] ?? '');
  const to = charset(tool.operands[1] ?? '');
  const inside = (char: string) => from.includes(char) !== tool.has('c', 'C');
  for (;;) {
    const text = yield* readSome(tool.context.io.stdin);
    if (text === '') return;
    let out = '';
    for (const char of text) {
      if (!inside(char)) out += char;
      else if (tool.has('d')) continue;
      else if (to.length === 0) {
        if (!(tool.has('s') && out.endsWith(char))) out += char;
      } else {
        const next = to[tool.has('c', 'C') ? to.length - 1 : Math.min(from.indexOf(char), to.length - 1)] ?? '';
        if (!(tool.has('s') && out.endsWith(next))) out += next;
      }
    }
    tool.out(out);
  }
}

export const COLUMNS: Readonly<Record<string, Program>> = {
  wc: lasting(wc),
  cut: lasting(cut, 'fcdb'),
  tr: lasting(tr),
};
