/** A watch: what is there (if asked), what happened since a resource version, and what happens from now on. */
import { expired } from '../api/status.ts';
import type { KubeObject } from '../api/types.ts';
import type { Target } from '../registry/context.ts';
import { groupVersion } from '../schema/resources.ts';
import type { Store, StoreEvent } from '../store/store.ts';
import { selection } from './select.ts';

export interface WatchEvent {
  type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR';
  object: KubeObject;
}

export interface Watch {
  /** What to send at once, in order. */
  initial: WatchEvent[];
  /** Calls back for each later event until the returned function is called. */
  follow(send: (event: WatchEvent) => void): () => void;
  /** Milliseconds after which the server ends the watch; undefined: the client decides. */
  timeoutMs: number | undefined;
}

/** client-go warns about a watch that ends within the second it asked for: the clock here starts before the client's. */
const TIMEOUT_SLACK_MS = 50;

const INITIAL_EVENTS_END = 'k8s.io/initial-events-end';

export function watch(store: Store, target: Target, namespace: string, name: string, query: URLSearchParams): Watch {
  const selects = selection(target, name, query);
  const inScope = (object: KubeObject) =>
    (namespace === '' || object.metadata.namespace === namespace) && selects(object);

  /** An object that stops to match is gone for this watcher, one that starts to match is new. */
  const seen = (event: StoreEvent): WatchEvent | undefined => {
    const before = event.old !== undefined && inScope(event.old);
    const after = event.type !== 'DELETED' && inScope(event.object);
    if (after) return { type: before ? 'MODIFIED' : 'ADDED', object: event.object };
    if (!before) return undefined;
    const last =
      event.type === 'DELETED'
        ? event.object
        : {
            ...event.old,
            metadata: { ...event.old?.metadata, resourceVersion: event.object.metadata.resourceVersion },
          };
    return { type: 'DELETED', object: last as KubeObject };
  };

  const version = query.get('resourceVersion') ?? '';
  const wantsInitial = query.get('sendInitialEvents') === 'true';
  const present = (): WatchEvent[] =>
    store
      .list(target.name, namespace)
      .filter(selects)
      .map((object) => ({ type: 'ADDED', object }));
  const bookmark = (): WatchEvent => ({
    type: 'BOOKMARK',
    object: {
      apiVersion: groupVersion(target.info),
      kind: target.info.kind,
      metadata: {
        resourceVersion: String(store.revision),
        creationTimestamp: null,
        annotations: { [INITIAL_EVENTS_END]: 'true' },
      } as unknown as KubeObject['metadata'],
    },
  });

  let initial: WatchEvent[];
  if (wantsInitial) initial = [...present(), bookmark()];
  else if (version === '' || version === '0') initial = present();
  else {
    const events = store.since(target.name, Number(version));
    if (!events) throw expired(`too old resource version: ${version} (${store.revision})`);
    initial = events.map(seen).filter((event) => event !== undefined);
  }
  const seconds = Number(query.get('timeoutSeconds') ?? 0);
  return {
    initial,
    follow: (send) =>
      store.subscribe((event) => {
        const told = event.resource === target.name ? seen(event) : undefined;
        if (told) send(told);
      }),
    timeoutMs: seconds > 0 ? seconds * 1000 + TIMEOUT_SLACK_MS : undefined,
  };
}
