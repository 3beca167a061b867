import { configMapNames, secretNames } from '../../access/node-graph.ts';
import { equal } from '../../api/merge.ts';
import { notFoundError, type StatusError } from '../../api/status.ts';
import type { KubeObject, Node, PersistentVolumeClaim, Pod, Volume } from '../../api/types.ts';
import type { Reader } from '../../store/client.ts';

const MIRROR = 'kubernetes.io/config.mirror';

/** Volumes whose content comes from the API, by their kind and what to call it. */
const REFERENCES: readonly [keyof Volume, string][] = [
  ['configMap', 'configmaps (via configmap volumes)'],
  ['secret', 'secrets (via secret volumes)'],
  ['csi', 'csidrivers (via CSI volumes)'],
  ['glusterfs', 'endpoints (via glusterFS volumes)'],
  ['persistentVolumeClaim', 'persistentvolumeclaims'],
  ['ephemeral', 'persistentvolumeclaims (via ephemeral volumes)'],
  ['azureFile', 'secrets (via azureFile volumes)'],
];
type Source = NonNullable<NonNullable<Volume['projected']>['sources']>[number];
const PROJECTED: readonly [keyof Source, string][] = [
  ['configMap', 'configmaps (via projected volumes)'],
  ['secret', 'secrets (via projected volumes)'],
  ['serviceAccountToken', 'serviceaccounts (via projected volumes)'],
  ['clusterTrustBundle', 'clustertrustbundles'],
  ['podCertificate', 'podcertificates'],
];

/** The first thing of the API that a pod needs; undefined: none. */
function reference({ spec }: Pod): string | undefined {
  if (spec?.serviceAccountName) return 'serviceaccounts';
  if (secretNames(spec).length > 0) return 'secrets';
  if (configMapNames(spec).length > 0) return 'configmaps';
  if (spec?.resourceClaims?.length) return 'resourceclaims';
  for (const volume of spec?.volumes ?? []) {
    const found =
      REFERENCES.find(([kind]) => volume[kind] !== undefined) ??
      (volume.projected?.sources ?? []).flatMap((source) => {
        const one = PROJECTED.find(([kind]) => source[kind] !== undefined);
        return one ? [one] : [];
      })[0];
    if (found) return found[1];
  }
  return undefined;
}

export function podCreateProblem(node: string, pod: Pod, store: Reader): string | StatusError | undefined {
  if (pod.metadata.annotations?.[MIRROR] === undefined) {
    return `pod does not have "${MIRROR}" annotation, node "${node}" can only create mirror pods`;
  }
  if (pod.spec?.nodeName !== node) return `node "${node}" can only create pods with spec.nodeName set to itself`;
  const [owner, ...more] = pod.metadata.ownerReferences ?? [];
  if (more.length > 0) return `node "${node}" can only create pods with a single owner reference set to itself`;
  if (owner?.apiVersion !== 'v1' || owner.kind !== 'Node' || owner.name !== node) {
    return `node "${node}" can only create pods with an owner reference set to itself`;
  }
  if (!owner.controller) return `node "${node}" can only create pods with a controller owner reference set to itself`;
  if (owner.blockOwnerDeletion) return `node "${node}" must not set blockOwnerDeletion on an owner reference`;
  const object = store.get<Node>('nodes', '', node);
  if (!object) return notFoundError({ group: '', resource: 'node' }, node);
  const { uid = '' } = object.metadata;
  if (owner.uid !== uid) return `node ${node} UID mismatch: expected ${owner.uid} got ${uid}`;
  const needed = reference(pod);
  return needed === undefined ? undefined : `node "${node}" can not create pods that reference ${needed}`;
}

export function podStatusProblem(node: string, pod: Pod, old: Pod): string | undefined {
  if (old.spec?.nodeName !== node) {
    return `node "${node}" can only update pod status for pods with spec.nodeName set to itself`;
  }
  if (!equal(pod.metadata.labels ?? {}, old.metadata.labels ?? {})) {
    return `node "${node}" cannot update labels through pod status`;
  }
  if (!equal(pod.status?.resourceClaimStatuses ?? [], old.status?.resourceClaimStatuses ?? [])) {
    return `node "${node}" cannot update resource claim statues`;
  }
  return equal(pod.status?.extendedResourceClaimStatus ?? null, old.status?.extendedResourceClaimStatus ?? null)
    ? undefined
    : `node "${node}" cannot update extended resource claim status`;
}

export function claimStatusProblem(
  node: string,
  claim: KubeObject | undefined,
  old: KubeObject | undefined,
): string | undefined {
  const rest = (object: KubeObject | undefined) => {
    const { metadata, spec, status } = (object ?? {}) as PersistentVolumeClaim;
    const { managedFields: _fields, resourceVersion: _version, ...kept } = metadata;
    const {
      capacity: _capacity,
      conditions: _conditions,
      allocatedResources: _resources,
      allocatedResourceStatuses: _statuses,
      ...state
    } = status ?? {};
    return { metadata: kept, spec, status: state };
  };
  return equal(rest(claim), rest(old))
    ? undefined
    : `node "${node}" is not allowed to update fields other than status.quantity and status.conditions`;
}
