/** How long a Job waits after a failure before it makes the next pod. */
import type { Pod } from '../../api/types.ts';
import type { ControllerContext } from '../controller.ts';
import { allFailuresBefore, finishedAt } from './pods.ts';

/** Milliseconds: 10 s, 20 s, ... 10 min. */
const FIRST = 10_000;
const LAST = 600_000;

export interface Backoff {
  /** Since the last success. */
  failures: number;
  /** Milliseconds since 1970. */
  lastFailure: number;
}

/** By Job. Lost with the process, as the real controller's is. */
const records = new WeakMap<ControllerContext, Map<string, Backoff>>();
function recordsOf(context: ControllerContext): Map<string, Backoff> {
  const known = records.get(context) ?? new Map<string, Backoff>();
  records.set(context, known);
  return known;
}
export const keepBackoff = (context: ControllerContext, key: string, backoff: Backoff): void => {
  recordsOf(context).set(key, backoff);
};
export const forgetBackoff = (context: ControllerContext, key: string): void => {
  recordsOf(context).delete(key);
};

/** What was known before and the pods that have finished since. */
export function nextBackoff(
  context: ControllerContext,
  key: string,
  succeeded: readonly Pod[],
  failed: readonly Pod[],
): Backoff {
  const before = recordsOf(context).get(key) ?? { failures: 0, lastFailure: 0 };
  const ends = failed.map(finishedAt);
  if (succeeded.length === 0) {
    if (ends.length === 0) return before;
    return { failures: before.failures + ends.length, lastFailure: Math.max(...ends) };
  }
  const lastSuccess = Math.max(...succeeded.map(finishedAt));
  const since = ends.filter((end) => end > lastSuccess);
  return { failures: since.length, lastFailure: since.length === 0 ? 0 : Math.max(...since) };
}

/** Milliseconds. */
export function remaining({ failures, lastFailure }: Backoff, now: number): number {
  if (failures === 0) return 0;
  const wait = Math.min(FIRST * 2 ** (failures - 1), LAST);
  return Math.max(0, wait - (now - lastFailure));
}

/** The same for one index, from the last of its pods to fail. */
export const remainingFor = (lastFailed: Pod | undefined, now: number): number =>
  lastFailed === undefined
    ? 0
    : remaining({ failures: allFailuresBefore(lastFailed) + 1, lastFailure: finishedAt(lastFailed) }, now);
