/** A pod's claims, and what has to happen to them before the pod can run on a node. */
import type { Node, PersistentVolume, PersistentVolumeClaim, Pod, StorageClass } from '../api/types.ts';
import {
  classOfClaim,
  compareSizes,
  findVolume,
  isBound,
  isDelayed,
  NO_PROVISIONER,
  reachableFrom,
  requestOf,
  SELECTED_NODE,
} from '../storage/matching.ts';
import type { Reader } from '../store/client.ts';
import { labelsOf } from './framework.ts';

export interface ClaimName {
  name: string;
  /** Made for this pod alone, from a template in it. */
  ephemeral: boolean;
}

/** Names of the claims a pod uses, generic ephemeral volumes' included. */
export const claimNamesOf = (pod: Pod): ClaimName[] =>
  (pod.spec?.volumes ?? []).flatMap((volume): ClaimName[] => {
    if (volume.persistentVolumeClaim) return [{ name: volume.persistentVolumeClaim.claimName, ephemeral: false }];
    return volume.ephemeral ? [{ name: `${pod.metadata.name}-${volume.name}`, ephemeral: true }] : [];
  });

export interface PodClaims {
  bound: PersistentVolumeClaim[];
  /** Should be bound by now, with or without the pod. */
  immediate: PersistentVolumeClaim[];
  /** Wait for the pod to get a node. */
  delayed: PersistentVolumeClaim[];
}

/** Claims that are not there are left out. */
export function claimsOf(pod: Pod, reader: Reader): PodClaims {
  const claims: PodClaims = { bound: [], immediate: [], delayed: [] };
  for (const { name } of claimNamesOf(pod)) {
    const claim = reader.get<PersistentVolumeClaim>('persistentvolumeclaims', pod.metadata.namespace ?? '', name);
    if (!claim) continue;
    if (isBound(claim)) claims.bound.push(claim);
    else if (isDelayed(claim, reader) && !claim.spec?.volumeName) claims.delayed.push(claim);
    else claims.immediate.push(claim);
  }
  return claims;
}

/** What binding on one node takes: volumes for claims, and claims to be provisioned there. */
export interface VolumePlan {
  bindings: { claim: PersistentVolumeClaim; volume: PersistentVolume }[];
  provisions: PersistentVolumeClaim[];
}

const NO_VOLUME = "node(s) didn't find available persistent volumes to bind";
const NODE_CONFLICT = "node(s) didn't match PersistentVolume's node affinity";
const VOLUME_GONE = 'node(s) unavailable due to one or more pvc(s) bound to non-existent pv(s)';

function boundReason(claims: readonly PersistentVolumeClaim[], node: Node, reader: Reader): string | undefined {
  for (const claim of claims) {
    const volume = reader.get<PersistentVolume>('persistentvolumes', '', claim.spec?.volumeName ?? '');
    if (!volume) return VOLUME_GONE;
    if (!reachableFrom(volume, node)) return NODE_CONFLICT;
  }
  return undefined;
}

function canProvision(claim: PersistentVolumeClaim, node: Node, reader: Reader): boolean {
  const storageClass = reader.get<StorageClass>('storageclasses.storage.k8s.io', '', classOfClaim(claim));
  if (!storageClass?.provisioner || storageClass.provisioner === NO_PROVISIONER) return false;
  const topologies = storageClass.allowedTopologies ?? [];
  return (
    topologies.length === 0 ||
    topologies.some((term) =>
      (term.matchLabelExpressions ?? []).every(({ key, values }) => values.includes(labelsOf(node)[key] ?? '')),
    )
  );
}

/** Smaller claims choose first, so that each gets the smallest volume that fits. Returns the reasons when the node won't do. */
export function planVolumes(claims: PodClaims, node: Node, reader: Reader): VolumePlan | string[] {
  const plan: VolumePlan = { bindings: [], provisions: [] };
  const searching: PersistentVolumeClaim[] = [];
  let elsewhere = false;
  for (const claim of claims.delayed) {
    const selected = claim.metadata.annotations?.[SELECTED_NODE];
    if (selected === undefined) searching.push(claim);
    else if (selected === node.metadata.name) plan.provisions.push(claim);
    else elsewhere = true;
  }
  const taken = new Set<string>();
  const volumes = reader.list<PersistentVolume>('persistentvolumes');
  for (const claim of searching.toSorted((a, b) => compareSizes(requestOf(a), requestOf(b)))) {
    const volume = findVolume(claim, volumes, { node, delayed: true, taken });
    if (volume) {
      taken.add(volume.metadata.name);
      plan.bindings.push({ claim, volume });
    } else plan.provisions.push(claim);
  }
  const unsatisfied = elsewhere || plan.provisions.some((claim) => !canProvision(claim, node, reader));
  const conflict = boundReason(claims.bound, node, reader);
  const reasons = [
    ...(conflict === NODE_CONFLICT ? [NODE_CONFLICT] : []),
    ...(unsatisfied ? [NO_VOLUME] : []),
    ...(conflict === VOLUME_GONE ? [VOLUME_GONE] : []),
  ];
  return reasons.length > 0 ? reasons : plan;
}
