/** One process of a container with its own sense of time: what it does, when it wants to go on, how it ended. */
import type { Run, Wait } from '../shell/coroutine.ts';
import { OutOfMemory } from './memory.ts';

export interface Ended {
  /** Milliseconds since 1970. */
  at: number;
  code: number;
  /** Instead of Completed or Error. */
  reason?: string;
}

/** Turns a process gets at one moment before it has to wait for the next second: a loop that never sleeps is slowed, not stopped. */
const TURNS = 400;
const BUSY_WAIT = 1000;

export class Process {
  readonly #run: Run;
  /** Cluster time as the process sees it. */
  time: number;
  /** When it wants to go on; Infinity: not by time. */
  wakeAt: number;
  /** Something may have changed that it waits for: look again at every opportunity. */
  waitsForEvent = false;
  ended: Ended | undefined;
  #signals: string[] = [];
  #busy = 0;

  readonly #onEnd: () => void;

  constructor(make: (process: Process) => Run, startedAt: number, onEnd: () => void = () => undefined) {
    this.#onEnd = onEnd;
    this.time = startedAt;
    this.wakeAt = startedAt;
    this.#run = make(this);
  }

  /** Goes on until it must wait for a later moment than `now`. */
  advance(now: number): void {
    let turns = 0;
    while (this.ended === undefined && (this.wakeAt <= now || (this.waitsForEvent && turns === 0))) {
      this.time = Math.max(this.time, this.wakeAt <= now ? this.wakeAt : now);
      let step: IteratorResult<Wait, number>;
      try {
        step = this.#run.next();
      } catch (fault) {
        if (!(fault instanceof OutOfMemory)) throw fault;
        this.end(137, this.time, 'OOMKilled');
        return;
      }
      if (step.done) {
        this.end(step.value);
        return;
      }
      const { until, event } = step.value;
      this.waitsForEvent = event === true;
      if (until !== undefined || event) {
        this.wakeAt = until ?? Infinity;
        this.#busy = 0;
        if (this.wakeAt <= this.time) this.wakeAt = this.time;
      } else this.wakeAt = this.time;
      if (++turns > TURNS) {
        // the longer it spins, the less it gets
        this.#busy++;
        this.wakeAt = this.time + BUSY_WAIT * Math.min(this.#busy, 10);
        turns = 0;
        if (this.wakeAt > now) return;
      }
    }
  }
  end(code: number, at = this.time, reason?: string): void {
    if (this.ended !== undefined) return;
    this.ended = { at, code, ...(reason === undefined ? {} : { reason }) };
    this.wakeAt = Infinity;
    this.waitsForEvent = false;
    this.#onEnd();
  }
  signal(name: string): void {
    this.#signals.push(name);
    if (this.wakeAt === Infinity) this.waitsForEvent = true;
  }
  pending(only?: 'INT'): string | undefined {
    if (only !== undefined && this.#signals[0] !== only) return undefined;
    return this.#signals.shift();
  }
}
