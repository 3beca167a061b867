/** Where a command's input comes from and its output goes. */
import type { SimpleCommandNode } from 'just-bash';
import { FileError, normalisePath } from '../files/file-view.ts';
import { nothingIn, nowhere, textSource, type Io, type Sink, type Wait } from './coroutine.ts';
import type { Shell } from './shell.ts';

type Redirection = SimpleCommandNode['redirections'][number];

/** undefined: one could not be opened, which has been said. */
export function* redirect(
  shell: Shell,
  redirections: readonly Redirection[],
  io: Io,
): Generator<Wait, Io | undefined, void> {
  let { stdin, stdout, stderr } = io;
  for (const { operator, target, fd } of redirections) {
    if (target.type === 'HereDoc') {
      stdin = textSource(
        target.quoted
          ? target.content.parts.map((part) => ('value' in part ? part.value : '')).join('')
          : yield* shell.expansion.one(target.content),
      );
      continue;
    }
    const word = yield* shell.expansion.one(target);
    if (operator === '<<<') stdin = textSource(`${word}\n`);
    else if (operator === '<' || operator === '<>') {
      try {
        stdin = open(shell, word, io);
      } catch (error) {
        if (!(error instanceof FileError)) throw error;
        cannot(shell, 'open', word, error, stderr);
        return undefined;
      }
    } else if (operator === '>&' && /^[0-9-]$/.test(word)) {
      const to = word === '1' ? stdout : word === '2' ? stderr : nowhere;
      if ((fd ?? 1) === 2) stderr = to;
      else stdout = to;
    } else if (operator === '<&') continue;
    else {
      let sink: Sink;
      try {
        sink = fileSink(shell, word, { append: operator.endsWith('>>') }, { ...io, stdout, stderr });
      } catch (error) {
        if (!(error instanceof FileError)) throw error;
        cannot(shell, 'create', word, error, stderr);
        return undefined;
      }
      if (operator.startsWith('&') || operator === '>&') stdout = stderr = sink;
      else if (fd === 2) stderr = sink;
      else stdout = sink;
    }
  }
  return { stdin, stdout, stderr };
}
function cannot(shell: Shell, what: 'open' | 'create', path: string, error: FileError, stderr: Sink): void {
  const missing = error.fault === 'ENOENT';
  const say = (text: string) => stderr.write(`${shell.name}: ${shell.place()}${text}\n`);
  if (shell.kind === 'bash') say(`${path}: ${error.message}`);
  else if (shell.kind === 'dash')
    say(
      `cannot ${what} ${path}: ${missing ? (what === 'open' ? 'No such file' : 'Directory nonexistent') : error.message}`,
    );
  else
    say(
      `can't ${what} ${path}: ${missing ? (what === 'open' ? 'no such file' : 'nonexistent directory') : error.message}`,
    );
}
function open(shell: Shell, path: string, io: Io): Io['stdin'] {
  const full = normalisePath(path, shell.cwd);
  const node = shell.files.stat(full);
  if (node.kind === 'device') return node.name === 'stdin' || node.name === 'tty' ? io.stdin : nothingIn;
  return textSource(shell.files.read(full));
}
/** Writes to a file as it comes. @throws FileError */
function fileSink(shell: Shell, path: string, { append }: { append: boolean }, io: Io): Sink {
  const full = normalisePath(path, shell.cwd);
  const node = shell.files.find(full);
  if (node?.kind === 'device') {
    if (node.name === 'stdout' || node.name === 'tty') return io.stdout;
    return node.name === 'stderr' ? io.stderr : nowhere;
  }
  shell.files.write(full, '', { append });
  const { files } = shell;
  return {
    full: false,
    broken: false,
    isTerminal: false,
    write: (bytes) => files.write(full, bytes, { append: true }),
  };
}
