/**
 * The versions of all objects under one revision counter, as etcd keeps them. Objects are frozen and shared between forks;
 * a resource's map is copied when it is first written after a fork.
 */
import { deepFreeze } from '../api/merge.ts';
import type { KubeObject } from '../api/types.ts';
import { LIMITS } from '../limits.ts';
import { StatusError } from '../api/status.ts';
import type { Reader, ResourceName } from './client.ts';

export interface StoreEvent {
  type: 'ADDED' | 'MODIFIED' | 'DELETED';
  resource: ResourceName;
  revision: number;
  /** The state after the change; for DELETED the last state, under the revision of its deletion. */
  object: KubeObject;
  /** The state before, for MODIFIED and DELETED. */
  old?: KubeObject;
}

/** A cluster's objects as a plain value. */
export interface StoreSnapshot {
  revision: number;
  resources: Record<ResourceName, readonly KubeObject[]>;
}

interface Table {
  objects: Map<string, KubeObject>;
  /** Key order, made when first asked for after a change of keys. */
  sorted?: readonly KubeObject[];
  /** Another fork uses the same map: copy before writing. */
  shared: boolean;
}

const keyOf = (namespace: string, name: string) => `${namespace}/${name}`;
const keyOfObject = (object: KubeObject) => keyOf(object.metadata.namespace ?? '', object.metadata.name);
const NOTHING: readonly never[] = Object.freeze([]);

export class Store implements Reader {
  #revision = 1;
  #tables = new Map<ResourceName, Table>();
  #listeners = new Set<(event: StoreEvent) => void>();
  #history: StoreEvent[] = [];
  /** Events up to this revision are no longer in the history. */
  #compacted = 1;
  #count = 0;

  get revision(): number {
    return this.#revision;
  }

  /** What happened up to this revision is no longer known. */
  get compacted(): number {
    return this.#compacted;
  }

  get size(): number {
    return this.#count;
  }

  get<T extends KubeObject>(resource: ResourceName, namespace: string, name: string): T | undefined {
    return this.#tables.get(resource)?.objects.get(keyOf(namespace, name)) as T | undefined;
  }

  list<T extends KubeObject>(resource: ResourceName, namespace = ''): readonly T[] {
    const table = this.#tables.get(resource);
    if (!table) return NOTHING;
    table.sorted ??= Object.freeze([...table.objects].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, object]) => object));
    const all = table.sorted as readonly T[];
    return namespace === '' ? all : all.filter((object) => object.metadata.namespace === namespace);
  }

  /** Resources that have objects. */
  resources(): ResourceName[] {
    return [...this.#tables]
      .filter(([, table]) => table.objects.size > 0)
      .map(([resource]) => resource)
      .sort();
  }

  /** Stores a new version and returns it, frozen, with its resourceVersion. The object given is taken over: do not change it afterwards. */
  put(resource: ResourceName, object: KubeObject): KubeObject {
    const table = this.#writable(resource);
    const key = keyOfObject(object);
    const old = table.objects.get(key);
    if (!old && this.#count >= LIMITS.objects) {
      throw new StatusError({
        message: 'etcdserver: mvcc: database space exceeded',
        reason: 'InternalError',
        code: 500,
      });
    }
    object.metadata.resourceVersion = String(++this.#revision);
    deepFreeze(object);
    table.objects.set(key, object);
    if (old && table.sorted) table.sorted = table.sorted.map((one) => (one === old ? object : one));
    else if (!old) {
      table.sorted = undefined;
      this.#count++;
    }
    this.#publish({
      type: old ? 'MODIFIED' : 'ADDED',
      resource,
      revision: this.#revision,
      object,
      ...(old ? { old } : {}),
    });
    return object;
  }

  /** Removes an object that is there, and returns its last state under the revision of the removal. */
  remove(resource: ResourceName, namespace: string, name: string): KubeObject | undefined {
    const table = this.#writable(resource);
    const key = keyOf(namespace, name);
    const old = table.objects.get(key);
    if (!old) return undefined;
    table.objects.delete(key);
    table.sorted = undefined;
    this.#count--;
    const resourceVersion = String(++this.#revision);
    const object = deepFreeze({ ...old, metadata: { ...old.metadata, resourceVersion } });
    this.#publish({ type: 'DELETED', resource, revision: this.#revision, object, old });
    return object;
  }

  /** Calls the listener within each write. Returns how to stop. */
  subscribe(listener: (event: StoreEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** What happened to a resource after `revision`, or undefined when that is further back than the history goes. */
  since(resource: ResourceName, revision: number): readonly StoreEvent[] | undefined {
    if (revision < this.#compacted) return undefined;
    return this.#history.filter((event) => event.resource === resource && event.revision > revision);
  }

  /**
   * All objects of a resource as they were at an earlier revision, in key order; undefined when that is further back than the
   * history goes.
   */
  listAt(resource: ResourceName, revision: number, namespace = ''): readonly KubeObject[] | undefined {
    const events = this.since(resource, revision);
    if (!events) return undefined;
    const then = new Map(this.list(resource, namespace).map((object) => [keyOfObject(object), object]));
    for (const { object, old } of events.toReversed()) {
      if (namespace !== '' && object.metadata.namespace !== namespace) continue;
      if (old) then.set(keyOfObject(old), old);
      else then.delete(keyOfObject(object));
    }
    return [...then].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, object]) => object);
  }

  /** A store that starts with the same objects and revision and from then on goes its own way. */
  fork(): Store {
    const fork = new Store();
    fork.#revision = this.#revision;
    fork.#compacted = this.#revision;
    fork.#count = this.#count;
    for (const [resource, table] of this.#tables) {
      table.shared = true;
      fork.#tables.set(resource, { objects: table.objects, sorted: table.sorted, shared: true });
    }
    return fork;
  }

  snapshot(): StoreSnapshot {
    const resources = Object.fromEntries(this.resources().map((resource) => [resource, this.list(resource)]));
    return { revision: this.#revision, resources };
  }

  static restore(snapshot: StoreSnapshot): Store {
    const store = new Store();
    store.#revision = snapshot.revision;
    store.#compacted = snapshot.revision;
    for (const [resource, objects] of Object.entries(snapshot.resources)) {
      const entries = objects.map((object) => [keyOfObject(object), deepFreeze(object)] as const);
      store.#tables.set(resource, { objects: new Map(entries), shared: false });
      store.#count += entries.length;
    }
    return store;
  }

  #writable(resource: ResourceName): Table {
    let table = this.#tables.get(resource);
    if (!table) {
      table = { objects: new Map(), shared: false };
      this.#tables.set(resource, table);
    } else if (table.shared) {
      table = { objects: new Map(table.objects), sorted: table.sorted, shared: false };
      this.#tables.set(resource, table);
    }
    return table;
  }

  #publish(event: StoreEvent): void {
    this.#history.push(event);
    if (this.#history.length > LIMITS.history) {
      // a fifth at a time: dropping one by one would move the whole array at each write
      const dropped = this.#history.splice(0, Math.ceil(LIMITS.history / 5));
      this.#compacted = dropped.at(-1)?.revision ?? this.#compacted;
    }
    for (const listener of this.#listeners) listener(event);
  }
}
