/** A shell that somebody types at, through a terminal: prompt, line by line, more lines for what is unfinished. */
import { readLine, type Run } from './coroutine.ts';
import { isUnfinished } from './parser.ts';
import { Leave } from './leave.ts';
import type { Shell } from './shell.ts';
import { TerminalSource } from './terminal.ts';

function prompt(shell: Shell): string {
  const ps1 = shell.get('PS1');
  const home = shell.get('HOME') ?? '/';
  const where = shell.cwd === home && home !== '/' ? '~' : shell.cwd;
  const mark = shell.box.who.uid === 0 ? '#' : '$';
  if (ps1 !== undefined) {
    return ps1.replace(
      /\\([wuhW$])/g,
      (_all, letter: string) =>
        ({
          w: where,
          W: where.split('/').at(-1) ?? '/',
          u: shell.box.who.uid === 0 ? 'root' : 'I have no name!',
          h: shell.box.hostname,
          $: mark,
        })[letter] ?? '',
    );
  }
  if (shell.kind === 'bash')
    return `${shell.box.who.uid === 0 ? 'root' : 'I have no name!'}@${shell.box.hostname}:${where}${mark} `;
  return shell.kind === 'dash' ? `${mark} ` : `${where} ${mark} `;
}

export function* interactiveShell(shell: Shell): Run {
  const { stdin, stdout, stderr } = shell.context.io;
  const terminal = stdin instanceof TerminalSource ? stdin : undefined;
  const out = terminal === undefined ? stderr : stdout;
  for (;;) {
    if (terminal) terminal.prompt = prompt(shell);
    else out.write(prompt(shell));
    let text = terminal ? yield* terminal.editLine() : yield* readLine(stdin);
    if (text === undefined) {
      if (terminal) out.write(shell.kind === 'bash' ? 'exit\r\n' : '\r\n');
      return yield* shell.leave(shell.status);
    }
    while (isUnfinished(text)) {
      if (terminal) terminal.prompt = '> ';
      else out.write('> ');
      const more: string | undefined = terminal ? yield* terminal.editLine() : yield* readLine(stdin);
      if (more === undefined) break;
      text += `\n${more}`;
    }
    if (text.trim() === '') continue;
    try {
      yield* shell.lines(text);
    } catch (leave) {
      if (!(leave instanceof Leave)) throw leave;
      if (leave.kind === 'exit' && leave.count === 130 && terminal) {
        shell.status = 130;
        continue;
      }
      if (leave.kind === 'exit') {
        if (terminal && shell.kind === 'bash' && /^exit\b/.test(text.trim())) out.write('exit\r\n');
        return yield* shell.leave(leave.count);
      }
    }
  }
}
