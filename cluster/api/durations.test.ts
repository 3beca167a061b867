import { expect, test } from '@jest/globals';
import { ageText, durationText, parseDuration } from './durations.ts';

const S = 1000;
const M = 60 * S;
const H = 60 * M;
const D = 24 * H;

test.each([
  [-3 * S, '<invalid>'],
  [-1 * S, '0s'],
  [0, '0s'],
  [119 * S, '119s'],
  [2 * M, '2m'],
  [2 * M + 5 * S, '2m5s'],
  [10 * M + 5 * S, '10m'],
  [179 * M, '179m'],
  [3 * H, '3h'],
  [3 * H + 20 * M, '3h20m'],
  [8 * H + 20 * M, '8h'],
  [47 * H, '47h'],
  [2 * D + H, '2d1h'],
  [7 * D, '7d'],
  [8 * D + H, '8d'],
  [729 * D, '729d'],
  [730 * D, '2y'],
  [(5 * 365 + 30) * D, '5y30d'],
  [9 * 365 * D, '9y'],
])('an age of %d ms is %s', (ms, text) => {
  expect(ageText(ms)).toBe(text);
});

test.each([
  ['1h30m', 90 * M, '1h30m0s'],
  ['1.5h', 90 * M, '1h30m0s'],
  ['-2s', -2 * S, '-2s'],
  ['300ms', 300, '300ms'],
  ['1.5s', 1500, '1.5s'],
  ['10us', 0.01, '10µs'],
  ['0', 0, '0s'],
  ['100h', 100 * H, '100h0m0s'],
])('%s is %d ms, printed %s', (text, ms, printed) => {
  expect(parseDuration(text)).toBeCloseTo(ms);
  expect(durationText(ms)).toBe(printed);
});

test.each(['', '5', 'h', '5 m', '1d', 'abc'])('%j is no duration', (text) => {
  expect(parseDuration(text)).toBeUndefined();
});
