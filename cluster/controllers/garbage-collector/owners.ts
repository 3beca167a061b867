/** Who owns what: owner references looked up in the store. */
import type { KubeObject, OwnerReference } from '../../api/types.ts';
import { groupVersion, resourceName, resources, type ResourceInfo } from '../../schema/resources.ts';
import { customResources } from '../../custom-resources/index.ts';
import type { Reader, ResourceName } from '../../store/client.ts';

/** By apiVersion and kind, as owner references name them. */
const byKind = new Map<string, ResourceInfo>(
  resources.map((info) => [`${groupVersion(info)}/${info.kind}`, info] as const),
);
const groupKind = (apiVersion: string, kind: string) =>
  `${apiVersion.includes('/') ? apiVersion.split('/')[0] : ''}/${kind}`;
/** An older version of a group still names the same kind. */
const byGroupKind = new Map<string, ResourceInfo>(
  resources.map((info) => [`${info.group}/${info.kind}`, info] as const),
);

/** Events are by far the most numerous, own nothing and are owned by nobody. */
const NEITHER = new Set<ResourceName>(['events', 'events.events.k8s.io']);
export const OWNABLE: readonly ResourceName[] = [
  ...new Set(
    resources.filter((info) => info.verbs.includes('delete') && info.verbs.includes('list')).map(resourceName),
  ),
].filter((resource) => !NEITHER.has(resource));

export const infoOf = (store: Reader, reference: { apiVersion: string; kind: string }): ResourceInfo | undefined =>
  byKind.get(`${reference.apiVersion}/${reference.kind}`) ??
  byGroupKind.get(groupKind(reference.apiVersion, reference.kind)) ??
  customInfo(store, reference);

function customInfo(
  store: Reader,
  { apiVersion, kind }: { apiVersion: string; kind: string },
): ResourceInfo | undefined {
  const group = apiVersion.split('/')[0];
  return [...customResources(store).byName.values()].find(({ info }) => info.group === group && info.kind === kind)
    ?.info;
}

/** 'unknown': the reference says nothing that can be looked up, so nothing may follow from it. */
export function ownerOf(
  store: Reader,
  dependent: KubeObject,
  reference: OwnerReference,
): KubeObject | 'absent' | 'unknown' {
  const info = infoOf(store, reference);
  const namespace = dependent.metadata.namespace ?? '';
  if (info === undefined || (info.namespaced && namespace === '')) return 'unknown';
  const owner = store.get(resourceName(info), info.namespaced ? namespace : '', reference.name);
  return owner !== undefined && owner.metadata.uid === reference.uid ? owner : 'absent';
}

export interface Dependent {
  resource: ResourceName;
  object: KubeObject;
  blocks: boolean;
}

/** All objects that name this uid as an owner. */
export function dependentsOf(store: Reader, uid: string, namespace: string): Dependent[] {
  const found: Dependent[] = [];
  for (const resource of [...OWNABLE, ...customResources(store).byName.keys()]) {
    for (const object of store.list(resource, namespace)) {
      const reference = object.metadata.ownerReferences?.find((one) => one.uid === uid);
      if (reference) found.push({ resource, object, blocks: reference.blockOwnerDeletion === true });
    }
  }
  return found;
}
