/** Cron schedules as Go's robfig/cron reads them: five fields, names of months and days, and descriptors. */
import { parseDuration } from './durations.ts';
import { inZone, isTimeZone } from './time-zone.ts';

interface Range {
  min: number;
  max: number;
  names?: readonly string[];
}

const MINUTES: Range = { min: 0, max: 59 };
const HOURS: Range = { min: 0, max: 23 };
const DAYS: Range = { min: 1, max: 31 };
const MONTHS: Range = {
  min: 1,
  max: 12,
  names: ['', 'jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'],
};
const WEEKDAYS: Range = { min: 0, max: 6, names: ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] };

/** The values a field allows; `any` for a star, which leaves the choice to the other day field. */
export interface CronField {
  values: ReadonlySet<number>;
  any: boolean;
}

interface Fields {
  minute: CronField;
  hour: CronField;
  day: CronField;
  month: CronField;
  weekday: CronField;
  /** In front of the fields, as `TZ=Asia/Seoul`. */
  timeZone?: string;
}

export type Schedule = Fields | { everyMs: number };

class ScheduleError extends Error {}
const refuse = (sentence: string): never => {
  throw new ScheduleError(sentence);
};

function integer(text: string): number {
  if (!/^[+-]?\d+$/.test(text))
    return refuse(`failed to parse int from ${text}: strconv.Atoi: parsing ${JSON.stringify(text)}: invalid syntax`);
  const value = Number(text);
  return value < 0 ? refuse(`negative number (${value}) not allowed: ${text}`) : value;
}

function value(text: string, names: readonly string[] | undefined): number {
  const position = text === '' ? -1 : (names?.indexOf(text.toLowerCase()) ?? -1);
  return position >= 0 ? position : integer(text);
}

/** `*`, `5`, `1-5`, a step after any of them. */
function part(text: string, { min, max, names }: Range, into: Set<number>): boolean {
  const [span = '', stepText, ...moreSlashes] = text.split('/');
  const [low = '', high, ...moreHyphens] = span.split('-');
  const isStar = low === '*' || low === '?';
  let start = min;
  let end = max;
  if (!isStar) {
    start = value(low, names);
    if (moreHyphens.length > 0) refuse(`too many hyphens: ${text}`);
    end = high === undefined ? start : value(high, names);
  }
  let step = 1;
  if (moreSlashes.length > 0) refuse(`too many slashes: ${text}`);
  if (stepText !== undefined) {
    step = integer(stepText);
    if (high === undefined) end = max;
  }
  if (start < min) refuse(`beginning of range (${start}) below minimum (${min}): ${text}`);
  if (end > max) refuse(`end of range (${end}) above maximum (${max}): ${text}`);
  if (start > end) refuse(`beginning of range (${start}) beyond end of range (${end}): ${text}`);
  if (step === 0) refuse(`step of range should be a positive number: ${text}`);
  for (let one = start; one <= end; one += step) into.add(one);
  return isStar && step === 1;
}

function field(text: string, range: Range): CronField {
  const values = new Set<number>();
  let any = false;
  for (const one of text.split(',').filter((piece) => piece !== '')) if (part(one, range, values)) any = true;
  return { values, any };
}

/** In the words of Go's parser of durations. */
function durationProblem(text: string): string {
  const shown = JSON.stringify(text);
  const [, unit] = /^[-+]?(?:[\d.]+(?:ns|us|µs|ms|s|m|h))*[\d.]*\d[\d.]*([^\d.]*)/.exec(text) ?? [];
  if (unit === undefined) return `invalid duration ${shown}`;
  return unit === ''
    ? `missing unit in duration ${shown}`
    : `unknown unit ${JSON.stringify(unit)} in duration ${shown}`;
}

const DESCRIPTORS: Readonly<Record<string, string>> = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
};

function read(text: string): Schedule {
  // a zone in front is refused elsewhere, where it is new
  const zone = /^(?:CRON_)?TZ=(\S*)( .*)?$/s.exec(text);
  if (zone) {
    if (zone[2] === undefined) return refuse('invalid schedule format: runtime error: slice bounds out of range [:-1]');
    if (!isTimeZone(zone[1] ?? ''))
      return refuse(`provided bad location ${zone[1] ?? ''}: unknown time zone ${zone[1] ?? ''}`);
  }
  const spec = zone ? (zone[2] ?? '').trim() : text;
  if (spec.startsWith('@every ')) {
    const duration = spec.slice('@every '.length);
    const ms = parseDuration(duration);
    return ms === undefined
      ? refuse(`failed to parse duration ${spec}: time: ${durationProblem(duration)}`)
      : { everyMs: Math.max(1000, ms - (ms % 1000)) };
  }
  const expanded = spec.startsWith('@') ? (DESCRIPTORS[spec] ?? refuse(`unrecognized descriptor: ${spec}`)) : spec;
  const fields = expanded.split(/\s+/).filter((one) => one !== '');
  if (fields.length !== 5) return refuse(`expected exactly 5 fields, found ${fields.length}: [${fields.join(' ')}]`);
  const [minute = '', hour = '', day = '', month = '', weekday = ''] = fields;
  return {
    minute: field(minute, MINUTES),
    hour: field(hour, HOURS),
    day: field(day, DAYS),
    month: field(month, MONTHS),
    weekday: field(weekday, WEEKDAYS),
    ...(zone?.[1] ? { timeZone: zone[1] } : {}),
  };
}

/** The schedule, or the sentence that says what is wrong with it. */
export function parseSchedule(text: string): Schedule | string {
  if (text === '') return 'empty spec string';
  try {
    return read(text);
  } catch (error) {
    if (error instanceof ScheduleError) return error.message;
    throw error;
  }
}

const SECOND = 1000;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** A schedule that has no time within five years has none (30 February). */
const HORIZON = 5 * 366 * 24 * HOUR;

/** The first time after `after` (milliseconds since 1970), which itself does not count; undefined when there is none. */
export function nextTime(schedule: Schedule, after: number): number | undefined {
  if ('everyMs' in schedule) return Math.floor(after / SECOND) * SECOND + schedule.everyMs;
  const wallClock = (at: number) => inZone(at, schedule.timeZone ?? '') ?? new Date(at);
  let at = (Math.floor(after / MINUTE) + 1) * MINUTE;
  for (const end = after + HORIZON; at < end;) {
    const now = wallClock(at);
    if (!schedule.month.values.has(now.getUTCMonth() + 1) || !isDay(schedule, now)) {
      at += 24 * HOUR - now.getUTCHours() * HOUR - now.getUTCMinutes() * MINUTE;
      // where clocks are put forward a day is shorter: never step past its start
      const overshoot = wallClock(at);
      if (overshoot.getUTCHours() <= 1) at -= overshoot.getUTCHours() * HOUR + overshoot.getUTCMinutes() * MINUTE;
    } else if (!schedule.hour.values.has(now.getUTCHours())) at += HOUR - now.getUTCMinutes() * MINUTE;
    else if (!schedule.minute.values.has(now.getUTCMinutes())) at += MINUTE;
    else return at;
  }
  return undefined;
}

/** Both day fields must match where one of them is a star, else one of them. */
function isDay({ day, weekday }: Fields, now: Date): boolean {
  const [byDay, byWeekday] = [day.values.has(now.getUTCDate()), weekday.values.has(now.getUTCDay())];
  return day.any || weekday.any ? byDay && byWeekday : byDay || byWeekday;
}
