/**
 * Counts what a screen was sent and has not yet said it drew. Over the high mark the source should pause, under the low mark it may go on;
 * between the two the last answer holds, so that the source is not switched at every chunk.
 */
export interface FlowControl {
  /** Bytes sent and not acknowledged; never below 0. */
  readonly unacknowledged: number;
  /** True from passing the high mark until falling under the low one. */
  readonly paused: boolean;
  sent(bytes: number): void;
  /** More than was sent counts as all of it: a page that miscounts must not be able to leave the count wrong for good. */
  acknowledged(bytes: number): void;
  /** Forget what is outstanding: the screen was replaced by a snapshot or is gone. */
  clear(): void;
}

export interface FlowControlOptions {
  /** Pause above so many bytes. */
  high: number;
  /** Resume below so many bytes; smaller than `high`. */
  low: number;
  /** Called on each change of `paused`, not on every chunk. */
  onChange: (paused: boolean) => void;
}

export function createFlowControl({ high, low, onChange }: FlowControlOptions): FlowControl {
  if (!(low > 0 && low < high)) throw new Error(`flow control needs 0 < low < high, not low ${low} and high ${high}`);
  let unacknowledged = 0;
  let paused = false;
  const settle = (): void => {
    const next = paused ? unacknowledged >= low : unacknowledged > high;
    if (next === paused) return;
    paused = next;
    onChange(paused);
  };
  return {
    get unacknowledged() {
      return unacknowledged;
    },
    get paused() {
      return paused;
    },
    sent(bytes) {
      unacknowledged += Math.max(0, bytes);
      settle();
    },
    acknowledged(bytes) {
      unacknowledged = Math.max(0, unacknowledged - Math.max(0, bytes));
      settle();
    },
    clear() {
      unacknowledged = 0;
      settle();
    },
  };
}
