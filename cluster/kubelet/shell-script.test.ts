import { expect, test } from '@jest/globals';
import { readScript } from './shell-script.ts';

const world = {
  resolves: (host: string) => host === 'db',
  run: ([program = '', argument = '0']: readonly string[]) =>
    program === 'sleep'
      ? { ms: Number(argument) * 1000, exitCode: 0 }
      : program === 'false'
        ? { ms: 0, exitCode: 1 }
        : program === 'nosuch'
          ? undefined
          : { ms: program === 'tail' ? Infinity : 0, exitCode: 0 },
};

test.each([
  ['echo hi', 0, 0],
  ['exit 3', 0, 3],
  ['sleep 2; sleep 3', 5000, 0],
  ['sleep 2 && exit 4; echo no', 2000, 4],
  ['false || echo saved', 0, 0],
  ['false && echo no', 0, 1],
  ['nosuch', 0, 127],
  ['while true; do date; sleep 5; done', Infinity, 0],
  ['while true\ndo\n  echo "a; b" >> /var/log/x\n  sleep 1\ndone', Infinity, 0],
  ['for i in 1 2 3; do sleep 1; done', 3000, 0],
  ['for i in {1..4}; do sleep 1; done; exit 1', 4000, 1],
  ['until [ -f /go ]; do sleep 1; done', Infinity, 0],
  ['touch /go; until [ -f /go ]; do sleep 1; done; exit 2', 0, 2],
  ['until nslookup db; do sleep 2; done', 0, 0],
  ['until nslookup other; do sleep 2; done', Infinity, 0],
  ['if [ -f /x ]; then exit 1; else exit 5; fi', 0, 5],
  ['if true; then sleep 1; fi; exit 6', 1000, 6],
  ["echo 'exit 1'; tail -f /dev/null", Infinity, 0],
  ['echo "fatal, no config" >&2; exit 1', 0, 1],
  ['(sleep 1; exit 0); echo done', 1000, 0],
])('%s', (script, ms, exitCode) => {
  const run = readScript(script, world);
  expect(run.ms).toBe(ms);
  if (ms !== Infinity) expect(run.exitCode).toBe(exitCode);
});

test('files come and go in time', () => {
  expect(readScript('touch /tmp/healthy; sleep 30; rm -f /tmp/healthy; sleep 600', world).files).toEqual([
    { path: '/tmp/healthy', atMs: 0, exists: true },
    { path: '/tmp/healthy', atMs: 30_000, exists: false },
  ]);
});
