/** What a Redis server keeps. Values are byte strings. */

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

export class Keys {
  readonly entries: Map<string, Entry>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Changes since the last time it was saved. */
  changes = 0;

  constructor(now: () => number, entries: Iterable<readonly [string, Entry]> = []) {
    this.now = now;
    this.entries = new Map(entries);
  }
  get(key: string): Entry | undefined {
    const found = this.entries.get(key);
    if (found?.expires === undefined || found.expires > this.now()) return found;
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
  /** How many keys that were. */
  drop(key: string): number {
    const there = this.get(key) !== undefined;
    if (there) this.changes++;
    this.entries.delete(key);
    return Number(there);
  }
  /** undefined: no such key. */
  as<T extends Value['type']>(key: string, type: T): Extract<Value, { type: T }> | undefined | 'wrong' {
    const value = this.get(key)?.value;
    if (value === undefined) return undefined;
    return value.type === type ? (value as Extract<Value, { type: T }>) : 'wrong';
  }
  /** Replaces a value, or the key goes when there is nothing left of it. */
  keep(key: string, value: Value, left: number): void {
    const expires = this.get(key)?.expires;
    if (left === 0) this.drop(key);
    else this.put(key, value, expires);
  }
}
