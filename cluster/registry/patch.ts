/** PATCH: four ways to say what should change, each turned into an update (or, for apply, a create). */
import { path, required } from '../api/field.ts';
import { invalidError, notFoundError, unsupportedMediaType } from '../api/status.ts';
import type { KubeObject } from '../api/types.ts';
import { applyBody, patchBody, PATCH_TYPES } from '../schema/request.ts';
import type { Backend, RequestContext, Target } from './context.ts';
import { create } from './create.ts';
import { bodyOf, type Content, type GroupVersionKind } from './decode.ts';
import { update } from './update.ts';

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
): KubeObject {
  const type = PATCH_TYPES[request.contentType];
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
  const object = update(backend, target, namespace, name, (old) => patched(info, old, request, context), context, {
    subresource: request.subresource,
  });
  return { object, created: false };
}

function apply(
  backend: Backend,
  target: Target,
  namespace: string,
  name: string,
  request: PatchRequest,
  context: RequestContext,
): Patched {
  const { info } = target;
  if (context.fieldManager === '') {
    throw invalidError({ group: 'meta.k8s.io', kind: 'PatchOptions' }, '', [
      required(path('fieldManager'), 'is required for apply patch'),
    ]);
  }
  const live = backend.store.get(target.name, namespace, name);
  const merged = (before: KubeObject | undefined) =>
    applyBody(bodyOf(info, request, context), {
      live: before,
      manager: context.fieldManager,
      subresource: request.subresource,
      force: request.force,
      now: backend.clock.now(),
    });
  if (!live) {
    if (request.subresource !== '') throw notFoundError(info, name);
    const object = create(backend, target, namespace, merged(undefined), context, { managedFieldsDone: true });
    return { object, created: true };
  }
  const object = update(backend, target, namespace, name, merged, context, {
    subresource: request.subresource,
    managedFieldsDone: true,
  });
  return { object, created: false };
}
