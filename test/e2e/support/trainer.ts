/** The trainer as a learner starts it: `drydock serve` in a process of its own, with data of its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { descendants, type ProcessId, stillRunning } from './processes.ts';

const ROOT = path.join(import.meta.dirname, '../../..');
/** Milliseconds until the link must be there; the product promises 5 s, this machine may be busy with other tests. */
const READY_MS = 60_000;
/** Milliseconds in which a stopped server must be gone. */
const STOPPED_MS = 30_000;

export interface Trainer {
  /** The link as printed, with its token. */
  readonly url: string;
  /** `http://127.0.0.1:<port>` */
  readonly origin: string;
  readonly port: number;
  /** Everything printed so far. */
  output(): string;
  /** What Ctrl-C does. Safe to call twice. */
  stop(): Promise<Stopped>;
}

export interface Stopped {
  exitCode: number | null;
  signal: NodeJS.Signals | null;
  /** Processes of the server that outlived it. */
  left: ProcessId[];
}

/** Folders for one trainer: its data, and what it takes for the system's temporary folder. */
export interface TrainerFolders {
  data: string;
  temporary: string;
  remove(): void;
}

export function makeFolders(): TrainerFolders {
  const parent = mkdtempSync(path.join(tmpdir(), 'drydock-journey-'));
  const folders = { data: path.join(parent, 'data'), temporary: path.join(parent, 'tmp') };
  mkdirSync(folders.temporary);
  return { ...folders, remove: () => rmSync(parent, { recursive: true, force: true }) };
}

/** Resolves when the link has been printed; `port` 0 is any free one. Rejects with what was printed when none comes. */
export async function startTrainer(folders: TrainerFolders, port = 0): Promise<Trainer> {
  const child = spawn(process.execPath, [path.join(ROOT, 'bin/drydock'), 'serve', '--port', String(port)], {
    cwd: ROOT,
    env: { ...serverEnvironment(), DRYDOCK_DATA: folders.data, TMPDIR: folders.temporary },
    // In our own process group: whoever stops the tests, stops the trainer.
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  const url = await new Promise<string>((resolve, reject) => {
    const impatience = setTimeout(() => {
      child.kill('SIGKILL');
      reject(new Error(`no link within ${READY_MS} ms:\n${printed}`));
    }, READY_MS);
    const hear = (chunk: Buffer): void => {
      printed += chunk.toString();
      const link = /http:\/\/\S+\?token=\w+/.exec(printed)?.[0];
      if (link === undefined) return;
      clearTimeout(impatience);
      resolve(link);
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    child.once('error', reject);
    child.once('exit', (code) => {
      clearTimeout(impatience);
      reject(new Error(`the server ended with ${code} before it printed a link:\n${printed}`));
    });
  });
  const { origin, port: taken } = new URL(url);
  let stopping: Promise<Stopped> | undefined;
  return {
    url,
    origin,
    port: Number(taken),
    output: () => printed,
    stop: () => (stopping ??= interrupt(child)),
  };
}

async function interrupt(child: ChildProcess): Promise<Stopped> {
  const { pid } = child;
  if (pid === undefined) throw new Error('the server never had a process');
  const family = descendants(pid);
  if (child.exitCode === null && child.signalCode === null) {
    const gone = new Promise<void>((resolve, reject) => {
      const impatience = setTimeout(() => {
        child.kill('SIGKILL');
        reject(new Error(`the server did not stop within ${STOPPED_MS} ms of Ctrl-C`));
      }, STOPPED_MS);
      child.once('close', () => {
        clearTimeout(impatience);
        resolve();
      });
    });
    child.kill('SIGINT');
    await gone;
  }
  return { exitCode: child.exitCode, signal: child.signalCode, left: stillRunning(family) };
}

/** Ours without what would change the server: its own settings, and Jest's. */
function serverEnvironment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) =>
      !name.startsWith('DRYDOCK_') && !name.startsWith('JEST_') && !['NODE_ENV', 'NODE_OPTIONS'].includes(name),
  );
  return Object.fromEntries(kept) as NodeJS.ProcessEnv;
}
