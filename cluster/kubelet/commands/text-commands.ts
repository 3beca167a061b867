/** Programs that read, filter and print text. */
import { createHash } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import { RE2JS } from 're2js';
import type { Program } from '../shell/box.ts';
import { readAll, readLine, readSome, type Wait } from '../shell/coroutine.ts';
import type { FileError } from '../files/file-view.ts';
import { instant, lasting, linesOf, Tool } from './tool.ts';
import { sed } from './sed.ts';

const openWords = (tool: Tool, name: string) => (error: FileError) =>
  tool.gnu || tool.name !== 'cat'
    ? `${name}: ${error.message}`
    : error.fault === 'EISDIR'
      ? `read error: ${error.message}`
      : `can't open '${name}': ${error.message}`;

/** All inputs joined; `-` and nothing are the standard input. */
function* inputs(tool: Tool, names: readonly string[]): Generator<Wait, string, void> {
  let text = '';
  for (const name of names.length === 0 ? ['-'] : names) {
    const words =
      tool.gnu && (tool.name === 'head' || tool.name === 'tail')
        ? (error: FileError) => `cannot open '${name}' for reading: ${error.message}`
        : openWords(tool, name);
    text += (yield* tool.input(name, words)) ?? '';
  }
  return text;
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
    if (tool.has('n')) for (const one of linesOf(text)) tool.out(`${String(++line).padStart(6)}\t${one}\n`);
    else tool.out(tool.has('A') ? text.replace(/\t/g, '^I').replace(/\n/g, '$\n') : text);
  }
}

const count = (tool: Tool, letter: string, otherwise: string): string => {
  const short = tool.args.find((word) => /^-\d+$/.test(word));
  return short === undefined ? (tool.values.get(letter) ?? otherwise) : short.slice(1);
};
function* head(tool: Tool): Generator<Wait, void, void> {
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
    for (let left = Number(count(tool, 'n', '10')); left > 0; left--) {
      const line = yield* readLine(stdin);
      if (line === undefined) return;
      tool.out(`${line}\n`);
    }
    return;
  }
  const many = tool.operands.length > 1 && !tool.has('q');
  for (const [index, name] of tool.operands.entries()) {
    const text = yield* inputs(tool, [name]);
    if (many) tool.out(`${index > 0 ? '\n' : ''}==> ${name} <==\n`);
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
      while (follows) yield { until: Infinity };
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
    seen.set(name, text.length);
    show(text);
  }
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

function* wc(tool: Tool): Generator<Wait, void, void> {
  const names = tool.operands.length === 0 ? ['-'] : tool.operands;
  const wanted = tool.has('l', 'w', 'c', 'm')
    ? (['l', 'w', 'c', 'm'] as const).filter((flag) => tool.has(flag))
    : (['l', 'w', 'c'] as const);
  const totals: Record<string, number> = {};
  const show = (counts: Record<string, number>, name: string) => {
    const values = wanted.map((flag) => counts[flag] ?? 0);
    const single = wanted.length === 1 && names.length === 1;
    const pad = tool.gnu ? (names[0] === '-' && !single ? 7 : 1) : 9;
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
    };
    for (const [flag, value] of Object.entries(counts)) totals[flag] = (totals[flag] ?? 0) + value;
    show(counts, name === '-' ? '' : name);
  }
  if (names.length > 1) show(totals, 'total');
}

function* sort(tool: Tool): Generator<Wait, void, void> {
  const lines = linesOf(yield* inputs(tool, tool.operands));
  const key = tool.values.get('k');
  const separator = tool.values.get('t');
  const [field = 1] = (key ?? '')
    .split(/[,.]/)
    .map((text) => Number.parseInt(text, 10))
    .filter((value) => !Number.isNaN(value));
  const keyOf = (line: string) => {
    if (key === undefined) return line;
    return (separator === undefined ? line.trim().split(/[ \t]+/) : line.split(separator)).slice(field - 1).join(' ');
  };
  const numeric = tool.has('n', 'g', 'h') || /n/.test(key ?? '');
  const scale = (text: string) =>
    (Number.parseFloat(text) || 0) *
    (tool.has('h') ? ({ K: 1e3, M: 1e6, G: 1e9 }[/[KMG]/.exec(text)?.[0] ?? ''] ?? 1) : 1);
  lines.sort((a, b) => {
    const [left, right] = [keyOf(a), keyOf(b)];
    const order = numeric ? scale(left) - scale(right) : 0;
    return order !== 0 ? order : left < right ? -1 : left > right ? 1 : 0;
  });
  if (tool.has('r')) lines.reverse();
  const shown = tool.has('u') ? lines.filter((line, index) => index === 0 || line !== lines[index - 1]) : lines;
  tool.out(shown.map((line) => `${line}\n`).join(''));
}

function* uniq(tool: Tool): Generator<Wait, void, void> {
  const lines = linesOf(yield* inputs(tool, tool.operands.slice(0, 1)));
  for (let at = 0; at < lines.length;) {
    let end = at + 1;
    while (end < lines.length && lines[end] === lines[at]) end++;
    const times = end - at;
    if (!(tool.has('d') && times === 1) && !(tool.has('u') && times > 1))
      tool.out(`${tool.has('c') ? `${String(times).padStart(7)} ` : ''}${lines[at]}\n`);
    at = end;
  }
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
function* cut(tool: Tool): Generator<Wait, void, void> {
  const list = tool.values.get('f') ?? tool.values.get('c') ?? tool.values.get('b') ?? '1';
  const delimiter = tool.values.get('d') ?? '\t';
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
          .join(delimiter)}\n`,
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
function* tr(tool: Tool): Generator<Wait, void, void> {
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

const ESCAPES: Record<string, string> = {
  n: '\n',
  t: '\t',
  r: '\r',
  a: '\x07',
  b: '\b',
  f: '\f',
  v: '\v',
  '\\': '\\',
  e: '\x1b',
};
export const unescaped = (text: string): string =>
  text.replace(/\\(x[0-9a-fA-F]{1,2}|0?[0-7]{1,3}|[\s\S])/g, (all, code: string) => {
    if (/^x/.test(code)) return String.fromCharCode(Number.parseInt(code.slice(1), 16));
    if (/^[0-7]/.test(code)) return String.fromCharCode(Number.parseInt(code, 8) & 255);
    return ESCAPES[code] ?? all;
  });

function echo(tool: Tool): void {
  const words = [...tool.args];
  let newline = true;
  let escapes = tool.box.flavour === 'gnu' && tool.context.env.get('DASH') === '1';
  while (/^-[neE]+$/.test(words[0] ?? '')) {
    const flag = words.shift() ?? '';
    if (flag.includes('n')) newline = false;
    if (flag.includes('e')) escapes = true;
    if (flag.includes('E')) escapes = false;
  }
  const text = words.join(' ');
  const cutAt = escapes ? text.indexOf('\\c') : -1;
  tool.out(
    (escapes ? unescaped(cutAt === -1 ? text : text.slice(0, cutAt)) : text) + (newline && cutAt === -1 ? '\n' : ''),
  );
}

export function format(template: string, values: readonly string[]): string {
  let rest = [...values];
  let out = '';
  let first = true;
  const wants = /%[^%]/.test(template.replace(/%%/g, ''));
  while (first || (rest.length > 0 && wants)) {
    first = false;
    out += unescaped(template).replace(
      /%([-+ 0#]*)(\d+|\*)?(?:\.(\d+))?([sdiuxXocfgeqb%])/g,
      (_all, flags: string, width: string | undefined, precision: string | undefined, kind: string) => {
        if (kind === '%') return '%';
        const columns = width === '*' ? Number(rest.shift() ?? 0) : Number(width ?? 0);
        const value = rest.shift() ?? '';
        const number = value.startsWith("'") || value.startsWith('"') ? value.charCodeAt(1) : Number(value) || 0;
        let text = value;
        if ('diu'.includes(kind)) text = String(Math.trunc(number));
        else if (kind === 'x') text = Math.trunc(number).toString(16);
        else if (kind === 'X') text = Math.trunc(number).toString(16).toUpperCase();
        else if (kind === 'o') text = Math.trunc(number).toString(8);
        else if (kind === 'c') text = value.charAt(0);
        else if (kind === 'f') text = number.toFixed(Number(precision ?? 6));
        else if (kind === 'e' || kind === 'g') text = String(number);
        else if (kind === 'b') text = unescaped(value);
        else if (kind === 'q') text = /^[\w./-]+$/.test(value) ? value : `'${value}'`;
        else if (precision !== undefined) text = value.slice(0, Number(precision));
        if (flags.includes('-')) return text.padEnd(columns);
        return text.padStart(columns, flags.includes('0') && kind !== 's' ? '0' : ' ');
      },
    );
    if (!wants) break;
  }
  rest = [];
  return out;
}

const hash = (algorithm: string): Program =>
  lasting(function* sum(tool) {
    for (const name of tool.operands.length === 0 ? ['-'] : tool.operands) {
      const text = yield* tool.input(name, (error) =>
        tool.gnu ? `${name}: ${error.message}` : `can't open '${name}': ${error.message}`,
      );
      if (text !== undefined)
        tool.out(`${createHash(algorithm).update(Buffer.from(text, 'latin1')).digest('hex')}  ${name}\n`);
    }
  });

export const TEXT_COMMANDS: Readonly<Record<string, Program>> = {
  cat: lasting(cat),
  head: lasting(head, 'nc'),
  tail: lasting(tail, 'ncs'),
  grep: lasting(grep, 'emABC'),
  egrep: lasting(grep, 'emABC'),
  fgrep: lasting(grep, 'emABC'),
  wc: lasting(wc),
  sort: lasting(sort, 'kto'),
  uniq: lasting(uniq),
  cut: lasting(cut, 'fcdb'),
  tr: lasting(tr),
  sed: lasting(sed, 'ef'),
  echo: instant(echo),
  printf: instant((tool) => {
    const [template = '', ...values] = tool.args;
    tool.out(format(template, values));
  }),
  seq: lasting(function* seq(tool) {
    const words = tool.args.filter((word) => word !== '-w' && !word.startsWith('-s')).map(Number);
    const [from, step, to] =
      words.length === 1
        ? [1, 1, words[0] ?? 0]
        : words.length === 2
          ? [words[0] ?? 1, 1, words[1] ?? 0]
          : [words[0] ?? 1, words[1] ?? 1, words[2] ?? 0];
    if (step === 0) return 1;
    for (let value = from; step > 0 ? value <= to : value >= to; value += step) {
      tool.out(`${value}\n`);
      if (tool.context.io.stdout.broken) return 141;
      if (value % 512 === 0) yield tool.context.io.stdout.full ? { event: true } : {};
    }
    return 0;
  }),
  yes: lasting(function* yes(tool) {
    const line = `${tool.args.length === 0 ? 'y' : tool.args.join(' ')}\n`;
    while (!tool.context.io.stdout.broken) {
      tool.out(line.repeat(Math.max(1, Math.floor(1024 / line.length))));
      yield tool.context.io.stdout.full ? { event: true } : {};
    }
    return 141;
  }),
  tac: lasting(function* tac(tool) {
    tool.out(
      linesOf(yield* inputs(tool, tool.operands))
        .reverse()
        .map((line) => `${line}\n`)
        .join(''),
    );
  }),
  rev: lasting(function* rev(tool) {
    tool.out(
      linesOf(yield* inputs(tool, tool.operands))
        .map((line) => `${[...line].reverse().join('')}\n`)
        .join(''),
    );
  }),
  nl: lasting(function* nl(tool) {
    linesOf(yield* inputs(tool, tool.operands)).forEach((line, index) =>
      tool.out(line === '' ? '\n' : `${String(index + 1).padStart(6)}\t${line}\n`),
    );
  }),
  base64: lasting(function* base64(tool) {
    const text = yield* inputs(tool, tool.operands);
    if (tool.has('d', 'decode')) tool.out(Buffer.from(text, 'base64').toString('latin1'));
    else {
      const encoded = Buffer.from(text, 'latin1').toString('base64');
      tool.out(tool.values.get('w') === '0' ? encoded : `${encoded.match(/.{1,76}/g)?.join('\n') ?? ''}\n`);
    }
  }, 'w'),
  gzip: lasting(function* gzip(tool) {
    const text = yield* readAll(tool.context.io.stdin);
    tool.out(
      tool.has('d')
        ? gunzipSync(Buffer.from(text, 'latin1')).toString('latin1')
        : gzipSync(Buffer.from(text, 'latin1')).toString('latin1'),
    );
  }),
  md5sum: hash('md5'),
  sha1sum: hash('sha1'),
  sha256sum: hash('sha256'),
  sha512sum: hash('sha512'),
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
  diff: lasting(function* diff(tool) {
    const [left = '', right = ''] = [
      yield* inputs(tool, [tool.operands[0] ?? '-']),
      yield* inputs(tool, [tool.operands[1] ?? '-']),
    ];
    if (left === right) return 0;
    const [old, fresh] = [linesOf(left), linesOf(right)];
    for (const line of old) if (!fresh.includes(line)) tool.out(`-${line}\n`);
    for (const line of fresh) if (!old.includes(line)) tool.out(`+${line}\n`);
    return 1;
  }),
};
