import { expect, test } from '@jest/globals';
import { advance, eventsBy, parseCast, parseSize } from './cast.ts';

const HEADER = '{"version":2,"width":90,"height":30,"timestamp":1700000000,"title":"1","env":{}}';
const text = [
  HEADER,
  '[0.5,"o","$ "]',
  '[1,"r","120x40"]',
  '[20,"m","create pods team/web"]',
  '[20.5,"o","한글"]',
].join('\n');

test('a recording is read with its size, start and events', () => {
  expect(parseCast(text)).toEqual({
    cols: 90,
    rows: 30,
    startedAt: 1_700_000_000_000,
    title: '1',
    duration: 20.5,
    events: [
      [0.5, 'o', '$ '],
      [1, 'r', '120x40'],
      [20, 'm', 'create pods team/web'],
      [20.5, 'o', '한글'],
    ],
  });
});

test.each([
  { name: 'nothing', text: '' },
  { name: 'a page of something else', text: '<!doctype html>' },
  { name: 'another version', text: '{"version":1,"width":80,"height":24}' },
  { name: 'a list for a header', text: '[1,"o","x"]' },
])('no recording: $name', ({ text: other }) => {
  expect(parseCast(other)).toBeUndefined();
});

test.each([
  { name: 'a last line cut short', lines: ['[1,"o","a"]', '[2,"o","b'], kept: 1 },
  { name: 'a kind we do not know', lines: ['[1,"i","typed"]', '[2,"o","b"]'], kept: 1 },
  { name: 'wrong types', lines: ['["1","o","a"]', '[2,"o",3]', '{}'], kept: 0 },
])('left out: $name', ({ lines, kept }) => {
  expect(parseCast([HEADER, ...lines].join('\n'))?.events.length).toBe(kept);
});

test.each([
  { said: '120x40', size: { cols: 120, rows: 40 } },
  { said: '1x1', size: { cols: 2, rows: 1 } },
  { said: '120', size: undefined },
  { said: '9999x40', size: undefined },
  { said: '-1x40', size: undefined },
])('a size of $said', ({ said, size }) => {
  expect(parseSize(said)).toEqual(size);
});

test.each([
  { at: 0, events: 0 },
  { at: 0.5, events: 1 },
  { at: 19.9, events: 2 },
  { at: 99, events: 4 },
])('events by second $at', ({ at, events }) => {
  expect(eventsBy(parseCast(text)?.events ?? [], at)).toBe(events);
});

test.each([
  { name: 'plays on', at: 0, passed: 0.3, skips: true, later: 0.3 },
  { name: 'a long pause is played', at: 2, passed: 1, skips: false, later: 3 },
  { name: 'a long pause is skipped up to just before its end', at: 2, passed: 0.1, skips: true, later: 18.5 },
  { name: 'never past the end', at: 20, passed: 60, skips: true, later: 20.5 },
])('advance: $name', ({ at, passed, skips, later }) => {
  const cast = parseCast(text);
  if (cast === undefined) throw new Error('a recording');
  expect(advance(cast, at, passed, skips)).toBeCloseTo(later);
});
