/** Whether a path has a resource behind it and the resource takes the method, told in the words of the real server's router. */
import { StatusError } from '../api/status.ts';
import type { ResourceInfo } from '../schema/resources.ts';
import { schemaNameOf } from '../schema/lookup.ts';
import { PATCH_TYPES } from '../schema/request.ts';
import { MEDIA_TYPES } from './negotiate.ts';
import type { RequestInfo } from './request-info.ts';

const STREAMS = ['application/json;stream=watch', 'application/vnd.kubernetes.protobuf;stream=watch'];

/** The router's refusals know nothing of the resource. */
const refused = (message: string, reason: string, code: number): StatusError =>
  new StatusError({ message, reason, details: {}, code });

export const noRoute = (): StatusError => refused('the server could not find the requested resource', 'NotFound', 404);
export const noMethod = (): StatusError =>
  refused('the server does not allow this method on the requested resource', 'MethodNotAllowed', 405);

/** Unlike negotiation, the router takes no wildcard but the whole one. @throws StatusError 406 */
export function checkAccept(accept: string | undefined, offered: readonly string[] = MEDIA_TYPES): void {
  if (!accept) return;
  const taken = accept.split(',').map((one) => one.split(';', 1)[0]?.trim() ?? '');
  if (taken.some((type) => type === '*/*' || offered.includes(type))) return;
  throw refused(`406: Not Acceptable\n\nAvailable representations: ${offered.join(', ')}`, 'NotAcceptable', 406);
}

/** How many parts a path has beyond group and version, at most, by what it is about. */
const PATH_SUBRESOURCES: ReadonlySet<string> = new Set(['proxy']);

/** Segments of a decoded path; a slash at its end is nothing. */
const segments = (path: string): string[] => path.replace(/^\/|\/$/g, '').split('/');

/** Methods that a path of this shape takes: those of the verbs that the resource has there. */
function methods(info: RequestInfo, found: ResourceInfo): ReadonlySet<string> {
  const { name, subresource, namespace } = info;
  const has = (verb: string) => found.verbs.includes(verb);
  const taken = new Set<string>();
  const add = (method: string, there: boolean) => there && taken.add(method);
  if (subresource !== '') {
    const verbs = found.subresources.find((one) => one.name === subresource)?.verbs ?? [];
    for (const [verb, method] of Object.entries(METHODS)) add(method, verbs.includes(verb));
    if (PATH_SUBRESOURCES.has(subresource)) for (const method of ['HEAD', 'OPTIONS']) taken.add(method);
    return taken;
  }
  if (name !== '') {
    for (const [verb, method] of Object.entries(METHODS)) add(method, verb !== 'create' && has(verb));
    return taken;
  }
  // all namespaces at once can only be read
  const across = found.namespaced && namespace === '';
  add('GET', has('list'));
  add('POST', has('create') && !across);
  add('DELETE', has('deletecollection') && !across);
  return taken;
}
const METHODS: Record<string, string> = { get: 'GET', create: 'POST', update: 'PUT', patch: 'PATCH', delete: 'DELETE' };

/** @throws StatusError 404, 405 or 406 */
export function checkRoute(
  { method, headers }: { method: string; headers: Record<string, string | undefined> },
  info: RequestInfo,
  found: ResourceInfo | undefined,
): asserts found is ResourceInfo {
  const parts = segments(info.path);
  const head = info.group === '' ? 2 : 3;
  const watched = parts[head] === 'watch';
  if (!found || parts.includes('') || parts.includes('..') || parts.includes('.')) throw noRoute();
  const { subresource, name, namespace } = info;
  if (namespace !== '' && !found.namespaced && found.resource !== 'namespaces') throw noRoute();
  const about = found.subresources.find((one) => one.name === subresource);
  if (subresource !== '' && !about) throw noRoute();
  const expected =
    head +
    (watched ? 1 : 0) +
    (found.namespaced && namespace !== '' ? 2 : 0) +
    (name === '' ? 1 : subresource === '' ? 2 : 3);
  if (parts.length > expected && !PATH_SUBRESOURCES.has(subresource)) throw noRoute();
  // one object of all namespaces at once is nowhere
  if (found.namespaced && namespace === '' && name !== '') throw noRoute();
  const taken = methods(info, found);
  // reviews are made, and never looked at again
  if (taken.size === 0) throw noRoute();
  if (watched ? method !== 'GET' : !taken.has(method)) throw noMethod();
  // custom resources have a server of their own behind the router
  const custom = schemaNameOf(found.group, found.version, found.kind) === undefined;
  if (custom) return;
  const contentType = (headers['content-type'] ?? '').split(';', 1)[0]?.trim() ?? '';
  if (method === 'PATCH' && !Object.hasOwn(PATCH_TYPES, contentType)) {
    throw refused('415: Unsupported Media Type', 'UnsupportedMediaType', 415);
  }
  if (PATH_SUBRESOURCES.has(subresource) || STREAMED.has(subresource)) return;
  const list = method === 'GET' && (name === '' || watched);
  checkAccept(headers['accept'], list ? [...MEDIA_TYPES, ...STREAMS] : MEDIA_TYPES);
}
/** Answer in forms of their own. */
const STREAMED: ReadonlySet<string> = new Set(['log', 'exec', 'attach', 'portforward']);
