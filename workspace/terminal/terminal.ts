import type { ShellProcess } from '../driver.ts';
import {
  FLOW_HIGH_BYTES,
  FLOW_LOW_BYTES,
  MAX_COLUMNS,
  MAX_ROWS,
  MAX_SCREENS,
  RESIZE_MS,
  RESTART_MS,
  STALLED_SCREEN_MS,
} from '../limits.ts';
import { createFlowControl, type FlowControl } from './flow-control.ts';
import { createSequenceGuard } from './guard.ts';
import { createTerminalTwin, type TerminalSize } from './twin.ts';

export interface TerminalExit {
  exitCode: number;
  /** Number of the signal that ended the shell, 0 when none did. */
  signal: number;
}

/** What a terminal tells one page. Calls come in the order of the stream; none may throw. */
export interface TerminalSink {
  /** Replace what the screen shows. Comes first after attaching, after a restart, and when this screen was skipped because it fell behind. */
  snapshot(screen: TerminalSize & { data: string }): void;
  output(chunk: Uint8Array): void;
  /** The size in force, set by whoever leads, and whether this attachment leads. */
  lead(state: TerminalSize & { leading: boolean }): void;
  /** The shell has ended; `restart` opens a new one. */
  exit(exit: TerminalExit): void;
  /** The workspace was closed; nothing follows. */
  closed(): void;
}

/** One page on a terminal. After `detach` all calls do nothing. */
export interface Attachment {
  /** Typed or pasted bytes. Whoever types leads: its size is the shell's, and its terminal answers the programs' queries. */
  write(data: Uint8Array): void;
  /** Takes the lead without typing. */
  lead(): void;
  /** This page's size; it becomes the shell's when this attachment leads. */
  resize(size: TerminalSize): void;
  /** Bytes of output that the page has drawn. */
  ack(bytes: number): void;
  /** A new shell after the last one ended; nothing while one runs. */
  restart(): void;
  detach(): void;
}

export interface SharedTerminal {
  /** `lead` false: only watches while another leads. Throws TooManyScreensError. */
  attach(sink: TerminalSink, size: TerminalSize, lead?: boolean): Attachment;
  /** Ends the shell and resolves when its process is gone. */
  close(): Promise<void>;
}

/** MAX_SCREENS pages show this terminal already. */
export class TooManyScreensError extends Error {
  override name = 'TooManyScreensError';
  override message = `this terminal is open in ${MAX_SCREENS} places already`;
}

interface Screen {
  sink: TerminalSink;
  size: TerminalSize;
  flow: FlowControl;
  /** Output that came between asking for a snapshot and getting it; undefined when the screen follows live. */
  waiting: Uint8Array[] | undefined;
  /** Too slow for the others: gets nothing until it has drawn what it has, then a snapshot. */
  behind: boolean;
}

const BELL = Uint8Array.of(7);

const clamp = (value: number, max: number): number => Math.min(max, Math.max(1, Math.trunc(value) || 1));
const within = (size: TerminalSize): TerminalSize => ({
  cols: clamp(size.cols, MAX_COLUMNS),
  rows: clamp(size.rows, MAX_ROWS),
});

/**
 * A shell on a pseudo-terminal that any number of pages look at.
 * `start` opens the shell's process, at the first attach and at each restart.
 */
export function createSharedTerminal(start: (size: TerminalSize) => ShellProcess): SharedTerminal {
  const screens = new Set<Screen>();
  const twin = createTerminalTwin({ cols: 80, rows: 24 });
  const twinFlow = createFlowControl({ high: FLOW_HIGH_BYTES, low: FLOW_LOW_BYTES, onChange: () => settleFlow() });
  let pty: ShellProcess | undefined;
  let ended: TerminalExit | undefined;
  let leader: Screen | undefined;
  let stalled: NodeJS.Timeout | undefined;
  let sourcePaused = false;
  let closing = false;
  let onGone: (() => void) | undefined;
  let resting: NodeJS.Timeout | undefined;
  let restarting: NodeJS.Timeout | undefined;
  let openedAt = 0;

  const inForce = (): TerminalSize => twin.size;

  const tellLead = (): void => {
    for (const screen of screens) screen.sink.lead({ ...inForce(), leading: screen === leader });
  };

  const applySize = (size: TerminalSize): void => {
    const now = inForce();
    if (now.cols === size.cols && now.rows === size.rows) return;
    twin.resize(size);
    pty?.resize(size);
  };

  /** The leader's newest size, at once when none came lately: a page that resizes without pause costs a reflow of all lines each time. */
  const follow = (): void => {
    if (resting !== undefined || leader === undefined) return;
    applySize(leader.size);
    tellLead();
    resting = setTimeout(() => {
      resting = undefined;
      const now = inForce();
      if (leader !== undefined && (leader.size.cols !== now.cols || leader.size.rows !== now.rows)) follow();
    }, RESIZE_MS);
  };

  const takeLead = (screen: Screen): void => {
    if (leader === screen) return;
    leader = screen;
    applySize(screen.size);
    tellLead();
  };

  const redraw = (screen: Screen): void => {
    screen.behind = false;
    screen.waiting = [];
    twin.atThisPoint(() => {
      const missed = screen.waiting;
      if (missed === undefined || !screens.has(screen)) return;
      screen.waiting = undefined;
      screen.flow.clear();
      screen.sink.snapshot({ ...inForce(), data: twin.serialize() });
      for (const chunk of missed) send(screen, chunk);
      if (ended !== undefined) screen.sink.exit(ended);
    });
  };

  const send = (screen: Screen, chunk: Uint8Array): void => {
    if (screen.behind) return;
    if (screen.waiting !== undefined) {
      screen.waiting.push(chunk);
      return;
    }
    screen.sink.output(chunk);
    screen.flow.sent(chunk.length);
  };

  /** The shell waits for the twin always, and for the screens until one of them has kept the others waiting too long. */
  const settleFlow = (): void => {
    for (const screen of screens) if (screen.behind && !screen.flow.paused) redraw(screen);
    const live = [...screens].filter((screen) => !screen.behind);
    const slow = live.filter((screen) => screen.flow.paused);
    if (slow.length > 0 && slow.length < live.length) {
      stalled ??= setTimeout(() => {
        stalled = undefined;
        for (const screen of slow) if (screen.flow.paused) screen.behind = true;
        settleFlow();
      }, STALLED_SCREEN_MS);
    } else if (stalled !== undefined) {
      clearTimeout(stalled);
      stalled = undefined;
    }
    const pause = twinFlow.paused || slow.length > 0;
    if (pause === sourcePaused) return;
    sourcePaused = pause;
    if (pause) pty?.pause();
    else pty?.resume();
  };

  const open = (): void => {
    if (pty !== undefined || closing) return;
    ended = undefined;
    sourcePaused = false;
    openedAt = performance.now();
    const shell = start(inForce());
    pty = shell;
    const guard = createSequenceGuard(inForce);
    shell.onData((data) => {
      const chunk = guard.pass(data);
      if (chunk.length === 0) return;
      twinFlow.sent(chunk.length);
      twin.write(chunk, () => twinFlow.acknowledged(chunk.length));
      for (const screen of screens) send(screen, chunk);
    });
    shell.onExit((exit) => {
      pty = undefined;
      ended = exit;
      for (const screen of screens) if (screen.waiting === undefined && !screen.behind) screen.sink.exit(ended);
      onGone?.();
    });
    settleFlow();
  };

  return {
    attach(sink, size, lead = true) {
      if (screens.size >= MAX_SCREENS) throw new TooManyScreensError();
      const screen: Screen = {
        sink,
        size: within(size),
        flow: createFlowControl({ high: FLOW_HIGH_BYTES, low: FLOW_LOW_BYTES, onChange: () => settleFlow() }),
        waiting: undefined,
        behind: false,
      };
      screens.add(screen);
      if (lead || leader === undefined) takeLead(screen);
      else sink.lead({ ...inForce(), leading: false });
      if (ended === undefined) open();
      redraw(screen);
      const attached = (): boolean => screens.has(screen) && !closing;
      return {
        write(data) {
          if (!attached() || pty === undefined) return;
          takeLead(screen);
          // As a terminal does whose program does not read: what is too much is dropped, and the bell says so.
          if (!pty.write(data)) send(screen, BELL);
        },
        lead() {
          if (attached()) takeLead(screen);
        },
        resize(next) {
          if (!attached()) return;
          screen.size = within(next);
          if (leader !== screen) return;
          follow();
        },
        ack(bytes) {
          if (attached()) screen.flow.acknowledged(bytes);
        },
        restart() {
          if (!attached() || pty !== undefined) return;
          // A shell that ends at once (an `exit` in ~/.bashrc) must not be opened as fast as a page can ask.
          restarting ??= setTimeout(
            () => {
              twin.atThisPoint(() => {
                restarting = undefined;
                if (closing || pty !== undefined) return;
                twin.reset();
                open();
                for (const other of screens) redraw(other);
              });
            },
            Math.max(0, openedAt + RESTART_MS - performance.now()),
          );
        },
        detach() {
          if (!screens.delete(screen)) return;
          if (leader === screen) {
            leader = undefined;
            const next = [...screens].at(-1);
            if (next !== undefined) takeLead(next);
          }
          settleFlow();
        },
      };
    },
    async close() {
      closing = true;
      for (const timer of [stalled, resting, restarting]) clearTimeout(timer);
      for (const screen of screens) screen.sink.closed();
      screens.clear();
      const shell = pty;
      if (shell !== undefined) {
        const gone = new Promise<void>((resolve) => {
          onGone = resolve;
        });
        // A paused stream would hide the end of the shell.
        shell.resume();
        shell.kill();
        await gone;
      }
      twin.dispose();
    },
  };
}
