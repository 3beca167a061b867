/** What the controller remembers of an autoscaler between two looks. Lost with the process, as the real controller's is. */
import type { Client } from '../../store/client.ts';

/** A number and when it was found, in milliseconds since 1970. */
export interface Dated {
  value: number;
  at: number;
}

export interface Memory {
  /** When the autoscaler is looked at next. */
  due: number;
  /** Sizes that the metrics asked for. */
  recommendations: Dated[];
  /** Pods added and removed by earlier decisions. */
  added: Dated[];
  removed: Dated[];
  /** Of the pods that it measured last: others must not measure them, too. */
  selector?: string;
}

const memories = new WeakMap<Client, Map<string, Memory>>();

/** By the autoscaler's key. */
export function memoriesOf(client: Client): Map<string, Memory> {
  const known = memories.get(client) ?? new Map<string, Memory>();
  memories.set(client, known);
  return known;
}

/** Adds one and drops what is older than `ms`. */
export function remember(list: Dated[], value: number, now: number, ms: number): Dated[] {
  return [...list.filter(({ at }) => at >= now - ms), { value, at: now }];
}
