/** `read`: a line of input into variables. */
import type { BuiltinCall } from './builtins.ts';
import { readLine, type Run } from './coroutine.ts';

export function* read({ shell, argv, io }: BuiltinCall): Run {
  const names: string[] = [];
  let raw = false;
  for (let index = 1; index < argv.length; index++) {
    const word = argv[index] ?? '';
    if (word === '-p') io.stderr.write(argv[++index] ?? '');
    else if (/^-[tndu]$/.test(word)) index++;
    else if (word.startsWith('-')) raw ||= word.includes('r');
    else names.push(word);
  }
  const line = yield* readLine(io.stdin);
  const text = (raw ? line : line?.replace(/\\(.)/g, '$1')) ?? '';
  const separators = shell.get('IFS') ?? ' \t\n';
  const isSpace = (char: string) => separators.includes(char);
  let rest = text;
  if (names.length === 0) names.push('REPLY');
  names.forEach((name, index) => {
    if (separators.includes(' ')) rest = rest.replace(/^[ \t]+/, '');
    if (index === names.length - 1) {
      shell.set(name, separators.includes(' ') ? rest.replace(/[ \t]+$/, '') : rest);
      return;
    }
    const end = rest.split('').findIndex(isSpace);
    shell.set(name, end === -1 ? rest : rest.slice(0, end));
    rest = end === -1 ? '' : rest.slice(end + 1);
  });
  return line === undefined ? 1 : 0;
}
