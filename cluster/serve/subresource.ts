/** Requests to a part of an object: status, scale, binding, eviction, finalize, approval. */
import { methodNotAllowed, noSuchPath, notFoundError, unsupportedMediaType } from '../api/status.ts';
import { CUSTOM_PATCH_TYPES } from '../custom-resources/body.ts';
import type { KubeObject } from '../api/types.ts';
import { applied, patched, type PatchRequest } from '../registry/patch.ts';
import { getScale, scaleTarget, updateScale, type ScaleWrite } from '../registry/subresources/scale.ts';
import { PATCH_TYPES } from '../schema/request.ts';
import type { Call, Reply } from './api.ts';
import { mediaType, readObject } from './body.ts';
import { isForced } from './context.ts';
import { CUSTOM_RESOURCES, wantedBy } from './negotiate.ts';
import { readStored } from './served-version.ts';
import { connect } from './streams/connect.ts';
import { proxied } from './streams/proxy.ts';

/** Written like the object itself, each with its own rules for what it may change. */
const VIEWS: ReadonlySet<string> = new Set(['status', 'finalize', 'approval', 'ephemeralcontainers', 'resize']);

/** Ways into a container, to its log and to its ports: answered with streams. */
const STREAMS: ReadonlySet<string> = new Set(['attach', 'exec', 'log', 'portforward', 'proxy']);

export function subresource(call: Call, warnings: string[]): Reply {
  const { cluster, request, info, target, context } = call;
  const { registry } = cluster;
  const namespace = target.info.namespaced ? info.namespace : '';
  const { name } = info;
  const about = target.info.subresources.find((one) => one.name === info.subresource);
  if (!about) throw target.custom ? notFoundError(target.info, name) : noSuchPath();
  if (!about.verbs.includes(info.verb)) throw methodNotAllowed(target.info, info.verb);
  if (STREAMS.has(info.subresource)) {
    const stream = connect(call);
    return stream.kind === 'proxy' ? proxied(cluster, request, stream) : { kind: 'stream', stream };
  }
  const wanted =
    target.custom && info.subresource !== 'scale' ? wantedBy(request, CUSTOM_RESOURCES) : wantedBy(request);
  const object = (code: number, body: KubeObject): Reply => ({
    kind: 'object',
    code,
    object: body,
    wanted,
    subject: { target: info.subresource === 'scale' ? scaleTarget(target) : target },
    warnings,
  });
  const bodyKind = {
    group: about.kind.group || target.info.group,
    version: about.kind.version || target.info.version,
    kind: about.kind.kind,
  };
  const { served } = target;
  // status and the like have the object's own kind
  const own = about.kind.version === '';
  const read = () =>
    served && own
      ? readStored(request, target, context)
      : readObject(request, bodyKind, context, own ? target.custom : undefined);
  const patchRequest = (): PatchRequest => ({
    bytes: request.body,
    contentType: mediaType(request.headers['content-type']),
    force: isForced(request),
    subresource: info.subresource,
  });
  const scalePatch = (patch: PatchRequest): ScaleWrite =>
    PATCH_TYPES[patch.contentType] === 'apply'
      ? { by: 'apply', make: (old) => applied(registry.backendOf(target), bodyKind, old, patch, context) }
      : { by: 'patch', make: (old) => patched(bodyKind, old, patch, context) };
  if (info.subresource === 'scale') {
    const backend = registry.backendOf(target);
    if (info.verb === 'get') return object(200, getScale(backend, target, namespace, name));
    const strategic = mediaType(request.headers['content-type']) === 'application/strategic-merge-patch+json';
    if (target.custom && info.verb === 'patch' && strategic) throw unsupportedMediaType(CUSTOM_PATCH_TYPES);
    const write = info.verb === 'update' ? { by: 'update' as const, make: read } : scalePatch(patchRequest());
    return object(200, updateScale(backend, target, namespace, name, write, context));
  }
  if (!VIEWS.has(info.subresource)) {
    const body = read();
    const finished = registry.act(target, namespace, name, info.subresource, body, context);
    if (finished) return object(201, finished);
    return object(201, {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Success',
      code: 201,
    } as unknown as KubeObject);
  }
  if (info.verb === 'get') return object(200, registry.get(target, namespace, name));
  if (info.verb === 'patch') {
    return object(
      200,
      registry.patch(target, namespace, name, { ...patchRequest(), subresource: info.subresource }, context).object,
    );
  }
  const body = read();
  return object(200, registry.update(target, namespace, name, body, context, info.subresource));
}
