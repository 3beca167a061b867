/** Bytes as numbers and letters: od, hexdump, xxd, strings; and texts cut to shape: fold, expand, split. */
import type { Program } from '../shell/box.ts';
import type { Wait } from '../shell/coroutine.ts';
import { inputs } from './input.ts';
import { lasting, linesOf, type Tool } from './tool.ts';

const hex = (code: number, width = 2): string => code.toString(16).padStart(width, '0');
const printable = (text: string): string => text.replace(/[^\x20-\x7e]/g, '.');
const ESCAPES: Readonly<Record<string, string>> = {
  '\0': '\\0',
  '\x07': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
};
const rowsOf = (text: string): string[] => text.match(/[^]{1,16}/g) ?? [];
const codes = (row: string): number[] => Array.from(row, (char) => char.charCodeAt(0));

function* od(tool: Tool): Generator<Wait, void, void> {
  const text = yield* inputs(tool, tool.operands);
  const kind = tool.values.get('t') ?? (tool.has('c') ? 'c' : tool.has('x') ? 'x2' : 'o2');
  const base = tool.values.get('A') ?? 'o';
  const address = (at: number) =>
    base === 'n'
      ? ''
      : base === 'x'
        ? hex(at, 6)
        : base === 'd'
          ? String(at).padStart(7, '0')
          : at.toString(8).padStart(7, '0');
  rowsOf(text).forEach((row, index) => {
    const bytes = codes(row);
    const words = bytes.flatMap((byte, at) => (at % 2 === 0 ? [byte + ((bytes[at + 1] ?? 0) << 8)] : []));
    const cells =
      kind === 'c' || kind === 'a'
        ? Array.from(row, (char) =>
            (
              ESCAPES[char] ?? (/[\x20-\x7e]/.test(char) ? char : char.charCodeAt(0).toString(8).padStart(3, '0'))
            ).padStart(4),
          )
        : kind === 'x1'
          ? bytes.map((byte) => ` ${hex(byte)}`)
          : kind === 'd1' || kind === 'u1'
            ? bytes.map((byte) => String(byte).padStart(4))
            : kind.startsWith('x')
              ? words.map((word) => ` ${hex(word, 4)}`)
              : words.map((word) => ` ${word.toString(8).padStart(6, '0')}`);
    tool.out(`${address(index * 16)}${cells.join('')}\n`);
  });
  if (base !== 'n') tool.out(`${address(text.length)}\n`);
}

function* hexdump(tool: Tool): Generator<Wait, void, void> {
  const text = yield* inputs(tool, tool.operands);
  const canonical = tool.has('C') || tool.name === 'hd';
  const width = canonical ? 8 : 7;
  rowsOf(text).forEach((row, index) => {
    const bytes = codes(row);
    if (canonical) {
      const half = (from: number) =>
        bytes
          .slice(from, from + 8)
          .map((byte) => hex(byte))
          .join(' ')
          .padEnd(23);
      tool.out(`${hex(index * 16, 8)}  ${half(0)}  ${half(8)}  |${printable(row)}|\n`);
    } else {
      const words = bytes.flatMap((byte, at) => (at % 2 === 0 ? [hex(byte + ((bytes[at + 1] ?? 0) << 8), 4)] : []));
      tool.out(`${hex(index * 16, 7)} ${words.join(' ')}\n`);
    }
  });
  if (text !== '') tool.out(`${hex(text.length, width)}\n`);
}
function* xxd(tool: Tool): Generator<Wait, void, void> {
  const text = yield* inputs(tool, tool.operands);
  if (tool.has('r')) {
    tool.out(
      Buffer.from(
        text.replace(/^[0-9a-f]+: ((?:[0-9a-f]{2,4} ?)+).*$/gm, '$1').replace(/[^0-9a-fA-F]/g, ''),
        'hex',
      ).toString('latin1'),
    );
    return;
  }
  if (tool.has('p')) {
    tool.out(`${Buffer.from(text, 'latin1').toString('hex').replace(/.{60}/g, '$&\n').trimEnd()}\n`);
    return;
  }
  rowsOf(text).forEach((row, index) => {
    const pairs = codes(row).map((byte, at) => hex(byte) + (at % 2 === 1 ? ' ' : ''));
    tool.out(`${hex(index * 16, 8)}: ${pairs.join('').padEnd(40)} ${printable(row)}\n`);
  });
}

function* fold(tool: Tool): Generator<Wait, void, void> {
  const width = Math.max(1, Number(tool.values.get('w') ?? 80));
  for (const line of linesOf(yield* inputs(tool, tool.operands))) {
    let rest = line;
    while (rest.length > width) {
      const space = tool.has('s') ? rest.slice(0, width).lastIndexOf(' ') : -1;
      const cut = space > 0 ? space + 1 : width;
      tool.out(`${rest.slice(0, cut)}\n`);
      rest = rest.slice(cut);
    }
    tool.out(`${rest}\n`);
  }
}
function* expand(tool: Tool): Generator<Wait, void, void> {
  const width = Number(tool.values.get('t') ?? 8);
  for (const line of linesOf(yield* inputs(tool, tool.operands))) {
    let out = '';
    for (const char of line) out += char === '\t' ? ' '.repeat(width - (out.length % width)) : char;
    tool.out(`${out}\n`);
  }
}
function* split(tool: Tool): Generator<Wait, void, void> {
  const [name = '-', prefix = 'x'] = tool.operands;
  const text = yield* inputs(tool, [name]);
  const size = tool.values.get('b');
  const lines = text.split(/(?<=\n)/);
  const many = Math.max(1, Number(tool.values.get('l') ?? 1000));
  const parts: string[] = [];
  if (size === undefined)
    for (let at = 0; at < lines.length; at += many) parts.push(lines.slice(at, at + many).join(''));
  else {
    const bytes = Math.max(
      1,
      Number.parseInt(size, 10) * (size.endsWith('k') ? 1024 : size.endsWith('m') ? 1024 ** 2 : 1),
    );
    for (let at = 0; at < text.length; at += bytes) parts.push(text.slice(at, at + bytes));
  }
  for (const [index, part] of parts.slice(0, 676).entries()) {
    const suffix = String.fromCharCode(97 + Math.floor(index / 26), 97 + (index % 26));
    tool.attempt(
      () => tool.box.files.write(tool.path(`${prefix}${suffix}`), part),
      (error) => `${prefix}${suffix}: ${error.message}`,
    );
  }
}

export const DUMPS: Readonly<Record<string, Program>> = {
  od: lasting(od, 'tANj'),
  hexdump: lasting(hexdump, 'ns'),
  hd: lasting(hexdump, 'ns'),
  xxd: lasting(xxd, 'lcs'),
  strings: lasting(function* strings(tool) {
    const least = Number(tool.values.get('n') ?? 4);
    for (const [found] of (yield* inputs(tool, tool.operands)).matchAll(/[\x20-\x7e\t]+/g))
      if (found.length >= least) tool.out(`${found}\n`);
  }, 'n'),
  fold: lasting(fold, 'w'),
  expand: lasting(expand, 't'),
  split: lasting(split, 'lba'),
  shuf: lasting(function* shuf(tool) {
    const lines = tool.has('e') ? [...tool.operands] : linesOf(yield* inputs(tool, tool.operands));
    for (let at = lines.length - 1; at > 0; at--) {
      const other = Math.floor(tool.box.random() * (at + 1));
      [lines[at], lines[other]] = [lines[other] ?? '', lines[at] ?? ''];
    }
    tool.out(
      lines
        .slice(0, Number(tool.values.get('n') ?? lines.length))
        .map((line) => `${line}\n`)
        .join(''),
    );
  }, 'n'),
  mktemp: lasting(function* mktemp(tool) {
    yield* [];
    const template = tool.operands[0] ?? `${tool.context.env.get('TMPDIR') ?? '/tmp'}/tmp.XXXXXX`;
    const letters = 'ABCDEFGHIJKLMNOPabcdefghijklmnop';
    const name = template.replace(/X+$/, (found) =>
      Array.from(found, () => letters.charAt(Math.floor(tool.box.random() * letters.length))).join(''),
    );
    const { files } = tool.box;
    if (!tool.has('u'))
      tool.attempt(
        () =>
          tool.has('d')
            ? files.makeFolder(tool.path(name), { mode: 0o700 })
            : files.write(tool.path(name), '', { mode: 0o600 }),
        (error) => `${name}: ${error.message}`,
      );
    if (tool.code === 0) tool.out(`${name}\n`);
  }),
  factor: lasting(function* factor(tool) {
    yield* [];
    for (const word of tool.operands) {
      let left = Number(word);
      const found: number[] = [];
      for (let by = 2; by * by <= left && by < 1_000_000; by++)
        while (left % by === 0) [left, found[found.length]] = [left / by, by];
      tool.out(`${word}:${[...found, ...(left > 1 ? [left] : [])].map((one) => ` ${one}`).join('')}\n`);
    }
  }),
};
