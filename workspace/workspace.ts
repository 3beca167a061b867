import type { Machine } from './driver.ts';
import { MAX_TERMINALS, RUN_OUTPUT_BYTES, RUN_SCRIPT_BYTES } from './limits.ts';
import { createSharedTerminal, type Attachment, type SharedTerminal, type TerminalSink } from './terminal/terminal.ts';
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

/** MAX_TERMINALS are open on this machine already. */
export class TooManyTerminalsError extends Error {
  override name = 'TooManyTerminalsError';
  override message = `this machine has ${MAX_TERMINALS} terminals open already`;
}

export interface AttachOptions {
  /** Which of the machine's terminals; each has a shell of its own. Left out: the first. */
  terminal?: string;
  /** False: only watches while another page leads. */
  lead?: boolean;
}

/** The terminal of a machine that nobody gave a name. */
const FIRST_TERMINAL = '1';

/** A learner's machine. */
export interface Workspace {
  readonly id: string;
  /**
   * Puts a page on one of the learner's terminals; its shell starts with the first page and goes on when all have left.
   * Throws TooManyScreensError and TooManyTerminalsError.
   */
  attach(sink: TerminalSink, size: TerminalSize, options?: AttachOptions): Attachment;
  /** Names of the terminals that were attached to and not ended since, oldest first. */
  readonly terminals: readonly string[];
  /** Ends a terminal's shell with all it started; its pages are told that it was closed. Nothing where there is none. */
  endTerminal(name: string): Promise<void>;
  /** Runs a bash script on the machine without a terminal: same home, /tmp, tools and cluster. Rejects only when the machine is closed or the script too long. */
  run(script: string, options: RunOptions): Promise<RunResult>;
  readonly closed: boolean;
  /** Ends all that runs; no process, mount or temporary folder is left. The home stays. */
  close(): Promise<void>;
}

/** A learner's terminal and scripts over a machine that a driver made. */
export function createWorkspace(id: string, machine: Machine, onClosed: () => void): Workspace {
  let closing: Promise<void> | undefined;
  const running = new Set<{ kill: () => void; done: Promise<unknown> }>();
  const terminals = new Map<string, SharedTerminal>();

  const run = (text: string, { timeoutMs }: RunOptions): Promise<RunResult> => {
    if (closing !== undefined) return Promise.reject(new Error(`workspace ${id} is closed`));
    if (Buffer.byteLength(text) > RUN_SCRIPT_BYTES) {
      return Promise.reject(new RangeError(`a script of more than ${RUN_SCRIPT_BYTES} bytes`));
    }
    const script = machine.script(text);
    const stdout = collect(script.stdout);
    const stderr = collect(script.stderr);
    let timedOut = false;
    const timer = setTimeout(() => {
      timedOut = true;
      script.kill();
    }, timeoutMs);
    const done = script.ended
      .then((exitCode): RunResult => ({ exitCode, stdout: stdout(), stderr: stderr(), timedOut }))
      .finally(() => {
        clearTimeout(timer);
        running.delete(entry);
      });
    const entry = { kill: () => script.kill(), done };
    running.add(entry);
    return done;
  };

  const close = (): Promise<void> => {
    closing ??= (async () => {
      for (const { kill } of running) kill();
      await Promise.allSettled([
        ...[...terminals.values()].map((terminal) => terminal.close()),
        ...[...running].map(({ done }) => done),
      ]);
      await machine.close();
      onClosed();
    })();
    return closing;
  };

  return {
    id,
    attach(sink, size, { terminal: name = FIRST_TERMINAL, lead = true } = {}) {
      if (closing !== undefined) throw new Error(`workspace ${id} is closed`);
      let terminal = terminals.get(name);
      if (terminal === undefined) {
        if (terminals.size >= MAX_TERMINALS) throw new TooManyTerminalsError();
        terminal = createSharedTerminal((shell) => machine.shell(shell));
        terminals.set(name, terminal);
      }
      return terminal.attach(sink, size, lead);
    },
    get terminals() {
      return [...terminals.keys()];
    },
    async endTerminal(name) {
      const terminal = terminals.get(name);
      terminals.delete(name);
      await terminal?.close();
    },
    run,
    get closed() {
      return closing !== undefined;
    },
    close,
  };
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
