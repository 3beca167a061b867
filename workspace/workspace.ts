import { spawn } from 'node:child_process';
import { chmodSync, chownSync, lstatSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { spawn as spawnPty } from 'node-pty';
import { RUN_OUTPUT_BYTES, RUN_SCRIPT_BYTES } from './limits.ts';
import { MAPPED_ID, type HostLayout } from './sandbox/arguments.ts';
import { createCgroups } from './sandbox/cgroups.ts';
import { identityFiles } from './sandbox/files.ts';
import { startMachine } from './sandbox/machine.ts';
import { endSandbox, NO_ENVIRONMENT } from './sandbox/processes.ts';
import { shellCommand } from './sandbox/shell.ts';
import { createSharedTerminal, type Attachment, type TerminalSink } from './terminal/terminal.ts';
import type { TerminalSize } from './terminal/twin.ts';

export interface RunOptions {
  /** Milliseconds after which the script and all it started is killed. */
  timeoutMs: number;
}

export interface RunResult {
  /** As bash gives it: 128 + signal for a script that a signal ended. */
  exitCode: number;
  stdout: string;
  stderr: string;
  timedOut: boolean;
}

/** A learner's machine. */
export interface Workspace {
  readonly id: string;
  /** Puts a page on the learner's terminal; the shell starts with the first one and goes on when all have left. */
  attach(sink: TerminalSink, size: TerminalSize): Attachment;
  /** Runs a bash script on the machine without a terminal: same home, /tmp, tools and cluster. Rejects only when the machine is closed or the script too long. */
  run(script: string, options: RunOptions): Promise<RunResult>;
  readonly closed: boolean;
  /** Ends all that runs; no process, mount or temporary folder is left. The home stays. */
  close(): Promise<void>;
}

/** What all workspaces of a server share. */
export interface Surroundings {
  host: HostLayout;
  toolsDir: string;
  tools: readonly string[];
  etc: string;
  etcFiles: readonly string[];
  seccompFile: string;
}

export interface WorkspaceOptions {
  id: string;
  /** Folder of this workspace's own files; made here, removed by `close`. */
  runDir: string;
  home: string;
  uid: number;
  kubeconfig: string;
  connect: () => Duplex;
  cgroupName: string;
  onClosed: () => void;
}

export async function openWorkspace(shared: Surroundings, options: WorkspaceOptions): Promise<Workspace> {
  const { host } = shared;
  const { id, runDir, uid } = options;
  const own = join(runDir, 'own');
  mkdirSync(own, { recursive: true, mode: 0o755 });
  const identity = identityFiles(host.tier === 'own-uid-plain' ? uid : MAPPED_ID);
  for (const [name, text] of Object.entries({ ...identity, kubeconfig: options.kubeconfig })) {
    writeFileSync(join(own, name), text);
    chmodSync(join(own, name), 0o644);
  }
  prepareHome(options.home, host.tier === 'same-uid' ? undefined : uid);

  const cgroups = createCgroups(options.cgroupName);
  const machine = await startMachine({
    host,
    connect: options.connect,
    mounts: { home: options.home, toolsDir: shared.toolsDir, etc: shared.etc, own },
  }).catch((error: unknown) => {
    cgroups.remove();
    rmSync(runDir, { recursive: true, force: true });
    throw error;
  });
  let serial = 0;
  let closing: Promise<void> | undefined;
  const running = new Set<{ kill: () => void; done: Promise<unknown> }>();

  const command = (scriptFile?: string) => {
    serial += 1;
    return shellCommand({
      ...shared,
      uid,
      keeper: machine.keeper,
      argumentsFile: join(runDir, scriptFile === undefined ? 'shell.args' : 'script.args'),
      scriptFile,
      cgroups: cgroups.procs,
    });
  };

  const terminal = createSharedTerminal((size) => {
    const { file, args } = command();
    // An empty environment and no working folder of ours: both can be read from inside through /proc/1.
    return spawnPty(file, args, { ...size, name: 'xterm-256color', cwd: '/', env: {}, encoding: null });
  }, endSandbox);

  const run = (script: string, { timeoutMs }: RunOptions): Promise<RunResult> => {
    if (closing !== undefined) return Promise.reject(new Error(`workspace ${id} is closed`));
    if (Buffer.byteLength(script) > RUN_SCRIPT_BYTES) {
      return Promise.reject(new RangeError(`a script of more than ${RUN_SCRIPT_BYTES} bytes`));
    }
    const scriptFile = join(runDir, `script-${serial}`);
    writeFileSync(scriptFile, script, { mode: 0o600 });
    const { file, args } = command(scriptFile);
    const child = spawn(file, args, {
      cwd: '/',
      env: NO_ENVIRONMENT,
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    const stdout = collect(child.stdout);
    const stderr = collect(child.stderr);
    let timedOut = false;
    const kill = (): void => {
      if (child.pid !== undefined && child.exitCode === null && child.signalCode === null) endSandbox(child.pid);
    };
    const timer = setTimeout(() => {
      timedOut = true;
      kill();
    }, timeoutMs);
    const done = new Promise<RunResult>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code) => {
        resolve({ exitCode: code ?? 137, stdout: stdout(), stderr: stderr(), timedOut });
      });
    }).finally(() => {
      clearTimeout(timer);
      rmSync(scriptFile, { force: true });
      running.delete(entry);
    });
    const entry = { kill, done };
    running.add(entry);
    return done;
  };

  const close = (): Promise<void> => {
    closing ??= (async () => {
      for (const { kill } of running) kill();
      await Promise.allSettled([terminal.close(), ...[...running].map(({ done }) => done)]);
      await machine.close();
      cgroups.remove();
      rmSync(runDir, { recursive: true, force: true });
      options.onClosed();
    })();
    return closing;
  };

  return {
    id,
    attach: (sink, size) => {
      if (closing !== undefined) throw new Error(`workspace ${id} is closed`);
      return terminal.attach(sink, size);
    },
    run,
    get closed() {
      return closing !== undefined;
    },
    close,
  };
}

/**
 * Makes the home and gives it to the learner. Only the folder itself is touched: what lies in it is the learner's, and following its links as
 * root would let them write anywhere.
 */
function prepareHome(home: string, uid: number | undefined): void {
  mkdirSync(home, { recursive: true, mode: 0o750 });
  if (!lstatSync(home).isDirectory()) throw new Error(`the home ${home} is not a folder`);
  if (uid !== undefined) chownSync(home, uid, uid);
}

/** Keeps the first RUN_OUTPUT_BYTES of a stream and reads on to its end, so that the writer is not held up. */
function collect(stream: NodeJS.ReadableStream): () => string {
  const chunks: Buffer[] = [];
  let kept = 0;
  stream.on('data', (chunk: Buffer) => {
    const part = chunk.subarray(0, RUN_OUTPUT_BYTES - kept);
    kept += part.length;
    if (part.length > 0) chunks.push(part);
  });
  return () => Buffer.concat(chunks).toString('utf8');
}
