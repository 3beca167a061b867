/** Time as the cluster knows it: moved by hand, never by itself. */
import type { Clock } from './store/client.ts';

export class ManualClock implements Clock {
  #now: number;
  constructor(now: number) {
    this.#now = now;
  }
  now(): number {
    return this.#now;
  }
  /** Time never runs backwards. */
  moveTo(now: number): void {
    if (now > this.#now) this.#now = now;
  }
}
