/** What all commands share: how many words they take, and their answers to a wrong type or number. */
import type { Keys } from './keys.ts';
import { error, integer, type Reply } from './protocol.ts';

export type Command = (keys: Keys, args: readonly string[]) => Reply;
/** By upper-case name. */
export type Commands = Readonly<Record<string, readonly [words: number, run: Command]>>;

export const WRONG_TYPE = error('WRONGTYPE Operation against a key holding the wrong kind of value');
export const NOT_INTEGER = error('ERR value is not an integer or out of range');
export const SYNTAX = error('ERR syntax error');

/** With the fewest words it takes after its name; an exact number is negative. */
export const command = (words: number, run: Command): [number, Command] => [words, run];
export const at = (args: readonly string[], index: number): string => args[index] ?? '';

/** From and to as LRANGE counts: both are in it, negative ones are from the end. */
export function slice<T>(items: readonly T[], from: number, to: number): T[] {
  const start = from < 0 ? Math.max(0, items.length + from) : from;
  const end = to < 0 ? items.length + to : to;
  return items.slice(start, end + 1);
}

/** Of whatever is kept there. */
export function size(keys: Keys, key: string): Reply {
  const value = keys.get(key)?.value;
  if (value === undefined) return integer(0);
  if (value.type === 'string') return integer(value.text.length);
  return integer(
    value.type === 'list' ? value.items.length : value.type === 'hash' ? value.fields.length : value.members.length,
  );
}
