import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { pino } from 'pino';
import type { TerminalWatcher } from '../ports.ts';
import { Recordings } from './recordings.ts';

const START = Date.parse('2026-03-01T09:00:00Z');
const DAY = 24 * 60 * 60_000;
let dataDir: string;
let now: number;
let recordings: Recordings;
const open = (settings = { on: true, keepDays: 30 }) =>
  new Recordings({ dataDir, settings, now: () => now, log: pino({ level: 'silent' }) });

beforeEach(() => {
  dataDir = mkdtempSync(path.join(tmpdir(), 'drydock-recordings-'));
  now = START;
  recordings = open();
});
afterEach(() => {
  rmSync(dataDir, { recursive: true, force: true });
});

/** A terminal as its watcher sees it. */
function terminal(id: string, name: string) {
  let watcher: TerminalWatcher | undefined;
  let stopped = false;
  recordings.record(id, name, (given) => {
    watcher = given;
    return { ack: () => undefined, stop: () => void (stopped = true) };
  });
  return {
    get watched() {
      return watcher !== undefined && !stopped;
    },
    shows(text: string) {
      watcher?.output(Buffer.from(text));
    },
    sized: (cols: number, rows: number) => watcher?.lead({ cols, rows, leading: false }),
    drawn: (data: string) => watcher?.snapshot({ cols: 100, rows: 30, data }),
  };
}
const fileOf = (id: string, name: string): string => path.join(dataDir, 'sessions', id, 'recordings', `${name}.cast`);
const lines = (file: string): unknown[] =>
  readFileSync(file, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);

test('a terminal is recorded with its timing, sizes and markers, for its owner alone', async () => {
  const shell = terminal('a1', 'q1-2');
  shell.sized(100, 30);
  now += 500;
  shell.shows('$ ');
  now += 250;
  shell.shows('k get po\r\n');
  now += 250;
  recordings.mark('a1', 'create pods default/web');
  recordings.mark('b2', 'of another session');
  now += 1000;
  shell.sized(120, 40);
  shell.sized(120, 40);
  shell.drawn('all');
  expect((await recordings.list('a1')).map(({ state }) => state)).toEqual(['growing']);
  await recordings.end('a1');
  const [info] = await recordings.list('a1');
  const file = fileOf('a1', info?.name ?? '');
  expect(info).toEqual({
    name: `${START}-q1-2`,
    terminal: 'q1-2',
    startedAt: '2026-03-01T09:00:00.000Z',
    seconds: 2,
    bytes: statSync(file).size,
    state: 'ended',
  });
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(lines(file)).toEqual([
    {
      version: 2,
      width: 80,
      height: 24,
      timestamp: START / 1000,
      title: 'q1-2',
      env: { SHELL: '/bin/bash', TERM: 'xterm-256color' },
    },
    [0, 'r', '100x30'],
    [0.5, 'o', '$ '],
    [0.75, 'o', 'k get po\r\n'],
    [1, 'm', 'create pods default/web'],
    [2, 'r', '120x40'],
    [2, 'r', '100x30'],
    [2, 'o', '\u001bcall'],
  ]);
  expect(shell.watched).toBe(false);
});

test('a secret that comes in pieces is hidden, and each piece keeps its time', async () => {
  const shell = terminal('a1', '1');
  for (const piece of ['token: AbCdEf01', '23456789', 'xyz\r\n', '한', '글\r\n']) {
    now += 100;
    shell.shows(piece);
  }
  await recordings.end('a1');
  expect(lines(fileOf('a1', `${START}-1`)).slice(1)).toEqual([
    [0.1, 'o', 'token: ********'],
    [0.2, 'o', '********'],
    [0.3, 'o', '***\r\n'],
    [0.4, 'o', '한'],
    [0.5, 'o', '글\r\n'],
  ]);
});

test('the recordings of a session have a largest size together, and the last says so', async () => {
  const first = terminal('a1', '1');
  const second = terminal('a1', '2');
  const line = `${'x'.repeat(1024 * 1024)}\r\n`;
  for (let n = 0; n < 20; n += 1) first.shows(line);
  for (let n = 0; n < 20; n += 1) second.shows(line);
  await recordings.end('a1');
  const listed = await recordings.list('a1');
  expect(listed.map(({ terminal: name, state }) => [name, state])).toEqual([
    ['1', 'ended'],
    ['2', 'full'],
  ]);
  expect(listed.reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThan(33 * 1024 * 1024);
  expect(lines(fileOf('a1', `${START}-2`)).at(-1)).toEqual([
    0,
    'o',
    '\r\n\u001b[0m[The recording ends here: the recordings of this session have reached their largest size, 32 MiB.]\r\n',
  ]);
});

test('two terminals of one moment have a recording each', async () => {
  terminal('a1', '1');
  terminal('a1', '1');
  await recordings.end('a1');
  expect((await recordings.list('a1')).map(({ name }) => name)).toEqual([`${START}-1`, `${START + 1}-1`]);
});

test('what a killed server left is listed', async () => {
  const shell = terminal('a1', '1');
  shell.shows('seen\r\n');
  await recordings.end('a1');
  appendFileSync(fileOf('a1', `${START}-1`), '[7,"o","ha');
  await expect(recordings.list('a1')).resolves.toMatchObject([{ seconds: 0, state: 'ended' }]);
  await expect(recordings.list('none')).resolves.toEqual([]);
});

test('old ones are deleted, by the setting', async () => {
  terminal('a1', '1');
  await recordings.end('a1');
  now += 29 * DAY;
  await recordings.sweep();
  expect(await recordings.list('a1')).toHaveLength(1);
  now += 2 * DAY;
  recordings = open({ on: true, keepDays: 0 });
  await recordings.sweep();
  expect(await recordings.list('a1')).toHaveLength(1);
  recordings = open();
  await recordings.sweep();
  expect(await recordings.list('a1')).toEqual([]);
});

test('turned off, nothing is watched or written', () => {
  recordings = open({ on: false, keepDays: 30 });
  expect(terminal('a1', '1').watched).toBe(false);
  expect(existsSync(path.join(dataDir, 'sessions'))).toBe(false);
});
