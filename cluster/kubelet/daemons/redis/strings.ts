/** Commands for strings and numbers. */
import { at, command, NOT_INTEGER, size, SYNTAX, WRONG_TYPE, type Commands } from './command.ts';
import type { Keys } from './keys.ts';
import { bulk, error, integer, NIL, OK, type Reply } from './protocol.ts';

function set(keys: Keys, args: readonly string[]): Reply {
  const [key = '', text = '', ...options] = args;
  let expires: number | undefined;
  const words = options.map((word) => word.toUpperCase());
  const before = keys.get(key);
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? '';
    if (word === 'EX' || word === 'PX') {
      const value = Number(options[++at]);
      if (!Number.isInteger(value)) return NOT_INTEGER;
      if (value <= 0) return error("ERR invalid expire time in 'set' command");
      expires = keys.now() + value * (word === 'EX' ? 1000 : 1);
    } else if (word === 'KEEPTTL') expires = before?.expires;
    else if (!['NX', 'XX', 'GET'].includes(word)) return SYNTAX;
  }
  if (words.includes('NX') && before !== undefined) return NIL;
  if (words.includes('XX') && before === undefined) return NIL;
  keys.put(key, { type: 'string', text }, expires);
  if (!words.includes('GET')) return OK;
  return before?.value.type === 'string' ? bulk(before.value.text) : NIL;
}

function get(keys: Keys, key: string): Reply {
  const found = keys.as(key, 'string');
  return found === 'wrong' ? WRONG_TYPE : bulk(found?.text);
}

function add(keys: Keys, key: string, by: number): Reply {
  const found = keys.as(key, 'string');
  if (found === 'wrong') return WRONG_TYPE;
  const before = found?.text ?? '0';
  if (!/^-?\d{1,15}$/.test(before) || !Number.isInteger(by)) return NOT_INTEGER;
  const value = Number(before) + by;
  keys.put(key, { type: 'string', text: String(value) }, keys.get(key)?.expires);
  return integer(value);
}

function append(keys: Keys, key: string, more: string): Reply {
  const found = keys.as(key, 'string');
  if (found === 'wrong') return WRONG_TYPE;
  const text = (found?.text ?? '') + more;
  keys.put(key, { type: 'string', text }, keys.get(key)?.expires);
  return integer(text.length);
}

export const STRINGS: Commands = {
  SET: command(2, (keys, args) => set(keys, args)),
  GET: command(-1, (keys, args) => get(keys, at(args, 0))),
  GETSET: command(-2, (keys, args) => set(keys, [at(args, 0), at(args, 1), 'GET'])),
  GETDEL: command(-1, (keys, args) => {
    const before = get(keys, at(args, 0));
    if (before.kind === 'bulk') keys.drop(at(args, 0));
    return before;
  }),
  SETNX: command(-2, (keys, args) => integer(set(keys, [at(args, 0), at(args, 1), 'NX']).kind === 'nil' ? 0 : 1)),
  SETEX: command(-3, (keys, args) => set(keys, [at(args, 0), at(args, 2), 'EX', at(args, 1)])),
  MSET: command(2, (keys, args) => {
    if (args.length % 2 === 1) return error("ERR wrong number of arguments for 'mset' command");
    for (let index = 0; index < args.length; index += 2) set(keys, [at(args, index), at(args, index + 1)]);
    return OK;
  }),
  MGET: command(1, (keys, args) => ({
    kind: 'array',
    items: args.map((key) => {
      const found = get(keys, key);
      return found.kind === 'error' ? NIL : found;
    }),
  })),
  APPEND: command(-2, (keys, args) => append(keys, at(args, 0), at(args, 1))),
  STRLEN: command(-1, (keys, args) => size(keys, at(args, 0))),
  INCR: command(-1, (keys, args) => add(keys, at(args, 0), 1)),
  DECR: command(-1, (keys, args) => add(keys, at(args, 0), -1)),
  INCRBY: command(-2, (keys, args) => add(keys, at(args, 0), Number(at(args, 1)))),
  DECRBY: command(-2, (keys, args) => add(keys, at(args, 0), -Number(at(args, 1)))),
};
