import type { Terminal } from '@xterm/xterm';
import { THEMES } from '../themes.ts';
import { type Cast, eventsBy, parseSize } from './cast.ts';

/** A recording drawn into an element, at any moment of it. */
export interface Playback {
  /** Draws the screen as it was at this second. */
  show(seconds: number): void;
  apply(theme: 'light' | 'dark'): void;
  dispose(): void;
}

const SCROLLBACK = 5_000;

export async function openPlayback(host: HTMLElement, cast: Cast, theme: 'light' | 'dark'): Promise<Playback> {
  const [{ Terminal }, { Unicode11Addon }] = await Promise.all([
    import('@xterm/xterm'),
    import('@xterm/addon-unicode11'),
  ]);
  const terminal = new Terminal({
    allowProposedApi: true,
    cols: cast.cols,
    rows: cast.rows,
    disableStdin: true,
    fontFamily: getComputedStyle(host).fontFamily,
    fontSize: 13,
    minimumContrastRatio: 4.5,
    scrollback: SCROLLBACK,
    theme: THEMES[theme],
  });
  terminal.loadAddon(new Unicode11Addon());
  terminal.unicode.activeVersion = '11';
  terminal.open(host);
  // What is played is to be read, not typed into: Tab goes past it.
  if (terminal.textarea !== undefined) terminal.textarea.tabIndex = -1;
  silence(terminal);
  let drawn = 0;
  return {
    show(seconds) {
      const until = eventsBy(cast.events, seconds);
      if (until < drawn) {
        terminal.reset();
        terminal.resize(cast.cols, cast.rows);
        drawn = 0;
      }
      for (const [, code, data] of cast.events.slice(drawn, until)) {
        if (code === 'o') terminal.write(data);
        const size = code === 'r' ? parseSize(data) : undefined;
        // After what was written before it.
        if (size !== undefined) terminal.write('', () => terminal.resize(size.cols, size.rows));
      }
      drawn = until;
    },
    apply(next) {
      terminal.options.theme = THEMES[next];
    },
    dispose() {
      terminal.dispose();
    },
  };
}

/** A recorded link or title is history: it opens nothing and names nothing now. */
function silence({ parser }: Terminal): void {
  for (const code of [0, 1, 2, 8, 52]) parser.registerOscHandler(code, () => true);
}
