/** activeDeadlineSeconds: a pod that has been there for too long is put to an end. */
import type { Pod } from '../api/types.ts';
import { nowOf, tell, type Life, type Work } from './work.ts';

const MESSAGE = 'Pod was active on the node longer than the specified deadline';

/** Milliseconds since 1970; Infinity: none. */
export function deadlineOf({ spec, status }: Pod): number {
  const seconds = spec?.activeDeadlineSeconds;
  if (seconds === undefined) return Infinity;
  const start = Date.parse(status?.startTime ?? '');
  return Number.isNaN(start) ? Infinity : start + seconds * 1000;
}

/** Whether its time is over; said with every look. */
export function overdue(work: Work): Life['ending'] {
  if (nowOf(work) < deadlineOf(work.pod)) return undefined;
  tell(work, 'Normal', 'DeadlineExceeded', MESSAGE);
  return { reason: 'DeadlineExceeded', message: MESSAGE };
}
