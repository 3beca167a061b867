import { spawn } from 'node-pty';
import type { ShellProcess } from '../driver.ts';
import { createInput } from '../terminal/input.ts';
import type { TerminalSize } from '../terminal/twin.ts';
import { endSandbox } from './processes.ts';

/** Starts a program on a pseudo-terminal of its own, in a sandbox that `file` and `args` build. */
export function startOnTerminal(file: string, args: string[], size: TerminalSize): ShellProcess {
  // An empty environment and no working folder of ours: both can be read from inside through /proc/1.
  const pty = spawn(file, args, { ...size, name: 'xterm-256color', cwd: '/', env: {}, encoding: null });
  // node-pty has the descriptor on its Unix terminals, and leaves it out of its types.
  if (!('fd' in pty && typeof pty.fd === 'number'))
    throw new Error('this node-pty does not say the descriptor of its terminal');
  const input = createInput(pty.fd);
  pty.onExit(() => input.dispose());
  return {
    onData(listener) {
      // With `encoding: null` node-pty hands out Buffers, though its types say string.
      pty.onData((data: string | Uint8Array) => {
        listener(typeof data === 'string' ? Buffer.from(data) : new Uint8Array(data));
      });
    },
    onExit(listener) {
      pty.onExit(({ exitCode, signal }) => listener({ exitCode, signal: signal ?? 0 }));
    },
    write: (data) => input.write(data),
    resize({ cols, rows }) {
      try {
        pty.resize(cols, rows);
      } catch (error) {
        // The program's end reaches us a moment after it: who resizes in between is not at fault, and onExit will tell.
        if (!String(error).includes('EBADF')) throw error;
      }
    },
    pause: () => pty.pause(),
    resume: () => pty.resume(),
    kill: () => endSandbox(pty.pid),
  };
}
