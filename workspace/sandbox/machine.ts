import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { type Server, Server as NetServer, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { API_CONNECTIONS, MACHINE_START_MS, TMP_BYTES, TMP_INODES } from '../limits.ts';
import { argumentBytes, machineArguments, type HostLayout, type MachineMounts } from './arguments.ts';
import { BROUGHT } from './files.ts';
import { endSandbox, NO_ENVIRONMENT } from './processes.ts';

export const LISTEN_SCRIPT = fileURLToPath(new URL('./listen.mjs', import.meta.url));

/** The namespaces, mounts and the API server's listener of one workspace. */
export interface Machine {
  /** Process that keeps the namespaces; shells enter through it. */
  readonly keeper: number;
  /** Resolves when the machine ends, by `close` or by itself. */
  readonly ended: Promise<void>;
  close(): Promise<void>;
}

export interface MachineOptions {
  host: HostLayout;
  mounts: Omit<MachineMounts, 'node' | 'listenScript'>;
  /** Opens a connection to the workspace's API server; called for each connection that is made to 127.0.0.1:6443 inside. */
  connect: () => Duplex;
}

const KEEP = `set -e
mount -t tmpfs -o size=${TMP_BYTES},nr_inodes=${TMP_INODES},mode=1777,nosuid,nodev tmpfs /tmp
${BROUGHT}/node --no-warnings ${BROUGHT}/listen.mjs
exec sleep infinity 4>&- </dev/null >/dev/null 2>&1`;

/**
 * Starts a machine. Throws an error with bwrap's own words when the host refuses.
 * The listener is made inside by a short-lived process and handed to this one, so nothing of ours stays in the learner's network.
 */
export async function startMachine({ host, mounts, connect }: MachineOptions): Promise<Machine> {
  const args = machineArguments(host, { ...mounts, node: process.execPath, listenScript: LISTEN_SCRIPT });
  const child = spawn(host.programs.bwrap, ['--args', '3', '--', host.programs.sh, '-c', KEEP], {
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

  const handedOut = new Promise<{ keeper: number; listener: Server }>((resolve) => {
    child.once('message', (message, handle) => {
      if (handle instanceof NetServer && isKeeper(message)) resolve({ keeper: message.keeper, listener: handle });
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
  const { keeper, listener } = outcome;
  child.stderr?.destroy();
  child.send('taken');
  const pairs = new Set<Duplex>();
  listener.maxConnections = API_CONNECTIONS;
  listener.on('connection', (inner: Socket) => {
    try {
      join(inner, connect(), pairs);
    } catch {
      // The cluster is not there just now: to the client inside that is a connection that breaks, as with a real server.
      inner.destroy();
    }
  });
  // Accepting failed, for want of descriptors most likely: the client inside tries again, the server must not end over it.
  listener.on('error', () => undefined);
  return {
    keeper,
    ended,
    async close() {
      const shut = new Promise<void>((resolve) => {
        listener.close(() => resolve());
      });
      for (const socket of pairs) socket.destroy();
      if (child.pid !== undefined && child.exitCode === null) endSandbox(child.pid);
      await Promise.all([shut, ended]);
    },
  };
}

const isKeeper = (message: unknown): message is { keeper: number } =>
  typeof message === 'object' && message !== null && 'keeper' in message && typeof message.keeper === 'number';

/** Copies both ways until either end closes; an error on one side is the end of the other. */
function join(inner: Socket, outer: Duplex, pairs: Set<Duplex>): void {
  inner.setNoDelay(true);
  const ways: [Duplex, Duplex][] = [
    [inner, outer],
    [outer, inner],
  ];
  for (const [from, to] of ways) {
    pairs.add(from);
    from.pipe(to);
    // Why a connection broke is told by the client inside; here there is only the other half to close.
    from.on('error', () => to.destroy());
    from.on('close', () => {
      pairs.delete(from);
      to.destroy();
    });
  }
}
