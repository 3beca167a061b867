import { expect, test } from '@jest/globals';
import { readEnv } from './env.ts';

test('without settings: this machine only', () => {
  expect(readEnv({})).toMatchObject({ host: '127.0.0.1', port: 7100, allowedHosts: [], token: undefined });
});

test('allowed hosts are names, lower case, none empty', () => {
  expect(readEnv({ DRYDOCK_ALLOWED_HOSTS: ' A.example,, b ' }).allowedHosts).toEqual(['a.example', 'b']);
});

test('every wrong setting is named at once', () => {
  expect(() => readEnv({ DRYDOCK_PORT: '99999', DRYDOCK_TOKEN: 'short' })).toThrow(
    /DRYDOCK_PORT: [^\n]+\n {2}DRYDOCK_TOKEN: at least 16 characters/,
  );
});

test('how long machines live, and whether they are recorded', () => {
  expect(readEnv({})).toMatchObject({
    life: { idleMs: 3_600_000, totalMs: 43_200_000 },
    recording: { on: true, keepDays: 30 },
  });
  expect(readEnv({ DRYDOCK_IDLE_MINUTES: '0', DRYDOCK_RECORDING: 'off' })).toMatchObject({
    life: { idleMs: 0 },
    recording: { on: false },
  });
  expect(() => readEnv({ DRYDOCK_RECORDING: 'yes' })).toThrow('DRYDOCK_RECORDING: ');
});
