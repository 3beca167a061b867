/** The writes of the volume binder. Each returns the object as it is stored afterwards. */
import { equal } from '../../api/merge.ts';
import type { PersistentVolume, PersistentVolumeClaim } from '../../api/types.ts';
import type { ControllerContext } from '../controller.ts';
import {
  BIND_COMPLETED,
  BOUND_BY_CONTROLLER,
  capacityOf,
  compareSizes,
  hasAnnotation,
  pointedAt,
} from '../../storage/matching.ts';
import { parseQuantity } from '../../api/quantity.ts';

export const COMPONENT = 'persistentvolume-controller';
const CLAIMS = 'persistentvolumeclaims';
const VOLUMES = 'persistentvolumes';

export type ClaimPhase = 'Pending' | 'Bound' | 'Lost';
export type VolumePhase = 'Available' | 'Bound' | 'Released' | 'Failed';

/** Whom and what an event of the binder is about; it says nothing about how often. */
export const tell = (
  { events }: ControllerContext,
  regarding: PersistentVolume | PersistentVolumeClaim,
  type: 'Normal' | 'Warning',
  reason: string,
  message: string,
): void => events.event(COMPONENT, { regarding, type, reason, message });

/** With a volume the status shows what the volume offers, else nothing. */
export function setClaimPhase(
  claim: PersistentVolumeClaim,
  phase: ClaimPhase,
  volume: PersistentVolume | undefined,
  { client }: ControllerContext,
): PersistentVolumeClaim {
  const { accessModes: _, capacity, currentVolumeAttributesClassName, ...rest } = claim.status ?? {};
  const status: NonNullable<PersistentVolumeClaim['status']> = { ...rest, phase };
  if (volume) {
    if (volume.spec?.accessModes) status.accessModes = volume.spec.accessModes;
    // an expanded claim's capacity is left to those who expand it
    const shown = capacity?.['storage'] === undefined ? undefined : parseQuantity(capacity['storage']);
    const stale = !shown || compareSizes(shown, capacityOf(volume)) !== 0;
    const next = claim.status?.phase !== phase && stale ? volume.spec?.capacity : capacity;
    if (next) status.capacity = next;
    const attributes =
      claim.status?.phase === 'Pending' && phase === 'Bound'
        ? volume.spec?.volumeAttributesClassName
        : currentVolumeAttributesClassName;
    if (attributes) status.currentVolumeAttributesClassName = attributes;
  }
  return equal(status, claim.status) ? claim : client.updateStatus(CLAIMS, { ...claim, status });
}

export function setVolumePhase(
  volume: PersistentVolume,
  phase: VolumePhase,
  { client }: ControllerContext,
  message = '',
): PersistentVolume {
  if (volume.status?.phase === phase) return volume;
  const { message: _, ...rest } = volume.status ?? {};
  return client.updateStatus(VOLUMES, {
    ...volume,
    status: { ...rest, phase, ...(message === '' ? {} : { message }) },
  });
}

/** The claim naming the volume and marked as done. */
function nameVolume(
  claim: PersistentVolumeClaim,
  volume: PersistentVolume,
  { client }: ControllerContext,
): PersistentVolumeClaim {
  const named = claim.spec?.volumeName === volume.metadata.name;
  if (named && hasAnnotation(claim, BIND_COMPLETED)) return claim;
  const annotations: Record<string, string> = { ...claim.metadata.annotations, [BIND_COMPLETED]: 'yes' };
  if (!named) annotations[BOUND_BY_CONTROLLER] = 'yes';
  return client.update(CLAIMS, {
    ...claim,
    metadata: { ...claim.metadata, annotations },
    spec: { ...claim.spec, volumeName: volume.metadata.name },
  });
}

/** Both ends, then both statuses: volume first, so that a claim never looks bound to a volume that is not. */
export function bind(volume: PersistentVolume, claim: PersistentVolumeClaim, context: ControllerContext): void {
  const pointed = pointedAt(volume, claim);
  const held = pointed ? context.client.update<PersistentVolume>(VOLUMES, pointed) : volume;
  const bound = setVolumePhase(held, 'Bound', context);
  setClaimPhase(nameVolume(claim, bound, context), 'Bound', bound, context);
}

/** Frees a volume whose claim went elsewhere. One reserved by a user stays reserved. */
export function unbind(volume: PersistentVolume, context: ControllerContext): void {
  const next = structuredClone(volume);
  if (hasAnnotation(volume, BOUND_BY_CONTROLLER)) {
    delete next.spec?.claimRef;
    delete next.metadata.annotations?.[BOUND_BY_CONTROLLER];
    if (Object.keys(next.metadata.annotations ?? {}).length === 0) delete next.metadata.annotations;
  } else delete next.spec?.claimRef?.uid;
  setVolumePhase(context.client.update(VOLUMES, next), 'Available', context);
}
