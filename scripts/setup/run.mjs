/** Starts other programs. */
import { spawn, spawnSync } from 'node:child_process';
import { SetupError } from './say.mjs';

/** Shows the program's output. Rejects when it fails. */
export function run(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['ignore', 'inherit', 'inherit'], ...options });
    child.on('error', reject);
    child.on('exit', (code, signal) =>
      code === 0
        ? resolve()
        : reject(new SetupError(`${command} ${args.join(' ')} failed (${signal ?? `exit ${code}`})`)),
    );
  });
}

/** The program's output, or undefined when it is not there or fails. */
export function capture(command, args, options = {}) {
  const { status, stdout } = spawnSync(command, args, { encoding: 'utf8', ...options });
  return status === 0 ? stdout.trim() : undefined;
}

/** Whether a program is on the PATH. */
export const has = (program) => capture('sh', ['-c', `command -v ${program}`]) !== undefined;
