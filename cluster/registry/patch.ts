/** PATCH: four ways to say what should change, each turned into an update (or, for apply, a create). */
import { conflict, notFoundError, unsupportedMediaType } from '../api/status.ts';
import type { KubeObject } from '../api/types.ts';
import { CUSTOM_PATCH_TYPES, patchCustom } from '../custom-resources/body.ts';
import type { CustomResource } from '../custom-resources/index.ts';
import { applyBody, patchBody, PATCH_TYPES } from '../schema/request.ts';
import type { Backend, RequestContext, Target } from './context.ts';
import { create } from './create.ts';
import { bodyOf, type Content, type GroupVersionKind } from './decode.ts';
import { trackedWrite } from './tracked-write.ts';
import { checkIdentity, update } from './update.ts';

export interface PatchRequest extends Content {
  /** Apply only: take fields over from other managers. */
  force: boolean;
  subresource: string;
}

export interface Patched {
  object: KubeObject;
  created: boolean;
}

/** The object after a patch other than apply. @throws StatusError */
export function patched(
  of: GroupVersionKind,
  old: KubeObject,
  request: PatchRequest,
  context: RequestContext,
  custom?: CustomResource,
): KubeObject {
  const type = PATCH_TYPES[request.contentType];
  if (custom) {
    if (type !== 'json' && type !== 'merge') throw unsupportedMediaType(CUSTOM_PATCH_TYPES);
    return patchCustom(type, { ...request, fieldValidation: context.fieldValidation, warn: context.warn }, custom, old);
  }
  if (!type || type === 'apply') throw unsupportedMediaType(Object.keys(PATCH_TYPES));
  return patchBody(type, bodyOf(of, request, context), old);
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
  if (PATCH_TYPES[request.contentType] === 'apply') return apply(backend, target, namespace, name, request, context);
  const object = update(
    backend,
    target,
    namespace,
    name,
    (old) => patched(info, old, request, context, target.custom),
    context,
    {
      subresource: request.subresource,
    },
  );
  return { object, created: false };
}

/** A Scale after an apply, with its owners. @throws StatusError */
export const applied = (
  { clock }: Backend,
  of: GroupVersionKind,
  live: KubeObject,
  request: PatchRequest,
  context: RequestContext,
): KubeObject =>
  applyBody(bodyOf(of, request, context), {
    live,
    manager: context.fieldManager,
    subresource: request.subresource,
    force: request.force,
    now: clock.now(),
  });

function apply(
  backend: Backend,
  target: Target,
  namespace: string,
  name: string,
  request: PatchRequest,
  context: RequestContext,
): Patched {
  const { info } = target;
  const live = backend.store.get<KubeObject>(target.name, namespace, name);
  const { manager, subresource, now, reset } = trackedWrite(backend, target, context, request.subresource);
  const merged = (before: KubeObject | undefined) =>
    applyBody(bodyOf(info, request, context, target.custom), {
      live: before,
      manager,
      subresource,
      force: request.force,
      now,
      ...(reset ? { reset } : {}),
    });
  if (!live) {
    if (request.subresource !== '') throw notFoundError(info, name);
    const object = merged(undefined);
    if (object.metadata.uid) {
      const why = `uid mismatch: the provided object specified uid ${object.metadata.uid}, and no existing object was found`;
      throw conflict(info, name, why);
    }
    checkIdentity(target, object, namespace, name);
    const options = { managedFieldsDone: true, byUpdate: true };
    return { object: create(backend, target, namespace, object, context, options), created: true };
  }
  const object = update(backend, target, namespace, name, merged, context, {
    subresource: request.subresource,
    managedFieldsDone: true,
  });
  return { object, created: false };
}
