/**
 * Brings claims and volumes together and looks after volumes whose claim is gone. Keys: `claim namespace/name` and
 * `volume name`.
 */
import type { PersistentVolume, PersistentVolumeClaim } from '../../api/types.ts';
import { namespacedKey, splitKey, type Change, type Controller } from '../controller.ts';
import { syncClaim } from './claims.ts';
import { PROVISIONER_ANNOTATIONS } from '../../storage/matching.ts';
import { syncVolume } from './volumes.ts';

const CLAIM = 'claim ';
const VOLUME = 'volume ';

/** Our own note about who provisions: nothing to look at again. */
const isOurNote = ({ object, old }: Change): boolean => {
  const [, annotation] = PROVISIONER_ANNOTATIONS;
  return (
    old !== undefined &&
    object.metadata.annotations?.[annotation] !== undefined &&
    old.metadata.annotations?.[annotation] === undefined
  );
};

function claimChanged(change: Change): readonly string[] {
  const claim = change.object as PersistentVolumeClaim;
  if (change.type === 'DELETED') {
    const volume = claim.spec?.volumeName;
    return volume ? [VOLUME + volume] : [];
  }
  return isOurNote(change) ? [] : [CLAIM + namespacedKey(claim)];
}

function volumeChanged({ type, object, old }: Change): readonly string[] {
  const volume = object as PersistentVolume;
  const ref = volume.spec?.claimRef;
  const claim = ref ? [`${CLAIM}${ref.namespace ?? ''}/${ref.name ?? ''}`] : [];
  if (type === 'DELETED') return claim;
  const own = VOLUME + volume.metadata.name;
  // a volume newly meant for a claim by its uid brings the claim here, too
  const before = old && (old as PersistentVolume).spec?.claimRef?.uid;
  return ref?.uid && ref.uid !== before ? [own, ...claim] : [own];
}

export const persistentVolumeBinder: Controller = {
  name: 'persistent-volume-binder',
  watches: { persistentvolumes: volumeChanged, persistentvolumeclaims: claimChanged },
  reconcile(key, context) {
    const { client } = context;
    if (key.startsWith(VOLUME)) {
      const volume = client.get<PersistentVolume>('persistentvolumes', '', key.slice(VOLUME.length));
      return volume && syncVolume(volume, context);
    }
    const { namespace, name } = splitKey(key.slice(CLAIM.length));
    const claim = client.get<PersistentVolumeClaim>('persistentvolumeclaims', namespace, name);
    return claim && syncClaim(claim, context);
  },
};
