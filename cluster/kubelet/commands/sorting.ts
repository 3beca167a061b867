/** Lines in order, and once each. */
import type { Program } from '../shell/box.ts';
import type { Wait } from '../shell/coroutine.ts';
import { inputs } from './input.ts';
import { lasting, linesOf, type Tool } from './tool.ts';

interface Key {
  from: number;
  fromChar: number;
  to: number;
  flags: string;
}
function keyOf(text: string): Key {
  const [, from = '1', fromChar = '1', startFlags = '', to, , endFlags = ''] =
    /^(\d+)(?:\.(\d+))?([a-zA-Z]*)(?:,(\d+)(\.\d+)?([a-zA-Z]*))?$/.exec(text) ?? [];
  return {
    from: Number(from),
    fromChar: Number(fromChar),
    to: to === undefined ? Infinity : Number(to),
    flags: startFlags + endFlags,
  };
}
const SUFFIXES = 'KMGTPE';
const MONTHS = 'JANFEBMARAPRMAYJUNJULAUGSEPOCTNOVDEC';

function compareBy(flags: string, a: string, b: string): number {
  const has = (letter: string) => flags.includes(letter);
  let [left, right] = has('b') || has('n') || has('h') ? [a.trimStart(), b.trimStart()] : [a, b];
  if (has('n') || has('g') || has('h')) {
    const value = (text: string) => {
      const number = Number.parseFloat(text) || 0;
      const power = has('h') ? SUFFIXES.indexOf(/^-?[\d.]+([KMGTPE])/i.exec(text)?.[1]?.toUpperCase() ?? ' ') + 1 : 0;
      return number * 1024 ** power;
    };
    return value(left) - value(right);
  }
  if (has('M'))
    return (
      MONTHS.indexOf(left.trim().slice(0, 3).toUpperCase()) - MONTHS.indexOf(right.trim().slice(0, 3).toUpperCase())
    );
  if (has('V')) {
    const parts = (text: string) => text.split(/(\d+)/);
    const [x, y] = [parts(left), parts(right)];
    for (let at = 0; at < Math.min(x.length, y.length); at++) {
      const [one = '', other = ''] = [x[at], y[at]];
      const order = at % 2 === 1 ? Number(one) - Number(other) : one < other ? -1 : Number(one > other);
      if (order !== 0) return order;
    }
    return x.length - y.length;
  }
  if (has('d')) [left, right] = [left.replace(/[^\w\s]/g, ''), right.replace(/[^\w\s]/g, '')];
  if (has('f')) [left, right] = [left.toUpperCase(), right.toUpperCase()];
  return left < right ? -1 : Number(left > right);
}

function* sort(tool: Tool): Generator<Wait, number | void, void> {
  const keys: Key[] = [];
  for (const [index, word] of tool.args.entries()) {
    const value = /^-[a-zA-Z]*k(.*)$/.exec(word)?.[1];
    if (value !== undefined) keys.push(keyOf(value === '' ? (tool.args[index + 1] ?? '') : value));
  }
  const lines = linesOf(yield* inputs(tool, tool.operands));
  if (tool.code !== 0) return 2;
  const separator = tool.values.get('t');
  const general = ['b', 'd', 'f', 'g', 'h', 'M', 'n', 'V'].filter((letter) => tool.has(letter)).join('');
  const fields = (line: string): string[] =>
    separator === undefined ? (line.match(/\s*\S+/g) ?? []) : line.split(separator);
  const part = (line: string, { from, fromChar, to }: Key): string =>
    fields(line)
      .slice(from - 1, to)
      .join(separator ?? '')
      .slice(fromChar - 1);
  const byKeys = (a: string, b: string): number => {
    if (keys.length === 0) return compareBy(general, a, b) * (tool.has('r') ? -1 : 1);
    for (const key of keys) {
      const flags = key.flags.replace('r', '') === '' ? general : key.flags;
      const reversed = key.flags === '' ? tool.has('r') : key.flags.includes('r');
      const order = compareBy(flags, part(a, key), part(b, key)) * (reversed ? -1 : 1);
      if (order !== 0) return order;
    }
    return 0;
  };
  const last = (a: string, b: string) =>
    tool.has('s', 'u') ? 0 : (a < b ? -1 : Number(a > b)) * (tool.has('r') ? -1 : 1);
  if (tool.has('c')) {
    const at = lines.findIndex((line, index) => index > 0 && byKeys(lines[index - 1] ?? '', line) > 0);
    if (at === -1) return 0;
    if (tool.gnu) tool.problem(`${tool.operands[0] ?? '-'}:${at + 1}: disorder: ${lines[at]}`);
    else tool.context.io.stderr.write(`Check line ${at}\n`);
    return 1;
  }
  lines.sort((a, b) => byKeys(a, b) || last(a, b));
  const shown = tool.has('u')
    ? lines.filter((line, index) => index === 0 || byKeys(line, lines[index - 1] ?? '') !== 0)
    : lines;
  const text = shown.map((line) => `${line}\n`).join('');
  const file = tool.values.get('o');
  if (file === undefined) tool.out(text);
  else
    tool.attempt(
      () => tool.box.files.write(tool.path(file), text),
      (error) => `${file}: ${error.message}`,
    );
}

function* uniq(tool: Tool): Generator<Wait, void, void> {
  let out = '';
  const lines = linesOf(yield* inputs(tool, tool.operands.slice(0, 1)));
  const skip = Number(tool.values.get('f') ?? 0);
  const same = (line: string): string => {
    const fields = skip === 0 ? line : line.trimStart().split(/\s+/).slice(skip).join(' ');
    const from = Number(tool.values.get('s') ?? 0);
    const rest = fields.slice(from, from + Number(tool.values.get('w') ?? Infinity));
    return tool.has('i') ? rest.toLowerCase() : rest;
  };
  for (let at = 0; at < lines.length;) {
    let end = at + 1;
    while (end < lines.length && same(lines[end] ?? '') === same(lines[at] ?? '')) end++;
    const times = end - at;
    if (!(tool.has('d') && times === 1) && !(tool.has('u') && times > 1))
      out += `${tool.has('c') ? `${String(times).padStart(7)} ` : ''}${lines[at]}\n`;
    at = end;
  }
  const [, file] = tool.operands;
  if (file === undefined) tool.out(out);
  else
    tool.attempt(
      () => tool.box.files.write(tool.path(file), out),
      (error) => `${file}: ${error.message}`,
    );
}

export const SORTING: Readonly<Record<string, Program>> = {
  sort: lasting(sort, 'kto'),
  uniq: lasting(uniq, 'fsw'),
};
