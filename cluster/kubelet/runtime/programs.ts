/** Processes of a container: how a program is found and run, listed, and sent a signal. */
import type { Box, Context, ProcessRow } from '../shell/box.ts';
import type { Run } from '../shell/coroutine.ts';
import { DEFAULT_PATH, findProgram } from '../shell/programs.ts';
import type { Instance } from './instance.ts';

/** exec's reason, as runc words it. */
export function whyNot(box: Box, argv: readonly string[], path: string, cwd: string): string | undefined {
  const [name = ''] = argv;
  const found = findProgram(box, name, path, cwd);
  if (typeof found !== 'string') return undefined;
  if (found === 'missing')
    return name.includes('/')
      ? `exec: "${name}": stat ${name}: no such file or directory`
      : `exec: "${name}": executable file not found in $PATH`;
  return `exec: "${name}": ${found === 'folder' && !name.includes('/') ? 'executable file not found in $PATH' : 'permission denied'}`;
}

/** A program by its name, which may run others. */
export function runProgram(argv: readonly string[], base: Omit<Context, 'call'>): Run {
  const context: Context = {
    ...base,
    call: (inner, changes = {}) =>
      runProgram(inner, {
        ...base,
        argv: inner,
        ...(changes.io === undefined ? {} : { io: changes.io }),
        ...(changes.env === undefined ? {} : { env: changes.env }),
        ...(changes.cwd === undefined ? {} : { cwd: changes.cwd }),
      }),
  };
  return runFound(argv, context);
}

function* runFound(argv: readonly string[], context: Context): Run {
  const found = findProgram(context.box, argv[0] ?? '', context.env.get('PATH') ?? DEFAULT_PATH, context.cwd);
  if (typeof found === 'string') {
    context.io.stderr.write(
      `${context.argv[0]}: can't execute '${argv[0]}': ${found === 'missing' ? 'No such file or directory' : 'Permission denied'}\n`,
    );
    return found === 'missing' ? 127 : 126;
  }
  return yield* found.program({ ...context, argv: found.argv(argv) });
}

export function processesOf(instance: Instance): ProcessRow[] {
  const user = instance.container.securityContext?.runAsUser ?? instance.image.user;
  return [{ pid: 1, user: user === 0 ? 'root' : String(user), command: instance.argv.join(' ') }];
}

/** Sends a signal; false: no such process. */
export function kill(instance: Instance, { pid, signal }: { pid: number; signal: string }): boolean {
  if (pid !== 1) return false;
  // the first process of a container only hears what it has a handler for
  if (signal === 'KILL' || signal === '9') return true;
  instance.process.signal(signal);
  return true;
}
