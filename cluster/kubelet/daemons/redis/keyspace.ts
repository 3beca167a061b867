/** Commands for keys of any type: names, times to live, removal. */
import { at, command, NOT_INTEGER, type Commands } from './command.ts';
import type { Keys } from './keys.ts';
import { bulk, bulks, error, integer, OK, status, type Reply } from './protocol.ts';

/** A pattern of KEYS. */
function globbed(pattern: string): (text: string) => boolean {
  if (pattern === '*') return () => true;
  const parts = pattern.split('*');
  return (text) => {
    const [first = '', ...rest] = parts;
    const one = (part: string, at: number): boolean =>
      at + part.length <= text.length &&
      Array.from(part).every((char, index) => char === '?' || char === text.charAt(at + index));
    if (!one(first, 0)) return false;
    let at = first.length;
    for (const [index, part] of rest.entries()) {
      if (index === rest.length - 1)
        return part === '' || (text.length - part.length >= at && one(part, text.length - part.length));
      while (at <= text.length && !one(part, at)) at++;
      if (at > text.length) return false;
      at += part.length;
    }
    return at === text.length;
  };
}

const removeAll = (keys: Keys, names: readonly string[]): Reply =>
  integer(names.reduce((sum, name) => sum + keys.drop(name), 0));

function rename(keys: Keys, from: string, to: string): Reply {
  const entry = keys.get(from);
  if (entry === undefined) return error('ERR no such key');
  keys.drop(from);
  keys.put(to, entry.value, entry.expires);
  return OK;
}

function expire(keys: Keys, key: string, milliseconds: number): Reply {
  const entry = keys.get(key);
  if (!Number.isFinite(milliseconds)) return NOT_INTEGER;
  if (entry === undefined) return integer(0);
  keys.put(key, entry.value, keys.now() + milliseconds);
  return integer(1);
}

/** Milliseconds; -1: for ever, -2: no such key. */
function timeLeft(keys: Keys, key: string): number {
  const entry = keys.get(key);
  if (entry === undefined) return -2;
  return entry.expires === undefined ? -1 : entry.expires - keys.now();
}

function persist(keys: Keys, key: string): Reply {
  const entry = keys.get(key);
  if (entry?.expires === undefined) return integer(0);
  keys.put(key, entry.value);
  return integer(1);
}

function names(keys: Keys, pattern: string): Reply {
  const fits = globbed(pattern);
  return bulks(keys.live().filter(fits));
}

export const KEYSPACE: Commands = {
  DEL: command(1, (keys, args) => removeAll(keys, args)),
  UNLINK: command(1, (keys, args) => removeAll(keys, args)),
  EXISTS: command(1, (keys, args) => integer(args.filter((key) => keys.get(key) !== undefined).length)),
  TYPE: command(-1, (keys, args) => status(keys.get(at(args, 0))?.value.type ?? 'none')),
  RENAME: command(-2, (keys, args) => rename(keys, at(args, 0), at(args, 1))),
  KEYS: command(-1, (keys, args) => names(keys, at(args, 0))),
  SCAN: command(1, (keys, args) => {
    const match = args.findIndex((word) => word.toUpperCase() === 'MATCH');
    return { kind: 'array', items: [bulk('0'), names(keys, match === -1 ? '*' : at(args, match + 1))] };
  }),
  RANDOMKEY: command(0, (keys) => bulk(keys.live()[0])),
  DBSIZE: command(0, (keys) => integer(keys.live().length)),
  EXPIRE: command(2, (keys, args) => expire(keys, at(args, 0), Number(at(args, 1)) * 1000)),
  PEXPIRE: command(2, (keys, args) => expire(keys, at(args, 0), Number(at(args, 1)))),
  TTL: command(-1, (keys, args) => {
    const left = timeLeft(keys, at(args, 0));
    return integer(left < 0 ? left : Math.round(left / 1000));
  }),
  PTTL: command(-1, (keys, args) => integer(timeLeft(keys, at(args, 0)))),
  PERSIST: command(-1, (keys, args) => persist(keys, at(args, 0))),
  FLUSHALL: command(0, (keys) => {
    keys.entries.clear();
    keys.changes++;
    return OK;
  }),
  FLUSHDB: command(0, (keys) => {
    keys.entries.clear();
    keys.changes++;
    return OK;
  }),
};
