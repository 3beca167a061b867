/** GET of a collection: selectors, chunks, and the resource version a watch can go on from. */
import { badRequest, expired } from '../api/status.ts';
import type { KubeObject } from '../api/types.ts';
import { LIMITS } from '../limits.ts';
import type { Target } from '../registry/context.ts';
import type { Store } from '../store/store.ts';
import { selection } from './select.ts';

export interface Chunk {
  items: readonly KubeObject[];
  metadata: { resourceVersion: string; continue?: string; remainingItemCount?: number };
}

interface ContinueToken {
  v: 'meta.k8s.io/v1';
  rv: number;
  /** The key of the last object of the chunk before. */
  start: string;
}

const keyOf = (object: KubeObject) => `${object.metadata.namespace ?? ''}/${object.metadata.name}`;

function readToken(text: string, store: Store, resource: string): ContinueToken {
  let token: ContinueToken;
  try {
    token = JSON.parse(Buffer.from(text, 'base64url').toString()) as ContinueToken;
  } catch {
    throw badRequest('continue key is not valid: the token cannot be read');
  }
  if (typeof token.start !== 'string' || typeof token.rv !== 'number')
    throw badRequest('continue key is not valid: the token is incomplete');
  if (store.since(resource, token.rv) === undefined) {
    throw expired(
      'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter.',
    );
  }
  return token;
}

export function list(store: Store, target: Target, namespace: string, query: URLSearchParams): Chunk {
  const selects = selection(target, '', query);
  const limit = Number(query.get('limit') ?? 0) || LIMITS.listItems;
  const continued = query.get('continue') ?? '';
  const token = continued === '' ? undefined : readToken(continued, store, target.name);
  const all = store.list(target.name, namespace).filter(selects);
  const rest = token ? all.filter((object) => keyOf(object) > token.start) : all;
  const items = rest.slice(0, limit);
  const resourceVersion = String(token?.rv ?? store.revision);
  const last = items.at(-1);
  if (items.length === rest.length || !last) return { items, metadata: { resourceVersion } };
  const next: ContinueToken = { v: 'meta.k8s.io/v1', rv: Number(resourceVersion), start: keyOf(last) };
  // the real server counts what is left only when no selector hides objects from it
  const counted = !query.get('labelSelector') && !query.get('fieldSelector');
  return {
    items,
    metadata: {
      resourceVersion,
      continue: Buffer.from(JSON.stringify(next)).toString('base64url'),
      ...(counted ? { remainingItemCount: rest.length - items.length } : {}),
    },
  };
}
