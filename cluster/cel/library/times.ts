/** Parts of timestamps, in UTC or a named zone, and of durations. */
import { inZone as localTime } from '../../api/time-zone.ts';
import { member, type Overload } from '../declarations.ts';
import { zoneOffset } from '../numbers.ts';
import { DURATION, INT, STRING, TIMESTAMP } from '../types.ts';
import { CelError, Duration, Timestamp, type Value } from '../values.ts';

const floorDiv = (a: bigint, b: bigint): bigint => (a - (((a % b) + b) % b)) / b;

/** The moment as a Date whose UTC fields are the zone's, or why the zone is none. */
function inZone({ nanos }: Timestamp, zone: string): Date | CelError {
  const millis = Number(floorDiv(nanos, 1_000_000n));
  const fixed = zoneOffset(zone);
  if (fixed !== undefined) return new Date(millis + fixed * 1000);
  return localTime(millis, zone) ?? new CelError(`unknown time zone ${zone}`);
}

const DAY = 86_400_000;
const PARTS: Record<string, (date: Date) => number> = {
  getFullYear: (date) => date.getUTCFullYear(),
  getMonth: (date) => date.getUTCMonth(),
  getDayOfYear: (date) => Math.floor((date.getTime() - Date.UTC(date.getUTCFullYear(), 0, 1)) / DAY),
  getDayOfMonth: (date) => date.getUTCDate() - 1,
  getDate: (date) => date.getUTCDate(),
  getDayOfWeek: (date) => date.getUTCDay(),
  getHours: (date) => date.getUTCHours(),
  getMinutes: (date) => date.getUTCMinutes(),
  getSeconds: (date) => date.getUTCSeconds(),
  getMilliseconds: (date) => date.getUTCMilliseconds(),
};
const OF_DURATION: Record<string, bigint> = {
  getHours: 3_600_000_000_000n,
  getMinutes: 60_000_000_000n,
  getSeconds: 1_000_000_000n,
  getMilliseconds: 1_000_000n,
};

export const TIMES: readonly Overload[] = [
  ...Object.entries(PARTS).flatMap(([name, part]) => {
    const read = ([time, zone = 'UTC']: readonly Value[]): Value => {
      const date = inZone(time as Timestamp, zone as string);
      return date instanceof CelError ? date : BigInt(part(date));
    };
    return [member(name, [TIMESTAMP], INT, read), member(name, [TIMESTAMP, STRING], INT, read)];
  }),
  ...Object.entries(OF_DURATION).map(([name, unit]) =>
    member(name, [DURATION], INT, ([duration]) => (duration as Duration).nanos / unit),
  ),
];
