/** What a container printed, line by line with times; the oldest goes when it is too much. */
import type { Sink } from '../shell/coroutine.ts';

export interface LogEntry {
  /** Milliseconds since 1970. */
  at: number;
  stream: 'stdout' | 'stderr';
  /** Byte string without its line's end. */
  line: string;
  /** The line has not ended yet (or will never). */
  partial?: boolean;
}

/** Bytes: the kubelet's containerLogMaxSize. */
const LARGEST = 10 * 1024 * 1024;
/** Bytes of one line: containerd cuts longer ones. */
const LONGEST_LINE = 16 * 1024;
/** What an entry costs beside its text. */
const OVERHEAD = 64;

export class ContainerLog {
  readonly entries: LogEntry[] = [];
  /** Entries that are gone from the front. */
  dropped = 0;
  #bytes = 0;
  /** What each stream wrote last: its line may go on. */
  readonly #last: Partial<Record<LogEntry['stream'], LogEntry>> = {};
  readonly #followers = new Set<() => void>();

  write(stream: LogEntry['stream'], bytes: string, at: number): void {
    for (let from = 0; from < bytes.length;) {
      const end = bytes.indexOf('\n', from);
      const ends = end !== -1;
      this.#add(stream, bytes.slice(from, ends ? end : bytes.length), ends, at);
      from = ends ? end + 1 : bytes.length;
    }
    if (this.#bytes > LARGEST) this.#shrink();
    for (const tell of this.#followers) tell();
  }
  #add(stream: LogEntry['stream'], text: string, ends: boolean, at: number): void {
    const open = this.#last[stream];
    if (open?.partial && open.line.length + text.length <= LONGEST_LINE) {
      open.line += text;
      if (ends) delete open.partial;
      this.#bytes += text.length;
      return;
    }
    const entry: LogEntry = ends ? { at, stream, line: text } : { at, stream, line: text, partial: true };
    this.entries.push(entry);
    this.#last[stream] = entry;
    this.#bytes += text.length + OVERHEAD;
  }
  #shrink(): void {
    let gone = 0;
    while (this.#bytes > LARGEST * 0.9 && gone < this.entries.length)
      this.#bytes -= (this.entries[gone++]?.line.length ?? 0) + OVERHEAD;
    for (const entry of this.entries.splice(0, gone))
      if (this.#last[entry.stream] === entry) delete this.#last[entry.stream];
    this.dropped += gone;
  }
  /** Told after each write. Returns what ends it. */
  follow(tell: () => void): () => void {
    this.#followers.add(tell);
    return () => this.#followers.delete(tell);
  }
  sink(stream: LogEntry['stream'], now: () => number, also?: (bytes: string) => void): Sink {
    return {
      full: false,
      broken: false,
      isTerminal: false,
      write: (bytes) => {
        this.write(stream, bytes, now());
        also?.(bytes);
      },
    };
  }
  /** The last lines as one text: what a termination message falls back to. */
  tail(lines: number): string {
    return this.entries
      .slice(-lines)
      .map((entry) => (entry.partial ? entry.line : `${entry.line}\n`))
      .join('');
  }
}
