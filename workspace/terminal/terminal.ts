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
  /** Shows all to somebody who never types, has no size and holds nothing up: who does not keep up gets a snapshot later. */
  watch(sink: TerminalSink): Watching;
  /** Shows a sentence of ours between what programs print. */
  say(sentence: string): void;
  /**
   * Ends the shell without a word of its exit, puts a sentence under what is on the screen, and resolves when its process is gone. From then
   * on the terminal rests: what is typed is not taken, and calls `onKey`.
   */
  rest(sentence: string, onKey: () => void): Promise<void>;
  /** A new shell after `rest`, under what is on the screen. */
  wake(): void;
  /** What is shown, to draw it again later. */
  screen(): Promise<Screenshot>;
  /** Ends the shell and resolves when its process is gone. */
  close(): Promise<void>;
}

/** What a terminal shows, with the lines above. */
export type Screenshot = TerminalSize & { data: string };

/** A recorder, say. */
export interface Watching {
  /** Bytes of output that were dealt with. */
  ack(bytes: number): void;
  stop(): void;
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
  /** Nobody waits for it. */
  watching: boolean;
  /** Too slow for the others: gets nothing until it has drawn what it has, then a snapshot. */
  behind: boolean;
}

const BELL = Uint8Array.of(7);
/** Leaves a full-screen program's screen. Only from there: elsewhere it moves the cursor to where it was long ago. */
const LEAVE = '\u001b[?1049l';
/** Out of whatever modes a program has left: mouse, pasting, hidden cursor, colours. */
const PLAIN = '\u001b[?1000l\u001b[?1002l\u001b[?1003l\u001b[?1006l\u001b[?2004l\u001b[?1l\u001b[?25h\u001b[0m';
const sentenceLine = (sentence: string): string => `\r\n\u001b[1;33m${sentence}\u001b[0m\r\n`;
/** Over the last row, for a program that draws the whole screen; it is drawn over at its next change there. */
const sentenceRow = (sentence: string, { cols, rows }: TerminalSize): string =>
  `\u001b7\u001b[${rows};1H\u001b[2K\u001b[1;33m${sentence.slice(0, cols)}\u001b[0m\u001b8`;

const clamp = (value: number, max: number): number => Math.min(max, Math.max(1, Math.trunc(value) || 1));
const within = (size: TerminalSize): TerminalSize => ({
  cols: clamp(size.cols, MAX_COLUMNS),
  rows: clamp(size.rows, MAX_ROWS),
});

/**
 * A shell on a pseudo-terminal that any number of pages look at.
 * `start` opens the shell's process, at the first attach and at each restart; `before` is what an earlier terminal showed at its end.
 */
export function createSharedTerminal(
  start: (size: TerminalSize) => ShellProcess,
  before?: Screenshot & { sentence: string },
): SharedTerminal {
  const screens = new Set<Screen>();
  const twin = createTerminalTwin(before === undefined ? { cols: 80, rows: 24 } : within(before));
  if (before !== undefined) {
    const leave = before.data.includes('\u001b[?1049h') ? LEAVE : '';
    twin.write(Buffer.from(before.data + leave + PLAIN + sentenceLine(before.sentence)), () => undefined);
  }
  const twinFlow = createFlowControl({ high: FLOW_HIGH_BYTES, low: FLOW_LOW_BYTES, onChange: () => settleFlow() });
  let pty: ShellProcess | undefined;
  let ended: TerminalExit | undefined;
  let leader: Screen | undefined;
  let stalled: NodeJS.Timeout | undefined;
  let sourcePaused = false;
  let closing = false;
  const whenGone: (() => void)[] = [];
  let resting: NodeJS.Timeout | undefined;
  let restarting: NodeJS.Timeout | undefined;
  let openedAt = 0;
  /** While the terminal rests: what a key calls. */
  let onKey: (() => void) | undefined;

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
    for (const screen of screens) {
      if (screen.behind && !screen.flow.paused) redraw(screen);
      else if (screen.watching && screen.flow.paused) screen.behind = true;
    }
    const live = [...screens].filter((screen) => !screen.behind && !screen.watching);
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

  const show = (chunk: Uint8Array): void => {
    twinFlow.sent(chunk.length);
    twin.write(chunk, () => twinFlow.acknowledged(chunk.length));
    for (const screen of screens) send(screen, chunk);
  };

  /** Ends the shell; resolves when its process is gone. */
  const endShell = async (): Promise<void> => {
    const shell = pty;
    if (shell === undefined) return;
    const gone = new Promise<void>((resolve) => {
      whenGone.push(resolve);
    });
    // A paused stream would hide the end of the shell.
    shell.resume();
    shell.kill();
    await gone;
  };

  const open = (): void => {
    if (pty !== undefined || closing || onKey !== undefined) return;
    ended = undefined;
    sourcePaused = false;
    openedAt = performance.now();
    const shell = start(inForce());
    pty = shell;
    const guard = createSequenceGuard(inForce);
    shell.onData((data) => {
      const chunk = guard.pass(data);
      if (chunk.length > 0) show(chunk);
    });
    shell.onExit((exit) => {
      pty = undefined;
      for (const gone of whenGone.splice(0)) gone();
      if (onKey !== undefined) return;
      ended = exit;
      for (const screen of screens) if (screen.waiting === undefined && !screen.behind) screen.sink.exit(ended);
    });
    settleFlow();
  };

  return {
    attach(sink, size, lead = true) {
      if ([...screens].filter(({ watching }) => !watching).length >= MAX_SCREENS) throw new TooManyScreensError();
      const screen: Screen = {
        sink,
        size: within(size),
        flow: createFlowControl({ high: FLOW_HIGH_BYTES, low: FLOW_LOW_BYTES, onChange: () => settleFlow() }),
        waiting: undefined,
        watching: false,
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
          if (attached() && onKey !== undefined && pty === undefined) onKey();
          if (!attached() || pty === undefined || onKey !== undefined) return;
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
            const next = [...screens].findLast((other) => !other.watching);
            if (next !== undefined) takeLead(next);
          }
          settleFlow();
        },
      };
    },
    watch(sink) {
      const screen: Screen = {
        sink,
        size: inForce(),
        flow: createFlowControl({ high: FLOW_HIGH_BYTES, low: FLOW_LOW_BYTES, onChange: () => settleFlow() }),
        waiting: undefined,
        watching: true,
        behind: false,
      };
      screens.add(screen);
      redraw(screen);
      return {
        ack(bytes) {
          if (screens.has(screen)) screen.flow.acknowledged(bytes);
        },
        stop() {
          screens.delete(screen);
        },
      };
    },
    say(sentence) {
      show(Buffer.from(twin.fullScreen ? sentenceRow(sentence, inForce()) : sentenceLine(sentence)));
    },
    async rest(sentence, whenTyped) {
      if (closing || onKey !== undefined) return;
      onKey = whenTyped;
      clearTimeout(restarting);
      restarting = undefined;
      await endShell();
      await new Promise<void>((resolve) => {
        twin.atThisPoint(resolve);
      });
      if (!closing) show(Buffer.from((twin.fullScreen ? LEAVE : '') + PLAIN + sentenceLine(sentence)));
    },
    wake() {
      onKey = undefined;
      ended = undefined;
      open();
    },
    screen: () =>
      new Promise((resolve) => {
        twin.atThisPoint(() => resolve({ ...inForce(), data: twin.serialize() }));
      }),
    async close() {
      closing = true;
      for (const timer of [stalled, resting, restarting]) clearTimeout(timer);
      for (const screen of screens) screen.sink.closed();
      screens.clear();
      await endShell();
      twin.dispose();
    },
  };
}
