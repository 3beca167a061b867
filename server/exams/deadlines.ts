/** Ends exams at their time, on the server's clock. */
import type { Logger } from 'pino';
import type { Db } from '../db.ts';

/** Milliseconds between two notes that the server runs; a killed server gives at most this much time away. */
const ALIVE_EVERY_MS = 5_000;
/** A pause between two ticks longer than this means that the machine slept: that time is not the learner's. */
const SLEPT_MS = 30_000;

export class Deadlines {
  readonly #db: Db;
  readonly #now: () => number;
  readonly #end: (attemptId: string) => Promise<void>;
  readonly #log: Logger;
  /** Running attempts and when they end, in milliseconds since 1970. */
  readonly #running = new Map<string, number>();
  #lastTick: number;
  #lastAlive: number;

  /** `end` grades an attempt whose time is up. */
  constructor(options: { db: Db; now: () => number; end: (attemptId: string) => Promise<void>; log: Logger }) {
    this.#db = options.db;
    this.#now = options.now;
    this.#end = options.end;
    this.#log = options.log;
    this.#lastTick = options.now();
    this.#lastAlive = options.now();
  }

  /** After a start: attempts go on with the time they had when the server was last alive. */
  async resume(): Promise<void> {
    const now = this.#now();
    const attempts = await this.#db.attempt.findMany({
      where: { endedAt: null },
      select: { id: true, endsAt: true, aliveAt: true },
    });
    for (const { id, endsAt, aliveAt } of attempts) {
      await this.#moveOn(id, endsAt.getTime(), now - aliveAt.getTime());
    }
  }

  watch(attemptId: string, endsAt: number): void {
    this.#running.set(attemptId, endsAt);
  }

  forget(attemptId: string): void {
    this.#running.delete(attemptId);
  }

  /** Called every second. */
  async tick(): Promise<void> {
    const now = this.#now();
    const pause = now - this.#lastTick;
    this.#lastTick = now;
    if (pause > SLEPT_MS) {
      for (const [id, endsAt] of this.#running) await this.#moveOn(id, endsAt, pause);
    }
    if (now - this.#lastAlive >= ALIVE_EVERY_MS && this.#running.size > 0) await this.stillAlive();
    for (const [id, endsAt] of this.#running) {
      if (endsAt > now) continue;
      this.#running.delete(id);
      try {
        await this.#end(id);
      } catch (error) {
        // The attempt is marked as ended first, and one not graded is graded at the next start.
        this.#log.error({ err: error, attempt: id }, 'an attempt could not be graded at its end');
      }
    }
  }

  /** Notes that the server runs now; called at a graceful stop as well. */
  async stillAlive(): Promise<void> {
    this.#lastAlive = this.#now();
    await this.#db.attempt.updateMany({
      where: { id: { in: [...this.#running.keys()] } },
      data: { aliveAt: new Date(this.#lastAlive) },
    });
  }

  async #moveOn(id: string, endsAt: number, pause: number): Promise<void> {
    const added = Math.max(0, pause);
    const moved = endsAt + added;
    this.#running.set(id, moved);
    await this.#db.attempt.update({
      where: { id },
      data: { endsAt: new Date(moved), aliveAt: new Date(this.#now()), addedMs: { increment: added } },
      select: { id: true },
    });
  }
}
