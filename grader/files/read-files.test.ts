import { afterAll, expect, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { folder } from '../testing.ts';
import type { CheckSpec } from '../types.ts';
import { MAX_FILE_BYTES, readFiles } from './read-files.ts';

const root = folder({
  'home/pods.txt': 'web\n',
  'home/answers/deep.txt': '한글\n',
  'home/large': 'x'.repeat(MAX_FILE_BYTES + 1),
  'home/largest': 'x'.repeat(MAX_FILE_BYTES),
  'base/on-base.txt': 'here',
  secret: 'secret',
});
afterAll(() => rmSync(root, { recursive: true }));
const home = join(root, 'home');
mkdirSync(join(home, 'folder'));
symlinkSync('/etc/passwd', join(home, 'out'));
symlinkSync('../secret', join(home, 'up'));
symlinkSync('..', join(home, 'parent'));
symlinkSync('pods.txt', join(home, 'inside'));
symlinkSync('circle', join(home, 'circle'));
symlinkSync('/dev/zero', join(home, 'zero'));
symlinkSync('/proc/self/environ', join(home, 'environ'));
execFileSync('mkfifo', [join(home, 'pipe')]);

const asking = (path: string): { checks: CheckSpec[] } => ({
  checks: [{ id: 'a', points: 1, sentence: { en: 'a', ko: 'a' }, run: { kind: 'file', options: { file: { path } } } }],
});
const read = (path: string, others?: Record<string, string>) => readFiles(asking(path), home, others)[path];
const OUT = { refused: 'it is a link that leads out of the home' };

test.each([
  ['pods.txt', { text: 'web\n' }],
  ['answers/deep.txt', { text: '한글\n' }],
  ['inside', { text: 'web\n' }],
  ['largest', { text: 'x'.repeat(MAX_FILE_BYTES) }],
  ['large', { refused: 'it is larger than 256 KiB' }],
  ['folder', { refused: 'it is a folder' }],
  ['pipe', { refused: 'it is no regular file' }],
  ['out', OUT],
  ['up', OUT],
  ['zero', OUT],
  ['environ', OUT],
  ['parent/secret', OUT],
  ['../secret', OUT],
  ['parent', OUT],
  ['circle', { refused: 'it is a link that leads in a circle' }],
])('%s', (path, found) => expect(read(path)).toEqual(found));

test('what is missing is told with what is beside it', () => {
  expect(read('answers/dep.txt')).toEqual({
    missing: true,
    beside: ['answers/deep.txt', 'large', 'largest', 'pods.txt'],
  });
  expect(read('parent/secrets')).toEqual({ missing: true, beside: ['large', 'largest', 'pods.txt'] });
  expect(read('pods.txt/a')).toEqual({ missing: true, beside: ['large', 'largest', 'pods.txt'] });
});

test('a home that is not there has no files', () => {
  expect(readFiles(asking('a'), join(root, 'nowhere'))).toEqual({ a: { missing: true, beside: [] } });
});

test('an answer on another host is named by it', () => {
  expect(read('on-base.txt', { base: join(root, 'base') })).toMatchObject({ missing: true, onHost: 'base' });
});

test('a folder that becomes a link while it is read gives nothing away', () => {
  // as often as it takes to be sure of the order: what is opened is looked at, not its path
  mkdirSync(join(home, 'swap'));
  writeFileSync(join(home, 'swap', 'secret'), 'mine');
  expect(read('swap/secret')).toEqual({ text: 'mine' });
  rmSync(join(home, 'swap'), { recursive: true });
  symlinkSync(root, join(home, 'swap'));
  expect(read('swap/secret')).toEqual(OUT);
});

test('nothing is read of a scenario that asks for no file', () => {
  expect(readFiles({ checks: [] }, '/nowhere')).toEqual({});
});
