/** PATCH: four ways to say what should change, each turned into an update (or, for apply, a create). */
import { applyJsonPatch } from '../api/patch/json.ts';
import { applyMergePatch } from '../api/patch/merge.ts';
import { applyStrategicPatch } from '../api/patch/strategic.ts';
import { badRequest, notFoundError, unsupportedMediaType } from '../api/status.ts';
import type { Json, KubeObject } from '../api/types.ts';
import { applyServerSide } from '../schema/apply/index.ts';
import { schemaNameOf } from '../schema/lookup.ts';
import { groupVersion } from '../schema/resources.ts';
import type { Backend, RequestContext, Target } from './context.ts';
import { create } from './create.ts';
import { decode } from './decode.ts';
import { update } from './update.ts';

export const PATCH_TYPES = [
  'application/json-patch+json',
  'application/merge-patch+json',
  'application/strategic-merge-patch+json',
  'application/apply-patch+yaml',
] as const;
export type PatchType = (typeof PATCH_TYPES)[number];

export interface PatchRequest {
  type: string;
  body: unknown;
  /** Apply only: take fields over from other managers. */
  force: boolean;
  subresource: string;
}

export interface Patched {
  object: KubeObject;
  created: boolean;
}

/** The object after a patch other than apply, decoded. */
export function patched(
  info: Target['info'],
  old: KubeObject,
  patch: PatchRequest,
  context: RequestContext,
): KubeObject {
  const before = structuredClone(old) as unknown as Json;
  const body = patch.body as Json;
  const schema = schemaNameOf(info.group, info.version, info.kind);
  let after: Json;
  switch (patch.type) {
    case 'application/json-patch+json':
      after = applyJsonPatch(before, body);
      break;
    case 'application/merge-patch+json':
      after = applyMergePatch(before, body);
      break;
    case 'application/strategic-merge-patch+json':
      after = applyStrategicPatch(before, body, schema);
      break;
    default:
      throw unsupportedMediaType(PATCH_TYPES);
  }
  return decode(info, after, context);
}

export function patch(
  backend: Backend,
  target: Target,
  namespace: string,
  name: string,
  request: PatchRequest,
  context: RequestContext,
): Patched {
  const { info } = target;
  if (request.type === 'application/apply-patch+yaml')
    return applyPatch(backend, target, namespace, name, request, context);
  const object = update(backend, target, namespace, name, (old) => patched(info, old, request, context), context, {
    subresource: request.subresource,
  });
  return { object, created: false };
}

function applyPatch(
  backend: Backend,
  target: Target,
  namespace: string,
  name: string,
  request: PatchRequest,
  context: RequestContext,
): Patched {
  const { info } = target;
  if (context.fieldManager === '') {
    throw badRequest(
      'PatchOptions.meta.k8s.io "" is invalid: fieldManager: Required value: is required for apply patch',
    );
  }
  const applied = decode(info, request.body, context);
  const live = backend.store.get(target.name, namespace, name);
  if (applied.metadata.managedFields?.length) throw badRequest('metadata.managedFields must be nil');
  applied.metadata.name ||= name;
  const merge = (before: KubeObject | undefined) =>
    applyServerSide({
      live: before,
      applied,
      manager: context.fieldManager,
      force: request.force,
      subresource: request.subresource,
      apiVersion: groupVersion(info),
      now: backend.clock.now(),
    }).object;
  if (!live) {
    if (request.subresource !== '') throw notFoundError(info, name);
    const object = create(backend, target, namespace, merge(undefined), context, { managedFieldsDone: true });
    return { object, created: true };
  }
  const object = update(backend, target, namespace, name, merge, context, {
    subresource: request.subresource,
    managedFieldsDone: true,
  });
  return { object, created: false };
}
