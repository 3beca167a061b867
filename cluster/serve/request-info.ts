/** What a request is about, read off its method and path as the API server does. */
import type { ResourceAttributes } from '../access/attributes.ts';
import { parseFieldSelector, type FieldRequirement } from '../api/selector.ts';
import { pathSegment } from '../api/names.ts';
import { StatusError } from '../api/status.ts';
import { isTrue } from './list-options.ts';

export interface RequestInfo {
  /** `get list watch create update patch delete deletecollection` for resources, the lower-case method otherwise. */
  verb: string;
  path: string;
  isResource: boolean;
  group: string;
  version: string;
  namespace: string;
  resource: string;
  subresource: string;
  name: string;
}

const VERBS: Record<string, string> = {
  POST: 'create',
  GET: 'get',
  HEAD: 'get',
  PUT: 'update',
  PATCH: 'patch',
  DELETE: 'delete',
};

const nothing = (path: string, method: string): RequestInfo => ({
  verb: method.toLowerCase(),
  path,
  isResource: false,
  group: '',
  version: '',
  namespace: '',
  resource: '',
  subresource: '',
  name: '',
});

function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    // not percent-encoded after all: taken as it is, and found nowhere
    return segment;
  }
}

export function requestInfo(method: string, path: string, query: URLSearchParams): RequestInfo {
  const parts = path
    .split('/')
    .filter((part) => part !== '')
    .map(decodeSegment);
  const info = nothing(decodeSegment(path), method);
  const root = parts.shift();
  if (root === 'apis') info.group = parts.shift() ?? '';
  else if (root !== 'api') return info;
  info.version = parts.shift() ?? '';
  let verb = VERBS[method] ?? '';
  // the deprecated /watch/ prefix
  const prefixed = parts[0] === 'watch';
  if (prefixed) parts.shift();
  if (parts.length === 0 || info.version === '') return nothing(decodeSegment(path), method);

  const [first = '', second, third, ...rest] = parts;
  if (first === 'namespaces' && second !== undefined) {
    info.namespace = second;
    // what follows a namespace is a resource in it, unless it is one of the namespace's own subresources
    const own = third === undefined || third === 'status' || third === 'finalize';
    Object.assign(
      info,
      own
        ? { resource: 'namespaces', name: second, subresource: third ?? '' }
        : { resource: third, name: rest[0] ?? '', subresource: rest[1] ?? '' },
    );
  } else Object.assign(info, { resource: first, name: second ?? '', subresource: third ?? '' });

  const watch = query.get('watch');
  if (verb === 'get' && info.name === '') verb = watch !== null && isTrue(watch) ? 'watch' : 'list';
  if (prefixed && (verb === 'list' || verb === 'get')) verb = 'watch';
  if (verb === 'delete' && info.name === '') verb = 'deletecollection';
  return { ...info, verb, isResource: true };
}

const NARROWED: ReadonlySet<string> = new Set(['list', 'watch', 'deletecollection']);

function fieldsOf(query: URLSearchParams): FieldRequirement[] {
  try {
    return parseFieldSelector(query.get('fieldSelector') ?? '');
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
    // told to those who may ask at all
    return [];
  }
}

/** What authorizers are asked. A list of the objects of one name is about that object. */
export function resourceAttributes(info: RequestInfo, query: URLSearchParams): ResourceAttributes {
  const { verb, group, resource, subresource, namespace } = info;
  const asked = { verb, group, resource, subresource, namespace, name: info.name };
  if (!NARROWED.has(verb)) return asked;
  const fields = fieldsOf(query);
  const named = fields.find(({ field, op }) => field === 'metadata.name' && op === '=')?.value ?? '';
  const isName = verb !== 'deletecollection' && named !== '' && pathSegment(named).length === 0;
  return { ...asked, name: info.name === '' && isName ? named : info.name, ...(fields.length > 0 ? { fields } : {}) };
}
