/** Which time of a schedule is to be acted on now, and when the next one comes. All times are milliseconds since 1970. */
import { nextTime, type Schedule } from '../../api/cron.ts';
import type { CronJob } from '../../api/types.ts';
import { millisecondsOf } from '../conditions.ts';

/** On top of the wait for the next time, as clocks differ. */
const SKEW = 100;
const TOO_MANY_MISSED = 100;

/** The schedule is one, but names a day that never comes. */
export const NEVER = 'time difference between two schedules is less than 1 second';

export interface Due {
  /** When the last Job was to be made, or the CronJob was. */
  since: number;
  /** The latest time since then that has come. */
  latest: number | undefined;
  missed: 'none' | 'few' | 'many';
}

/**
 * `withDeadline`: what is older than startingDeadlineSeconds does not count. How many were missed is an estimate from the
 * distance between the first two, as times may be years back.
 */
export function dueTime(cron: CronJob, schedule: Schedule, now: number, withDeadline: boolean): Due | typeof NEVER {
  const created = millisecondsOf(cron.metadata.creationTimestamp) ?? now;
  const deadline = cron.spec?.startingDeadlineSeconds;
  let since = millisecondsOf(cron.status?.lastScheduleTime) ?? created;
  if (withDeadline && deadline !== undefined) since = Math.max(since, now - deadline * 1000);
  const first = nextTime(schedule, since);
  const second = first === undefined ? undefined : nextTime(schedule, first);
  if (first === undefined || second === undefined) return NEVER;
  if (now < first) return { since, latest: undefined, missed: 'none' };
  if (now < second) return { since, latest: first, missed: 'none' };
  const between = Math.round((second - first) / 1000);
  if (between < 1) return NEVER;
  const times = Math.floor(Math.floor((now - first) / 1000) / between) + 1;
  let latest: number | undefined;
  let at = nextTime(schedule, first + (times - 2) * between * 1000);
  while (at !== undefined && at <= now) {
    latest = at;
    at = nextTime(schedule, at);
  }
  return { since, latest, missed: times > TOO_MANY_MISSED ? 'many' : 'few' };
}

/** Milliseconds until the first time after the latest that has come, whether or not that was acted on. */
export function untilNext(cron: CronJob, schedule: Schedule, now: number): number | undefined {
  const due = dueTime(cron, schedule, now, false);
  const from = due === NEVER ? now : (due.latest ?? (due.missed === 'none' ? due.since : now));
  const next = nextTime(schedule, from);
  return next === undefined ? undefined : next + SKEW - now;
}
