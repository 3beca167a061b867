/** Commands for sets. */
import { at, command, size, WRONG_TYPE, type Commands } from './command.ts';
import type { Keys } from './keys.ts';
import { bulks, integer, type Reply } from './protocol.ts';

function membersOf(keys: Keys, key: string): Set<string> | Reply {
  const found = keys.as(key, 'set');
  return found === 'wrong' ? WRONG_TYPE : new Set(found?.members ?? []);
}

function change(keys: Keys, key: string, members: readonly string[], add: boolean): Reply {
  const found = membersOf(keys, key);
  if (!(found instanceof Set)) return found;
  const before = found.size;
  for (const member of members) {
    if (add) found.add(member);
    else found.delete(member);
  }
  keys.keep(key, { type: 'set', members: [...found] }, found.size);
  return integer(Math.abs(found.size - before));
}

export const SETS: Commands = {
  SADD: command(2, (keys, [key = '', ...members]) => change(keys, key, members, true)),
  SREM: command(2, (keys, [key = '', ...members]) => change(keys, key, members, false)),
  SMEMBERS: command(-1, (keys, args) => {
    const found = membersOf(keys, at(args, 0));
    return found instanceof Set ? bulks([...found]) : found;
  }),
  SISMEMBER: command(-2, (keys, args) => {
    const found = membersOf(keys, at(args, 0));
    return found instanceof Set ? integer(Number(found.has(at(args, 1)))) : found;
  }),
  SCARD: command(-1, (keys, args) => size(keys, at(args, 0))),
};
