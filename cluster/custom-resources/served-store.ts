/** The store as one version of a custom resource sees it: its objects are read and written in that version. */
import { deepFreeze } from '../api/merge.ts';
import type { KubeObject, Pod } from '../api/types.ts';
import { resourceName } from '../schema/resources.ts';
import type { ResourceName } from '../store/client.ts';
import { Store, type StoreEvent, type StoreSnapshot } from '../store/store.ts';
import type { CustomResource } from './definition.ts';

export class ServedStore extends Store {
  readonly #inner: Store;
  readonly #custom: CustomResource;
  readonly #name: ResourceName;

  constructor(inner: Store, custom: CustomResource) {
    super();
    this.#inner = inner;
    this.#custom = custom;
    this.#name = resourceName(custom.info);
  }

  #shown<T extends KubeObject>(resource: ResourceName, object: T): T {
    return resource === this.#name ? (deepFreeze(this.#custom.shown(object)) as T) : object;
  }

  #event(event: StoreEvent): StoreEvent {
    if (event.resource !== this.#name) return event;
    const { object, old } = event;
    const shown = this.#shown(event.resource, object);
    return { ...event, object: shown, ...(old ? { old: this.#shown(event.resource, old) } : {}) };
  }

  override get revision(): number {
    return this.#inner.revision;
  }

  override get compacted(): number {
    return this.#inner.compacted;
  }

  override get size(): number {
    return this.#inner.size;
  }

  override get<T extends KubeObject>(resource: ResourceName, namespace: string, name: string): T | undefined {
    const object = this.#inner.get<T>(resource, namespace, name);
    return object && this.#shown(resource, object);
  }

  override list<T extends KubeObject>(resource: ResourceName, namespace = ''): readonly T[] {
    const objects = this.#inner.list<T>(resource, namespace);
    return resource === this.#name ? objects.map((object) => this.#shown(resource, object)) : objects;
  }

  override podsOn(node: string): readonly Pod[] {
    return this.#inner.podsOn(node);
  }

  override promisedPods(): readonly Pod[] {
    return this.#inner.promisedPods();
  }

  override resources(): ResourceName[] {
    return this.#inner.resources();
  }

  override put(resource: ResourceName, object: KubeObject): KubeObject {
    if (resource !== this.#name) return this.#inner.put(resource, object);
    const stored = { ...object, apiVersion: this.#custom.storedAs };
    return this.#shown(resource, this.#inner.put(resource, stored));
  }

  override remove(resource: ResourceName, namespace: string, name: string): KubeObject | undefined {
    const object = this.#inner.remove(resource, namespace, name);
    return object && this.#shown(resource, object);
  }

  override subscribe(listener: (event: StoreEvent) => void): () => void {
    return this.#inner.subscribe((event) => listener(this.#event(event)));
  }

  override since(resource: ResourceName, revision: number): readonly StoreEvent[] | undefined {
    return this.#inner.since(resource, revision)?.map((event) => this.#event(event));
  }

  override fork(): Store {
    return this.#inner.fork();
  }

  override snapshot(): StoreSnapshot {
    return this.#inner.snapshot();
  }
}

const views = new WeakMap<CustomResource, WeakMap<Store, ServedStore>>();

export function servedStore(store: Store, custom: CustomResource): ServedStore {
  const known = views.get(custom) ?? new WeakMap<Store, ServedStore>();
  views.set(custom, known);
  const view = known.get(store) ?? new ServedStore(store, custom);
  known.set(store, view);
  return view;
}
