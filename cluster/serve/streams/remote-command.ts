/** A command in a container, or its own process, joined to a client's channels: runs the coroutine a slice at a time. */
import type { Cluster } from '../../cluster.ts';
import { Pipe, type Io, type Run, type Sink, type Wait } from '../../kubelet/shell/coroutine.ts';
import { TerminalSink, TerminalSource } from '../../kubelet/shell/terminal.ts';
import type { Instance } from '../../kubelet/runtime/runtime.ts';
import type { IntoContainer } from './connect.ts';
import { runningInstance } from './pod-containers.ts';

/** How the client is reached, whatever the protocol. */
export interface Channels {
  stdout(bytes: string): void;
  stderr(bytes: string): void;
  /** Bytes on their way that the client has not read. */
  pending(): number;
}

/** How it came out. */
export type Ending =
  | { kind: 'exited'; code: number }
  /** The kubelet's own words. */
  | { kind: 'failed'; message: string };

export interface RemoteContext {
  cluster(): Cluster;
  catchUp(): void;
  react(): void;
}

/** Milliseconds of work before others get their turn, and the pause once it has worked for long. */
const SLICE = 5;
const PAUSE = 20;
const LONG = 500;
/** Milliseconds: the longest wait before looking again, for the clock may be moved ahead. */
const LOOK = 250;
/** Bytes. */
const FULL = 256 * 1024;
const STDIN = 1024 * 1024;

export class RemoteCommand {
  readonly #wanted: IntoContainer;
  readonly #channels: Channels;
  readonly #context: RemoteContext;
  readonly #done: (ending: Ending) => void;
  readonly #stdin: Pipe;
  #terminal: TerminalSource | undefined;
  readonly size = { columns: 80, rows: 24 };
  #run: Run | undefined;
  #timer: NodeJS.Timeout | undefined;
  #soon: NodeJS.Immediate | undefined;
  #worked = 0;
  #over = false;
  #detach: () => void = () => undefined;
  #attached: Instance | undefined;

  constructor(wanted: IntoContainer, channels: Channels, context: RemoteContext, done: (ending: Ending) => void) {
    this.#wanted = wanted;
    this.#channels = channels;
    this.#context = context;
    this.#done = done;
    this.#stdin = new Pipe({ capacity: STDIN });
    if (!wanted.stdin) this.#stdin.end();
  }

  start(instance: Instance): void {
    const { tty, command } = this.#wanted;
    const sink = (write: (bytes: string) => void): Sink => {
      const channels = this.#channels;
      const isOver = () => this.#over;
      return {
        write,
        get full() {
          return channels.pending() > FULL;
        },
        get broken() {
          return isOver();
        },
        isTerminal: false,
      };
    };
    const stdout = sink((bytes) => this.#channels.stdout(bytes));
    const stderr = sink((bytes) => this.#channels.stderr(bytes));
    if (this.#wanted.kind === 'attach') {
      this.#attach(instance, stdout, stderr);
      return;
    }
    let io: Io = { stdin: this.#stdin, stdout, stderr };
    if (tty) {
      this.#terminal = new TerminalSource(stdout);
      const screen = new TerminalSink(stdout);
      io = { stdin: this.#wanted.stdin ? this.#terminal : this.#stdin, stdout: screen, stderr: screen };
    }
    const { runtime } = this.#context.cluster();
    const terminal = this.#terminal;
    const execed = runtime.exec(instance, {
      argv: command,
      io,
      now: () => this.#context.cluster().now,
      ...(tty ? { terminal: this.size } : {}),
      pending: () => (terminal?.interrupted() ? 'INT' : undefined),
    });
    if (execed.kind === 'refused') {
      this.#finish({ kind: 'failed', message: `error executing command in container: ${execed.message}` });
      return;
    }
    this.#run = execed.run;
    this.#attached = instance;
    this.#schedule();
  }

  #attach(instance: Instance, stdout: Sink, stderr: Sink): void {
    this.#attached = instance;
    const { tty } = instance.container;
    const screen = tty ? new TerminalSink(stdout) : stdout;
    const tell = (stream: 'stdout' | 'stderr', bytes: string) => {
      if (screen.full) return;
      if (stream === 'stdout' || tty) screen.write(bytes);
      else stderr.write(bytes);
    };
    instance.watchers.add(tell);
    this.#detach = () => instance.watchers.delete(tell);
    const look = setInterval(() => {
      this.#context.catchUp();
      const { ended } = instance.process;
      // how the container ended is in its pod's status: attaching went well
      if (ended !== undefined) this.#finish({ kind: 'exited', code: 0 });
    }, LOOK / 2);
    const before = this.#detach;
    this.#detach = () => {
      before();
      clearInterval(look);
    };
  }

  input(bytes: Buffer): void {
    if (this.#over) return;
    const text = bytes.toString('latin1');
    if (this.#wanted.kind === 'attach') {
      const { input, process } = this.#attached ?? {};
      if (input instanceof TerminalSource) input.type(text);
      else input?.write(text);
      process?.advance(this.#context.cluster().now);
      this.#context.react();
      return;
    }
    if (this.#terminal) {
      this.#terminal.type(text);
      if (this.#terminal.interruptPending && this.#wanted.command.length > 0 && !this.#isShell())
        this.#finish({ kind: 'exited', code: 130 });
    } else this.#stdin.write(text);
    this.#schedule();
  }
  #isShell(): boolean {
    return /(^|\/)(ba|a|da)?sh$/.test(this.#wanted.command[0] ?? '');
  }
  endInput(): void {
    this.#stdin.end();
    this.#terminal?.hangUp();
    if (this.#wanted.kind === 'attach' && this.#attached?.container.stdinOnce === true) {
      const { input } = this.#attached;
      if (input instanceof TerminalSource) input.hangUp();
      else input?.end();
      this.#attached.process.advance(this.#context.cluster().now);
      this.#context.react();
    }
    this.#schedule();
  }
  resize(columns: number, rows: number): void {
    if (columns > 0) this.size.columns = columns;
    if (rows > 0) this.size.rows = rows;
  }
  get stdinFull(): boolean {
    return this.#stdin.full;
  }

  /** The client is gone: what runs is dropped. */
  abort(): void {
    if (this.#over) return;
    this.#over = true;
    this.#stop();
    this.#run?.return(129);
  }
  #stop(): void {
    clearTimeout(this.#timer);
    if (this.#soon) clearImmediate(this.#soon);
    this.#detach();
  }
  #finish(ending: Ending): void {
    if (this.#over) return;
    this.#over = true;
    this.#stop();
    this.#done(ending);
  }

  #schedule(ms = 0): void {
    if (this.#over || this.#run === undefined) return;
    clearTimeout(this.#timer);
    if (this.#soon) clearImmediate(this.#soon);
    this.#soon = undefined;
    if (ms > 0) this.#timer = setTimeout(() => this.#slice(), ms);
    else this.#soon = setImmediate(() => this.#slice());
  }

  #slice(): void {
    const run = this.#run;
    if (run === undefined || this.#over) return;
    this.#context.catchUp();
    const instance = this.#attached;
    // its container has ended, and everything in it with it
    if (instance?.process.ended !== undefined) {
      run.return(137);
      this.#finish({ kind: 'exited', code: 137 });
      return;
    }
    const from = performance.now();
    let wait: Wait = {};
    do {
      const step = run.next();
      if (step.done) {
        this.#context.react();
        this.#finish({ kind: 'exited', code: step.value });
        return;
      }
      wait = step.value;
    } while (wait.until === undefined && wait.event === undefined && performance.now() - from < SLICE);
    if (wait.until === undefined && wait.event === undefined) {
      // it computes: for a while at full speed, then a fifth of the time
      this.#worked += performance.now() - from;
      this.#schedule(this.#worked > LONG ? PAUSE : 0);
      return;
    }
    const { cluster } = this.#context;
    const left = (wait.until ?? Infinity) - cluster().now;
    this.#schedule(Math.max(1, Math.min(left, this.#channels.pending() > FULL ? PAUSE : LOOK)));
  }
}

/** What the kubelet answers before it starts anything: status and text; undefined: it starts. */
export function refusedByKubelet(cluster: Cluster, wanted: IntoContainer): { code: number; text: string } | undefined {
  const { kind, pod, container, stdin, stdout, stderr } = wanted;
  if (!stdin && !stdout && !stderr) return { code: 400, text: 'you must specify at least 1 of stdin, stdout, stderr' };
  if (runningInstance(cluster, pod, container) !== undefined) return undefined;
  const text =
    kind === 'exec'
      ? `container not found (${JSON.stringify(container)})`
      : `container ${container} not found in pod ${pod.metadata.name}_${pod.metadata.namespace}`;
  return { code: 500, text };
}
