/** `read`: a line of input into variables. */
import type { BuiltinCall } from './builtins.ts';
import type { Run, Source, Wait } from './coroutine.ts';

export function* read({ shell, argv, io }: BuiltinCall): Run {
  const names: string[] = [];
  let raw = false;
  let most = Infinity;
  let until = '\n';
  let { stdin } = io;
  for (let index = 1; index < argv.length; index++) {
    const word = argv[index] ?? '';
    if (!/^-./.test(word)) {
      names.push(word);
      continue;
    }
    for (const letter of word.slice(1)) {
      const known = { ash: 'rpntsdu', dash: 'rp', bash: 'rpntsduaeiN' }[shell.kind];
      if (!known.includes(letter)) {
        shell.complain(shell.kind === 'bash' ? `read: -${letter}: invalid option` : `read: Illegal option -${letter}`);
        return 2;
      }
      if (letter === 'r') raw = true;
      if (!'pntdu'.includes(letter)) continue;
      const value = argv[++index] ?? '';
      if (letter === 'p' && (stdin.isTerminal || shell.kind === 'ash')) io.stderr.write(value);
      if (letter === 'n') most = Number(value);
      if (letter === 'd') until = value.charAt(0) || '\0';
      if (letter === 'u') {
        const opened = value === '0' ? io.stdin : io.more?.get(Number(value));
        if (opened && 'take' in opened) stdin = opened;
      }
    }
  }
  const bad = names.find((name) => !/^[A-Za-z_]\w*$/.test(name));
  if (bad !== undefined) {
    if (shell.kind === 'ash') io.stderr.write(`${shell.name}: read: '${bad}': bad variable name\n`);
    else
      shell.complain(
        shell.kind === 'bash' ? `read: \`${bad}': not a valid identifier` : `read: ${bad}: bad variable name`,
      );
    return shell.kind === 'dash' ? 2 : 1;
  }
  const { text: line, isWhole } = yield* upTo(stdin, until, most, raw);
  const text = raw ? line : line.replace(/\\\n/g, '').replace(/\\([^])/g, '$1');
  const separators = shell.get('IFS') ?? ' \t\n';
  const spaces = separators.replace(/[^ \t\n]/g, '');
  const trim = (rest: string): string => {
    let from = 0;
    while (from < rest.length && spaces.includes(rest.charAt(from))) from++;
    return rest.slice(from);
  };
  let rest = text;
  if (names.length === 0) names.push('REPLY');
  names.forEach((name, index) => {
    rest = trim(rest);
    if (index === names.length - 1) {
      let end = rest.length;
      while (end > 0 && spaces.includes(rest.charAt(end - 1))) end--;
      const last = rest.slice(0, end);
      // one separator at the very end is none of the value
      const only = last.slice(0, -1);
      const drops =
        last !== '' &&
        !spaces.includes(last.slice(-1)) &&
        separators.includes(last.slice(-1)) &&
        !Array.from(only).some((char) => separators.includes(char));
      shell.set(name, drops ? only : last);
      return;
    }
    const end = rest.split('').findIndex((char) => separators.includes(char));
    shell.set(name, end === -1 ? rest : rest.slice(0, end));
    if (end === -1) rest = '';
    else {
      rest = trim(rest.slice(spaces.includes(rest.charAt(end)) ? end : end + 1));
    }
  });
  return isWhole ? 0 : 1;
}

/** Up to a letter, or so many; `isWhole`: that came before the end of input. A backslash before the end of a line joins it with the next. */
function* upTo(
  source: Source,
  end: string,
  most: number,
  raw: boolean,
): Generator<Wait, { text: string; isWhole: boolean }, void> {
  let held = '';
  for (;;) {
    held += source.take();
    let at = held.indexOf(end);
    if (!raw) while (at > 0 && /(?:^|[^\\])(?:\\\\)*\\$/.test(held.slice(0, at))) at = held.indexOf(end, at + 1);
    if (most < Infinity && held.length >= most && (at === -1 || at >= most)) {
      source.untake(held.slice(most));
      return { text: held.slice(0, most), isWhole: true };
    }
    if (at !== -1) {
      source.untake(held.slice(at + 1));
      return { text: held.slice(0, at), isWhole: true };
    }
    if (source.ended) return { text: held, isWhole: false };
    yield { event: true };
  }
}
