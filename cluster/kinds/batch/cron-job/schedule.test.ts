import { expect, test } from '@jest/globals';
import { isTimeZone, parseSchedule } from './schedule.ts';

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
