import { CLOSE, decodeFrame, encodeFrame, type ClientFrame } from './protocol.ts';

/**
 * Of the last three none is tried again: `refused` by the server for good, `closed` as a terminal here or in another page,
 * `over` with the exam it belonged to.
 */
export type ConnectionState = 'connecting' | 'connected' | 'disconnected' | 'refused' | 'closed' | 'over';

export interface Connection {
  /** False when there is no connection; then nothing is sent, also later: what was typed into nothing must not arrive in another place. */
  send(frame: ClientFrame): boolean;
  /** Gives up a connection that does not answer, and makes another. */
  renew(): void;
  close(): void;
}

/** Milliseconds before the first new attempt; doubled at each until LONGEST_WAIT_MS. */
const FIRST_WAIT_MS = 400;
const LONGEST_WAIT_MS = 10_000;
/** Milliseconds a connection must have held for the next loss to start from the first wait again. */
const STEADY_MS = 5_000;

/** How it ends for good, by the server's code; other codes from 4400 on are refusals. */
const ENDS: Record<number, ConnectionState> = { [CLOSE.terminalClosed]: 'closed', [CLOSE.over]: 'over' };

/**
 * Keeps a connection to one terminal, over losses. Each new one begins with the size, after which the server sends what the screen shows.
 * @param hello asked at each connection: the size, whether to type or only to watch while another page types, and who this is
 */
export function connectTerminal(options: {
  url: string;
  hello: () => { cols: number; rows: number; lead: boolean; page: string };
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
      current.send(encodeFrame({ type: 'resize', ...options.hello() }));
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
        options.onState(ENDS[code] ?? 'refused');
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
      if (socket?.readyState !== WebSocket.OPEN) return false;
      socket.send(encodeFrame(frame));
      return true;
    },
    renew() {
      if (closed || socket === undefined) return;
      const silent = socket;
      socket = undefined;
      silent.close();
      options.onState('disconnected');
      open();
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
