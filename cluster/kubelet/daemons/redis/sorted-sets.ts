/** Commands for sorted sets. */
import { at, command, size, slice, WRONG_TYPE, type Commands } from './command.ts';
import type { Keys } from './keys.ts';
import { bulk, bulks, error, integer, type Reply } from './protocol.ts';

function scored(keys: Keys, key: string): [string, number][] | Reply {
  const found = keys.as(key, 'zset');
  if (found === 'wrong') return WRONG_TYPE;
  return (found?.members ?? []).toSorted(([a, x], [b, y]) => x - y || (a < b ? -1 : 1));
}

function score(keys: Keys, key: string, words: readonly string[]): Reply {
  const found = scored(keys, key);
  if (!Array.isArray(found)) return found;
  const scores = new Map(found);
  const before = scores.size;
  for (let at = 0; at + 1 < words.length; at += 2) {
    const value = Number(words[at]);
    if (Number.isNaN(value)) return error('ERR value is not a valid float');
    scores.set(words[at + 1] ?? '', value);
  }
  keys.keep(key, { type: 'zset', members: [...scores] }, scores.size);
  return integer(scores.size - before);
}

export const SORTED_SETS: Commands = {
  ZADD: command(3, (keys, [key = '', ...words]) => score(keys, key, words)),
  ZCARD: command(-1, (keys, args) => size(keys, at(args, 0))),
  ZSCORE: command(-2, (keys, args) => {
    const found = scored(keys, at(args, 0));
    if (!Array.isArray(found)) return found;
    const score = new Map(found).get(at(args, 1));
    return bulk(score === undefined ? undefined : String(score));
  }),
  ZRANGE: command(3, (keys, args) => {
    const found = scored(keys, at(args, 0));
    if (!Array.isArray(found)) return found;
    const rows = slice(found, Number(at(args, 1)), Number(at(args, 2)));
    const scores = args.some((word) => word.toUpperCase() === 'WITHSCORES');
    return bulks(rows.flatMap(([member, score]) => (scores ? [member, String(score)] : [member])));
  }),
};
