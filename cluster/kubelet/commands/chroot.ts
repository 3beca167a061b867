/** Another root for a program: how a pod that has a node's disk under /host works on the node. */
import { FileError } from '../files/file-view.ts';
import { onMachine } from '../host/node-programs.ts';
import type { Box, Context, Program } from '../shell/box.ts';
import type { Run } from '../shell/coroutine.ts';
import { DEFAULT_PATH, findProgram } from '../shell/programs.ts';
import { runProgram } from '../runtime/programs.ts';

const WHY = { missing: 'No such file or directory', denied: 'Permission denied', folder: 'Permission denied' };

function* chroot(context: Context): Run {
  const { argv, box, io, env, cwd } = context;
  const gnu = box.flavour === 'gnu';
  const say = (text: string) => io.stderr.write(`chroot: ${text}\n`);
  const [, root, ...rest] = argv;
  if (root === undefined) {
    io.stderr.write(
      gnu
        ? "chroot: missing operand\nTry 'chroot --help' for more information.\n"
        : 'BusyBox v1.37.0 (2024-09-26 21:31:42 UTC) multi-call binary.\n\nUsage: chroot NEWROOT [PROG ARGS]\n\nRun PROG with root directory set to NEWROOT\n',
    );
    return gnu ? 125 : 1;
  }
  let inner: Box;
  try {
    if (box.who.uid !== 0) throw new FileError('EPERM');
    const files = box.files.under(root, cwd);
    // the tools of another root are those of another system
    const flavour = files.find('/etc/debian_version') || files.find('/usr/bin/bash') ? 'gnu' : 'busybox';
    inner = onMachine({ ...box, files, flavour });
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    say(
      gnu
        ? `cannot change root directory to '${root}': ${error.message}`
        : `can't change root directory to '${root}': ${error.message}`,
    );
    return gnu ? 125 : 1;
  }
  const shell = env.get('SHELL') ?? '/bin/sh';
  const command = rest.length > 0 ? rest : [shell, '-i'];
  const found = findProgram(inner, command[0] ?? '', env.get('PATH') ?? DEFAULT_PATH, '/');
  if (typeof found === 'string') {
    const name = command[0] ?? '';
    say(gnu ? `failed to run command '${name}': ${WHY[found]}` : `can't execute '${name}': ${WHY[found]}`);
    return found === 'missing' ? 127 : 126;
  }
  return yield* runProgram(command, { ...context, argv: command, box: inner, cwd: '/' });
}

export const CHROOT: Readonly<Record<string, Program>> = { chroot };
