import { expect, test } from '@jest/globals';
import { boxWith } from '../../testing/box.ts';
import { run } from './commands.ts';
import { ZooKeeper } from './ensemble.ts';
import { settingsOf } from './settings.ts';

const ALONE = 'clientPort=2181\ndataDir=/data\n';
const THREE = `${ALONE}server.1=zk-0.zk:2888:3888\nserver.2=zk-1.zk:2888:3888\nserver.3=zk-2.zk:2888:3888\n`;

const memberOf = (config: string): ZooKeeper => new ZooKeeper(boxWith(), settingsOf(config), 1);

/** What the last of some commands answers. */
function answered(...commands: string[]): string[] {
  const member = memberOf(ALONE);
  return commands.map((line) => run(member, line.split(' '))).at(-1) ?? [];
}

test.each<[answer: string[], ...commands: string[]]>([
  [['[zookeeper]'], 'ls /'],
  [['Created /a'], 'create /a one'],
  [['[a, zookeeper]'], 'create /a one', 'ls /'],
  [['[]'], 'create /a one', 'ls /a'],
  [['Node already exists: /a'], 'create /a one', 'create /a two'],
  [['Node does not exist: /a/b'], 'create /a/b one'],
  [['Node does not exist: /a'], 'get /a'],
  [['Node does not exist: /a'], 'set /a one'],
  [['Node not empty: /a'], 'create /a one', 'create /a/b two', 'delete /a'],
  [['[zookeeper]'], 'create /a one', 'create /a/b two', 'rmr /a', 'ls /'],
  [['Command failed: java.lang.IllegalArgumentException: Path must start with / character'], 'get a'],
])('ZooKeeper answers %j', (answer, ...commands) => {
  expect(answered(...commands)).toEqual(answer);
});

test('a changed node tells both transactions and its version', () => {
  expect(answered('create /a one', 'set /a three', 'get /a')).toEqual([
    'three',
    'cZxid = 0x100000001',
    'ctime = Fri May 01 10:00:00 UTC 2026',
    'mZxid = 0x100000002',
    'mtime = Fri May 01 10:00:00 UTC 2026',
    'pZxid = 0x100000001',
    'cversion = 0',
    'dataVersion = 1',
    'aclVersion = 0',
    'ephemeralOwner = 0x0',
    'dataLength = 5',
    'numChildren = 0',
  ]);
});

test.each<[word: string, alone: string, withoutQuorum: string]>([
  ['ruok', 'imok', 'imok'],
  ['isro', 'rw', 'This ZooKeeper instance is not currently serving requests\n'],
  [
    'conf',
    'clientPort=2181\ndataDir=/data/version-2\ntickTime=2000\nserverId=1\n',
    'This ZooKeeper instance is not currently serving requests\n',
  ],
])('the word %s', (word, alone, withoutQuorum) => {
  expect(memberOf(ALONE).clients()('10.244.0.9').say(word)).toBe(alone);
  expect(memberOf(THREE).clients()('10.244.0.9').say(word)).toBe(withoutQuorum);
});

test('without a quorum no command is answered', () => {
  expect(run(memberOf(THREE), ['ls', '/'])).toEqual(['!lost']);
});

test('what a member keeps is in its folder, for the next that starts there', () => {
  const box = boxWith();
  run(new ZooKeeper(box, settingsOf(ALONE), 1), ['create', '/a', 'one']);
  expect(run(new ZooKeeper(box, settingsOf(ALONE), 1), ['ls', '/'])).toEqual(['[a, zookeeper]']);
});
