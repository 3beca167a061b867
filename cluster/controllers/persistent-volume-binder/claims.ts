/** What to do about a claim. */
import { isTerminal } from '../../api/pods.ts';
import type { Namespace, PersistentVolume, PersistentVolumeClaim, Pod, StorageClass } from '../../api/types.ts';
import type { Reader } from '../../store/client.ts';
import type { Again, ControllerContext } from '../controller.ts';
import {
  attributesClassOf,
  BIND_COMPLETED,
  BOUND_BY_CONTROLLER,
  capacityOf,
  claimNamesClass,
  classOfClaim,
  classOfVolume,
  compareSizes,
  findBestVolume,
  hasAccessModes,
  hasAnnotation,
  isDelayed,
  isMeantFor,
  requestOf,
  sameVolumeMode,
  SELECTED_NODE,
} from '../../storage/matching.ts';
import { provision } from './provisioning.ts';
import { bind, setClaimPhase, tell } from './writing.ts';

/** Milliseconds: what could not be done is tried again each time this has passed; new volumes alone wake no claim. */
const RESYNC_MS = 15 * 1000;
/** Milliseconds before the cluster was ready that its volume controller started. */
const STARTED_BEFORE_MS = 1000;

/** All claims and volumes are looked at in one round, counted from the controller's start, not from each one's own failure. */
export function nextRound({ client, clock }: ControllerContext): { afterMs: number } {
  const { creationTimestamp } = client.get<Namespace>('namespaces', '', 'kube-system')?.metadata ?? {};
  const started = creationTimestamp === undefined ? clock.now() : Date.parse(creationTimestamp) - STARTED_BEFORE_MS;
  return { afterMs: RESYNC_MS - ((clock.now() - started) % RESYNC_MS) };
}
const DEFAULT_CLASS = [
  'storageclass.kubernetes.io/is-default-class',
  'storageclass.beta.kubernetes.io/is-default-class',
];

/** The class for claims that name none: of several the newest, then the first by name. */
export function defaultClass(reader: Reader): StorageClass | undefined {
  const isDefault = ({ metadata }: StorageClass) =>
    DEFAULT_CLASS.some((name) => metadata.annotations?.[name] === 'true');
  const age = ({ metadata }: StorageClass) => Date.parse(metadata.creationTimestamp ?? '') || 0;
  return reader
    .list<StorageClass>('storageclasses.storage.k8s.io')
    .filter(isDefault)
    .toSorted((a, b) => age(b) - age(a))[0];
}

/** Why the volume that the claim asks for by name won't do. */
function misfit(volume: PersistentVolume, claim: PersistentVolumeClaim): string | undefined {
  if (volume.metadata.deletionTimestamp)
    return `the volume is marked for deletion ${JSON.stringify(volume.metadata.name)}`;
  if (compareSizes(capacityOf(volume), requestOf(claim)) < 0) return 'requested PV is too small';
  if (classOfVolume(volume) !== classOfClaim(claim)) return 'storageClassName does not match';
  if (attributesClassOf(volume) !== attributesClassOf(claim)) return 'volumeAttributesClassName does not match';
  if (!sameVolumeMode(claim, volume)) return 'incompatible volumeMode';
  return hasAccessModes(claim, volume) ? undefined : 'incompatible accessMode';
}

function tellWaiting(claim: PersistentVolumeClaim, context: ControllerContext): void {
  const pods = context.client
    .list<Pod>('pods', claim.metadata.namespace)
    .filter(
      (pod) =>
        !isTerminal(pod) &&
        !pod.spec?.nodeName &&
        (pod.spec?.volumes ?? []).some(
          ({ name, persistentVolumeClaim, ephemeral }) =>
            (persistentVolumeClaim?.claimName ?? (ephemeral && `${pod.metadata.name}-${name}`)) === claim.metadata.name,
        ),
    )
    .map((pod) => pod.metadata.name);
  if (pods.length === 0) {
    tell(context, claim, 'Normal', 'WaitForFirstConsumer', 'waiting for first consumer to be created before binding');
    return;
  }
  const which = pods.length > 1 ? `pods ${pods.join(',')}` : `pod ${pods[0]}`;
  tell(context, claim, 'Normal', 'WaitForPodScheduled', `waiting for ${which} to be scheduled`);
}

/** A claim that asks for no volume in particular. */
function searchVolume(claim: PersistentVolumeClaim, context: ControllerContext): Again {
  const { client } = context;
  const delayed = isDelayed(claim, client);
  const volume = findBestVolume(claim, client.list<PersistentVolume>('persistentvolumes'), delayed);
  if (volume) {
    bind(volume, claim, context);
    return undefined;
  }
  const fallback = claimNamesClass(claim) ? undefined : defaultClass(client);
  if (fallback) {
    // the change brings the claim back here, with its class
    const spec = { ...claim.spec, storageClassName: fallback.metadata.name };
    client.update<PersistentVolumeClaim>('persistentvolumeclaims', { ...claim, spec });
    return undefined;
  }
  if (delayed && !hasAnnotation(claim, SELECTED_NODE)) tellWaiting(claim, context);
  else if (classOfClaim(claim) !== '') {
    provision(claim, context);
    return nextRound(context);
  } else {
    const message = 'no persistent volumes available for this claim and no storage class is set';
    tell(context, claim, 'Normal', 'FailedBinding', message);
  }
  setClaimPhase(claim, 'Pending', undefined, context);
  return nextRound(context);
}

function takeNamedVolume(claim: PersistentVolumeClaim, context: ControllerContext): Again {
  const volume = context.client.get<PersistentVolume>('persistentvolumes', '', claim.spec?.volumeName ?? '');
  const again = nextRound(context);
  if (volume && isMeantFor(volume, claim)) {
    bind(volume, claim, context);
    return undefined;
  }
  if (volume?.spec?.claimRef) {
    const name = JSON.stringify(volume.metadata.name);
    tell(context, claim, 'Warning', 'FailedBinding', `volume ${name} already bound to a different claim.`);
    if (!hasAnnotation(claim, BOUND_BY_CONTROLLER)) setClaimPhase(claim, 'Pending', undefined, context);
    return again;
  }
  const problem = volume && misfit(volume, claim);
  if (volume && problem === undefined) {
    bind(volume, claim, context);
    return undefined;
  }
  if (volume) {
    const message = `Cannot bind to requested volume ${JSON.stringify(volume.metadata.name)}: ${problem}`;
    tell(context, claim, 'Warning', 'VolumeMismatch', message);
  }
  setClaimPhase(claim, 'Pending', undefined, context);
  return again;
}

function lose(claim: PersistentVolumeClaim, reason: string, message: string, context: ControllerContext): void {
  if (claim.status?.phase === 'Lost') return;
  tell(context, setClaimPhase(claim, 'Lost', undefined, context), 'Warning', reason, message);
}

/** A claim that was bound once and should still be. One that is lost is looked at again: its volume may come back. */
function checkBound(claim: PersistentVolumeClaim, context: ControllerContext): Again {
  const name = claim.spec?.volumeName ?? '';
  const volume = context.client.get<PersistentVolume>('persistentvolumes', '', name);
  const lost = 'Data on the volume is lost!';
  if (name === '') lose(claim, 'ClaimLost', `Bound claim has lost reference to PersistentVolume. ${lost}`, context);
  else if (!volume) lose(claim, 'ClaimLost', `Bound claim has lost its PersistentVolume. ${lost}`, context);
  else if (!volume.spec?.claimRef || volume.spec.claimRef.uid === claim.metadata.uid) {
    bind(volume, claim, context);
    return undefined;
  } else {
    const message = 'Two claims are bound to the same volume, this one is bound incorrectly';
    lose(claim, 'ClaimMisbound', message, context);
  }
  return nextRound(context);
}

export function syncClaim(claim: PersistentVolumeClaim, context: ControllerContext): Again {
  if (hasAnnotation(claim, BIND_COMPLETED)) return checkBound(claim, context);
  return claim.spec?.volumeName ? takeNamedVolume(claim, context) : searchVolume(claim, context);
}
