/** Programs that print what they are told to: echo, printf, seq, yes. */
import type { Program } from '../shell/box.ts';
import { format, unescaped } from './format.ts';
import { instant, lasting, type Tool } from './tool.ts';

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
