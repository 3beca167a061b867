/** Where a command's input comes from and its output goes. */
import type { SimpleCommandNode } from 'just-bash';
import { FileError, normalisePath } from '../files/file-view.ts';
import { nothingIn, nowhere, textSource, type Io, type Sink, type Source, type Wait } from './coroutine.ts';
import type { Shell } from './shell.ts';

type Redirection = SimpleCommandNode['redirections'][number];

/** undefined: one could not be opened, which has been said. */
export function* redirect(
  shell: Shell,
  redirections: readonly Redirection[],
  io: Io,
): Generator<Wait, Io | undefined, void> {
  if (redirections.length === 0) return io;
  const next: Io = { ...io };
  for (const { operator, target, fd } of redirections) {
    if (target.type === 'HereDoc') {
      const text = target.quoted
        ? target.content.parts.map((part) => ('value' in part ? part.value : '')).join('')
        : yield* shell.expansion.one(target.content);
      give(next, fd ?? 0, textSource(target.stripTabs ? text.replace(/^\t+/gm, '') : text));
      continue;
    }
    const word = yield* shell.expansion.one(target);
    try {
      if (operator === '<<<') give(next, fd ?? 0, textSource(`${word}\n`));
      else if (operator === '<' || operator === '<>') give(next, fd ?? 0, open(shell, word, io));
      else if (operator === '<&' || (operator === '>&' && /^(\d+|-)$/.test(word))) {
        const own = fd ?? (operator === '<&' ? 0 : 1);
        const found = word === '-' ? undefined : taken(next, Number(word));
        if (word !== '-' && found === undefined) {
          shell.complain(
            `${word}: ${shell.kind === 'ash' ? 'Bad file descriptor' : 'Bad file descriptor'}`,
            next.stderr,
          );
          return undefined;
        }
        give(next, own, found);
      } else {
        if (
          shell.options.has('C') &&
          operator === '>' &&
          shell.files.find(normalisePath(word, shell.cwd))?.kind === 'file'
        )
          throw new FileError('EEXIST');
        const sink = fileSink(shell, word, { append: operator.endsWith('>>') }, next);
        if (operator.startsWith('&') || operator === '>&') next.stdout = next.stderr = sink;
        else give(next, fd ?? 1, sink);
      }
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      cannot(shell, operator === '<' || operator === '<>' ? 'open' : 'create', word, error, next.stderr);
      return undefined;
    }
  }
  return next;
}

/** Makes a number stand for it; undefined closes it. */
function give(io: Io, fd: number, end: Source | Sink | undefined): void {
  if (fd === 0) io.stdin = end !== undefined && 'take' in end ? end : nothingIn;
  else if (fd === 1) io.stdout = end !== undefined && 'write' in end ? end : nowhere;
  else if (fd === 2) io.stderr = end !== undefined && 'write' in end ? end : nowhere;
  else {
    const more = new Map(io.more);
    if (end === undefined) more.delete(fd);
    else more.set(fd, end);
    io.more = more;
  }
}
function taken(io: Io, fd: number): Source | Sink | undefined {
  return fd === 0 ? io.stdin : fd === 1 ? io.stdout : fd === 2 ? io.stderr : io.more?.get(fd);
}

function cannot(shell: Shell, what: 'open' | 'create', path: string, error: FileError, stderr: Sink): void {
  const missing = error.fault === 'ENOENT';
  const say = (text: string) => stderr.write(`${shell.name}: ${shell.place()}${text}\n`);
  if (error.fault === 'EEXIST' && shell.kind === 'bash') say(`${path}: cannot overwrite existing file`);
  else if (shell.kind === 'bash') say(`${path}: ${error.message}`);
  else if (shell.kind === 'dash')
    say(
      `cannot ${what} ${path}: ${missing ? (what === 'open' ? 'No such file' : 'Directory nonexistent') : error.message}`,
    );
  else
    say(
      `can't ${what} ${path}: ${missing ? (what === 'open' ? 'no such file' : 'nonexistent directory') : error.message}`,
    );
}
function open(shell: Shell, path: string, io: Io): Source {
  const full = normalisePath(path, shell.cwd);
  const handed = handedFd(path, io);
  if (handed !== undefined) return 'take' in handed ? handed : nothingIn;
  const node = shell.files.stat(full);
  if (node.kind === 'device') return node.name === 'stdin' || node.name === 'tty' ? io.stdin : nothingIn;
  return textSource(shell.files.read(full));
}
/** `/dev/fd/3`. */
function handedFd(path: string, io: Io): Source | Sink | undefined {
  const [, fd] = /^\/dev\/fd\/(\d+)$/.exec(path) ?? [];
  return fd === undefined ? undefined : taken(io, Number(fd));
}
/** Writes to a file as it comes. @throws FileError */
function fileSink(shell: Shell, path: string, { append }: { append: boolean }, io: Io): Sink {
  const full = normalisePath(path, shell.cwd);
  const node = shell.files.find(full);
  if (node?.kind === 'device') {
    if (node.name === 'stdout' || node.name === 'tty') return io.stdout;
    return node.name === 'stderr' ? io.stderr : nowhere;
  }
  const { files } = shell;
  files.write(full, '', { append, mode: 0o666 & ~shell.mask });
  return {
    full: false,
    broken: false,
    isTerminal: false,
    write: (bytes) => files.write(full, bytes, { append: true }),
  };
}
