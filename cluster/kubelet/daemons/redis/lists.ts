/** Commands for lists. */
import { at, command, size, slice, WRONG_TYPE, type Commands } from './command.ts';
import type { Keys } from './keys.ts';
import { bulk, bulks, integer, NIL, type Reply } from './protocol.ts';

function push(keys: Keys, key: string, items: readonly string[], left: boolean): Reply {
  const found = keys.as(key, 'list');
  if (found === 'wrong') return WRONG_TYPE;
  const before = found?.items ?? [];
  const next = left ? [...items.toReversed(), ...before] : [...before, ...items];
  keys.keep(key, { type: 'list', items: next }, next.length);
  return integer(next.length);
}

function pop(keys: Keys, key: string, left: boolean, count?: string): Reply {
  const found = keys.as(key, 'list');
  if (found === 'wrong') return WRONG_TYPE;
  if (found === undefined) return NIL;
  const many = Number(count ?? 1);
  const taken = left ? found.items.slice(0, many) : found.items.slice(-many).toReversed();
  const rest = left ? found.items.slice(many) : found.items.slice(0, -many);
  keys.keep(key, { type: 'list', items: rest }, rest.length);
  return count === undefined ? bulk(taken[0]) : bulks(taken);
}

function move(keys: Keys, from: string, to: string): Reply {
  const taken = pop(keys, from, false);
  if (taken.kind === 'bulk') push(keys, to, [taken.text], true);
  return taken;
}

function range(keys: Keys, key: string, from: number, to: number): Reply {
  const found = keys.as(key, 'list');
  if (found === 'wrong') return WRONG_TYPE;
  return bulks(slice(found?.items ?? [], from, to));
}

export const LISTS: Commands = {
  LPUSH: command(2, (keys, [key = '', ...items]) => push(keys, key, items, true)),
  RPUSH: command(2, (keys, [key = '', ...items]) => push(keys, key, items, false)),
  LPOP: command(1, (keys, args) => pop(keys, at(args, 0), true, args[1])),
  RPOP: command(1, (keys, args) => pop(keys, at(args, 0), false, args[1])),
  BLPOP: command(2, (keys, [key = '']) => {
    const taken = pop(keys, key, true);
    return taken.kind === 'bulk' ? bulks([key, taken.text]) : taken;
  }),
  BRPOP: command(2, (keys, [key = '']) => {
    const taken = pop(keys, key, false);
    return taken.kind === 'bulk' ? bulks([key, taken.text]) : taken;
  }),
  RPOPLPUSH: command(-2, (keys, args) => move(keys, at(args, 0), at(args, 1))),
  BRPOPLPUSH: command(-3, (keys, args) => move(keys, at(args, 0), at(args, 1))),
  LLEN: command(-1, (keys, args) => size(keys, at(args, 0))),
  LRANGE: command(-3, (keys, args) => range(keys, at(args, 0), Number(at(args, 1)), Number(at(args, 2)))),
};
