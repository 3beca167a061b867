/** Bodies in a version that objects are not stored in: converted on their way in. */
import { invalidError } from '../api/status.ts';
import type { JsonObject, KubeObject } from '../api/types.ts';
import type { RequestContext, Target } from '../registry/context.ts';
import { patched, type Patched, type PatchRequest } from '../registry/patch.ts';
import type { Registry } from '../registry/registry.ts';
import { parseBody } from '../schema/body.ts';
import { PATCH_TYPES } from '../schema/request.ts';
import type { ServedVersion } from '../schema/versions/index.ts';
import type { ApiRequest } from './api.ts';
import { readObject } from './body.ts';

/** The object of a POST or PUT, as it is stored. @throws StatusError */
export function readStored(request: ApiRequest, target: Target, context: RequestContext): KubeObject {
  const { served } = target;
  if (!served) return readObject(request, target.info, context, target.custom);
  const stored = served.toStored(readObject(request, served.info, context));
  const problems = request.method === 'POST' ? (served.newProblems?.(stored) ?? []) : [];
  if (problems.length > 0) throw invalidError(target.info, stored.metadata.name, problems);
  return stored;
}

/** An apply says only what it is about: what conversion fills in is not said. */
function appliedAsStored(bytes: Uint8Array, served: ServedVersion): Uint8Array {
  const json = parseBody(bytes, 'application/yaml').json as unknown as KubeObject;
  const { status: _status, ...stored } = served.toStored(json) as unknown as JsonObject;
  const said = ((json as unknown as JsonObject)['spec'] ?? {}) as JsonObject;
  const spec = stored['spec'] as JsonObject | undefined;
  for (const [field, value] of Object.entries(spec ?? {})) {
    if (value === 0 && said[field] === undefined) delete spec?.[field];
  }
  return Buffer.from(JSON.stringify(stored));
}

/** A patch is one of the object as that version shows it. @throws StatusError */
export function patchServed(
  registry: Registry,
  target: Target & { served: ServedVersion },
  at: { namespace: string; name: string },
  request: PatchRequest,
  context: RequestContext,
): Patched {
  const { served } = target;
  const { namespace, name } = at;
  if (PATCH_TYPES[request.contentType] === 'apply') {
    const bytes = appliedAsStored(request.bytes, served);
    return registry.patch(target, namespace, name, { ...request, bytes }, context);
  }
  const old = served.fromStored(registry.get(target, namespace, name));
  const object = served.toStored(patched(served.info, old, request, context));
  return { object: registry.update(target, namespace, name, object, context, request.subresource), created: false };
}
