/** The API of one cluster as a function: a request in, a reply or a watch out. Synchronous; HTTP is around it, in http.ts. */
import type { UserInfo } from '../admission/plugin.ts';
import { authorize, refusal } from '../access/authorizer.ts';
import { reviewerOf } from '../access/reviews/index.ts';
import {
  forbiddenError,
  internalError,
  methodNotAllowed,
  noSuchPath,
  notFoundError,
  StatusError,
  type Status,
} from '../api/status.ts';
import type { KubeObject } from '../api/types.ts';
import type { Cluster } from '../cluster.ts';
import { customResourceOf, customResources } from '../custom-resources/index.ts';
import type { RequestContext, Target } from '../registry/context.ts';
import { answersWithObject } from '../registry/storage-rules.ts';
import { groupVersion, resources, type ResourceInfo } from '../schema/resources.ts';
import { mediaType, readDeleteOptions } from './body.ts';
import { deleteOptions, isForced, requestContext } from './context.ts';
import { documents, refuseUnlessKnown } from './documents.ts';
import { list } from './list.ts';
import { listOptions } from './list-options.ts';
import { isComponentStatus, readComponentStatuses } from './component-status.ts';
import { isMetrics, metricsResource, readMetrics, servedResources } from './metrics-api.ts';
import { CUSTOM_RESOURCES, refusalWantedBy, wantedBy, type Wanted } from './negotiate.ts';
import { get, listOrWatch } from './read.ts';
import { checkRoute } from './route.ts';
import { requestInfo, resourceAttributes, type RequestInfo } from './request-info.ts';
import { impersonate } from './impersonate.ts';
import { patchServed, readStored } from './served-version.ts';
import { subresource } from './subresource.ts';
import type { Stream } from './streams/connect.ts';
import type { ProxyRequest } from './streams/proxy-target.ts';
import type { Watch } from './watch.ts';

export interface ApiRequest {
  method: string;
  path: string;
  query: URLSearchParams;
  /** Lower-case names. */
  headers: Record<string, string | undefined>;
  body: Uint8Array;
  user: UserInfo;
}

/** What an answer is about: decides table columns and protobuf schemas. */
export interface Subject {
  target: Target;
}

export type Reply =
  /** An object, or a list of them. */
  | { kind: 'object'; code: number; object: KubeObject | Status; wanted: Wanted; subject?: Subject; warnings: string[] }
  | {
      kind: 'list';
      items: readonly KubeObject[];
      metadata: object;
      wanted: Wanted;
      subject: Subject;
      warnings: string[];
    }
  | { kind: 'watch'; watch: Watch; wanted: Wanted; subject: Subject; query: URLSearchParams; warnings: string[] }
  /** Something that goes on: a log, a command, connections to ports. */
  | { kind: 'stream'; stream: Exclude<Stream, ProxyRequest> }
  /** Text or a prepared document. */
  | { kind: 'bytes'; code: number; contentType: string; bytes: Uint8Array | string; headers?: Record<string, string> };

/** What the verbs of one resource are given. */
export interface Call {
  cluster: Cluster;
  request: ApiRequest;
  info: RequestInfo;
  target: Target;
  context: RequestContext;
}

/** Told with every answer about these resources. */
const DEPRECATED: Record<string, string> = {
  componentstatuses: 'v1 ComponentStatus is deprecated in v1.19+',
  endpoints: 'v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice',
};

const byPath = new Map(resources.map((info) => [`${groupVersion(info)}/${info.resource}`, info]));

function lookup(cluster: Cluster, info: RequestInfo): ResourceInfo | undefined {
  const path = `${groupVersion(info)}/${info.resource}`;
  const builtIn = byPath.get(path);
  if (builtIn) return builtIn;
  const metrics = metricsResource(cluster, info.group, info.version, info.resource);
  if (metrics) return metrics;
  const custom = customResources(cluster.store).byPath.get(path)?.info;
  // custom objects of all namespaces can be read, and nothing else
  return custom?.namespaced && info.namespace === '' && !ACROSS_NAMESPACES.has(info.verb) ? undefined : custom;
}
const ACROSS_NAMESPACES: ReadonlySet<string> = new Set(['list', 'watch']);

export function handle(cluster: Cluster, request: ApiRequest): Reply {
  const warnings: string[] = [];
  try {
    return respond(cluster, request, warnings);
  } catch (fault) {
    const error =
      fault instanceof StatusError ? fault : internalError(fault instanceof Error ? fault.message : String(fault));
    return { kind: 'object', code: error.code, object: error.status, wanted: refusalWantedBy(request), warnings };
  }
}

function respond(cluster: Cluster, request: ApiRequest, warnings: string[]): Reply {
  const info = requestInfo(request.method, request.path, request.query);
  const user = impersonate(cluster.store, request);
  if (!info.isResource) {
    const asked = { verb: info.verb, path: info.path };
    const { allowed, reason } = authorize(cluster.store, user, asked);
    if (!allowed) {
      throw new StatusError({
        message: `forbidden: ${refusal(user, asked, reason)}`,
        reason: 'Forbidden',
        details: {},
        code: 403,
      });
    }
    return documents(cluster, request);
  }
  const asked = resourceAttributes(info, request.query);
  const { allowed, reason } = authorize(cluster.store, user, asked);
  if (!allowed) {
    throw forbiddenError({ group: info.group, resource: info.resource }, asked.name, refusal(user, asked, reason));
  }
  const found = lookup(cluster, info);
  const nowhere = refuseUnlessKnown(request.path, servedResources(cluster));
  if (nowhere) return nowhere;
  if (found && customResourceOf(found) && info.subresource !== '') {
    // a part that the definition does not give the object is looked for in vain, and has its own word about methods
    const part = found.subresources.find(({ name }) => name === info.subresource);
    if (!part) throw notFoundError(found, info.name);
    if (!part.verbs.includes(info.verb)) throw methodNotAllowed(found, info.verb);
  }
  checkRoute(request, info, found);
  const target = cluster.registry.target(found);
  const context = requestContext(request, user, (sentence) => warnings.push(sentence));
  context.authorizeCreate = () => {
    const create = { ...asked, verb: 'create', name: info.name };
    const may = authorize(cluster.store, user, create);
    if (!may.allowed) throw forbiddenError(found, info.name, refusal(user, create, may.reason));
  };
  const deprecated = DEPRECATED[target.name];
  if (deprecated) warnings.push(deprecated);
  if (target.custom) warnings.push(...target.custom.warnings);
  const call: Call = { cluster, request, info, target, context };
  if (isMetrics(found)) return readMetrics(call, warnings);
  if (isComponentStatus(found)) return readComponentStatuses(call, warnings);
  if (info.subresource !== '') return subresource(call, warnings);
  return verb(call, warnings);
}

function verb(call: Call, warnings: string[]): Reply {
  const { cluster, request, info, target, context } = call;
  const { registry } = cluster;
  const store = registry.store(target);
  const { name } = info;
  // a cluster-scoped path that names a namespace is the namespace itself
  const namespace = target.info.namespaced ? info.namespace : '';
  if (!target.custom && !target.info.verbs.includes(info.verb)) throw methodNotAllowed(target.info, info.verb);
  if (info.verb === 'list' || info.verb === 'watch') return listOrWatch(call, namespace, warnings);
  const wanted = target.custom ? wantedBy(request, CUSTOM_RESOURCES) : wantedBy(request);
  const subject: Subject = { target };
  const object = (code: number, body: KubeObject | Status): Reply => ({
    kind: 'object',
    code,
    object: body,
    wanted,
    subject,
    warnings,
  });
  const read = () => readStored(request, target, context);
  switch (info.verb) {
    case 'get':
      return object(200, get(call, namespace));
    case 'create': {
      const body = read();
      if (target.info.namespaced && namespace === '') throw noSuchPath();
      if (reviewerOf(target.name)) return object(201, registry.review(target, namespace, body, context));
      // the old way to say on which node a pod runs
      if (target.name === 'bindings') return bindPod(call, namespace, body, object);
      return object(201, registry.create(target, namespace, body, context));
    }
    case 'update': {
      const { object: replaced, created } = registry.replace(target, namespace, name, read(), context);
      return object(created ? 201 : 200, replaced);
    }
    case 'patch': {
      const contentType = mediaType(request.headers['content-type']);
      const { served } = target;
      const asked = { bytes: request.body, contentType, force: isForced(request), subresource: '' };
      const { object: patched, created } = served
        ? patchServed(registry, { ...target, served }, { namespace, name }, asked, context)
        : registry.patch(target, namespace, name, asked, context);
      return object(created ? 201 : 200, patched);
    }
    case 'delete': {
      const options = deleteOptions(request, readDeleteOptions(request));
      const { object: deleted, gone } = registry.delete(target, namespace, name, options, context);
      // who asks for the dependents to go in the old way is told that it takes a while
      const code = !gone && options.orphanDependents === false ? 202 : 200;
      return object(code, gone && !answersWithObject(target.name) ? success(target, deleted) : deleted);
    }
    case 'deletecollection': {
      const chunk = list(store, target, namespace, listOptions(request.query, false));
      const options = deleteOptions(request, readDeleteOptions(request));
      for (const { metadata } of chunk.items) {
        // one that went with another is no reason to stop
        if (!store.get(target.name, metadata.namespace ?? '', metadata.name)) continue;
        registry.delete(target, metadata.namespace ?? '', metadata.name, options, { ...context, collection: true });
      }
      return { kind: 'list', items: chunk.items, metadata: chunk.metadata, wanted, subject, warnings };
    }
    default:
      throw notFoundError(target.info, name);
  }
}

function bindPod(
  { cluster, context }: Call,
  namespace: string,
  body: KubeObject,
  object: (code: number, body: Status) => Reply,
): Reply {
  const pods = byPath.get('v1/pods');
  if (!pods) throw noSuchPath();
  cluster.registry.act(cluster.registry.target(pods), namespace, body.metadata.name, 'binding', body, context);
  return object(201, { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 });
}

/** What a DELETE that finished answers. */
const success = ({ info }: Target, { metadata }: KubeObject): Status => ({
  kind: 'Status',
  apiVersion: 'v1',
  metadata: {},
  status: 'Success',
  details: {
    name: metadata.name,
    ...(info.group === '' ? {} : { group: info.group }),
    kind: info.resource,
    ...(metadata.uid ? { uid: metadata.uid } : {}),
  },
});
