import type { Machine } from './driver.ts';
import { MAX_TERMINALS, RUN_OUTPUT_BYTES, RUN_SCRIPT_BYTES } from './limits.ts';
import {
  createSharedTerminal,
  type Attachment,
  type Screenshot,
  type SharedTerminal,
  type TerminalSink,
} from './terminal/terminal.ts';
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

/** What a terminal says that is opened on a machine that sleeps. */
const ASLEEP = 'This machine is asleep. Press any key to wake it.';

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
  /** How often pages sent something typed; who looks twice knows whether anybody is there. */
  readonly inputs: number;
  /** Shows a sentence on every terminal. */
  say(sentence: string): void;
  /**
   * Ends all that runs and gives the machine back. The home stays, and so do pages and what they show, with the sentence under it; the next key,
   * or script, makes the machine anew.
   */
  sleep(sentence: string): Promise<void>;
  readonly asleep: boolean;
  /** What each terminal shows, for `screens` of a later workspace. */
  screens(): Promise<Record<string, Screenshot>>;
  readonly closed: boolean;
  /** Ends all that runs; no process, mount or temporary folder is left. The home stays. */
  close(): Promise<void>;
}

export interface WorkspaceParts {
  id: string;
  machine: Machine;
  /** Makes the machine again after a sleep. */
  reopen: () => Promise<Machine>;
  onClosed: () => void;
  /** Told of each terminal that is made. */
  onTerminal?: ((name: string, watch: SharedTerminal['watch']) => void) | undefined;
  /** What terminals of an earlier workspace showed at their end, and a sentence to put under it. */
  screens?: { sentence: string; of: Readonly<Record<string, Screenshot>> } | undefined;
}

/** A learner's terminals and scripts over a machine that a driver made. */
export function createWorkspace({ id, reopen, onClosed, ...parts }: WorkspaceParts): Workspace {
  /** Undefined while it sleeps. */
  let machine: Machine | undefined = parts.machine;
  let falling: Promise<void> | undefined;
  let waking: Promise<Machine> | undefined;
  let inputs = 0;
  let closing: Promise<void> | undefined;
  const running = new Set<{ kill: () => void; done: Promise<unknown> }>();
  const terminals = new Map<string, SharedTerminal>();

  const awake = async (): Promise<Machine> => {
    await falling;
    if (machine !== undefined) return machine;
    waking ??= reopen().finally(() => {
      waking = undefined;
    });
    const made = await waking;
    if (closing !== undefined) {
      await made.close();
      throw new Error(`workspace ${id} is closed`);
    }
    if (machine === undefined) {
      machine = made;
      for (const terminal of terminals.values()) terminal.wake();
    }
    return made;
  };

  const run = async (text: string, { timeoutMs }: RunOptions): Promise<RunResult> => {
    if (closing !== undefined) throw new Error(`workspace ${id} is closed`);
    if (Buffer.byteLength(text) > RUN_SCRIPT_BYTES) {
      throw new RangeError(`a script of more than ${RUN_SCRIPT_BYTES} bytes`);
    }
    // At once where the machine is there: what is run in turn starts in turn.
    const script = (falling === undefined && machine !== undefined ? machine : await awake()).script(text);
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
      await falling;
      await waking?.catch(() => undefined);
      await machine?.close();
      onClosed();
    })();
    return closing;
  };

  /** A key was typed at a terminal that rests. */
  const wakeUp = (): void => {
    awake().catch((error: unknown) => {
      const why = error instanceof Error ? error.message : String(error);
      if (closing === undefined) for (const terminal of terminals.values()) terminal.say(`It cannot be woken: ${why}`);
    });
  };

  const openTerminal = (name: string): SharedTerminal => {
    if (terminals.size >= MAX_TERMINALS) throw new TooManyTerminalsError();
    const before = parts.screens?.of[name];
    const terminal = createSharedTerminal(
      (size) => {
        if (machine === undefined) throw new Error(`workspace ${id} is asleep`);
        return machine.shell(size);
      },
      before && { ...before, sentence: parts.screens?.sentence ?? '' },
    );
    terminals.set(name, terminal);
    parts.onTerminal?.(name, (sink) => terminal.watch(sink));
    if (machine === undefined) void terminal.rest(ASLEEP, wakeUp);
    return terminal;
  };

  return {
    id,
    attach(sink, size, { terminal: name = FIRST_TERMINAL, lead = true } = {}) {
      if (closing !== undefined) throw new Error(`workspace ${id} is closed`);
      const attachment = (terminals.get(name) ?? openTerminal(name)).attach(sink, size, lead);
      return {
        ...attachment,
        write(data) {
          inputs += 1;
          attachment.write(data);
        },
      };
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
    get inputs() {
      return inputs;
    },
    say(sentence) {
      for (const terminal of terminals.values()) terminal.say(sentence);
    },
    async sleep(sentence) {
      if (closing !== undefined || machine === undefined) return;
      falling ??= (async () => {
        for (const { kill } of running) kill();
        await Promise.all([...terminals.values()].map((terminal) => terminal.rest(sentence, wakeUp)));
        const ended = machine;
        machine = undefined;
        await ended?.close();
      })().finally(() => {
        falling = undefined;
      });
      await falling;
    },
    get asleep() {
      return machine === undefined;
    },
    async screens() {
      const shots = [...terminals].map(async ([name, terminal]) => [name, await terminal.screen()] as const);
      return Object.fromEntries(await Promise.all(shots));
    },
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
