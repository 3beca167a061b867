/** Commands for hashes. */
import { at, command, size, WRONG_TYPE, type Commands } from './command.ts';
import type { Keys } from './keys.ts';
import { bulk, bulks, integer, OK, type Reply } from './protocol.ts';

function setFields(keys: Keys, key: string, words: readonly string[]): Reply {
  const found = keys.as(key, 'hash');
  if (found === 'wrong') return WRONG_TYPE;
  const fields = new Map(found?.fields ?? []);
  const before = fields.size;
  for (let at = 0; at + 1 < words.length; at += 2) fields.set(words[at] ?? '', words[at + 1] ?? '');
  keys.keep(key, { type: 'hash', fields: [...fields] }, fields.size);
  return integer(fields.size - before);
}

function fieldsOf(keys: Keys, key: string): Map<string, string> | Reply {
  const found = keys.as(key, 'hash');
  return found === 'wrong' ? WRONG_TYPE : new Map(found?.fields ?? []);
}

function removeFields(keys: Keys, key: string, names: readonly string[]): Reply {
  const found = fieldsOf(keys, key);
  if (!(found instanceof Map)) return found;
  const gone = names.filter((name) => found.delete(name)).length;
  keys.keep(key, { type: 'hash', fields: [...found] }, found.size);
  return integer(gone);
}

export const HASHES: Commands = {
  HSET: command(3, (keys, [key = '', ...words]) => setFields(keys, key, words)),
  HMSET: command(3, (keys, [key = '', ...words]) => {
    const set = setFields(keys, key, words);
    return set.kind === 'error' ? set : OK;
  }),
  HGET: command(-2, (keys, args) => {
    const found = fieldsOf(keys, at(args, 0));
    return found instanceof Map ? bulk(found.get(at(args, 1))) : found;
  }),
  HGETALL: command(-1, (keys, args) => {
    const found = fieldsOf(keys, at(args, 0));
    return found instanceof Map ? bulks([...found].flat()) : found;
  }),
  HKEYS: command(-1, (keys, args) => {
    const found = fieldsOf(keys, at(args, 0));
    return found instanceof Map ? bulks([...found.keys()]) : found;
  }),
  HDEL: command(2, (keys, [key = '', ...names]) => removeFields(keys, key, names)),
  HLEN: command(-1, (keys, args) => size(keys, at(args, 0))),
};
