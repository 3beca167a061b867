/**
 * SPDY/3.1 as far as Kubernetes' streams use it: the server's side of a session over any pair of byte pipes. Flow control
 * is left out, as in the library that kubectl and the kubelet use.
 */
import { constants, createInflate } from 'node:zlib';
import { DICTIONARY } from './spdy-dictionary.ts';

const SYN_STREAM = 1;
const SYN_REPLY = 2;
const RST_STREAM = 3;
const PING = 6;
const GOAWAY = 7;
const FIN = 1;
const VERSION = 3;
/** Bytes: nobody sends larger frames. */
const LARGEST_FRAME = 4 * 1024 * 1024;
/** Streams of one session. */
const MOST_STREAMS = 1000;
/** Bytes in one frame of ours. */
const CHUNK = 32 * 1024;

export interface SpdyStream {
  readonly id: number;
  readonly headers: ReadonlyMap<string, string>;
  onData: (bytes: Buffer) => void;
  /** The other side has said all. */
  onEnd: () => void;
  write(bytes: Uint8Array | string): void;
  /** We have said all. */
  end(): void;
  reset(): void;
}

export interface SpdyWire {
  send(bytes: Buffer): void;
  close(): void;
}

function frame(type: number, flags: number, body: Buffer): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt16BE(0x8000 | VERSION, 0);
  head.writeUInt16BE(type, 2);
  head.writeUInt32BE(body.length, 4);
  head.writeUInt8(flags, 4);
  return Buffer.concat([head, body]);
}

export class SpdySession {
  readonly #wire: SpdyWire;
  readonly #onStream: (stream: SpdyStream) => void;
  readonly #streams = new Map<number, SpdyStream>();
  readonly #inflate = createInflate({ dictionary: DICTIONARY, finishFlush: constants.Z_SYNC_FLUSH });
  #inflated: Buffer[] = [];
  #held: Buffer = Buffer.alloc(0);
  #work: Promise<void> = Promise.resolve();
  #replied = false;
  #closed = false;
  onClose: () => void = () => undefined;

  constructor(wire: SpdyWire, onStream: (stream: SpdyStream) => void) {
    this.#wire = wire;
    this.#onStream = onStream;
    this.#inflate.on('data', (chunk: Buffer) => this.#inflated.push(chunk));
    this.#inflate.on('error', () => this.close());
  }

  /** Bytes from the other side; frames are handled in order. */
  receive(bytes: Buffer): void {
    this.#held = this.#held.length === 0 ? bytes : Buffer.concat([this.#held, bytes]);
    while (this.#held.length >= 8) {
      const length = this.#held.readUInt32BE(4) & 0xffffff;
      if (length > LARGEST_FRAME) {
        this.close();
        return;
      }
      if (this.#held.length < 8 + length) return;
      const whole = this.#held.subarray(0, 8 + length);
      this.#held = this.#held.subarray(8 + length);
      this.#work = this.#work.then(() => this.#frame(whole)).catch(() => this.close());
    }
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#inflate.destroy();
    this.#wire.close();
    for (const stream of this.#streams.values()) stream.onEnd();
    this.#streams.clear();
    this.onClose();
  }

  async #frame(whole: Buffer): Promise<void> {
    if (this.#closed) return;
    const body = whole.subarray(8);
    const flags = whole.readUInt8(4);
    if ((whole.readUInt8(0) & 0x80) === 0) {
      const stream = this.#streams.get(whole.readUInt32BE(0) & 0x7fffffff);
      if (body.length > 0) stream?.onData(body);
      if (flags & FIN) stream?.onEnd();
      return;
    }
    const type = whole.readUInt16BE(2);
    if (type === SYN_STREAM) {
      const id = body.readUInt32BE(0) & 0x7fffffff;
      const headers = await this.#headers(body.subarray(10));
      if (this.#streams.size >= MOST_STREAMS) this.#sendReset(id, 3);
      else this.#open(id, headers, (flags & FIN) !== 0);
    } else if (type === PING) this.#wire.send(frame(PING, 0, body));
    else if (type === RST_STREAM) {
      const id = body.readUInt32BE(0) & 0x7fffffff;
      const stream = this.#streams.get(id);
      this.#streams.delete(id);
      stream?.onEnd();
    } else if (type === GOAWAY) this.close();
  }

  #headers(compressed: Buffer): Promise<Map<string, string>> {
    return new Promise((resolve, reject) => {
      this.#inflated = [];
      this.#inflate.write(compressed);
      this.#inflate.flush(constants.Z_SYNC_FLUSH, () => {
        try {
          resolve(readHeaders(Buffer.concat(this.#inflated)));
        } catch (error) {
          reject(error instanceof Error ? error : new Error(String(error)));
        }
      });
    });
  }

  #open(id: number, headers: Map<string, string>, ended: boolean): void {
    const data = (bytes: Buffer, flags: number) => {
      if (this.#closed) return;
      const head = Buffer.alloc(8);
      head.writeUInt32BE(id, 0);
      head.writeUInt32BE(bytes.length, 4);
      head.writeUInt8(flags, 4);
      this.#wire.send(Buffer.concat([head, bytes]));
    };
    let over = false;
    const stream: SpdyStream = {
      id,
      headers,
      onData: () => undefined,
      onEnd: () => undefined,
      write: (bytes) => {
        const all = typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : Buffer.from(bytes);
        if (over) return;
        for (let at = 0; at < all.length; at += CHUNK) data(all.subarray(at, at + CHUNK), 0);
      },
      end: () => {
        if (over) return;
        over = true;
        data(Buffer.alloc(0), FIN);
      },
      reset: () => {
        over = true;
        this.#streams.delete(id);
        this.#sendReset(id, 5);
      },
    };
    this.#streams.set(id, stream);
    const reply = Buffer.alloc(4);
    reply.writeUInt32BE(id, 0);
    this.#wire.send(frame(SYN_REPLY, 0, Buffer.concat([reply, this.#noHeaders()])));
    this.#onStream(stream);
    if (ended) stream.onEnd();
  }
  /** An empty list of headers as a stored block of the one zlib stream that all replies share. */
  #noHeaders(): Buffer {
    // the empty block after it makes the other side look at what it has
    const block = Buffer.from([0, 4, 0, 0xfb, 0xff, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff]);
    if (this.#replied) return block;
    this.#replied = true;
    return Buffer.concat([Buffer.from([0x78, 0x01]), block]);
  }
  #sendReset(id: number, status: number): void {
    const body = Buffer.alloc(8);
    body.writeUInt32BE(id, 0);
    body.writeUInt32BE(status, 4);
    if (!this.#closed) this.#wire.send(frame(RST_STREAM, 0, body));
  }
}

/** @throws RangeError when it is cut short */
function readHeaders(block: Buffer): Map<string, string> {
  const headers = new Map<string, string>();
  let at = 4;
  const text = () => {
    const length = block.readUInt32BE(at);
    if (at + 4 + length > block.length) throw new RangeError('a header is cut short');
    const value = block.toString('utf8', at + 4, at + 4 + length);
    at += 4 + length;
    return value;
  };
  for (let left = block.readUInt32BE(0); left > 0; left--) headers.set(text().toLowerCase(), text());
  return headers;
}
