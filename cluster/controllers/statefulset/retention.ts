/** Who a pod's claims die with, as the set's retention policy says. */
import type { KubeObject, OwnerReference, PersistentVolumeClaim, Pod, StatefulSet } from '../../api/types.ts';
import { controllerRef } from '../pod-control.ts';
import { isInRange } from './identity.ts';

const policyOf = (set: StatefulSet) => {
  const { whenDeleted = 'Retain', whenScaled = 'Retain' } = set.spec?.persistentVolumeClaimRetentionPolicy ?? {};
  return { whenDeleted, whenScaled };
};

/** Names the owner, be it by this uid or by an earlier one. */
const names = (reference: OwnerReference, owner: KubeObject): boolean =>
  reference.apiVersion === owner.apiVersion && reference.kind === owner.kind && reference.name === owner.metadata.name;
const ownersOf = (claim: PersistentVolumeClaim): readonly OwnerReference[] => claim.metadata.ownerReferences ?? [];
const isOwnedBy = (claim: PersistentVolumeClaim, owner: KubeObject): boolean =>
  ownersOf(claim).some(({ uid }) => uid === owner.metadata.uid);

/** The claim belongs to an owner of that name that is gone. */
const isStale = (claim: PersistentVolumeClaim, owner: KubeObject): boolean => {
  const reference = ownersOf(claim).find((one) => names(one, owner));
  return reference !== undefined && reference.uid !== owner.metadata.uid;
};

/** A claim of an earlier pod of this name that was scaled away goes first: the new pod waits for it. */
export const blocksCreation = (claim: PersistentVolumeClaim, set: StatefulSet, pod: Pod): boolean =>
  policyOf(set).whenScaled !== 'Retain' && isStale(claim, pod);

/** Somebody else controls the claim: the policy then does not apply to it. */
export function isControlledByOther(claim: PersistentVolumeClaim, set: StatefulSet, pod: Pod): boolean {
  const { whenDeleted, whenScaled } = policyOf(set);
  if (whenScaled === 'Retain' && whenDeleted === 'Retain') return false;
  return ownersOf(claim).some((reference) => {
    for (const owner of [set, pod]) if (names(reference, owner)) return reference.uid !== owner.metadata.uid;
    return reference.controller === true;
  });
}

/** Which of the two should own the claim now. */
function wantedOwner(set: StatefulSet, pod: Pod): KubeObject | undefined {
  const { whenDeleted, whenScaled } = policyOf(set);
  if (whenScaled === 'Delete' && !isInRange(set, pod)) return pod;
  return whenDeleted === 'Delete' ? set : undefined;
}

export function isUpToDate(claim: PersistentVolumeClaim, set: StatefulSet, pod: Pod): boolean {
  if (isStale(claim, set) || isStale(claim, pod)) return true;
  if (isControlledByOther(claim, set, pod)) return !isOwnedBy(claim, set) && !isOwnedBy(claim, pod);
  const own = ownersOf(claim).filter(({ uid }) => uid === set.metadata.uid || uid === pod.metadata.uid);
  if (own.some(({ controller }) => controller !== true)) return false;
  const wanted = wantedOwner(set, pod);
  return isOwnedBy(claim, set) === (wanted === set) && isOwnedBy(claim, pod) === (wanted === pod);
}

export function ownersFor(claim: PersistentVolumeClaim, set: StatefulSet, pod: Pod): OwnerReference[] {
  const others = ownersOf(claim).filter((reference) => !names(reference, set) && !names(reference, pod));
  const wanted = isControlledByOther(claim, set, pod) ? undefined : wantedOwner(set, pod);
  return wanted === undefined ? others : [...others, controllerRef(wanted)];
}
