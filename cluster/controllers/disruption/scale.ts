/** How many pods the owner of a pod wants: what a budget's percentage is of. */
import { controllerOf } from '../../api/pods.ts';
import { StatusError } from '../../api/status.ts';
import type { Deployment, KubeObject, OwnerReference, ReplicaSet } from '../../api/types.ts';
import { customResources } from '../../custom-resources/index.ts';
import { getCustomScale } from '../../custom-resources/scale.ts';
import { resourceName } from '../../schema/resources.ts';
import type { Reader, ResourceName } from '../../store/client.ts';

export interface Scale {
  uid: string;
  replicas: number;
}

/** Kinds that the controller knows by itself, with the groups they may be named by. */
const KNOWN: Record<string, { resource: ResourceName; groups: readonly string[] }> = {
  ReplicationController: { resource: 'replicationcontrollers', groups: [''] },
  ReplicaSet: { resource: 'replicasets.apps', groups: ['apps', 'extensions'] },
  StatefulSet: { resource: 'statefulsets.apps', groups: ['apps'] },
};
const DEPLOYMENTS = 'deployments.apps';

const groupOf = (apiVersion: string): string => (apiVersion.includes('/') ? (apiVersion.split('/')[0] ?? '') : '');

/** undefined: there is no such owner. A text says why it can't be told. */
export function scaleOf(store: Reader, owner: OwnerReference, namespace: string): Scale | string | undefined {
  const group = groupOf(owner.apiVersion);
  const known = KNOWN[owner.kind];
  if (!known?.groups.includes(group)) return scaleByResource(store, owner, group, namespace);
  const object = store.get<ReplicaSet>(known.resource, namespace, owner.name);
  if (object === undefined || object.metadata.uid !== owner.uid) return undefined;
  const parent = owner.kind === 'ReplicaSet' ? controllerOf(object) : undefined;
  if (parent?.kind !== 'Deployment') return { uid: owner.uid, replicas: object.spec?.replicas ?? 1 };
  const deployment = store.get<Deployment>(DEPLOYMENTS, namespace, parent.name);
  if (deployment === undefined || deployment.metadata.uid !== parent.uid) return undefined;
  return { uid: parent.uid, replicas: deployment.spec?.replicas ?? 1 };
}

/** By the scale subresource, as any other owner. */
function scaleByResource(
  store: Reader,
  { kind, apiVersion, name, uid }: OwnerReference,
  group: string,
  namespace: string,
): Scale | string | undefined {
  const custom = customResources(store);
  const info = custom.all.find((one) => one.kind === kind && one.group === group);
  if (info === undefined) return `no matches for kind ${JSON.stringify(kind)} in version ${JSON.stringify(apiVersion)}`;
  const resource = resourceName(info);
  const paths = custom.byName.get(resource)?.scale;
  if (resource !== DEPLOYMENTS && paths === undefined) return `${resource} does not implement the scale subresource`;
  const object = store.get<KubeObject>(resource, namespace, name);
  if (object === undefined || object.metadata.uid !== uid) return undefined;
  if (paths === undefined) return { uid, replicas: (object as Deployment).spec?.replicas ?? 1 };
  try {
    return { uid, replicas: getCustomScale(object, paths).spec?.replicas ?? 0 };
  } catch (error) {
    if (error instanceof StatusError) return error.message;
    throw error;
  }
}
