/** The scale subresource: a workload seen as a number of replicas. */
import { invalid, path } from '../../api/field.ts';
import { labelSelectorText } from '../../api/selector.ts';
import { invalidError, notFoundError, conflict, MODIFIED } from '../../api/status.ts';
import type { KubeObject, LabelSelector } from '../../api/types.ts';
import { trackScale } from '../../schema/apply/scale.ts';
import type { Backend, RequestContext, Target } from '../context.ts';
import { update } from '../update.ts';

interface Scalable extends KubeObject {
  spec?: { replicas?: number; selector?: LabelSelector | Record<string, string> };
  status?: { replicas?: number };
}
export interface Scale extends KubeObject {
  spec?: { replicas?: number };
  status?: { replicas: number; selector?: string };
}

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
  return scaleOf(object);
}

/** `make` gets the present scale and returns the wanted one. */
export function updateScale(
  backend: Backend,
  target: Target,
  namespace: string,
  name: string,
  make: (old: Scale) => Scale,
  context: RequestContext,
): Scale {
  const change = (old: Scalable): Scalable => {
    const scale = make(scaleOf(old));
    const replicas = scale.spec?.replicas ?? 0;
    const { resourceVersion } = scale.metadata;
    if (resourceVersion && resourceVersion !== old.metadata.resourceVersion)
      throw conflict(target.info, name, MODIFIED);
    if (replicas < 0) {
      const problem = invalid(path('spec', 'replicas'), replicas, 'must be greater than or equal to 0');
      throw invalidError({ group: 'autoscaling', kind: 'Scale' }, name, [problem]);
    }
    const object = structuredClone(old);
    object.spec = { ...object.spec, replicas };
    const { group, version, kind } = target.info;
    object.metadata.managedFields = trackScale({
      before: old,
      gvk: { group, version, kind },
      from: old.spec?.replicas ?? 0,
      to: replicas,
      manager: context.fieldManager,
      now: backend.clock.now(),
    });
    return object;
  };
  const options = { subresource: '', managedFieldsDone: true };
  return scaleOf(update(backend, target, namespace, name, change, context, options));
}
