/** The scale subresource of a custom resource: its numbers of replicas are where the definition says. */
import { badRequest, conflict, internalError, MODIFIED, StatusError } from '../api/status.ts';
import type { Json, JsonObject, KubeObject } from '../api/types.ts';
import type { ScalePaths } from '../schema/structural/custom-resource-definition.ts';
import { isMap } from '../schema/structural/schema-props.ts';
import { fieldsOf, nested } from './scale-paths.ts';

export interface CustomScale extends KubeObject {
  spec?: { replicas?: number };
  status?: { replicas: number; selector?: string };
}

/** Stands for replicas that are not there: a patch must set them. */
export const NO_REPLICAS = -(2 ** 31);

const read = <T extends 'int64' | 'string'>(object: KubeObject, path: string, type: T) => {
  const found = nested(object as unknown as JsonObject, path, type);
  if ('problem' in found) throw new StatusError({ message: found.problem, code: 500 });
  return found.value;
};

/** `found`: whether the object says how many it wants. @throws StatusError */
export function customScaleOf(object: KubeObject, paths: ScalePaths): { scale: CustomScale; found: boolean } {
  const replicas = read(object, paths.specReplicasPath, 'int64');
  const running = read(object, paths.statusReplicasPath, 'int64') ?? 0;
  const selector = paths.labelSelectorPath ? (read(object, paths.labelSelectorPath, 'string') ?? '') : '';
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata;
  const metadata = { name, namespace, uid, resourceVersion, creationTimestamp } as KubeObject['metadata'];
  const scale: CustomScale = {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata,
    spec: replicas ? { replicas } : {},
    status: { replicas: running, ...(selector === '' ? {} : { selector }) },
  };
  return { scale, found: replicas !== undefined };
}

/** @throws StatusError */
export function getCustomScale(object: KubeObject, paths: ScalePaths): CustomScale {
  const { scale, found } = customScaleOf(object, paths);
  if (!found) throw internalError(`the spec replicas field ${JSON.stringify(paths.specReplicasPath)} does not exist`);
  return scale;
}

/** The object with as many replicas as `make` wants. @throws StatusError */
export function scaled(
  old: KubeObject,
  of: { group: string; resource: string },
  paths: ScalePaths,
  make: (old: CustomScale) => CustomScale,
): { object: KubeObject; from: number; to: number } {
  const { scale: before, found } = customScaleOf(old, paths);
  const from = before.spec?.replicas ?? 0;
  const wanted = make(found ? before : { ...before, spec: { replicas: NO_REPLICAS } });
  const { name } = old.metadata;
  if (!wanted.metadata.name)
    throw badRequest(`the name of the object (${name} based on URL) was undeterminable: name must be provided`);
  const to = wanted.spec?.replicas ?? 0;
  if (to === NO_REPLICAS)
    throw badRequest(`the spec replicas field ${JSON.stringify(paths.specReplicasPath)} cannot be empty`);
  const { resourceVersion } = wanted.metadata;
  if (resourceVersion && resourceVersion !== old.metadata.resourceVersion) throw conflict(of, name, MODIFIED);
  const object = structuredClone(old);
  let holder = object as unknown as JsonObject;
  const fields = fieldsOf(paths.specReplicasPath);
  for (const field of fields.slice(0, -1)) {
    const inside: Json | undefined = holder[field];
    const next: JsonObject = isMap(inside) ? inside : {};
    holder[field] = next;
    holder = next;
  }
  holder[fields.at(-1) ?? ''] = to;
  return { object, from, to };
}
