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
