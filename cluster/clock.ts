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

/** `2026-01-31T09:00:00Z`: times in objects have whole seconds. */
export const timestamp = (ms: number): string => new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z');
/** `2026-01-31T09:00:00.123000Z`: leases and events.k8s.io have microseconds. */
export const microTimestamp = (ms: number): string => new Date(ms).toISOString().replace('Z', '000Z');
