/** The shells of one process and what they have started: they share their turns, and a limit. */
import type { Box } from './box.ts';
import type { Run } from './coroutine.ts';

/** Shells and parts of pipelines that may run at once: a container's own limit on its processes. */
const MAX_RUNNING = 128;
/** Commands between two turns for others. */
const TURN = 32;

export class Family {
  #running = 0;
  #commands = 0;
  /** Still runs in the background of a shell that has ended. */
  orphans: Run[] = [];
  #pids = 6;
  /** Some of them is having its turn. */
  tending = false;

  /** Whether it is somebody else's turn: the more run at once, the sooner. */
  isTurnOver(): boolean {
    this.#commands++;
    return this.#commands % Math.max(1, Math.floor(TURN / Math.max(1, this.#running))) === 0;
  }
  nextPid(): number {
    return ++this.#pids;
  }
  get isFull(): boolean {
    return this.#running >= MAX_RUNNING;
  }
  *count(run: Run): Run {
    this.#running++;
    try {
      return yield* run;
    } finally {
      this.#running--;
    }
  }
}

const families = new WeakMap<Box, Family>();
/** That of a process: shells that it starts as programs belong to it as well. */
export function familyOf(box: Box): Family {
  const known = families.get(box) ?? new Family();
  families.set(box, known);
  return known;
}
