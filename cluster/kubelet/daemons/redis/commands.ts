/** All commands for keys by name, and which of them only read. */
import type { Command } from './command.ts';
import { HASHES } from './hashes.ts';
import type { Keys } from './keys.ts';
import { KEYSPACE } from './keyspace.ts';
import { LISTS } from './lists.ts';
import { error, type Reply } from './protocol.ts';
import { SETS } from './sets.ts';
import { SORTED_SETS } from './sorted-sets.ts';
import { STRINGS } from './strings.ts';

const COMMANDS = new Map(
  Object.entries({ ...KEYSPACE, ...STRINGS, ...LISTS, ...HASHES, ...SETS, ...SORTED_SETS }).map(
    ([name, [words, run]]): [string, Command] => [
      name,
      (keys, args) =>
        (words < 0 && args.length !== -words) || args.length < words
          ? error(`ERR wrong number of arguments for '${name.toLowerCase()}' command`)
          : run(keys, args),
    ],
  ),
);
const READING =
  'GET MGET STRLEN EXISTS TYPE KEYS SCAN RANDOMKEY DBSIZE TTL PTTL LLEN LRANGE HGET HGETALL HKEYS HLEN SMEMBERS SISMEMBER SCARD ZCARD ZSCORE ZRANGE'.split(
    ' ',
  );
export const isWrite = (name: string): boolean => COMMANDS.has(name) && !READING.includes(name);

/** undefined: there is no such command. */
export const run = (keys: Keys, name: string, args: readonly string[]): Reply | undefined =>
  COMMANDS.get(name)?.(keys, args);
