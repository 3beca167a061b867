import { createRequire } from 'node:module';
import { SerializeAddon } from '@xterm/addon-serialize';
import { Unicode11Addon } from '@xterm/addon-unicode11';
import type * as Headless from '@xterm/headless';
import { SCROLLBACK_LINES } from '../limits.ts';

// A CommonJS bundle whose names Node does not find from an import, as it does those of the addons.
const { Terminal } = createRequire(import.meta.url)('@xterm/headless') as typeof Headless;

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
    write: (chunk, parsed) => terminal.write(chunk, parsed),
    atThisPoint: (callback) => terminal.write('', callback),
    resize: ({ cols, rows }) => terminal.resize(cols, rows),
    get size() {
      return { cols: terminal.cols, rows: terminal.rows };
    },
    serialize: () => serializer.serialize(),
    reset: () => terminal.reset(),
    dispose: () => terminal.dispose(),
  };
}
