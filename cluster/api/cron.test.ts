import { expect, test } from '@jest/globals';
import { nextTime, parseSchedule } from './cron.ts';
import { inZone, isTimeZone, zonedTimeText } from './time-zone.ts';

test.each([
  ['', 'empty spec string'],
  ['* * * *', 'expected exactly 5 fields, found 4: [* * * *]'],
  ['61 * * * *', 'end of range (61) above maximum (59): 61'],
  ['@sometimes', 'unrecognized descriptor: @sometimes'],
  ['x * * * *', 'failed to parse int from x: strconv.Atoi: parsing "x": invalid syntax'],
  ['*/0 * * * *', 'step of range should be a positive number: */0'],
  ['1-2-3 * * * *', 'too many hyphens: 1-2-3'],
  ['@every 5', 'failed to parse duration @every 5: time: missing unit in duration "5"'],
])('%j is refused', (text, sentence) => {
  expect(parseSchedule(text)).toBe(sentence);
});

test('lists, ranges, steps and names', () => {
  expect(parseSchedule('0,30 9-17/4 * jan Mon-fri')).toEqual({
    minute: { values: new Set([0, 30]), any: false },
    hour: { values: new Set([9, 13, 17]), any: false },
    day: { values: new Set(Array.from({ length: 31 }, (_, day) => day + 1)), any: true },
    month: { values: new Set([1]), any: false },
    weekday: { values: new Set([1, 2, 3, 4, 5]), any: false },
  });
});

test('an interval', () => {
  expect(parseSchedule('@every 1h30m')).toEqual({ everyMs: 90 * 60 * 1000 });
});

test.each([
  ['Asia/Seoul', true],
  ['UTC', true],
  ['US/Eastern', true],
  ['Asia/seoul', false],
  ['Mars/Base', false],
])('the time zone %s', (name, known) => {
  expect(isTimeZone(name)).toBe(known);
});

const at = (text: string) => Date.parse(text);
const next = (text: string, after: string) => {
  const schedule = parseSchedule(text);
  const time = typeof schedule === 'string' ? undefined : nextTime(schedule, at(after));
  return time === undefined ? undefined : new Date(time).toISOString().replace('.000', '');
};
test.each([
  ['0 3 1 1 *', '2026-05-01T10:00:00Z', '2027-01-01T03:00:00Z'],
  ['*/15 9-17 * * mon-fri', '2026-05-01T10:00:00Z', '2026-05-01T10:15:00Z'],
  ['30 8 * * 1', '2026-05-01T10:00:00Z', '2026-05-04T08:30:00Z'],
  ['0 0 13 * 5', '2026-05-01T10:00:00Z', '2026-05-08T00:00:00Z'],
  ['0 0 */2 * 5', '2026-05-01T10:00:00Z', '2026-05-03T00:00:00Z'],
  ['0 0 29 2 *', '2026-05-01T10:00:00Z', '2028-02-29T00:00:00Z'],
  ['@hourly', '2026-05-01T10:00:00Z', '2026-05-01T11:00:00Z'],
  ['@every 90s', '2026-05-01T10:00:00.700Z', '2026-05-01T10:01:30Z'],
  ['TZ=Asia/Seoul 0 9 * * *', '2026-05-01T10:00:00Z', '2026-05-02T00:00:00Z'],
  ['TZ=Europe/Berlin 30 2 * * *', '2026-05-01T10:00:00Z', '2026-05-02T00:30:00Z'],
  // half past two is skipped when clocks are put forward, and comes twice when they are put back
  ['TZ=Europe/Berlin 30 2 * * *', '2026-03-28T23:00:00Z', '2026-03-30T00:30:00Z'],
  ['TZ=Europe/Berlin 30 2 * * *', '2026-10-25T00:30:00Z', '2026-10-25T01:30:00Z'],
  ['0 0 30 2 *', '2026-05-01T10:00:00Z', undefined],
])('%s after %s', (text, after, expected) => {
  expect(next(text, after)).toBe(expected);
});

test('clocks in zones', () => {
  const noon = at('2026-05-01T12:00:00.250Z');
  expect(inZone(noon, 'Asia/Kolkata')).toEqual(new Date('2026-05-01T17:30:00.250Z'));
  expect(inZone(noon, 'Mars/Base')).toBeUndefined();
  expect(zonedTimeText(noon, 'Asia/Kolkata')).toBe('2026-05-01T17:30:00+05:30');
  expect(zonedTimeText(noon, 'America/New_York')).toBe('2026-05-01T08:00:00-04:00');
  expect(zonedTimeText(noon, 'UTC')).toBe('2026-05-01T12:00:00Z');
});
