import { createRequire } from 'node:module';
import { SerializeAddon } from '@xterm/addon-serialize';
import { Unicode11Addon } from '@xterm/addon-unicode11';
import type * as Headless from '@xterm/headless';
import { SCROLLBACK_LINES } from '../limits.ts';

// A CommonJS bundle whose names Node does not find from an import, as it does those of the addons.
const { Terminal } = createRequire(import.meta.url)('@xterm/headless') as typeof Headless;

const ESC = 0x1b;
/** First byte of a C1 control in UTF-8. */
const C1_LEAD = 0xc2;
/** Bytes of a piece: 4,096 line feeds take about 12 ms. */
const PIECE_BYTES = 4_096;
/** Cells that the sequences of one piece may touch together: at about 20 ns each, 4 ms. */
const PIECE_CELLS = 200_000;
const FEWEST_SEQUENCES = 2;

/** The size of a terminal in character cells. */
export interface TerminalSize {
  cols: number;
  rows: number;
}

/**
 * A terminal without a screen that reads all a shell prints, so that a page which comes back, or a second one, can be drawn as the first was:
 * text, colours, cursor, alternate screen and modes.
 */
export interface TerminalTwin {
  /** Hands over output; `parsed` is called when it is part of what `serialize` would say. */
  write(chunk: Uint8Array, parsed: () => void): void;
  /** Calls back at the point of the stream where it was called: all written before is drawn, nothing written after. */
  atThisPoint(callback: () => void): void;
  resize(size: TerminalSize): void;
  readonly size: TerminalSize;
  /** Whether a full-screen program draws on the other screen. */
  readonly fullScreen: boolean;
  /** Escape sequences that draw the same on an empty terminal of the same size. */
  serialize(): string;
  /** As new, keeping the size. */
  reset(): void;
  dispose(): void;
}

export function createTerminalTwin(size: TerminalSize): TerminalTwin {
  const terminal = new Terminal({
    ...size,
    scrollback: SCROLLBACK_LINES,
    allowProposedApi: true,
    // A learner may print anything (cat of a binary): bytes that are no terminal language are not the server's news.
    logLevel: 'off',
  });
  const serializer = new SerializeAddon();
  terminal.loadAddon(serializer);
  // Widths must be counted as the page counts them, or lines with emoji would wrap elsewhere after a reconnect.
  terminal.loadAddon(new Unicode11Addon());
  terminal.unicode.activeVersion = '11';
  return {
    write(chunk, parsed) {
      const pieces = quickPieces(chunk, terminal.cols * terminal.rows);
      pieces.forEach((piece, index) => terminal.write(piece, index === pieces.length - 1 ? parsed : undefined));
    },
    atThisPoint: (callback) => terminal.write('', callback),
    resize: ({ cols, rows }) => terminal.resize(cols, rows),
    get size() {
      return { cols: terminal.cols, rows: terminal.rows };
    },
    get fullScreen() {
      return terminal.buffer.active.type === 'alternate';
    },
    serialize: () => serializer.serialize(),
    reset: () => terminal.reset(),
    dispose: () => terminal.dispose(),
  };
}

/**
 * Cuts output into pieces that are drawn in a few milliseconds each: between pieces xterm looks at the clock and lets the server's other work
 * in, inside one it does not. What takes time are control sequences that touch every cell (clearing, switching screens): 64 KB of them on a
 * large screen take a minute.
 */
export function quickPieces(chunk: Uint8Array, cells: number): Uint8Array[] {
  const sequences = Math.max(FEWEST_SEQUENCES, Math.trunc(PIECE_CELLS / cells));
  const pieces: Uint8Array[] = [];
  let from = 0;
  while (from < chunk.length) {
    let to = Math.min(chunk.length, from + PIECE_BYTES);
    let at = from;
    for (let seen = 0; seen <= sequences; seen += 1) {
      const escape = chunk.indexOf(ESC, at);
      const c1 = chunk.indexOf(C1_LEAD, at);
      at = Math.min(escape < 0 ? to : escape, c1 < 0 ? to : c1) + 1;
      if (at > to) break;
      // The one too many begins the next piece.
      if (seen === sequences) to = at - 1;
    }
    pieces.push(chunk.subarray(from, to));
    from = to;
  }
  return pieces.length === 0 ? [chunk] : pieces;
}
