/** Programs that print what they are told to: echo, printf, seq, yes. */
import type { Program } from '../shell/box.ts';
import { printf, unescaped } from './format.ts';
import { instant, lasting, type Tool } from './tool.ts';
import { usage } from './usage.ts';

function echo(tool: Tool): void {
  const words = [...tool.args];
  let newline = true;
  let escapes = false;
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
    const [template, ...values] = tool.args[0] === '--' ? tool.args.slice(1) : tool.args;
    if (template === undefined) {
      tool.context.io.stderr.write(
        tool.gnu
          ? "printf: missing operand\nTry 'printf --help' for more information.\n"
          : 'printf: usage: printf FORMAT [ARGUMENT...]\n',
      );
      return tool.gnu ? 1 : 2;
    }
    const { text, faults } = printf(template, values);
    tool.out(text);
    for (const fault of faults) {
      if (fault.kind === 'directive')
        tool.problem(
          tool.gnu ? `${fault.directive}: invalid conversion specification` : `${fault.rest}: invalid format`,
        );
      else if (!tool.gnu) tool.problem(`invalid number '${fault.value}'`);
      else
        tool.problem(
          `'${fault.value}': ${fault.isPartly ? 'value not completely converted' : 'expected a numeric value'}`,
        );
    }
    return tool.code;
  }),
  seq: lasting(function* seq(tool) {
    let [separator, wide] = ['\n', false];
    const words: string[] = [];
    for (let at = 0; at < tool.args.length; at++) {
      const word = tool.args[at] ?? '';
      if (word === '-w') wide = true;
      else if (word.startsWith('-s')) separator = word.length > 2 ? word.slice(2) : (tool.args[++at] ?? '');
      else words.push(word);
    }
    if (words.length === 0 || words.length > 3) return usage(tool);
    const bad = words.find((word) => !/^[-+]?(\d+\.?\d*|\.\d+)$/.test(word));
    if (bad !== undefined) {
      if (!tool.gnu) return usage(tool);
      tool.context.io.stderr.write(
        `seq: invalid floating point argument: '${bad}'\nTry 'seq --help' for more information.\n`,
      );
      return 1;
    }
    const [from = 1, step = 1, to = 0] = (
      words.length === 1 ? ['1', '1', ...words] : words.length === 2 ? [words[0], '1', words[1]] : words
    ).map(Number);
    if (step === 0) return 1;
    const digits = Math.max(...words.map((word) => word.split('.')[1]?.length ?? 0));
    const width = wide ? Math.max(from.toFixed(digits).length, to.toFixed(digits).length) : 0;
    const count = Math.floor((to - from) / step + 1e-9);
    for (let index = 0; index <= count; index++) {
      tool.out(`${index > 0 ? separator : ''}${(from + index * step).toFixed(digits).padStart(width, '0')}`);
      if (tool.context.io.stdout.broken) return 141;
      if (index % 512 === 511) yield tool.context.io.stdout.full ? { event: true } : {};
    }
    if (count >= 0) tool.out('\n');
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
