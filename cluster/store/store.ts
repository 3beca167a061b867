/**
 * The versions of all objects under one revision counter, as etcd keeps them. Objects are frozen and shared between forks;
 * a resource's map is copied when it is first written after a fork.
 */
import { deepFreeze } from '../api/merge.ts';
import type { KubeObject, Pod } from '../api/types.ts';
import { LIMITS } from '../limits.ts';
import { StatusError } from '../api/status.ts';
import type { Reader, ResourceName } from './client.ts';
import { keyOf, keyOfObject, Table, type IndexOf } from './table.ts';

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

const NOTHING: readonly never[] = Object.freeze([]);

/** No node is called like this. */
const PROMISED = '';
/** Pods are looked for by their node, and by its promise. */
const placeOf: IndexOf = (object) => {
  const { spec, status }: Pod = object;
  return spec?.nodeName || (status?.nominatedNodeName ? PROMISED : undefined);
};
const makeTable = (resource: ResourceName, objects?: Map<string, KubeObject>): Table =>
  new Table(resource === 'pods' ? placeOf : undefined, objects);

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
    return this.#tables.get(resource)?.get(keyOf(namespace, name)) as T | undefined;
  }

  list<T extends KubeObject>(resource: ResourceName, namespace = ''): readonly T[] {
    return (this.#tables.get(resource)?.list(namespace) ?? NOTHING) as readonly T[];
  }

  podsOn(node: string): readonly Pod[] {
    return this.#tables.get('pods')?.indexed(node) ?? NOTHING;
  }

  promisedPods(): readonly Pod[] {
    return this.#tables.get('pods')?.indexed(PROMISED) ?? NOTHING;
  }

  /** Resources that have objects. */
  resources(): ResourceName[] {
    return [...this.#tables]
      .filter(([, table]) => table.size > 0)
      .map(([resource]) => resource)
      .sort();
  }

  /** Stores a new version and returns it, frozen, with its resourceVersion. The object given is taken over: do not change it afterwards. */
  put(resource: ResourceName, object: KubeObject): KubeObject {
    const table = this.#writable(resource);
    const key = keyOfObject(object);
    if (this.#count >= LIMITS.objects && !table.get(key)) {
      throw new StatusError({
        message: 'etcdserver: mvcc: database space exceeded',
        reason: 'InternalError',
        code: 500,
      });
    }
    object.metadata.resourceVersion = String(++this.#revision);
    deepFreeze(object);
    const old = table.set(key, object);
    if (!old) this.#count++;
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
    const old = this.#tables.get(resource)?.delete(keyOf(namespace, name));
    if (!old) return undefined;
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

  /** What happened to all resources after `revision`, in order, or undefined when that is further back than the history goes. */
  changesAfter(revision: number): readonly StoreEvent[] | undefined {
    if (revision < this.#compacted) return undefined;
    let from = this.#history.length;
    while ((this.#history[from - 1]?.revision ?? 0) > revision) from--;
    return this.#history.slice(from);
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
    for (const [resource, table] of this.#tables) fork.#tables.set(resource, table.fork());
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
      store.#tables.set(resource, makeTable(resource, new Map(entries)));
      store.#count += entries.length;
    }
    return store;
  }

  #writable(resource: ResourceName): Table {
    let table = this.#tables.get(resource);
    if (!table) this.#tables.set(resource, (table = makeTable(resource)));
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
