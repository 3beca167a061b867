/** The scale subresource: a workload seen as a number of replicas. */
import { invalid, path } from '../../api/field.ts';
import { labelSelectorText } from '../../api/selector.ts';
import { conflict, invalidError, notFoundError } from '../../api/status.ts';
import type { KubeObject, LabelSelector } from '../../api/types.ts';
import { ownersAfterScale, ownersOfScale, trackScale } from '../../schema/apply/scale.ts';
import { customScaleOf, getCustomScale, scaled } from '../../custom-resources/scale.ts';
import { fieldsOf } from '../../custom-resources/scale-paths.ts';
import type { ScalePaths } from '../../schema/structural/custom-resource-definition.ts';
import type { Backend, RequestContext, Target } from '../context.ts';
import { checkIdentity, checkUid, update } from '../update.ts';

interface Scalable extends KubeObject {
  spec?: { replicas?: number; selector?: LabelSelector | Record<string, string> };
  status?: { replicas?: number };
}
export interface Scale extends KubeObject {
  spec?: { replicas?: number };
  status?: { replicas: number; selector?: string };
}

/** What a Scale is shown as: the resource that it would be, were it one. */
export const scaleTarget = (target: Target): Target => ({
  info: {
    ...target.info,
    group: 'autoscaling',
    version: 'v1',
    resource: 'scales',
    kind: 'Scale',
    subresources: [],
  },
  name: 'scales.autoscaling',
  kind: {
    resource: 'scales.autoscaling',
    cells: ({ metadata, spec, status }: Scale) => [
      metadata.name,
      spec?.replicas ?? 0,
      status?.replicas ?? 0,
      metadata.creationTimestamp ?? null,
    ],
  },
});

function selectorText(object: Scalable): string {
  const selector = object.spec?.selector ?? {};
  // a ReplicationController's selector is a plain map of labels
  return labelSelectorText(
    object.kind === 'ReplicationController' ? { matchLabels: selector as Record<string, string> } : selector,
  );
}

export function scaleOf(object: Scalable): Scale {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata;
  const replicas = object.spec?.replicas ?? 0;
  return {
    apiVersion: 'autoscaling/v1',
    kind: 'Scale',
    metadata: { name, namespace, uid, resourceVersion, creationTimestamp },
    spec: replicas === 0 ? {} : { replicas },
    status: { replicas: object.status?.replicas ?? 0, selector: selectorText(object) },
  };
}

export function getScale(backend: Backend, target: Target, namespace: string, name: string): Scale {
  const object = backend.store.get<Scalable>(target.name, namespace, name);
  if (!object) throw notFoundError(target.info, name);
  return target.custom?.scale ? getCustomScale(object, target.custom.scale) : scaleOf(object);
}

/** What is wanted of a scale, and how it is asked for. */
export interface ScaleWrite {
  /** Gets the present scale, with who owns its replicas, and returns the wanted one. */
  make(old: Scale): Scale;
  by: 'update' | 'patch' | 'apply';
}

export function updateScale(
  backend: Backend,
  target: Target,
  namespace: string,
  name: string,
  { make, by }: ScaleWrite,
  context: RequestContext,
): Scale {
  const paths = target.custom?.scale;
  if (paths) return updateCustomScale(backend, target, namespace, name, make, context, paths);
  const { group, version, kind, resource } = target.info;
  const change = (old: Scalable): Scalable => {
    const present = scaleOf(old);
    const owners = ownersOfScale(old.metadata.managedFields);
    if (owners.length > 0) present.metadata.managedFields = owners;
    const scale = make(present);
    checkIdentity(target, scale, namespace, name);
    const { uid = '', resourceVersion = '', managedFields } = scale.metadata;
    if (by === 'update' && uid !== '')
      checkUid(target, { namespace, name }, { wanted: uid, uid: old.metadata.uid ?? '' }, context.dryRun);
    const replicas = scale.spec?.replicas ?? 0;
    if (replicas < 0) {
      const problem = invalid(path('spec', 'replicas'), replicas, 'must be greater than or equal to 0');
      throw invalidError({ group: 'autoscaling', kind: 'Scale' }, name, [problem]);
    }
    if (uid !== '' && uid !== old.metadata.uid) {
      const why = `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${old.metadata.uid ?? ''}`;
      throw conflict({ group, resource: `${resource}/scale` }, name, why);
    }
    const object = structuredClone(old);
    object.spec = { ...object.spec, replicas };
    object.metadata.resourceVersion = resourceVersion;
    const gvk = { group, version, kind };
    object.metadata.managedFields =
      by === 'apply'
        ? ownersAfterScale(old.metadata.managedFields, managedFields, gvk)
        : trackScale({
            before: old,
            gvk,
            from: old.spec?.replicas ?? 0,
            to: replicas,
            manager: context.fieldManager,
            now: backend.clock.now(),
          });
    return object;
  };
  const options = {
    subresource: '',
    managedFieldsDone: true,
    admission: { subresource: 'scale', view: (object: KubeObject) => scaleOf(object) },
  };
  return scaleOf(update(backend, target, namespace, name, change, context, options));
}

function updateCustomScale(
  backend: Backend,
  target: Target,
  namespace: string,
  name: string,
  make: (old: Scale) => Scale,
  context: RequestContext,
  paths: ScalePaths,
): Scale {
  const { group, version, kind } = target.info;
  const change = (old: KubeObject): KubeObject => {
    const { object, from, to } = scaled(old, target.info, paths, make);
    object.metadata.managedFields = trackScale({
      before: old,
      gvk: { group, version, kind },
      from,
      to,
      manager: context.fieldManager,
      replicasPath: fieldsOf(paths.specReplicasPath),
      now: backend.clock.now(),
    });
    return object;
  };
  const options = { subresource: '', managedFieldsDone: true };
  return customScaleOf(update(backend, target, namespace, name, change, context, options), paths).scale;
}
