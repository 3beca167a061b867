/** Programs that print what they are told to: echo, printf, seq, yes. */
import type { Program } from '../shell/box.ts';
import { instant, lasting, type Tool } from './tool.ts';

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
    if (code.startsWith('x')) return String.fromCharCode(Number.parseInt(code.slice(1), 16));
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
  const rest = [...values];
  let out = '';
  let before: number;
  do {
    before = rest.length;
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
    // the template is used again while it takes values: one without a directive it knows would never end
  } while (rest.length > 0 && rest.length < before);
  return out;
}

export const PRINTING: Readonly<Record<string, Program>> = {
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
};
