/** `getopts`: options of a script, one a call. */
import type { BuiltinCall } from './builtins.ts';

export function getopts({ shell, argv, io }: BuiltinCall): number {
  const [, wanted = '', name = '', ...given] = argv;
  if (argv.length < 3) {
    if (shell.kind === 'bash') io.stderr.write('getopts: usage: getopts optstring name [arg ...]\n');
    else shell.complain(`getopts: ${shell.kind === 'ash' ? 'line 0: ' : ''}Usage: getopts optstring var [arg...]`);
    return 2;
  }
  const words = given.length > 0 ? given : shell.positional;
  const silent = wanted.startsWith(':');
  const at = Math.max(1, Number(shell.get('OPTIND') ?? 1));
  // where in a word of several letters it is: forgotten when the script begins again
  const within = shell.optionAt.index === at ? shell.optionAt.letter : 1;
  const word = words[at - 1];
  const end = (next: number): number => {
    shell.set(name, '?');
    shell.set('OPTIND', String(next));
    shell.optionAt = { index: next, letter: 1 };
    return 1;
  };
  if (word === undefined || !/^-./.test(word)) return end(at);
  if (word === '--') return end(at + 1);
  const letter = word.charAt(within);
  const place = letter === ':' ? -1 : wanted.indexOf(letter);
  const isLast = within + 1 >= word.length;
  const go = (index: number, inside: number): void => {
    shell.set('OPTIND', String(index));
    shell.optionAt = { index, letter: inside };
  };
  const say = (text: string): void => {
    if (shell.kind === 'bash') shell.complain(text);
    else io.stderr.write(`${text}\n`);
  };
  if (place === -1) {
    if (silent) shell.set('OPTARG', letter);
    else {
      shell.variables.delete('OPTARG');
      say(shell.kind === 'bash' ? `illegal option -- ${letter}` : `Illegal option -${letter}`);
    }
    shell.set(name, '?');
    go(isLast ? at + 1 : at, isLast ? 1 : within + 1);
    return 0;
  }
  if (wanted.charAt(place + 1) !== ':') {
    if (shell.kind === 'bash') shell.variables.delete('OPTARG');
    else shell.set('OPTARG', '');
    shell.set(name, letter);
    go(isLast ? at + 1 : at, isLast ? 1 : within + 1);
    return 0;
  }
  const value = isLast ? words[at] : word.slice(within + 1);
  if (value === undefined) {
    if (silent) {
      shell.set('OPTARG', letter);
      shell.set(name, ':');
    } else {
      shell.variables.delete('OPTARG');
      say(shell.kind === 'bash' ? `option requires an argument -- ${letter}` : `No arg for -${letter} option`);
      shell.set(name, '?');
    }
    go(at + 1, 1);
    return 0;
  }
  shell.set('OPTARG', value);
  shell.set(name, letter);
  go(isLast ? at + 2 : at + 1, 1);
  return 0;
}
