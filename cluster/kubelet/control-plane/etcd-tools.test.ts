import { expect, test } from '@jest/globals';
import { isWhole, readSnapshotFile, snapshotFile } from './snapshot-file.ts';
import { humanBytes, textTable } from './text-table.ts';
import { parseFlags } from './flags.ts';

const SPEC = { values: { cacert: '', 'write-out': 'simple' }, switches: ['prefix'], short: { w: 'write-out' } };

test.each([
  ['a value behind a space', ['--cacert', '/ca', 'get'], { cacert: '/ca', 'write-out': 'simple' }, ['get'], undefined],
  ['a value behind a sign', ['get', '--cacert=/ca'], { cacert: '/ca', 'write-out': 'simple' }, ['get'], undefined],
  ['a short name', ['-w', 'table'], { cacert: '', 'write-out': 'table' }, [], undefined],
  ['an unknown name', ['--nope', 'x'], { cacert: '', 'write-out': 'simple' }, [], 'unknown flag: --nope'],
  ['an unknown letter', ['-x'], { cacert: '', 'write-out': 'simple' }, [], "unknown shorthand flag: 'x' in -x"],
  ['no value', ['--cacert'], { cacert: '', 'write-out': 'simple' }, [], 'flag needs an argument: --cacert'],
])('flags: %s', (_name, args, values, words, problem) => {
  expect(parseFlags(args, SPEC)).toMatchObject({ values, words, ...(problem === undefined ? {} : { problem }) });
});

test('a snapshot says what it holds, and shows that it is whole', () => {
  const facts = { revision: 546, totalKey: 393, version: '3.6.0' };
  const bytes = snapshotFile(facts);
  expect(readSnapshotFile(bytes)).toMatchObject({ facts, size: 20_512 });
  expect(isWhole(bytes)).toBe(true);
  expect(isWhole(bytes.replace('546', '547'))).toBe(false);
  expect(readSnapshotFile('apiVersion: v1\n')).toEqual({ problem: 'invalid database' });
});

test('tables and sizes as etcdctl prints them', () => {
  expect(textTable(['ENDPOINT', 'HEALTH', 'TOOK', 'ERROR'], [['127.0.0.1:2379', 'true', '3.209541ms', '']])).toBe(
    [
      '+----------------+--------+------------+-------+',
      '|    ENDPOINT    | HEALTH |    TOOK    | ERROR |',
      '+----------------+--------+------------+-------+',
      '| 127.0.0.1:2379 |   true | 3.209541ms |       |',
      '+----------------+--------+------------+-------+',
      '',
    ].join('\n'),
  );
  expect([999, 20_512, 2_715_648, 1_600_000].map(humanBytes)).toEqual(['999 B', '21 kB', '2.7 MB', '1.6 MB']);
});
