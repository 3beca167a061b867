/** What a Redis server keeps, and the commands that read and change it. Values are byte strings. */
import { bulk, bulks, error, integer, NIL, OK, status, type Reply } from './protocol.ts';

export type Value =
  | { type: 'string'; text: string }
  | { type: 'list'; items: string[] }
  | { type: 'set'; members: string[] }
  | { type: 'hash'; fields: [string, string][] }
  | { type: 'zset'; members: [string, number][] };
export interface Entry {
  value: Value;
  /** Milliseconds since 1970. */
  expires?: number;
}

const WRONG_TYPE = error('WRONGTYPE Operation against a key holding the wrong kind of value');
const NOT_INTEGER = error('ERR value is not an integer or out of range');
const SYNTAX = error('ERR syntax error');

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

export class Keys {
  readonly entries: Map<string, Entry>;
  readonly #now: () => number;
  /** Changes since the last time it was saved. */
  changes = 0;

  constructor(now: () => number, entries: Iterable<readonly [string, Entry]> = []) {
    this.#now = now;
    this.entries = new Map(entries);
  }
  get(key: string): Entry | undefined {
    const found = this.entries.get(key);
    if (found?.expires === undefined || found.expires > this.#now()) return found;
    this.entries.delete(key);
    return undefined;
  }
  live(): string[] {
    return [...this.entries.keys()].filter((key) => this.get(key) !== undefined);
  }
  put(key: string, value: Value, expires?: number): void {
    this.changes++;
    this.entries.set(key, { value, ...(expires === undefined ? {} : { expires }) });
  }
  #remove(key: string): number {
    const there = this.get(key) !== undefined;
    if (there) this.changes++;
    this.entries.delete(key);
    return Number(there);
  }
  #as<T extends Value['type']>(key: string, type: T): Extract<Value, { type: T }> | undefined | 'wrong' {
    const value = this.get(key)?.value;
    if (value === undefined) return undefined;
    return value.type === type ? (value as Extract<Value, { type: T }>) : 'wrong';
  }
  /** Replaces a value, or the key goes when there is nothing left of it. */
  #keep(key: string, value: Value, left: number): void {
    const expires = this.get(key)?.expires;
    if (left === 0) this.#remove(key);
    else this.put(key, value, expires);
  }

  /** undefined: it has no such command. */
  run(name: string, args: readonly string[]): Reply | undefined {
    return COMMANDS.get(name)?.(this, args);
  }

  set(args: readonly string[]): Reply {
    const [key = '', text = '', ...options] = args;
    let expires: number | undefined;
    const words = options.map((word) => word.toUpperCase());
    const before = this.get(key);
    for (let at = 0; at < words.length; at++) {
      const word = words[at] ?? '';
      if (word === 'EX' || word === 'PX') {
        const value = Number(options[++at]);
        if (!Number.isInteger(value)) return NOT_INTEGER;
        if (value <= 0) return error("ERR invalid expire time in 'set' command");
        expires = this.#now() + value * (word === 'EX' ? 1000 : 1);
      } else if (word === 'KEEPTTL') expires = before?.expires;
      else if (!['NX', 'XX', 'GET'].includes(word)) return SYNTAX;
    }
    if (words.includes('NX') && before !== undefined) return NIL;
    if (words.includes('XX') && before === undefined) return NIL;
    this.put(key, { type: 'string', text }, expires);
    if (!words.includes('GET')) return OK;
    return before?.value.type === 'string' ? bulk(before.value.text) : NIL;
  }
  text(key: string): Reply {
    const found = this.#as(key, 'string');
    return found === 'wrong' ? WRONG_TYPE : bulk(found?.text);
  }
  add(key: string, by: number): Reply {
    const found = this.#as(key, 'string');
    if (found === 'wrong') return WRONG_TYPE;
    const before = found?.text ?? '0';
    if (!/^-?\d{1,15}$/.test(before) || !Number.isInteger(by)) return NOT_INTEGER;
    const value = Number(before) + by;
    this.put(key, { type: 'string', text: String(value) }, this.get(key)?.expires);
    return integer(value);
  }
  append(key: string, more: string): Reply {
    const found = this.#as(key, 'string');
    if (found === 'wrong') return WRONG_TYPE;
    const text = (found?.text ?? '') + more;
    this.put(key, { type: 'string', text }, this.get(key)?.expires);
    return integer(text.length);
  }
  remove(keys: readonly string[]): Reply {
    return integer(keys.reduce((sum, key) => sum + this.#remove(key), 0));
  }
  rename(from: string, to: string): Reply {
    const entry = this.get(from);
    if (entry === undefined) return error('ERR no such key');
    this.#remove(from);
    this.put(to, entry.value, entry.expires);
    return OK;
  }
  expire(key: string, milliseconds: number): Reply {
    const entry = this.get(key);
    if (!Number.isFinite(milliseconds)) return NOT_INTEGER;
    if (entry === undefined) return integer(0);
    this.put(key, entry.value, this.#now() + milliseconds);
    return integer(1);
  }
  /** Milliseconds; -1: for ever, -2: no such key. */
  left(key: string): number {
    const entry = this.get(key);
    if (entry === undefined) return -2;
    return entry.expires === undefined ? -1 : entry.expires - this.#now();
  }
  persist(key: string): Reply {
    const entry = this.get(key);
    if (entry?.expires === undefined) return integer(0);
    this.put(key, entry.value);
    return integer(1);
  }
  names(pattern: string): Reply {
    const fits = globbed(pattern);
    return bulks(this.live().filter(fits));
  }

  push(key: string, items: readonly string[], left: boolean): Reply {
    const found = this.#as(key, 'list');
    if (found === 'wrong') return WRONG_TYPE;
    const before = found?.items ?? [];
    const next = left ? [...items.toReversed(), ...before] : [...before, ...items];
    this.#keep(key, { type: 'list', items: next }, next.length);
    return integer(next.length);
  }
  pop(key: string, left: boolean, count?: string): Reply {
    const found = this.#as(key, 'list');
    if (found === 'wrong') return WRONG_TYPE;
    if (found === undefined) return NIL;
    const many = Number(count ?? 1);
    const taken = left ? found.items.slice(0, many) : found.items.slice(-many).toReversed();
    const rest = left ? found.items.slice(many) : found.items.slice(0, -many);
    this.#keep(key, { type: 'list', items: rest }, rest.length);
    return count === undefined ? bulk(taken[0]) : bulks(taken);
  }
  move(from: string, to: string): Reply {
    const taken = this.pop(from, false);
    if (taken.kind === 'bulk') this.push(to, [taken.text], true);
    return taken;
  }
  range(key: string, from: number, to: number): Reply {
    const found = this.#as(key, 'list');
    if (found === 'wrong') return WRONG_TYPE;
    return bulks(slice(found?.items ?? [], from, to));
  }
  length(key: string): Reply {
    const value = this.get(key)?.value;
    if (value === undefined) return integer(0);
    if (value.type === 'string') return integer(value.text.length);
    return integer(
      value.type === 'list' ? value.items.length : value.type === 'hash' ? value.fields.length : value.members.length,
    );
  }

  setFields(key: string, words: readonly string[]): Reply {
    const found = this.#as(key, 'hash');
    if (found === 'wrong') return WRONG_TYPE;
    const fields = new Map(found?.fields ?? []);
    const before = fields.size;
    for (let at = 0; at + 1 < words.length; at += 2) fields.set(words[at] ?? '', words[at + 1] ?? '');
    this.#keep(key, { type: 'hash', fields: [...fields] }, fields.size);
    return integer(fields.size - before);
  }
  fields(key: string): Map<string, string> | Reply {
    const found = this.#as(key, 'hash');
    return found === 'wrong' ? WRONG_TYPE : new Map(found?.fields ?? []);
  }
  removeFields(key: string, names: readonly string[]): Reply {
    const found = this.fields(key);
    if (!(found instanceof Map)) return found;
    const gone = names.filter((name) => found.delete(name)).length;
    this.#keep(key, { type: 'hash', fields: [...found] }, found.size);
    return integer(gone);
  }
  members(key: string): Set<string> | Reply {
    const found = this.#as(key, 'set');
    return found === 'wrong' ? WRONG_TYPE : new Set(found?.members ?? []);
  }
  change(key: string, members: readonly string[], add: boolean): Reply {
    const found = this.members(key);
    if (!(found instanceof Set)) return found;
    const before = found.size;
    for (const member of members) {
      if (add) found.add(member);
      else found.delete(member);
    }
    this.#keep(key, { type: 'set', members: [...found] }, found.size);
    return integer(Math.abs(found.size - before));
  }
  scored(key: string): [string, number][] | Reply {
    const found = this.#as(key, 'zset');
    if (found === 'wrong') return WRONG_TYPE;
    return (found?.members ?? []).toSorted(([a, x], [b, y]) => x - y || (a < b ? -1 : 1));
  }
  score(key: string, words: readonly string[]): Reply {
    const found = this.scored(key);
    if (!Array.isArray(found)) return found;
    const scores = new Map(found);
    const before = scores.size;
    for (let at = 0; at + 1 < words.length; at += 2) {
      const value = Number(words[at]);
      if (Number.isNaN(value)) return error('ERR value is not a valid float');
      scores.set(words[at + 1] ?? '', value);
    }
    this.#keep(key, { type: 'zset', members: [...scores] }, scores.size);
    return integer(scores.size - before);
  }
}

function slice<T>(items: readonly T[], from: number, to: number): T[] {
  const start = from < 0 ? Math.max(0, items.length + from) : from;
  const end = to < 0 ? items.length + to : to;
  return items.slice(start, end + 1);
}

type Command = (keys: Keys, args: readonly string[]) => Reply;
/** With the fewest words it takes after its name; an exact number is negative. */
const command = (words: number, run: Command): [number, Command] => [words, run];
const at = (args: readonly string[], index: number): string => args[index] ?? '';

const TABLE: Readonly<Record<string, [number, Command]>> = {
  SET: command(2, (keys, args) => keys.set(args)),
  GET: command(-1, (keys, args) => keys.text(at(args, 0))),
  GETSET: command(-2, (keys, args) => keys.set([at(args, 0), at(args, 1), 'GET'])),
  GETDEL: command(-1, (keys, args) => {
    const before = keys.text(at(args, 0));
    if (before.kind === 'bulk') keys.remove([at(args, 0)]);
    return before;
  }),
  SETNX: command(-2, (keys, args) => integer(keys.set([at(args, 0), at(args, 1), 'NX']).kind === 'nil' ? 0 : 1)),
  SETEX: command(-3, (keys, args) => keys.set([at(args, 0), at(args, 2), 'EX', at(args, 1)])),
  MSET: command(2, (keys, args) => {
    if (args.length % 2 === 1) return error("ERR wrong number of arguments for 'mset' command");
    for (let index = 0; index < args.length; index += 2) keys.set([at(args, index), at(args, index + 1)]);
    return OK;
  }),
  MGET: command(1, (keys, args) => ({
    kind: 'array',
    items: args.map((key) => {
      const found = keys.text(key);
      return found.kind === 'error' ? NIL : found;
    }),
  })),
  APPEND: command(-2, (keys, args) => keys.append(at(args, 0), at(args, 1))),
  STRLEN: command(-1, (keys, args) => keys.length(at(args, 0))),
  INCR: command(-1, (keys, args) => keys.add(at(args, 0), 1)),
  DECR: command(-1, (keys, args) => keys.add(at(args, 0), -1)),
  INCRBY: command(-2, (keys, args) => keys.add(at(args, 0), Number(at(args, 1)))),
  DECRBY: command(-2, (keys, args) => keys.add(at(args, 0), -Number(at(args, 1)))),
  DEL: command(1, (keys, args) => keys.remove(args)),
  UNLINK: command(1, (keys, args) => keys.remove(args)),
  EXISTS: command(1, (keys, args) => integer(args.filter((key) => keys.get(key) !== undefined).length)),
  TYPE: command(-1, (keys, args) => status(keys.get(at(args, 0))?.value.type ?? 'none')),
  RENAME: command(-2, (keys, args) => keys.rename(at(args, 0), at(args, 1))),
  KEYS: command(-1, (keys, args) => keys.names(at(args, 0))),
  SCAN: command(1, (keys, args) => {
    const match = args.findIndex((word) => word.toUpperCase() === 'MATCH');
    return { kind: 'array', items: [bulk('0'), keys.names(match === -1 ? '*' : at(args, match + 1))] };
  }),
  RANDOMKEY: command(0, (keys) => bulk(keys.live()[0])),
  DBSIZE: command(0, (keys) => integer(keys.live().length)),
  EXPIRE: command(2, (keys, args) => keys.expire(at(args, 0), Number(at(args, 1)) * 1000)),
  PEXPIRE: command(2, (keys, args) => keys.expire(at(args, 0), Number(at(args, 1)))),
  TTL: command(-1, (keys, args) => {
    const left = keys.left(at(args, 0));
    return integer(left < 0 ? left : Math.round(left / 1000));
  }),
  PTTL: command(-1, (keys, args) => integer(keys.left(at(args, 0)))),
  PERSIST: command(-1, (keys, args) => keys.persist(at(args, 0))),
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
  LPUSH: command(2, (keys, [key = '', ...items]) => keys.push(key, items, true)),
  RPUSH: command(2, (keys, [key = '', ...items]) => keys.push(key, items, false)),
  LPOP: command(1, (keys, args) => keys.pop(at(args, 0), true, args[1])),
  RPOP: command(1, (keys, args) => keys.pop(at(args, 0), false, args[1])),
  BLPOP: command(2, (keys, [key = '']) => {
    const taken = keys.pop(key, true);
    return taken.kind === 'bulk' ? bulks([key, taken.text]) : taken;
  }),
  BRPOP: command(2, (keys, [key = '']) => {
    const taken = keys.pop(key, false);
    return taken.kind === 'bulk' ? bulks([key, taken.text]) : taken;
  }),
  RPOPLPUSH: command(-2, (keys, args) => keys.move(at(args, 0), at(args, 1))),
  BRPOPLPUSH: command(-3, (keys, args) => keys.move(at(args, 0), at(args, 1))),
  LLEN: command(-1, (keys, args) => keys.length(at(args, 0))),
  LRANGE: command(-3, (keys, args) => keys.range(at(args, 0), Number(at(args, 1)), Number(at(args, 2)))),
  HSET: command(3, (keys, [key = '', ...words]) => keys.setFields(key, words)),
  HMSET: command(3, (keys, [key = '', ...words]) => {
    const set = keys.setFields(key, words);
    return set.kind === 'error' ? set : OK;
  }),
  HGET: command(-2, (keys, args) => {
    const found = keys.fields(at(args, 0));
    return found instanceof Map ? bulk(found.get(at(args, 1))) : found;
  }),
  HGETALL: command(-1, (keys, args) => {
    const found = keys.fields(at(args, 0));
    return found instanceof Map ? bulks([...found].flat()) : found;
  }),
  HKEYS: command(-1, (keys, args) => {
    const found = keys.fields(at(args, 0));
    return found instanceof Map ? bulks([...found.keys()]) : found;
  }),
  HDEL: command(2, (keys, [key = '', ...names]) => keys.removeFields(key, names)),
  HLEN: command(-1, (keys, args) => keys.length(at(args, 0))),
  SADD: command(2, (keys, [key = '', ...members]) => keys.change(key, members, true)),
  SREM: command(2, (keys, [key = '', ...members]) => keys.change(key, members, false)),
  SMEMBERS: command(-1, (keys, args) => {
    const found = keys.members(at(args, 0));
    return found instanceof Set ? bulks([...found]) : found;
  }),
  SISMEMBER: command(-2, (keys, args) => {
    const found = keys.members(at(args, 0));
    return found instanceof Set ? integer(Number(found.has(at(args, 1)))) : found;
  }),
  SCARD: command(-1, (keys, args) => keys.length(at(args, 0))),
  ZADD: command(3, (keys, [key = '', ...words]) => keys.score(key, words)),
  ZCARD: command(-1, (keys, args) => keys.length(at(args, 0))),
  ZSCORE: command(-2, (keys, args) => {
    const found = keys.scored(at(args, 0));
    if (!Array.isArray(found)) return found;
    const score = new Map(found).get(at(args, 1));
    return bulk(score === undefined ? undefined : String(score));
  }),
  ZRANGE: command(3, (keys, args) => {
    const found = keys.scored(at(args, 0));
    if (!Array.isArray(found)) return found;
    const rows = slice(found, Number(at(args, 1)), Number(at(args, 2)));
    const scores = args.some((word) => word.toUpperCase() === 'WITHSCORES');
    return bulks(rows.flatMap(([member, score]) => (scores ? [member, String(score)] : [member])));
  }),
};

const COMMANDS = new Map(
  Object.entries(TABLE).map(([name, [words, run]]): [string, Command] => [
    name,
    (keys, args) =>
      (words < 0 && args.length !== -words) || args.length < words
        ? error(`ERR wrong number of arguments for '${name.toLowerCase()}' command`)
        : run(keys, args),
  ]),
);
const READING =
  'GET MGET STRLEN EXISTS TYPE KEYS SCAN RANDOMKEY DBSIZE TTL PTTL LLEN LRANGE HGET HGETALL HKEYS HLEN SMEMBERS SISMEMBER SCARD ZCARD ZSCORE ZRANGE'.split(
    ' ',
  );
export const isWrite = (name: string): boolean => COMMANDS.has(name) && !READING.includes(name);
