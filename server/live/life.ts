/** How long machines live. */
export interface LifeSettings {
  /** Milliseconds without a key, with a page open, after which a machine is put to sleep; 0: never. */
  idleMs: number;
  /** Milliseconds after which a machine is put to sleep however busy it is; 0: never. */
  totalMs: number;
}

export const DEFAULT_LIFE: LifeSettings = { idleMs: 60 * 60_000, totalMs: 12 * 60 * 60_000 };

/** Milliseconds before a sleep at which the learner is told. */
export const WARNING_MS = 5 * 60_000;

const MINUTE = 60_000;
const minutes = (ms: number): string => {
  const count = Math.max(1, Math.round(ms / MINUTE));
  return `${count} minute${count === 1 ? '' : 's'}`;
};
const KEPT = 'Your files, history and cluster are kept; programs that run are ended.';
const BACK = 'Press any key to go on.';

export type Verdict = { state: 'awake' } | { state: 'warn' | 'sleep'; why: 'idle' | 'total'; sentence: string };

/** What is to be done with a machine on which nothing was typed for `quiet` milliseconds, and which was made `age` milliseconds ago. */
export function judgeLife({ quiet, age }: { quiet: number; age: number }, { idleMs, totalMs }: LifeSettings): Verdict {
  const untilIdle = idleMs > 0 ? idleMs - quiet : Number.POSITIVE_INFINITY;
  const untilTotal = totalMs > 0 ? totalMs - age : Number.POSITIVE_INFINITY;
  const why = untilIdle <= untilTotal ? 'idle' : 'total';
  const left = Math.min(untilIdle, untilTotal);
  const past =
    why === 'idle' ? `Nothing was typed for ${minutes(quiet)}` : `This machine has been up for ${minutes(age)}`;
  if (left <= 0) return { state: 'sleep', why, sentence: `${past}, so it was put to sleep. ${KEPT} ${BACK}` };
  if (left > WARNING_MS) return { state: 'awake' };
  const stay = why === 'idle' ? ' Press any key to keep it awake.' : '';
  return { state: 'warn', why, sentence: `${past}: in ${minutes(left)} it is put to sleep. ${KEPT}${stay}` };
}
