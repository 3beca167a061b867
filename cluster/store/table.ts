/** The objects of one resource: by key, in key order, and by what an index says of them. Forks share what neither has changed. */
import type { KubeObject } from '../api/types.ts';

const NOTHING: readonly never[] = Object.freeze([]);

export const keyOf = (namespace: string, name: string) => `${namespace}/${name}`;
export const keyOfObject = ({ metadata }: KubeObject) => keyOf(metadata.namespace ?? '', metadata.name);

/** Comes after `/` and before everything else that a namespace may be followed by: the end of a namespace's keys. */
const AFTER_SLASH = '0';

/** The first position whose key is not before `key`. */
function position(keys: readonly string[], key: string): number {
  let [low, high] = [0, keys.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((keys[middle] ?? '') < key) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The entry under which an object is found; undefined: under none. */
export type IndexOf = (object: KubeObject) => string | undefined;

interface Entry {
  objects: Map<string, KubeObject>;
  /** In order. */
  keys: string[];
  /** The objects in key order, made when asked for after a change. */
  sorted?: readonly KubeObject[] | undefined;
}

export class Table {
  #objects: Map<string, KubeObject>;
  /** Another table has the same map: copy before writing. */
  #shared = false;
  /** Key order, made when first asked for and kept from then on; the two go together. */
  #keys: string[] | undefined;
  #list: KubeObject[] | undefined;
  /** Somebody holds the two, or the list: copy before writing. */
  #handedOut = false;
  readonly #indexOf: IndexOf | undefined;
  /** Made when first asked for and kept from then on. */
  #index: Map<string, Entry> | undefined;

  constructor(indexOf: IndexOf | undefined, objects: Map<string, KubeObject> = new Map()) {
    this.#indexOf = indexOf;
    this.#objects = objects;
  }

  get size(): number {
    return this.#objects.size;
  }

  get(key: string): KubeObject | undefined {
    return this.#objects.get(key);
  }

  /** In key order, frozen. Without a namespace: all. The same array until something is written. */
  list(namespace: string): readonly KubeObject[] {
    if (!this.#list || !this.#keys) {
      const entries = [...this.#objects].sort(([a], [b]) => (a < b ? -1 : 1));
      this.#keys = entries.map(([key]) => key);
      this.#list = entries.map(([, object]) => object);
      this.#handedOut = false;
    }
    if (namespace !== '') {
      const end = position(this.#keys, `${namespace}${AFTER_SLASH}`);
      return this.#list.slice(position(this.#keys, keyOf(namespace, '')), end);
    }
    if (!this.#handedOut) Object.freeze(this.#list);
    this.#handedOut = true;
    return this.#list;
  }

  /** What the index has under an entry, in key order, frozen. The same array until one of these changes. */
  indexed(entry: string): readonly KubeObject[] {
    if (!this.#index) {
      this.#index = new Map();
      for (const [key, object] of this.#objects) this.#move(key, undefined, object);
    }
    const found = this.#index.get(entry);
    if (!found) return NOTHING;
    found.sorted ??= Object.freeze(found.keys.flatMap((key) => found.objects.get(key) ?? []));
    return found.sorted;
  }

  /** Returns what was there before. */
  set(key: string, object: KubeObject): KubeObject | undefined {
    this.#own();
    const old = this.#objects.get(key);
    this.#objects.set(key, object);
    if (this.#list && this.#keys) {
      const at = position(this.#keys, key);
      this.#list.splice(at, old ? 1 : 0, object);
      if (!old) this.#keys.splice(at, 0, key);
    }
    this.#move(key, old, object);
    return old;
  }

  /** Returns what was there. */
  delete(key: string): KubeObject | undefined {
    const old = this.#objects.get(key);
    if (!old) return undefined;
    this.#own();
    this.#objects.delete(key);
    if (this.#list && this.#keys) {
      const at = position(this.#keys, key);
      this.#list.splice(at, 1);
      this.#keys.splice(at, 1);
    }
    this.#move(key, old, undefined);
    return old;
  }

  /** A table with the same objects that from now on goes its own way. */
  fork(): Table {
    const fork = new Table(this.#indexOf, this.#objects);
    fork.#keys = this.#keys;
    fork.#list = this.#list;
    fork.#shared = this.#shared = true;
    fork.#handedOut = this.#handedOut = true;
    if (this.#list) Object.freeze(this.#list);
    return fork;
  }

  #own(): void {
    if (this.#shared) this.#objects = new Map(this.#objects);
    this.#shared = false;
    if (!this.#handedOut) return;
    this.#list = this.#list?.slice();
    this.#keys = this.#keys?.slice();
    this.#handedOut = false;
  }

  #move(key: string, old: KubeObject | undefined, object: KubeObject | undefined): void {
    if (!this.#index) return;
    const left = old && this.#indexOf?.(old);
    const name = object && this.#indexOf?.(object);
    if (left !== undefined && left !== name) this.#leave(key, left);
    if (object && name !== undefined) this.#enter(key, object, name);
  }

  #enter(key: string, object: KubeObject, name: string): void {
    const entry = this.#index?.get(name);
    if (entry === undefined) {
      this.#index?.set(name, { objects: new Map([[key, object]]), keys: [key] });
      return;
    }
    if (!entry.objects.has(key)) entry.keys.splice(position(entry.keys, key), 0, key);
    entry.objects.set(key, object);
    entry.sorted = undefined;
  }

  #leave(key: string, name: string): void {
    const entry = this.#index?.get(name);
    if (!entry?.objects.delete(key)) return;
    entry.keys.splice(position(entry.keys, key), 1);
    entry.sorted = undefined;
  }
}
