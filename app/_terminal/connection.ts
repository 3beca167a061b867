import { CLOSE, decodeFrame, encodeFrame, type ClientFrame } from './protocol.ts';

/** `refused`: the server will not take this terminal, and asking again is of no use. */
export type ConnectionState = 'connecting' | 'connected' | 'disconnected' | 'refused';

export interface Connection {
  /** Dropped while there is no connection: what the learner typed into nothing must not arrive in another place later. */
  send(frame: ClientFrame): void;
  close(): void;
}

/** Milliseconds before the first new attempt; doubled at each until LONGEST_WAIT_MS. */
const FIRST_WAIT_MS = 400;
const LONGEST_WAIT_MS = 10_000;
/** Milliseconds a connection must have held for the next loss to start from the first wait again. */
const STEADY_MS = 5_000;

/**
 * Keeps a connection to one terminal, over losses. Each new one begins with the size, after which the server sends what the screen shows.
 * @param size asked at each connection
 */
export function connectTerminal(options: {
  url: string;
  size: () => { cols: number; rows: number };
  onFrame: (frame: Record<string, unknown> & { type: string }) => void;
  onState: (state: ConnectionState) => void;
}): Connection {
  let socket: WebSocket | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let wait = FIRST_WAIT_MS;
  let closed = false;

  const open = (): void => {
    clearTimeout(timer);
    timer = undefined;
    const current = new WebSocket(options.url);
    let openedAt = 0;
    socket = current;
    current.binaryType = 'arraybuffer';
    current.addEventListener('open', () => {
      openedAt = performance.now();
      current.send(encodeFrame({ type: 'resize', ...options.size() }));
      options.onState('connected');
    });
    current.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
      if (socket !== current || !(data instanceof ArrayBuffer)) return;
      const frame = decodeFrame(new Uint8Array(data));
      if (frame !== undefined) options.onFrame(frame);
    });
    current.addEventListener('close', ({ code }) => {
      if (socket !== current) return;
      socket = undefined;
      if (closed) return;
      if (code >= CLOSE.malformed && code < 4500) {
        options.onState('refused');
        return;
      }
      options.onState('disconnected');
      if (openedAt > 0 && performance.now() - openedAt > STEADY_MS) wait = FIRST_WAIT_MS;
      // Not all pages at the same moment when a server comes back.
      timer = setTimeout(open, wait * (0.75 + Math.random() / 2));
      wait = Math.min(LONGEST_WAIT_MS, wait * 2);
    });
  };

  /** The network is back, or the learner is: no reason to sit out the wait. */
  const hurry = (): void => {
    if (closed || timer === undefined || document.visibilityState === 'hidden') return;
    wait = FIRST_WAIT_MS;
    open();
  };
  window.addEventListener('online', hurry);
  document.addEventListener('visibilitychange', hurry);
  options.onState('connecting');
  open();

  return {
    send(frame) {
      if (socket?.readyState === WebSocket.OPEN) socket.send(encodeFrame(frame));
    },
    close() {
      closed = true;
      clearTimeout(timer);
      window.removeEventListener('online', hurry);
      document.removeEventListener('visibilitychange', hurry);
      socket?.close(1000);
    },
  };
}
