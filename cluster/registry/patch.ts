/** PATCH: four ways to say what should change, each turned into an update (or, for apply, a create). */
import { badRequest, notFoundError, unsupportedMediaType } from '../api/status.ts';
import type { Json, JsonObject, KubeObject } from '../api/types.ts';
import { applyServerSide } from '../schema/apply/index.ts';
import type { ParsedBody } from '../schema/body.ts';
import {
  applyJsonPatch,
  applyMergePatch,
  applyStrategicPatch,
  decodePatched,
  patchProblems,
  strictPatchError,
  type PatchType,
} from '../schema/patch.ts';
import type { ResourceInfo } from '../schema/resources.ts';
import type { Backend, RequestContext, Target } from './context.ts';
import { create } from './create.ts';
import { decode, schemaFor } from './decode.ts';
import { trackedWrite } from './tracked-write.ts';
import { update } from './update.ts';

const APPLY = 'application/apply-patch+yaml';
const TYPES: Record<string, PatchType> = {
  'application/json-patch+json': 'json',
  'application/merge-patch+json': 'merge',
  'application/strategic-merge-patch+json': 'strategic',
};
export const PATCH_MEDIA_TYPES: readonly string[] = [...Object.keys(TYPES), APPLY];

export interface PatchRequest {
  type: string;
  body: ParsedBody;
  /** Apply only: take fields over from other managers. */
  force: boolean;
  subresource: string;
}

export interface Patched {
  object: KubeObject;
  created: boolean;
}

function applyPatchText(type: PatchType, before: JsonObject, body: Json, schemaName: string): JsonObject {
  switch (type) {
    case 'json':
      return applyJsonPatch(before, body);
    case 'merge':
      return applyMergePatch(before, body);
    case 'strategic':
      return applyStrategicPatch(before, body, schemaName);
  }
}

/** The object after a patch other than apply, decoded. */
export function patched(
  info: Pick<ResourceInfo, 'group' | 'version' | 'kind'>,
  old: KubeObject,
  request: PatchRequest,
  context: RequestContext,
): KubeObject {
  const type = TYPES[request.type];
  if (!type) throw unsupportedMediaType(PATCH_MEDIA_TYPES);
  const { group, version, kind } = info;
  const { body } = request;
  const schemaName = schemaFor(info);
  const changed = applyPatchText(type, old as unknown as JsonObject, body.json, schemaName);
  const whole = { type, patch: body.json, patched: changed, schemaName, gvk: { group, version, kind } };
  const { object, problems } = decodePatched(whole);
  const all = [...patchProblems(type, body), ...problems];
  if (all.length > 0 && context.fieldValidation === 'Strict') throw strictPatchError(whole, all);
  if (context.fieldValidation === 'Warn') for (const problem of all) context.warn(problem);
  return object;
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
  if (request.type === APPLY) return applyPatch(backend, target, namespace, name, request, context);
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
  // decoded for its refusals only: ownership is about the fields as they were written
  decode(info, request.body, context);
  const live = backend.store.get(target.name, namespace, name);
  const merge = (before: KubeObject | undefined) =>
    applyServerSide({
      live: before,
      applied: request.body.json,
      force: request.force,
      ...trackedWrite(backend, target, context, request.subresource),
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
