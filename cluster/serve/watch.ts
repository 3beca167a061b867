/** A watch: what is there (if asked), what happened since a resource version, and what happens from now on. */
import { StatusError, type Status } from '../api/status.ts';
import type { KubeObject } from '../api/types.ts';
import type { Target } from '../registry/context.ts';
import { decodeObject } from '../schema/decode.ts';
import { schemaNameOf } from '../schema/lookup.ts';
import { groupVersion } from '../schema/resources.ts';
import type { Store, StoreEvent } from '../store/store.ts';
import { resourceVersionProblem, type ListOptions } from './list-options.ts';
import { tooLarge } from './list.ts';
import { demanded, selection } from './select.ts';

export type WatchEvent =
  | { type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK'; object: KubeObject }
  /** The last event: the watch cannot go on. */
  | { type: 'ERROR'; object: Status };

export interface Watch {
  /** What to send at once, in order. An ERROR at the end is the end. */
  initial: WatchEvent[];
  /** Calls back for each later event until the returned function is called. */
  follow(send: (event: WatchEvent) => void): () => void;
  /** How far the watch is, for clients that asked to be told now and then; undefined: this one did not. */
  bookmark: (() => WatchEvent) | undefined;
  /** Milliseconds after which the server ends the watch; undefined: the server decides. */
  timeoutMs: number | undefined;
}

/** client-go warns about a watch that ends within the second it asked for: the clock here starts before the client's. */
const TIMEOUT_SLACK_MS = 200;
/** Longer than any connection lasts, and within what a timer can hold. */
const LONGEST_TIMEOUT_MS = 24 * 60 * 60 * 1000;

const INITIAL_EVENTS_END = 'k8s.io/initial-events-end';

/** An object of the kind with nothing in it but how far the watch is. */
function bookmarkOf(target: Target, revision: number, annotations?: Record<string, string>): WatchEvent {
  const { group, version, kind } = target.info;
  const metadata = { resourceVersion: String(revision), ...(annotations ? { annotations } : {}) };
  const bare = { apiVersion: groupVersion(target.info), kind, metadata } as unknown as KubeObject;
  const schemaName = schemaNameOf(group, version, kind);
  return { type: 'BOOKMARK', object: schemaName === undefined ? bare : decodeObject(bare, schemaName).object };
}

const failed = (message: string, reason: string, code: number): WatchEvent => ({
  type: 'ERROR',
  object: new StatusError({ message, reason, code }).status,
});

export function watch(store: Store, target: Target, namespace: string, name: string, options: ListOptions): Watch {
  const selects = selection(target, name, options);
  const { resourceVersion, sendInitialEvents, allowWatchBookmarks } = options;
  const problem = resourceVersionProblem(resourceVersion);
  if (problem !== undefined) {
    // the real server forgets to give this one a reason
    throw new StatusError({ message: problem, code: 500 });
  }
  const within =
    namespace === '' && target.info.namespaced ? (demanded(options.fields, 'metadata.namespace') ?? '') : namespace;
  const inScope = (object: KubeObject) => (within === '' || object.metadata.namespace === within) && selects(object);

  /** An object that stops to match is gone for this watcher, one that starts to match is new. */
  const seen = (event: StoreEvent): WatchEvent | undefined => {
    const before = event.old !== undefined && inScope(event.old);
    const after = event.type !== 'DELETED' && inScope(event.object);
    if (after) return { type: before ? 'MODIFIED' : 'ADDED', object: event.object };
    if (!before || event.old === undefined) return undefined;
    if (event.type === 'DELETED') return { type: 'DELETED', object: event.object };
    const metadata = { ...event.old.metadata, resourceVersion: event.object.metadata.resourceVersion ?? '' };
    return { type: 'DELETED', object: { ...event.old, metadata } };
  };

  const from = Number(resourceVersion);
  const ended = (event: WatchEvent): Watch => ({
    initial: [event],
    follow: () => () => undefined,
    bookmark: undefined,
    timeoutMs: 0,
  });
  let initial: WatchEvent[];
  if (sendInitialEvents === true) {
    if (from > store.revision)
      return ended({ type: 'ERROR', object: tooLarge(resourceVersion, store.revision).status });
    initial = store
      .list(target.name, within)
      .filter(selects)
      .map((object) => ({ type: 'ADDED', object }));
    if (allowWatchBookmarks) initial.push(bookmarkOf(target, store.revision, { [INITIAL_EVENTS_END]: 'true' }));
  } else if (from === 0) initial = [];
  else {
    const events = store.since(target.name, from);
    if (!events) return ended(failed(`too old resource version: ${from} (${store.compacted})`, 'Expired', 410));
    initial = events.map(seen).filter((event) => event !== undefined);
  }
  const { timeoutSeconds = 0 } = options;
  return {
    initial,
    follow: (send) =>
      store.subscribe((event) => {
        if (event.resource !== target.name || event.revision <= from) return;
        const told = seen(event);
        if (told) send(told);
      }),
    bookmark: allowWatchBookmarks ? () => bookmarkOf(target, store.revision) : undefined,
    timeoutMs: timeoutSeconds > 0 ? Math.min(timeoutSeconds * 1000 + TIMEOUT_SLACK_MS, LONGEST_TIMEOUT_MS) : undefined,
  };
}
