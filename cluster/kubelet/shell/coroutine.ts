/**
 * Processes as coroutines: a program runs until it must wait, says for what, and looks again when it is resumed. So the same
 * programs serve a container's own process in cluster time and a command typed at the edge, and none can hold up the thread.
 */

/** What a process waits for. Without either: it only lets others have a turn. */
export interface Wait {
  /** Milliseconds since 1970 of cluster time; Infinity: never by time. */
  until?: number;
  /** Input that may come, output that may drain, a file or a signal. */
  event?: true;
}
/** Returns its exit code. */
export type Run = Generator<Wait, number, void>;

/** What is done without waiting for anything, once its turn comes. */
export function* atOnce(run: () => number): Run {
  // waits for none of nothing: a process all the same
  yield* [];
  return run();
}

export interface Source {
  /** What is there and not yet taken; '' for nothing. */
  take(): string;
  /** Puts back what was taken too much. */
  untake(bytes: string): void;
  readonly ended: boolean;
  readonly isTerminal: boolean;
}
export interface Sink {
  /** Byte string. */
  write(bytes: string): void;
  /** The reader is behind: wait before writing more. */
  readonly full: boolean;
  /** Nobody will ever read it. */
  readonly broken: boolean;
  readonly isTerminal: boolean;
}
export interface Io {
  stdin: Source;
  stdout: Sink;
  stderr: Sink;
  /** Other numbers than 0, 1 and 2 that a shell has opened. */
  more?: ReadonlyMap<number, Source | Sink>;
}

const PIPE_BYTES = 64 * 1024;

export class Pipe implements Source, Sink {
  #parts: string[] = [];
  #length = 0;
  #ended = false;
  #broken = false;
  readonly isTerminal: boolean;
  readonly #capacity: number;

  constructor({ isTerminal = false, capacity = PIPE_BYTES } = {}) {
    this.isTerminal = isTerminal;
    this.#capacity = capacity;
  }
  write(bytes: string): void {
    if (bytes === '' || this.#broken) return;
    this.#parts.push(bytes);
    this.#length += bytes.length;
  }
  take(): string {
    const taken = this.#parts.join('');
    this.#parts = [];
    this.#length = 0;
    return taken;
  }
  untake(bytes: string): void {
    if (bytes === '') return;
    this.#parts.unshift(bytes);
    this.#length += bytes.length;
  }
  /** No more will be written. */
  end(): void {
    this.#ended = true;
  }
  /** No more will be read. */
  break(): void {
    this.#broken = true;
    this.take();
  }
  get ended(): boolean {
    return this.#ended && this.#length === 0;
  }
  get full(): boolean {
    return this.#length >= this.#capacity;
  }
  get broken(): boolean {
    return this.#broken;
  }
}

/** Collects everything, for `$(...)`; what is beyond the limit is dropped. */
export class Collector implements Sink {
  text = '';
  readonly full = false;
  readonly broken = false;
  readonly isTerminal = false;
  readonly #limit: number;
  constructor(limit = 1024 * 1024) {
    this.#limit = limit;
  }
  write(bytes: string): void {
    if (this.text.length < this.#limit) this.text += bytes;
  }
}

export const nothingIn: Source = { take: () => '', untake: () => undefined, ended: true, isTerminal: false };
export const nowhere: Sink = { write: () => undefined, full: false, broken: false, isTerminal: false };

/** Text as the whole input. */
export function textSource(text: string): Source {
  const pipe = new Pipe({ capacity: Infinity });
  pipe.write(text);
  pipe.end();
  return pipe;
}

/** The next line without its end, or undefined at the end of input. */
export function* readLine(source: Source): Generator<Wait, string | undefined, void> {
  let held = '';
  for (;;) {
    held += source.take();
    const end = held.indexOf('\n');
    if (end !== -1) {
      source.untake(held.slice(end + 1));
      return held.slice(0, end);
    }
    if (source.ended) return held === '' ? undefined : held;
    yield { event: true };
  }
}
/** Whatever comes next; '' at the end of input. */
export function* readSome(source: Source): Generator<Wait, string, void> {
  for (;;) {
    const taken = source.take();
    if (taken !== '' || source.ended) return taken;
    yield { event: true };
  }
}
export function* readAll(source: Source): Generator<Wait, string, void> {
  let text = '';
  for (;;) {
    const taken = yield* readSome(source);
    if (taken === '') return text;
    text += taken;
  }
}
export function* untilTime(now: () => number, at: number): Generator<Wait, void, void> {
  while (now() < at) yield { until: at };
}

/** Runs several at once; the result is the exit codes in order. */
export function* together(runs: readonly Run[]): Generator<Wait, number[], void> {
  const codes: (number | undefined)[] = runs.map(() => undefined);
  for (;;) {
    let until = Infinity;
    let event = false;
    let moved = false;
    runs.forEach((run, index) => {
      if (codes[index] !== undefined) return;
      const step = run.next();
      if (step.done) {
        codes[index] = step.value;
        moved = true;
      } else if (step.value.event) event = true;
      else if (step.value.until === undefined) moved = true;
      if (!step.done && step.value.until !== undefined) until = Math.min(until, step.value.until);
    });
    if (codes.every((code) => code !== undefined)) return codes;
    if (moved) yield {};
    else yield { ...(until === Infinity ? {} : { until }), ...(event || until === Infinity ? { event: true } : {}) };
  }
}
