/** Schedules as cron writes them: five fields or a name, in a time zone. */

interface Field {
  values: ReadonlySet<number>;
  /** `*` or `?`: days of the month and of the week then don't add up. */
  any: boolean;
}
export interface Schedule {
  minute: Field;
  hour: Field;
  day: Field;
  month: Field;
  weekday: Field;
  /** IANA name. */
  timeZone: string;
  /** `@every`: milliseconds between runs instead of the fields. */
  every?: number;
}

const NAMED: Record<string, string> = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
};
const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const MINUTE = 60_000;
/** A schedule that has no time within five years has none (30 February). */
const HORIZON = 5 * 366 * 24 * 60 * MINUTE;

function parseField(
  text: string,
  from: number,
  to: number,
  names: readonly string[] = [],
  base = 0,
): Field | undefined {
  const values = new Set<number>();
  let any = false;
  const number = (part: string): number => {
    const named = names.indexOf(part.toLowerCase());
    return named === -1 ? (/^\d+$/.test(part) ? Number(part) : Number.NaN) : named + base;
  };
  for (const part of text.split(',')) {
    const [range = '', step = '1', extra] = part.split('/');
    const [first = '', last] = range.split('-');
    const star = first === '*' || first === '?';
    const start = star ? from : number(first);
    const end = star ? to : last === undefined ? (part.includes('/') ? to : start) : number(last);
    const by = Number(step);
    if (extra !== undefined || !(start >= from && end <= to && start <= end && by > 0)) return undefined;
    any ||= star && by === 1;
    for (let value = start; value <= end; value += by) values.add(value);
  }
  return { values, any };
}

/** undefined: not a schedule, or not a time zone. */
export function parseSchedule(text: string, timeZone = 'Etc/UTC'): Schedule | undefined {
  const every = /^@every (?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?$/.exec(text);
  const [minute, hour, day, month, weekday, more] = (NAMED[text] ?? (every ? '* * * * *' : text)).trim().split(/\s+/);
  const fields = {
    minute: parseField(minute ?? '', 0, 59),
    hour: parseField(hour ?? '', 0, 23),
    day: parseField(day ?? '', 1, 31),
    month: parseField(month ?? '', 1, 12, MONTHS, 1),
    weekday: parseField(weekday ?? '', 0, 6, WEEKDAYS),
  };
  const { minute: m, hour: h, day: d, month: mo, weekday: w } = fields;
  if (more !== undefined || !m || !h || !d || !mo || !w || !isTimeZone(timeZone)) return undefined;
  const schedule: Schedule = { minute: m, hour: h, day: d, month: mo, weekday: w, timeZone };
  if (every) {
    const [, hours = '0', minutes = '0', seconds = '0'] = every;
    schedule.every = Math.max(1, Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) * 1000;
  }
  return schedule;
}

export function isTimeZone(name: string): boolean {
  try {
    zone(name);
    return true;
  } catch {
    // RangeError is how Intl says that it knows no such zone
    return false;
  }
}

const zones = new Map<string, Intl.DateTimeFormat>();
function zone(name: string): Intl.DateTimeFormat {
  const known = zones.get(name);
  if (known) return known;
  const made = new Intl.DateTimeFormat('en-US', {
    timeZone: name,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
  });
  zones.set(name, made);
  return made;
}

function wallClock(schedule: Schedule, at: number) {
  const parts = Object.fromEntries(
    zone(schedule.timeZone)
      .formatToParts(at)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0 } = parts;
  return { month, day, hour, minute, weekday: new Date(Date.UTC(year, month - 1, day)).getUTCDay() };
}

/** The first time after `after` (milliseconds since 1970); undefined when there is none. */
export function nextTime(schedule: Schedule, after: number): number | undefined {
  if (schedule.every !== undefined) return Math.floor(after / 1000) * 1000 + schedule.every;
  let at = (Math.floor(after / MINUTE) + 1) * MINUTE;
  for (const end = after + HORIZON; at < end;) {
    const now = wallClock(schedule, at);
    const byDay = schedule.day.values.has(now.day);
    const byWeekday = schedule.weekday.values.has(now.weekday);
    const day = schedule.day.any || schedule.weekday.any ? byDay && byWeekday : byDay || byWeekday;
    if (!schedule.month.values.has(now.month) || !day) {
      at += (24 * 60 - now.hour * 60 - now.minute) * MINUTE;
      // where clocks are put forward a day is shorter: never step past its start
      const overshoot = wallClock(schedule, at);
      if (overshoot.hour <= 1) at -= (overshoot.hour * 60 + overshoot.minute) * MINUTE;
    } else if (!schedule.hour.values.has(now.hour)) at += (60 - now.minute) * MINUTE;
    else if (!schedule.minute.values.has(now.minute)) at += MINUTE;
    else return at;
  }
  return undefined;
}
