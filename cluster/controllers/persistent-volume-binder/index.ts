/**
 * Brings claims and volumes together and looks after volumes whose claim is gone. Keys: `claim namespace/name`, `volume name`,
 * `event namespace/name` of a pod that empties a volume and `gone name` of a volume whose such pod went away.
 */
import type { Event, PersistentVolume, PersistentVolumeClaim } from '../../api/types.ts';
import { namespacedKey, splitKey, type Change, type Controller } from '../controller.ts';
import { syncClaim } from './claims.ts';
import { PROVISIONER_ANNOTATIONS } from '../../storage/matching.ts';
import { recycledBy, repeatEvent } from './recycling.ts';
import { recyclerGone, syncVolume } from './volumes.ts';

const CLAIM = 'claim ';
const VOLUME = 'volume ';
const EVENT = 'event ';
const GONE = 'gone ';

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

function podChanged({ type, object }: Change): readonly string[] {
  const volume = recycledBy(object.metadata.namespace, object.metadata.name);
  if (volume === undefined) return [];
  return type === 'DELETED' ? [GONE + volume] : [VOLUME + volume];
}

function eventTold({ type, object }: Change): readonly string[] {
  const { involvedObject, metadata } = object as Event;
  if (type !== 'ADDED' || involvedObject.kind !== 'Pod') return [];
  return recycledBy(metadata.namespace, involvedObject.name) === undefined ? [] : [EVENT + namespacedKey(object)];
}

export const persistentVolumeBinder: Controller = {
  name: 'persistent-volume-binder',
  watches: {
    persistentvolumes: volumeChanged,
    persistentvolumeclaims: claimChanged,
    pods: podChanged,
    events: eventTold,
  },
  reconcile(key, context) {
    const { client } = context;
    const volumeNamed = (name: string | undefined) =>
      name === undefined ? undefined : client.get<PersistentVolume>('persistentvolumes', '', name);
    if (key.startsWith(EVENT)) {
      const { namespace, name } = splitKey(key.slice(EVENT.length));
      const event = client.get<Event>('events', namespace, name);
      const volume = event && volumeNamed(recycledBy(namespace, event.involvedObject.name));
      return event && volume && repeatEvent(event, volume, context);
    }
    if (key.startsWith(GONE)) {
      const volume = volumeNamed(key.slice(GONE.length));
      return volume && recyclerGone(volume, context);
    }
    if (key.startsWith(VOLUME)) {
      const volume = volumeNamed(key.slice(VOLUME.length));
      return volume && syncVolume(volume, context);
    }
    const { namespace, name } = splitKey(key.slice(CLAIM.length));
    const claim = client.get<PersistentVolumeClaim>('persistentvolumeclaims', namespace, name);
    return claim && syncClaim(claim, context);
  },
};
