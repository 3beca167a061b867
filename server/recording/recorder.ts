/** Writes one terminal's recording (server/sessions/recording.ts says what it looks like). */
import { appendFile, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { TerminalSize } from '../ports.ts';
import type { RecordingEvent, RecordingHeader } from '../sessions/recording.ts';
import { createMasker } from './mask-secrets.ts';

/** Milliseconds between two writes to the file: a killed server loses so much of it. */
const WRITE_EVERY_MS = 2_000;
/** Characters that wait for the end of their line, so that a secret is seen whole. */
const WAITING = 64 * 1024;
/** Draws all anew, whatever was there. */
const CLEAR = '\u001bc';

export interface RecorderOptions {
  file: string;
  /** Of the terminal. */
  title: string;
  size: TerminalSize;
  /** Milliseconds since 1970. */
  now: () => number;
  /** Bytes that the recordings of its session may still grow by. */
  budget: { left: number };
  onError: (error: unknown) => void;
}

export class Recorder {
  readonly #options: RecorderOptions;
  readonly #startedAt: number;
  readonly #decoder = new TextDecoder();
  readonly #masker = createMasker();
  /** Shown, and not yet looked through for secrets. */
  #shown: { seconds: number; text: string }[] = [];
  #waiting = 0;
  #lines: string[] = [];
  #size: TerminalSize;
  #full = false;
  #writing: Promise<void>;
  readonly #timer: NodeJS.Timeout;

  constructor(options: RecorderOptions) {
    this.#options = options;
    this.#startedAt = options.now();
    this.#size = options.size;
    const header: RecordingHeader = {
      version: 2,
      width: options.size.cols,
      height: options.size.rows,
      timestamp: Math.floor(this.#startedAt / 1000),
      title: options.title,
      env: { SHELL: '/bin/bash', TERM: 'xterm-256color' },
    };
    const line = `${JSON.stringify(header)}\n`;
    this.#writing = this.#attempt(async () => {
      await mkdir(path.dirname(options.file), { recursive: true, mode: 0o700 });
      await writeFile(options.file, line, { mode: 0o600 });
    });
    this.#timer = setInterval(() => void this.flush(), WRITE_EVERY_MS);
    this.#timer.unref();
  }

  output(chunk: Uint8Array): void {
    this.#show(this.#decoder.decode(chunk, { stream: true }));
  }

  /** All that the screen shows now: it was not told of what came before. */
  snapshot(screen: TerminalSize & { data: string }): void {
    this.resize(screen);
    // An empty screen at the start is none to draw.
    if (screen.data !== '') this.#show(CLEAR + screen.data);
  }

  resize({ cols, rows }: TerminalSize): void {
    if (cols === this.#size.cols && rows === this.#size.rows) return;
    this.#size = { cols, rows };
    this.#lookThrough();
    this.#add([this.#seconds(), 'r', `${cols}x${rows}`]);
  }

  mark(label: string): void {
    this.#lookThrough();
    this.#add([this.#seconds(), 'm', label]);
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.flush();
  }

  /** Writes what there is by now. */
  flush(): Promise<void> {
    this.#lookThrough();
    if (this.#lines.length > 0) {
      const text = this.#lines.join('');
      this.#lines = [];
      this.#writing = this.#writing.then(() => this.#attempt(() => appendFile(this.#options.file, text)));
    }
    return this.#writing;
  }

  #show(text: string): void {
    if (text === '' || this.#full) return;
    this.#shown.push({ seconds: this.#seconds(), text });
    this.#waiting += text.length;
    if (this.#waiting > WAITING || text.endsWith('\n')) this.#lookThrough();
  }

  /** Hides secrets, which may begin in one piece and end in another, and hands the pieces on with their times. */
  #lookThrough(): void {
    if (this.#shown.length === 0) return;
    const masked = this.#masker.mask(this.#shown.map(({ text }) => text).join(''));
    let from = 0;
    for (const { seconds, text } of this.#shown) {
      this.#add([seconds, 'o', masked.slice(from, from + text.length)]);
      from += text.length;
    }
    this.#shown = [];
    this.#waiting = 0;
  }

  #add(event: RecordingEvent): void {
    if (this.#full) return;
    let line = `${JSON.stringify(event)}\n`;
    if (line.length > this.#options.budget.left) {
      this.#full = true;
      line = `${JSON.stringify([event[0], 'o', FULL])}\n`;
    }
    this.#options.budget.left -= line.length;
    this.#lines.push(line);
  }

  #seconds(): number {
    return (this.#options.now() - this.#startedAt) / 1000;
  }

  /** A recording that cannot be written must not end the session. */
  async #attempt(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.#full = true;
      this.#options.onError(error);
    }
  }
}

/** The last that a recording shows which may not grow any more. */
export const FULL =
  '\r\n\u001b[0m[The recording ends here: the recordings of this session have reached their largest size, 32 MiB.]\r\n';
