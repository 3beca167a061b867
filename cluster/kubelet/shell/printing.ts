/** echo and printf as parts of a shell: each shell's own, in its words. */
import { printf, type FormatFault } from '../commands/format.ts';
import type { BuiltinCall } from './builtins.ts';
import { atOnce, type Run } from './coroutine.ts';

const ECHO_ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  a: '\x07',
  b: '\b',
  f: '\f',
  v: '\v',
  '\\': '\\',
};

/** What echo makes of backslashes; undefined after `\c`: nothing more is printed. */
function unescaped(text: string, hexadecimal: boolean): { text: string; stops: boolean } {
  let out = '';
  for (const [all, code] of text.matchAll(/\\(x[0-9a-fA-F]{1,2}|0[0-7]{0,3}|[^])|[^]/g)) {
    if (code === undefined) out += all;
    else if (code === 'c') return { text: out, stops: true };
    else if (code === 'e' && hexadecimal) out += '\x1b';
    else if (code.startsWith('0')) out += String.fromCharCode(Number.parseInt(code, 8) & 255);
    else if (code.startsWith('x') && code.length > 1)
      out += hexadecimal ? String.fromCharCode(Number.parseInt(code.slice(1), 16)) : all;
    else out += ECHO_ESCAPES[code] ?? all;
  }
  return { text: out, stops: false };
}

export function echo({ shell, argv, io }: BuiltinCall): Run {
  return atOnce(() => {
    const words = argv.slice(1);
    // dash knows one option, and goes by backslashes without being told
    let escapes = shell.kind === 'dash';
    let newline = true;
    const option = shell.kind === 'dash' ? /^-n$/ : /^-[neE]+$/;
    while (option.test(words[0] ?? '')) {
      const flag = words.shift() ?? '';
      if (flag.includes('n')) newline = false;
      if (flag.includes('e')) escapes = true;
      if (flag.includes('E')) escapes = false;
      if (shell.kind === 'dash') break;
    }
    const whole = words.join(' ');
    const { text, stops } = escapes ? unescaped(whole, shell.kind !== 'dash') : { text: whole, stops: false };
    io.stdout.write(text + (newline && !stops ? '\n' : ''));
    return 0;
  });
}

export function printfWords({ shell, argv, io }: BuiltinCall): Run {
  return atOnce(() => {
    const words = argv[1] === '--' ? argv.slice(2) : argv.slice(1);
    const [template, ...values] = words;
    const { kind, name } = shell;
    const say = (text: string) =>
      io.stderr.write(kind === 'ash' ? `${name}: ${text}\n` : `${name}: ${shell.place()}printf: ${text}\n`);
    if (template === undefined) {
      if (kind === 'ash') say('usage: printf FORMAT [ARGUMENT...]');
      else if (kind === 'dash') say('usage: printf format [arg ...]');
      else io.stderr.write('printf: usage: printf [-v var] format [arguments]\n');
      return kind === 'ash' ? 1 : 2;
    }
    const { text, faults } = printf(template, values, { hexadecimal: kind !== 'dash', quotes: kind === 'bash' });
    io.stdout.write(text);
    for (const fault of faults) say(WORDS[kind](fault));
    if (faults.length === 0) return 0;
    return kind === 'dash' && faults.some((fault) => fault.kind === 'directive') ? 2 : 1;
  });
}
const WORDS: Readonly<Record<BuiltinCall['shell']['kind'], (fault: FormatFault) => string>> = {
  ash: (fault) => (fault.kind === 'directive' ? `${fault.rest}: invalid format` : `invalid number '${fault.value}'`),
  dash: (fault) =>
    fault.kind === 'directive'
      ? `${fault.directive}: invalid directive`
      : `${fault.value}: ${fault.isPartly ? 'not completely converted' : 'expected numeric value'}`,
  bash: (fault) =>
    fault.kind === 'directive'
      ? `\`${fault.directive.slice(-1)}': invalid format character`
      : `${fault.value}: invalid number`,
};
