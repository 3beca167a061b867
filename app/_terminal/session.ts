import { connectTerminal, type ConnectionState } from './connection.ts';
import { linesToAskAbout } from './paste.ts';
import { ACK_BYTES, inputFrames } from './protocol.ts';
import { openScreen, type Screen, type ScreenOptions, type Size } from './screen.ts';

export type TerminalState = ConnectionState | 'ended';

export interface TerminalSession {
  readonly screen: Screen;
  apply(looks: ScreenOptions): void;
  /** A new shell after the last one ended. */
  restart(): void;
  dispose(): void;
}

export interface SessionOptions extends ScreenOptions {
  url: string;
  onState: (state: TerminalState) => void;
  onSearch: () => void;
  /** A long paste waits for an answer; `screen.terminal.paste(text)` goes on with it. */
  onLongPaste: (paste: { text: string; lines: number }) => void;
}

/** Ties a drawn terminal to a connection: what is typed, what is shown, and who decides on the size. */
export async function openSession(host: HTMLElement, options: SessionOptions): Promise<TerminalSession> {
  const screen = await openScreen(host, options);
  const { terminal } = screen;
  const stop = new AbortController();
  let ended = false;
  let drawn = 0;
  /** What this page would like, told to the server also while another page leads. */
  let wanted: Size = screen.fitting() ?? { cols: terminal.cols, rows: terminal.rows };

  const connection = connectTerminal({
    url: websocketUrl(options.url),
    size: () => wanted,
    onState: (state) => options.onState(state === 'connected' && ended ? 'ended' : state),
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
      } else if (frame.type === 'notice') {
        screen.answers = frame.leading === true;
        if (screen.answers) takeSize();
        else screen.resize({ cols: Number(frame.cols), rows: Number(frame.rows) });
      } else if (frame.type === 'exit') {
        ended = true;
        options.onState('ended');
      }
    },
  });

  const restart = (): void => connection.send({ type: 'restart' });
  const type = (text: string): void => {
    for (const frame of inputFrames(text)) connection.send(frame);
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
    connection.send({ type: 'input', data: Uint8Array.from(data, (char) => char.charCodeAt(0)) });
  });
  terminal.attachCustomKeyEventHandler((event) => {
    if (event.type !== 'keydown') return true;
    // F6 belongs to the page: it is the keyboard's way out of a terminal, which takes Tab for itself.
    if (event.key === 'F6') return false;
    if (ended && event.key === 'Enter') {
      restart();
      event.preventDefault();
      return false;
    }
    if (!event.ctrlKey || !event.shiftKey || event.altKey) return true;
    if (event.code === 'KeyF') {
      event.preventDefault();
      options.onSearch();
      return false;
    }
    if (event.code === 'KeyC') {
      event.preventDefault();
      copySelection(screen);
      return false;
    }
    // The browser's own paste follows and comes as a paste event.
    return event.code !== 'KeyV';
  });

  const { signal } = stop;
  document.addEventListener('mouseup', () => copySelection(screen), { signal });
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

  return {
    screen,
    apply(looks) {
      screen.apply(looks);
      // A letter of another size is another number of them.
      takeSizeSoon();
    },
    restart,
    dispose() {
      stop.abort();
      cancelAnimationFrame(frame);
      watcher.disconnect();
      connection.close();
      screen.dispose();
    },
  };
}

function copySelection({ terminal }: Screen): void {
  const text = terminal.getSelection();
  if (text === '') return;
  // Refused where the page is not served securely or the reader forbade it; selecting still works, and so does the browser's menu.
  navigator.clipboard?.writeText(text).catch(() => undefined);
}

/** A path of this site as the address of a WebSocket. */
function websocketUrl(url: string): string {
  const address = new URL(url, window.location.href);
  address.protocol = address.protocol === 'https:' || address.protocol === 'wss:' ? 'wss:' : 'ws:';
  return address.href;
}
