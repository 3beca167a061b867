import { expect, test } from '@jest/globals';
import { file } from '../../files/file-tree.ts';
import { Pipe } from '../../shell/coroutine.ts';
import { boxWith } from '../../testing/box.ts';
import { run } from './commands.ts';
import { load } from './configuration.ts';
import { RedisServer } from './instance.ts';
import { Keys } from './keys.ts';
import { raw, splitWords } from './protocol.ts';

const words = (line: string): string[] => splitWords(line) ?? [];

/** What the last of some commands answers, as redis-cli prints it to a file. */
function answered(...commands: string[]): string | undefined {
  const keys = new Keys(() => 0);
  const replies = commands.map((line) => {
    const [name = '', ...args] = words(line);
    return run(keys, name, args);
  });
  const last = replies.at(-1);
  return last && raw(last);
}
const WRONG_TYPE = 'WRONGTYPE Operation against a key holding the wrong kind of value';
const NOT_INTEGER = 'ERR value is not an integer or out of range';

test.each<[answer: string, ...commands: string[]]>([
  ['OK', 'SET a 1 EX 10'],
  ['10', 'SET a 1 EX 10', 'TTL a'],
  ['-1', 'SET a 1 EX 10', 'PERSIST a', 'TTL a'],
  ['-2', 'TTL a'],
  ['1', 'SET a 1', 'SET a 2 NX', 'GET a'],
  ['5', 'SET a 3', 'INCRBY a 2'],
  ['ab', 'APPEND s a', 'APPEND s b', 'GET s'],
  ['2', 'MSET a 1 b 2', 'DEL a b c'],
  ['web:1', 'MSET web:1 x db:1 y', 'KEYS web:*'],
  ['3\n2', 'RPUSH l 1 2 3', 'RPOP l 2'],
  ['2\n3', 'RPUSH l 1 2 3', 'LRANGE l -2 -1'],
  ['0', 'RPUSH l 1', 'LPOP l', 'EXISTS l'],
  ['1', 'HSET h a 1 b 2', 'HSET h b 3 c 4'],
  ['b\nc', 'HSET h a 1 b 2 c 3', 'HDEL h a', 'HKEYS h'],
  ['1', 'SADD s a b', 'SADD s b c'],
  ['a\n1\nb\n2', 'ZADD z 2 b 1 a', 'ZRANGE z 0 -1 WITHSCORES'],
  ['hash', 'HSET h a 1', 'TYPE h'],
  ['0', 'MSET a 1 b 2', 'FLUSHALL', 'DBSIZE'],
  [WRONG_TYPE, 'RPUSH l 1', 'GET l'],
  [NOT_INTEGER, 'SET a x', 'INCR a'],
  [NOT_INTEGER, 'SET a x EX soon'],
  ["ERR invalid expire time in 'set' command", 'SET a x EX 0'],
  ['ERR syntax error', 'SET a x SOMETIME'],
  ['ERR no such key', 'RENAME a b'],
  ['ERR value is not a valid float', 'ZADD z one a'],
  ["ERR wrong number of arguments for 'get' command", 'GET'],
  ["ERR wrong number of arguments for 'mset' command", 'MSET a 1 b'],
])('Redis answers %j', (answer, ...commands) => {
  expect(answered(...commands)?.trimEnd()).toBe(answer);
});

test('no command of that name', () => {
  expect(answered('NOSUCH a')).toBeUndefined();
});

test.each<[line: string, why: string]>([
  ['maxmemory lots', 'argument must be a memory value'],
  ['appendonly maybe', "argument must be 'yes' or 'no'"],
  ['port http', "argument couldn't be parsed into an integer"],
  ['nosuch 1', 'Bad directive or wrong number of arguments'],
  ['dir', 'Bad directive or wrong number of arguments'],
])('a configuration with %j', (line, why) => {
  const box = boxWith({ 'etc/redis.conf': file(`# mine\n${line}\n`) });
  expect(load(box, ['redis-server', '/etc/redis.conf'], '/data', '8.2.1')).toBe(
    `\n*** FATAL CONFIG FILE ERROR (Redis 8.2.1) ***\nReading the configuration file, at line 2\n>>> '${line}'\n${why}\n`,
  );
});

test.each<[name: string, said: string, answer: string, ...options: string[]]>([
  ['the right password', 'AUTH secret\nPING\n', '+OK\r\n+PONG\r\n', '--requirepass', 'secret'],
  ['no password', 'PING\n', '-NOAUTH Authentication required.\r\n', '--requirepass', 'secret'],
  [
    'a bounded memory in bytes',
    'CONFIG GET maxmemory\n',
    '*2\r\n$9\r\nmaxmemory\r\n$7\r\n2097152\r\n',
    '--maxmemory',
    '2mb',
  ],
  ['an unknown command', 'NOSUCH a\n', "-ERR unknown command 'NOSUCH', with args beginning with: 'a' \r\n"],
  [
    'a replica',
    'SET a 1\n',
    "-READONLY You can't write against a read only replica.\r\n",
    '--replicaof',
    'leader 6379',
  ],
])('a server with %s', (_name, said, answer, ...options) => {
  const box = boxWith();
  const loaded = load(box, ['redis-server', ...options], '/data', '8.2.1');
  if (typeof loaded === 'string') throw new Error(loaded);
  const io = { stdin: new Pipe(), stdout: new Pipe(), stderr: new Pipe() };
  const server = new RedisServer({ box, io }, loaded.settings, '8.2.1');
  expect(server.server()('127.0.0.1').say(said)).toBe(answer);
});
