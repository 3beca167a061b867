import { takeKeys } from './keys.ts';
import { connectTerminal, type ConnectionState } from './connection.ts';
import { linesToAskAbout } from './paste.ts';
import { ACK_BYTES, inputFrames } from './protocol.ts';
import { openScreen, type Screen, type ScreenOptions, type Size } from './screen.ts';
import { trackUnsent } from './unsent.ts';

export type TerminalState = ConnectionState | 'ended';

export interface TerminalSession {
  readonly screen: Screen;
  apply(looks: ScreenOptions): void;
  /** A new shell after the last one ended. */
  restart(): void;
  /** From now on this page types, no other. */
  takeOver(): void;
  /** What was typed and did not arrive: typed again, or forgotten. */
  settleUnsent(again: boolean): void;
  /** Ends the shell and this terminal, in all pages. */
  closeTerminal(): void;
  dispose(): void;
}

export interface SessionOptions extends ScreenOptions {
  url: string;
  onState: (state: TerminalState) => void;
  /** Another page types, and this one only watches; or no longer. */
  onWatching: (watching: boolean) => void;
  /** Text that was typed and did not arrive as far as known; '' for none. */
  onUnsent: (text: string) => void;
  onSearch: () => void;
  /** To the terminal before or after this one. */
  onNeighbour: (step: -1 | 1) => void;
  /** A long paste waits for an answer; `screen.terminal.paste(text)` goes on with it. */
  onLongPaste: (paste: { text: string; lines: number }) => void;
}

/** Milliseconds without an answer to what was typed after which a connection is given up: sleep and lost networks say nothing. */
const SILENT_MS = 8_000;
const LOOK_MS = 1_000;

/** Ties a drawn terminal to a connection: what is typed, what is shown, and who decides on the size. */
export async function openSession(host: HTMLElement, options: SessionOptions): Promise<TerminalSession> {
  const screen = await openScreen(host, options);
  const { terminal } = screen;
  const stop = new AbortController();
  const unsent = trackUnsent(() => performance.now());
  let ended = false;
  /** Whether this page types. */
  let leading = true;
  let greeted = false;
  const page = pageId();
  let drawn = 0;
  /** What this page would like, told to the server also while another page leads. */
  let wanted: Size = screen.fitting() ?? { cols: terminal.cols, rows: terminal.rows };

  const lose = (): void => {
    unsent.lost();
    options.onUnsent(unsent.text);
  };
  const connection = connectTerminal({
    url: websocketUrl(options.url),
    hello() {
      // A new page types; one that comes back does so again only if no other has taken over meanwhile.
      const hello = { ...wanted, lead: !greeted, page };
      greeted = true;
      return hello;
    },
    onState(state) {
      if (state !== 'connected' && state !== 'connecting') lose();
      options.onState(state === 'connected' && ended ? 'ended' : state);
    },
    onFrame(frame) {
      if (frame.type === 'output' && frame.data instanceof Uint8Array) {
        const { length } = frame.data;
        terminal.write(frame.data, () => {
          drawn += length;
          if (drawn < ACK_BYTES) return;
          connection.send({ type: 'ack', bytes: drawn });
          drawn = 0;
        });
      } else if (frame.type === 'snapshot') {
        drawn = 0;
        ended = false;
        options.onState('connected');
        const data = String(frame.data);
        // After what is still being drawn, or that would land on the fresh screen.
        terminal.write('', () => {
          terminal.reset();
          screen.resize({ cols: Number(frame.cols), rows: Number(frame.rows) });
          terminal.write(data);
        });
      } else if (frame.type === 'received') {
        unsent.received(Number(frame.bytes));
      } else if (frame.type === 'notice') {
        const before = leading;
        leading = frame.leading === true;
        screen.answers = leading;
        if (before && !leading) lose();
        options.onWatching(!leading);
        if (leading) takeSize();
        else screen.resize({ cols: Number(frame.cols), rows: Number(frame.rows) });
      } else if (frame.type === 'exit') {
        ended = true;
        options.onState('ended');
      }
    },
  });

  const restart = (): void => {
    connection.send({ type: 'restart' });
  };
  const takeOver = (): void => {
    connection.send({ type: 'lead' });
  };
  const type = (text: string): void => {
    // Said by the bar above the screen; the terminal takes no keys meanwhile.
    if (!leading || ended) return;
    let gone = true;
    for (const frame of inputFrames(text)) gone = connection.send(frame) && gone;
    if (gone) {
      unsent.sent(text);
      return;
    }
    unsent.missed(text);
    options.onUnsent(unsent.text);
  };

  const takeSize = (): void => {
    const size = screen.fitting();
    if (size === undefined) return;
    if (screen.answers) screen.resize(size);
    if (size.cols === wanted.cols && size.rows === wanted.rows) return;
    wanted = size;
    connection.send({ type: 'resize', ...size });
  };

  terminal.onData(type);
  terminal.onBinary((data) => {
    // Reports of the mouse in an old encoding, which no learner typed.
    if (leading) connection.send({ type: 'input', data: Uint8Array.from(data, (char) => char.charCodeAt(0)) });
  });
  const { signal } = stop;
  takeKeys(screen, host, signal, {
    watching: () => !leading,
    ended: () => ended,
    restart,
    takeOver,
    search: options.onSearch,
    neighbour: options.onNeighbour,
  });
  host.addEventListener(
    'paste',
    (event) => {
      const text = event.clipboardData?.getData('text/plain') ?? '';
      const lines = linesToAskAbout(text, terminal.modes.bracketedPasteMode);
      if (lines === 0) return;
      event.preventDefault();
      event.stopPropagation();
      options.onLongPaste({ text, lines });
    },
    { capture: true, signal },
  );

  // Once a frame: a drag of the divider would otherwise redraw full-screen programs dozens of times a second.
  let frame = 0;
  const takeSizeSoon = (): void => {
    cancelAnimationFrame(frame);
    frame = requestAnimationFrame(takeSize);
  };
  const watcher = new ResizeObserver(takeSizeSoon);
  watcher.observe(host);
  const looking = setInterval(() => {
    const since = unsent.waitingSince();
    if (since !== undefined && performance.now() - since > SILENT_MS) connection.renew();
  }, LOOK_MS);

  return {
    screen,
    apply(looks) {
      screen.apply(looks);
      // A letter of another size is another number of them.
      takeSizeSoon();
    },
    restart,
    takeOver,
    settleUnsent(again) {
      const { text } = unsent;
      unsent.forget();
      options.onUnsent('');
      if (again) terminal.paste(text);
    },
    closeTerminal() {
      connection.send({ type: 'close' });
    },
    dispose() {
      stop.abort();
      clearInterval(looking);
      cancelAnimationFrame(frame);
      watcher.disconnect();
      connection.close();
      screen.dispose();
    },
  };
}

/** `crypto.randomUUID` is there on secure pages only, and a trainer in a local network may be served without. */
function pageId(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(8)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** A path of this site as the address of a WebSocket. */
function websocketUrl(url: string): string {
  const address = new URL(url, window.location.href);
  address.protocol = address.protocol === 'https:' || address.protocol === 'wss:' ? 'wss:' : 'ws:';
  return address.href;
}
