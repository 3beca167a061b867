/** What the scheduler knows of waiting pods beyond the store. Lost with the process, as a real scheduler's queue is. */
import type { ControllerContext } from '../controllers/controller.ts';

export interface Waiting {
  /** Milliseconds since 1970 at which the pod was last told that it fits nowhere. */
  toldAt?: number;
  /** Since when its volumes are being bound, and on which node it will run: there it counts already. */
  bindingSince?: number;
  assumedOn?: string;
  /** The plugins that stood in its way at the last attempt; undefined: not tried yet, or not for that. */
  rejectedBy?: ReadonlySet<string>;
  /** Attempts in a row that failed for something else than that the pod fits nowhere. */
  errors?: number;
  /** Not to be tried before: what failed is tried again later and later. */
  notBefore?: number;
}

const memories = new WeakMap<ControllerContext, Map<string, Waiting>>();

/** By key. */
export function waitingPods(context: ControllerContext): Map<string, Waiting> {
  const known = memories.get(context);
  if (known) return known;
  const none = new Map<string, Waiting>();
  memories.set(context, none);
  return none;
}
