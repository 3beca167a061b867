import type { ChildProcess } from 'node:child_process';
import type { Socket } from 'node:net';
import type { ShellProcess } from '../driver.ts';
import { MAX_COLUMNS, MAX_ROWS, SUDO_FRAME_BYTES } from '../limits.ts';
import type { TerminalSize } from '../terminal/twin.ts';

/** What `sudo` (sudo.pl) asks for. */
export interface SudoCommand {
  command: string[];
  /** Where to be; else /. */
  folder: string;
  environment: Record<string, string>;
  /** Set when it has a terminal to lend. */
  size: TerminalSize | undefined;
}

/** The command as it runs: on a terminal of its own, or with three streams. */
export type Started = { shell: ShellProcess } | { child: ChildProcess; kill: () => void };

/**
 * One `sudo`: frames of a letter, four bytes of length and a body. From inside H (what to start), I (input), E (end of input), R (size); to it
 * 1 (stdout), 2 (stderr), X (exit code). Whoever speaks otherwise loses the connection: only the learner is there to speak.
 */
export function serveSudo(socket: Socket, start: (asked: SudoCommand) => Started): void {
  let pending: Buffer = Buffer.alloc(0);
  let started: Started | undefined;
  const send = (kind: string, body: Uint8Array): boolean => {
    const head = Buffer.alloc(5);
    head.write(kind, 0, 'latin1');
    head.writeUInt32BE(body.length, 1);
    return socket.write(Buffer.concat([head, body]));
  };
  const exit = (code: number): void => {
    send('X', Buffer.from(String(code)));
    socket.end();
  };
  const open = (body: Buffer): void => {
    const asked = parse(body);
    if (asked === undefined) {
      socket.destroy();
      return;
    }
    started = start(asked);
    if ('shell' in started) {
      const { shell } = started;
      shell.onData((chunk) => {
        if (!send('1', chunk)) shell.pause();
      });
      socket.on('drain', () => shell.resume());
      shell.onExit(({ exitCode, signal }) => exit(signal > 0 ? 128 + signal : exitCode));
      socket.on('close', () => shell.kill());
      return;
    }
    const { child, kill } = started;
    for (const [kind, stream] of [
      ['1', child.stdout],
      ['2', child.stderr],
    ] as const) {
      stream?.on('data', (chunk: Buffer) => {
        if (!send(kind, chunk)) stream.pause();
      });
      socket.on('drain', () => stream?.resume());
    }
    // A command that does not read its input is no mistake.
    child.stdin?.on('error', () => undefined);
    child.stdin?.on('drain', () => socket.resume());
    child.once('error', () => exit(1));
    child.once('close', (code) => exit(code ?? 137));
    socket.on('close', kill);
  };
  const take = (kind: string, body: Buffer): void => {
    if (started === undefined) {
      if (kind === 'H') open(body);
      else socket.destroy();
    } else if ('shell' in started) {
      // As a terminal whose program does not read: what is too much is dropped.
      if (kind === 'I') started.shell.write(body);
      if (kind === 'R') {
        const size = sizeOf(body.toString().split('\0'));
        if (size !== undefined) started.shell.resize(size);
      }
    } else if (kind === 'I') {
      if (started.child.stdin?.write(body) === false) socket.pause();
    } else if (kind === 'E') started.child.stdin?.end();
  };
  socket.on('data', (chunk: Buffer) => {
    pending = pending.length === 0 ? chunk : Buffer.concat([pending, chunk]);
    while (pending.length >= 5 && !socket.destroyed) {
      const length = pending.readUInt32BE(1);
      if (length > SUDO_FRAME_BYTES) {
        socket.destroy();
        return;
      }
      if (pending.length < 5 + length) return;
      const [kind, body] = [pending.toString('latin1', 0, 1), pending.subarray(5, 5 + length)];
      pending = pending.subarray(5 + length);
      take(kind, body);
    }
  });
}

function parse(body: Buffer): SudoCommand | undefined {
  const [kind, cols, rows, folder, count, ...rest] = body.toString().split('\0');
  const settings = Number(count);
  const size = sizeOf([cols, rows]);
  if (folder === undefined || size === undefined || !Number.isInteger(settings) || settings < 0) return undefined;
  const command = rest.slice(settings);
  if (command.length === 0 || rest.length < settings) return undefined;
  const environment = Object.fromEntries(
    rest.slice(0, settings).flatMap((setting) => {
      const at = setting.indexOf('=');
      return /^[A-Za-z_]\w*$/.test(setting.slice(0, at)) ? [[setting.slice(0, at), setting.slice(at + 1)]] : [];
    }),
  );
  return { command, folder, environment, size: kind === 'tty' ? size : undefined };
}

function sizeOf([cols, rows]: readonly (string | undefined)[]): TerminalSize | undefined {
  const size = { cols: Number(cols), rows: Number(rows) };
  const fits = (value: number, most: number): boolean => Number.isInteger(value) && value > 0 && value <= most;
  return fits(size.cols, MAX_COLUMNS) && fits(size.rows, MAX_ROWS) ? size : undefined;
}
