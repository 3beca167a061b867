/**
 * What a page and the server say to each other about one terminal, over a WebSocket of binary messages.
 *
 * A message is one frame: a byte that says its kind, then the body.
 *
 * | byte | from   | kind     | body |
 * |------|--------|----------|------|
 * | 0x01 | page   | input    | bytes for the shell, UTF-8; a long paste comes in pieces of at most INPUT_BYTES |
 * | 0x02 | page   | resize   | JSON {cols, rows, lead, page}; the first frame of a connection, then at each change. `lead` false: only watches while another page leads; `page` tells one that comes back after a lost connection |
 * | 0x03 | page   | ack      | JSON {bytes}: output drawn since the last one, counted in bytes of output bodies |
 * | 0x04 | page   | restart  | empty; a new shell after an exit |
 * | 0x05 | page   | lead     | empty; from now on this page types |
 * | 0x06 | page   | close    | empty; ends this terminal with its shell, in all pages |
 * | 0x81 | server | output   | bytes of the shell; a character may be cut between two frames |
 * | 0x82 | server | snapshot | JSON {cols, rows, data}: clear all, take that size, draw the data. Not acknowledged; the count starts again at 0 |
 * | 0x83 | server | exit     | JSON {exitCode, signal}; nothing follows but a snapshot after a restart |
 * | 0x84 | server | error    | JSON {code, message}; the connection is closed after it |
 * | 0x85 | server | notice   | JSON {cols, rows, leading}: the size in force and whether this page leads |
 * | 0x86 | server | received | JSON {bytes}: input handed to the shell since the last one. Input without it may be lost with the connection, and the page says so |
 *
 * Several pages may show one shell. One of them leads, the one that came last or asked for it: it types, its size is the shell's, the others
 * keep that size, and only its terminal answers the queries of programs (position of the cursor, colours), which otherwise would be answered
 * twice. Input of the others is dropped.
 *
 * Order: resize -> (notice, snapshot) -> output ... Pages acknowledge every ACK_BYTES; the server stops reading the shell when too much is
 * outstanding.
 */

/** Bytes of output after which a page acknowledges. Invariant: under the server's low mark (64 KB), or output would never resume. */
export const ACK_BYTES = 16 * 1024;
/** Bytes of input in one frame at most. */
export const INPUT_BYTES = 16 * 1024;
/** Bytes of a page's frame at most; a longer one closes the connection. */
export const CLIENT_FRAME_BYTES = 64 * 1024;

/** Codes with which the server closes; from 4400 on, trying again is of no use. */
export const CLOSE = {
  /** The workspace behind the terminal was closed (a reset, say); connecting again finds the new one. */
  workspaceClosed: 4001,
  /** No answer to pings, or too slow a reader. */
  stalled: 4002,
  malformed: 4400,
  /** This terminal was closed, here or in another page; its neighbours go on. */
  terminalClosed: 4401,
  /** The exam that this terminal belonged to has ended. */
  over: 4410,
  /** Too many pages on one terminal, terminals on one machine, or frames in a second. */
  tooMany: 4429,
  /** No resize came in time. */
  silent: 4408,
} as const;

export type ClientFrame =
  | { type: 'input'; data: Uint8Array }
  | { type: 'resize'; cols: number; rows: number; lead?: boolean; page?: string }
  | { type: 'ack'; bytes: number }
  | { type: 'restart' }
  | { type: 'lead' }
  | { type: 'close' };

export type ServerFrame =
  | { type: 'output'; data: Uint8Array }
  | { type: 'snapshot'; cols: number; rows: number; data: string }
  | { type: 'exit'; exitCode: number; signal: number }
  | { type: 'error'; code: string; message: string }
  | { type: 'notice'; cols: number; rows: number; leading: boolean }
  | { type: 'received'; bytes: number };

const KINDS = {
  input: 0x01,
  resize: 0x02,
  ack: 0x03,
  restart: 0x04,
  lead: 0x05,
  close: 0x06,
  output: 0x81,
  snapshot: 0x82,
  exit: 0x83,
  error: 0x84,
  notice: 0x85,
  received: 0x86,
} as const satisfies Record<ClientFrame['type'] | ServerFrame['type'], number>;

type Kind = keyof typeof KINDS;
const KIND_OF = new Map<number, Kind>(Object.entries(KINDS).map(([kind, byte]) => [byte, kind as Kind]));

/** Kinds whose body is empty. */
const isEmpty = (kind: Kind): boolean => kind === 'restart' || kind === 'lead' || kind === 'close';

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true });

function frame(kind: Kind, body: Uint8Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(body.length + 1);
  bytes[0] = KINDS[kind];
  bytes.set(body, 1);
  return bytes;
}

/** The bytes of one message. */
export function encodeFrame(message: ClientFrame | ServerFrame): Uint8Array<ArrayBuffer> {
  if (message.type === 'input' || message.type === 'output') return frame(message.type, message.data);
  if (isEmpty(message.type)) return frame(message.type, new Uint8Array(0));
  const { type, ...body } = message;
  return frame(type, encoder.encode(JSON.stringify(body)));
}

/** A long text as input frames, cut between bytes: the shell puts them together again. */
export function inputFrames(text: string): ClientFrame[] {
  const bytes = encoder.encode(text);
  const frames: ClientFrame[] = [];
  for (let at = 0; at < bytes.length; at += INPUT_BYTES) {
    frames.push({ type: 'input', data: bytes.subarray(at, at + INPUT_BYTES) });
  }
  return frames;
}

/**
 * A message as an object of the shape its kind has, its fields unchecked: each end checks what it needs. Undefined for bytes that are no frame.
 * `input` and `output` share memory with the message.
 */
export function decodeFrame(bytes: Uint8Array): ({ type: Kind } & Record<string, unknown>) | undefined {
  const kind = KIND_OF.get(bytes[0] ?? 0);
  if (kind === undefined) return undefined;
  const body = bytes.subarray(1);
  if (kind === 'input' || kind === 'output') return { type: kind, data: body };
  if (isEmpty(kind)) return body.length === 0 ? { type: kind } : undefined;
  try {
    const fields: unknown = JSON.parse(decoder.decode(body));
    if (typeof fields !== 'object' || fields === null || Array.isArray(fields)) return undefined;
    return { ...fields, type: kind };
  } catch {
    return undefined;
  }
}
