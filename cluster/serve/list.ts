/** GET of a collection: selectors, chunks, and the resource version a watch can go on from. */
import { badRequest, expired, StatusError } from '../api/status.ts';
import type { KubeObject } from '../api/types.ts';
import { LIMITS } from '../limits.ts';
import type { Target } from '../registry/context.ts';
import type { Store } from '../store/store.ts';
import { isExact, resourceVersionProblem, type ListOptions } from './list-options.ts';
import { demanded, selection } from './select.ts';

export interface Chunk {
  items: readonly KubeObject[];
  metadata: { resourceVersion: string; continue?: string; remainingItemCount?: number };
}

/** What a continue token says, as etcd's clients write it. */
interface ContinueToken {
  v: string;
  /** The revision of the first chunk; -1: whatever is there now. */
  rv: number;
  /** From which key on, within the list's own part of the store. */
  start: string;
}

const VERSION = 'meta.k8s.io/v1';
const LATEST = -1;

const LIST_EXPIRED = 'The resourceVersion for the provided list is too old.';
const CONTINUE_EXPIRED =
  'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.';

/** A version that is still to come. */
export const tooLarge = (asked: string, current: number): StatusError =>
  new StatusError({
    message: `Timeout: Too large resource version: ${asked}, current: ${current}`,
    reason: 'Timeout',
    details: {
      causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
      retryAfterSeconds: 1,
    },
    code: 504,
  });

/** Keys of a list are relative to the namespace, when it has one. */
const keyOf = (object: KubeObject, namespace: string): string =>
  namespace === '' && object.metadata.namespace
    ? `${object.metadata.namespace}/${object.metadata.name}`
    : object.metadata.name;

export const encodeToken = (rv: number, start: string): string =>
  Buffer.from(JSON.stringify({ v: VERSION, rv, start } satisfies ContinueToken)).toString('base64url');

/** As Go's json.Unmarshal of the token words it. */
function jsonProblem(text: string): string {
  if (text === '') return 'unexpected end of JSON input';
  const first = text.charAt(0);
  const printed =
    first < ' ' || first > '~' ? `'\\u${first.charCodeAt(0).toString(16).padStart(4, '0')}'` : `'${first}'`;
  return `invalid character ${printed} looking for beginning of value`;
}

function readToken(text: string): ContinueToken {
  const fail = (why: string) => badRequest(`invalid continue token: continue key is not valid${why}`);
  const wrong = /[^A-Za-z0-9_-]/.exec(text)?.index ?? (text.length % 4 === 1 ? text.length - 1 : undefined);
  if (wrong !== undefined) throw fail(`: illegal base64 data at input byte ${wrong}`);
  const bytes = Buffer.from(text, 'base64url');
  let token: Partial<ContinueToken> | null;
  try {
    token = JSON.parse(bytes.toString()) as Partial<ContinueToken> | null;
  } catch {
    throw fail(`: ${jsonProblem(bytes.toString('latin1'))}`);
  }
  const { v = '', rv = 0, start = '' } = token ?? {};
  if (v !== VERSION) throw fail(`: server does not recognize this encoded version ${v}`);
  if (rv === 0 || !Number.isInteger(rv)) {
    throw fail(`: incorrect encoded start resourceVersion (version ${VERSION})`);
  }
  if (start === '' || typeof start !== 'string') throw fail(`: encoded start key empty (version ${VERSION})`);
  // a key may not climb out of the list's part of the store
  const key = start.startsWith('/') ? start : `/${start}`;
  if (/\/\/|\/\.{1,2}(?:\/|$)|.\/$/.test(key)) throw fail(`: ${start}`);
  return { v, rv, start: key.slice(1) };
}

interface From {
  /** The revision of the state that is shown; undefined: now. */
  revision: number | undefined;
  /** The first key that is wanted. */
  start: string;
}

function startOf(store: Store, options: ListOptions): From {
  const { resourceVersion, continue: token } = options;
  if (token !== '') {
    const { rv, start } = readToken(token);
    if (resourceVersion !== '' && resourceVersion !== '0') {
      throw badRequest('specifying resource version is not allowed when using continue');
    }
    return { revision: rv < 0 ? undefined : rv, start };
  }
  const problem = resourceVersionProblem(resourceVersion);
  if (problem !== undefined) throw badRequest(`invalid resource version: ${problem}`);
  if (Number(resourceVersion) > store.revision) throw tooLarge(resourceVersion, store.revision);
  return { revision: isExact(options) ? Number(resourceVersion) : undefined, start: '' };
}

/** Of the same state as the first chunk, or refused. */
function stateAt(store: Store, target: Target, namespace: string, from: From): readonly KubeObject[] {
  const { revision } = from;
  if (revision === undefined || revision === store.revision) return store.list(target.name, namespace);
  if (revision > store.revision) throw tooLarge(String(revision), store.revision);
  const then = store.listAt(target.name, revision, namespace);
  if (then) return then;
  if (from.start === '') throw expired(LIST_EXPIRED);
  const refusal = expired(CONTINUE_EXPIRED);
  throw new StatusError({ ...refusal.status, metadata: { continue: encodeToken(LATEST, `/${from.start}`) } });
}

export function list(store: Store, target: Target, namespace: string, options: ListOptions): Chunk {
  const selects = selection(target, '', options);
  const { fields, labels, limit } = options;
  const from = startOf(store, options);
  // a selector may name the namespace too: the list is then one of that namespace
  const within =
    namespace === '' && target.info.namespaced ? (demanded(fields, 'metadata.namespace') ?? '') : namespace;
  const all = stateAt(store, target, within, from);
  // a selector that names the object makes it a read of one: there are no chunks then
  const single = demanded(fields, 'metadata.name') !== undefined && (within !== '' || !target.info.namespaced);
  const rest = single || from.start === '' ? all : all.filter((object) => keyOf(object, within) >= from.start);
  const resourceVersion = String(from.revision ?? store.revision);
  // whoever takes any version is served from the cache, which does not cut
  const cut = limit > 0 && !single && options.resourceVersion !== '0';
  const most = cut ? Math.min(limit, LIMITS.listItems) : LIMITS.listItems;
  const items: KubeObject[] = [];
  let seen = 0;
  for (; seen < rest.length && items.length < most; seen++) {
    const object = rest[seen];
    if (object && selects(object)) items.push(object);
  }
  const last = rest[seen - 1];
  if (seen === rest.length || !last) return { items, metadata: { resourceVersion } };
  // the real server counts what is left only when no selector hides objects from it
  const counted = labels.length === 0 && fields.length === 0;
  return {
    items,
    metadata: {
      resourceVersion,
      continue: encodeToken(Number(resourceVersion), `/${keyOf(last, within)}\0`),
      ...(counted ? { remainingItemCount: rest.length - seen } : {}),
    },
  };
}
