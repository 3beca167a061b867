import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { type Server, Server as NetServer, type Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { MACHINE_START_MS, TMP_BYTES, TMP_INODES } from '../limits.ts';
import { argumentBytes, machineArguments, type HostLayout, type MachineMounts } from './arguments.ts';
import { BROUGHT } from './files.ts';
import { endSandbox, NO_ENVIRONMENT } from './processes.ts';

const LISTEN_SCRIPT = fileURLToPath(new URL('./listen.mjs', import.meta.url));

/** The namespaces, mounts and listeners of one machine. */
export interface Namespaces {
  /** Process that keeps them; shells enter through it. */
  readonly keeper: number;
  close(): Promise<void>;
}

/** An address inside, whose connections come to the server. */
export interface Door {
  address: string;
  port: number;
  /** Connections open at once; more wait in the kernel. */
  most: number;
  /** Leave what the other end says unread: the connection is handed to a program. */
  unread?: boolean;
  onConnection(socket: Socket): void;
}

export interface NamespacesOptions {
  host: HostLayout;
  hostname: string;
  mounts: Omit<MachineMounts, 'node' | 'listenScript'>;
  doors: readonly Door[];
}

const KEEP = `set -e
mount -t tmpfs -o size=${TMP_BYTES},nr_inodes=${TMP_INODES},mode=1777,nosuid,nodev tmpfs /tmp
${BROUGHT}/node --no-warnings ${BROUGHT}/listen.mjs "$@"
exec sleep infinity 4>&- </dev/null >/dev/null 2>&1`;

/**
 * Starts a machine's namespaces. Throws an error with bwrap's own words when the host refuses.
 * The listeners are made inside by a short-lived process and handed to this one, so nothing of ours stays in the learner's network.
 */
export async function startNamespaces({ host, hostname, mounts, doors }: NamespacesOptions): Promise<Namespaces> {
  const args = machineArguments(host, hostname, { ...mounts, node: process.execPath, listenScript: LISTEN_SCRIPT });
  const addresses = doors.map(({ address, port }) => `${address}:${port}`);
  const child = spawn(host.programs.bwrap, ['--args', '3', '--', host.programs.sh, '-c', KEEP, 'keep', ...addresses], {
    cwd: '/',
    env: { ...NO_ENVIRONMENT, PATH: '/usr/sbin:/usr/bin:/sbin:/bin' },
    // Away from the server's terminal: its Ctrl-C must stop workspaces in order, not all at once.
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'ipc'],
  });
  let said = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-4096);
  });
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', (error) => {
      said += String(error);
      resolve();
    });
  });
  const argumentPipe = child.stdio[3];
  if (argumentPipe === null || argumentPipe === undefined || !('end' in argumentPipe))
    throw new Error('no pipe for the arguments of bwrap');
  // A bwrap that ends before it read its arguments has said why on stderr.
  argumentPipe.on('error', () => undefined);
  argumentPipe.end(argumentBytes(args));

  const handedOut = new Promise<{ keeper: number; listeners: Server[] }>((resolve) => {
    const listeners: Server[] = [];
    let keeper: number | undefined;
    child.on('message', (message, handle) => {
      keeper ??= numberIn(message, 'keeper');
      const door = numberIn(message, 'door');
      if (door !== undefined && handle instanceof NetServer) listeners[door] = handle;
      if (keeper !== undefined && listeners.filter(Boolean).length === doors.length) resolve({ keeper, listeners });
    });
  });
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), MACHINE_START_MS);
  const outcome = await Promise.race([
    handedOut,
    ended.then(() => `the sandbox ended at once: ${said.trim()}`),
    once(late.signal, 'abort').then(() => `no sandbox after ${MACHINE_START_MS} ms: ${said.trim()}`),
  ]);
  clearTimeout(timer);
  if (typeof outcome === 'string') {
    child.kill('SIGKILL');
    throw new Error(outcome);
  }
  const { keeper, listeners } = outcome;
  child.stderr?.destroy();
  child.send('taken');
  const open = new Set<Socket>();
  listeners.forEach((listener, index) => {
    const door = doors[index];
    if (door === undefined) return;
    listener.maxConnections = door.most;
    // Node reads a connection as soon as it is there, but for servers that were made with this.
    if (door.unread) Object.assign(listener, { pauseOnConnect: true });
    listener.on('connection', (socket: Socket) => {
      open.add(socket);
      socket.on('close', () => open.delete(socket));
      // Why a connection broke is told by the client inside.
      socket.on('error', () => socket.destroy());
      door.onConnection(socket);
    });
    // Accepting failed, for want of descriptors most likely: the client inside tries again, the server must not end over it.
    listener.on('error', () => undefined);
  });
  return {
    keeper,
    async close() {
      const shut = listeners.map(
        (listener) =>
          new Promise<void>((resolve) => {
            listener.close(() => resolve());
          }),
      );
      for (const socket of open) socket.destroy();
      if (child.pid !== undefined && child.exitCode === null) endSandbox(child.pid);
      await Promise.all([...shut, ended]);
    },
  };
}

function numberIn(message: unknown, name: 'keeper' | 'door'): number | undefined {
  if (typeof message !== 'object' || message === null || !(name in message)) return undefined;
  const value: unknown = Reflect.get(message, name);
  return typeof value === 'number' ? value : undefined;
}
