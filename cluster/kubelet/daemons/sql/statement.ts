/** What statements are run for and what they come to. */
import type { Group, Value } from './expression.ts';

export type Result =
  | { kind: 'rows'; titles: readonly string[]; rows: readonly (readonly Value[])[] }
  | { kind: 'done'; tag: string; affected: number; info?: string };

export const done = (tag: string, affected = 0, info?: string): Result => ({
  kind: 'done',
  tag,
  affected,
  ...(info === undefined ? {} : { info }),
});
/** For expressions that stand alone. */
export const noGroup: Group = { rows: [] };

export interface Connection {
  user: string;
  host: string;
  database: string;
}
