/**
 * What the recorders of a cluster's components remember of the events they wrote, so that a loop that keeps failing does
 * not fill the cluster with events: client-go's correlator, for v1 events.
 */

/** Messages that differ, about one object and reason, before they become one event. */
const MAX_SIMILAR = 10;
/** Milliseconds without a similar event after which counting starts afresh. */
const SIMILAR_WINDOW_MS = 10 * 60 * 1000;
const COMBINED = '(combined from similar events): ';
/** Events from one source about one object: so many at once, then one more in each interval. */
const BURST = 25;
const REFILL_MS = 5 * 60 * 1000;

/** All that makes two events about one thing. */
export interface Occurrence {
  component: string;
  host: string;
  /** uid and name: an object that was made again is another one. */
  about: string;
  fieldPath: string;
  type: string;
  reason: string;
  message: string;
}

export interface Correlated {
  /** Events with one key are one Event, whose count goes up. */
  key: string;
  message: string;
  combined: boolean;
}

export class Correlator {
  readonly #similar = new Map<string, { messages: Set<string>; at: number }>();
  readonly #left = new Map<string, { tokens: number; at: number }>();

  /** @param now milliseconds */
  correlate(occurrence: Occurrence, now: number): Correlated {
    const { component, host, about, fieldPath, type, reason, message } = occurrence;
    const group = JSON.stringify([component, host, about, type, reason]);
    const seen = this.#similar.get(group);
    const messages = seen && now - seen.at <= SIMILAR_WINDOW_MS ? seen.messages : new Set<string>();
    messages.add(message);
    this.#similar.set(group, { messages, at: now });
    if (messages.size < MAX_SIMILAR) {
      const key = JSON.stringify([component, host, about, fieldPath, type, reason, message]);
      return { key, message, combined: false };
    }
    const [oldest] = messages;
    if (oldest !== undefined) messages.delete(oldest);
    return { key: group, message: COMBINED + message, combined: true };
  }

  /** Whether one more event may be written; takes it off what is left. */
  admits({ component, host, about, type }: Occurrence, now: number): boolean {
    const key = JSON.stringify([component, host, about, type]);
    const { tokens, at } = this.#left.get(key) ?? { tokens: BURST, at: now };
    const refilled = Math.min(BURST, tokens + (now - at) / REFILL_MS);
    const admitted = refilled >= 1;
    this.#left.set(key, { tokens: admitted ? refilled - 1 : refilled, at: now });
    return admitted;
  }
}
