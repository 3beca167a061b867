import { expect, test } from '@jest/globals';
import { announcement, clockText, timeLeft } from './time-left.ts';

test.each([
  { name: 'as read', stopwatch: 500, left: 60_000 },
  { name: 'carried forward', stopwatch: 10_500, left: 50_000 },
  { name: 'at the end', stopwatch: 60_500, left: 0 },
  { name: 'never below nothing', stopwatch: 99_999, left: 0 },
  { name: 'a stopwatch that began anew', stopwatch: 0, left: 60_000 },
])('time left: $name', ({ stopwatch, left }) => {
  // The page's own idea of the date plays no part.
  expect(timeLeft({ now: 1_000_000, endsAt: 1_060_000, receivedAt: 500 }, stopwatch)).toBe(left);
});

test.each([
  { ms: 0, text: '0:00' },
  { ms: 1, text: '0:01' },
  { ms: 1000, text: '0:01' },
  { ms: 59_001, text: '1:00' },
  { ms: 754_000, text: '12:34' },
  { ms: 3_909_000, text: '1:05:09' },
])('$ms ms reads $text', ({ ms, text }) => {
  expect(clockText(ms)).toBe(text);
});

test.each([
  { name: 'passing a half-hour', before: 1_800_001, after: 1_800_000, said: 30 },
  { name: 'passing a quarter', before: 900_001, after: 900_000, said: 15 },
  { name: 'in between', before: 590_000, after: 580_000, said: undefined },
  { name: 'the last minute', before: 60_100, after: 59_900, said: 1 },
  { name: 'a jump past two says the later one', before: 1_000_000, after: 200_000, said: 5 },
])('announced: $name', ({ before, after, said }) => {
  expect(announcement(before, after)).toBe(said);
});
