/** Somebody who follows a tutorial: a cluster of their own, the real kubectl, and a clock that need not be waited for. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawn as openTerminal } from 'node-pty';
import { serveCluster, type ServedCluster } from '#cluster/serve/served-cluster.ts';

const TOOLS = join(import.meta.dirname, '../../.cache/tools');
const MANIFESTS = join(import.meta.dirname, 'manifests');
/** Cluster time starts this much behind the wall, so that what passes never lies in kubectl's future. */
const HEAD_START_MS = 12 * 60 * 60 * 1000;
/** Milliseconds of cluster time after each command: a person reads what it printed. */
const READS_MS = 2000;
/** While a command waits for the cluster, its time goes faster than the wall's: so many milliseconds for each of these. */
const TICK_MS = 50;
const TICK_PASSES_MS = 500;
const COMMAND_TIMEOUT_MS = 60_000;

export interface Ran {
  /** Both streams, in the order written. */
  said: string;
  exit: number;
}

export class Learner {
  readonly #served: ServedCluster;
  readonly #folder: string;
  readonly #faults: string[];
  #ticks: NodeJS.Timeout | undefined;

  private constructor(served: ServedCluster, folder: string, faults: string[]) {
    this.#served = served;
    this.#folder = folder;
    this.#faults = faults;
  }
  static async begin(nodes: readonly string[] = ['controlplane', 'node01', 'node02']): Promise<Learner> {
    const faults: string[] = [];
    const served = await serveCluster({
      start: { now: Date.now() - HEAD_START_MS, nodes },
      listen: { host: '127.0.0.1', port: 0 },
      onFault: (what, fault) => faults.push(`${what}: ${fault instanceof Error ? fault.stack : String(fault)}`),
    });
    const folder = mkdtempSync(join(tmpdir(), 'tutorial-'));
    const address = served.address();
    if (!('port' in address)) throw new Error('the cluster does not listen on a port');
    writeFileSync(join(folder, 'config'), served.kubeconfig(`https://127.0.0.1:${address.port}`));
    return new Learner(served, folder, faults);
  }
  /** What went wrong inside of the cluster. */
  get faults(): readonly string[] {
    return this.#faults;
  }
  get #environment(): Record<string, string> {
    return {
      PATH: `${TOOLS}:${process.env['PATH'] ?? ''}`,
      HOME: this.#folder,
      KUBECONFIG: join(this.#folder, 'config'),
      LANG: 'C.UTF-8',
      TERM: 'xterm',
    };
  }
  pass(ms: number): void {
    this.#served.pass(ms);
  }
  /** A command line, in the folder of the manifests. While it runs cluster time flies. */
  run(command: string, readsMs = READS_MS): Promise<Ran> {
    const child = spawn('bash', ['-c', `exec 2>&1; ${command}`], {
      cwd: MANIFESTS,
      env: this.#environment as unknown as NodeJS.ProcessEnv,
      stdio: ['ignore', 'pipe', 'ignore'],
      timeout: COMMAND_TIMEOUT_MS,
      killSignal: 'SIGKILL',
    });
    let said = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (said += text));
    this.#fly();
    return new Promise((resolve, reject) => {
      child.on('error', reject);
      child.on('close', (code) => {
        clearInterval(this.#ticks);
        this.#served.pass(readsMs);
        resolve({ said, exit: code ?? -1 });
      });
    });
  }
  #fly(): void {
    clearInterval(this.#ticks);
    // what is quickly answered should not find the world changed
    let ticks = 0;
    this.#ticks = setInterval(() => {
      if (++ticks > 10) this.#served.pass(TICK_PASSES_MS);
    }, TICK_MS);
  }
  /** One that has to succeed. */
  async ok(command: string, readsMs = READS_MS): Promise<string> {
    const { said, exit } = await this.run(command, readsMs);
    if (exit !== 0) throw new Error(`${command}\nended with ${exit}:\n${said}`);
    return said;
  }
  /** With a terminal: what was typed after each of these came up. Returns the screen. */
  converse(command: string, dialogue: readonly (readonly [wait: string, type: string])[]): Promise<Ran> {
    const terminal = openTerminal('bash', ['-c', command], {
      cwd: MANIFESTS,
      env: this.#environment,
      cols: 200,
      rows: 50,
    });
    this.#fly();
    let screen = '';
    let seen = 0;
    const left = [...dialogue];
    return new Promise((resolve) => {
      const end = (exit: number) => {
        clearTimeout(limit);
        clearInterval(this.#ticks);
        this.#served.pass(READS_MS);
        resolve({ said: screen.replaceAll('\r\n', '\n'), exit });
      };
      const limit = setTimeout(() => {
        terminal.kill('SIGKILL');
        end(-1);
      }, COMMAND_TIMEOUT_MS);
      terminal.onData((text) => {
        screen += text;
        for (;;) {
          const [wait, type] = left[0] ?? ['', ''];
          const at = wait === '' ? -1 : screen.indexOf(wait, seen);
          if (at === -1) return;
          seen = at + wait.length;
          left.shift();
          terminal.write(type);
        }
      });
      terminal.onExit(({ exitCode }) => end(exitCode));
    });
  }
  async leave(): Promise<void> {
    clearInterval(this.#ticks);
    await this.#served.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
