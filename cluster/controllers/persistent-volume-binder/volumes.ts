/** What to do about a volume. */
import { isTerminal } from '../../api/pods.ts';
import type { PersistentVolume, PersistentVolumeClaim, Pod } from '../../api/types.ts';
import type { Again, ControllerContext } from '../controller.ts';
import { nextRound } from './claims.ts';
import { hasAnnotation, PROVISIONED_BY, sameVolumeMode } from '../../storage/matching.ts';
import { recycleByPod } from './recycling.ts';
import { setVolumePhase, tell, unbind } from './writing.ts';

function failed(volume: PersistentVolume, reason: string, message: string, context: ControllerContext): void {
  if (volume.status?.phase === 'Failed') return;
  tell(context, setVolumePhase(volume, 'Failed', context, message), 'Warning', reason, message);
}

/** Which pods that have not ended use the volume's claim, or one of the same name. */
function users({ spec }: PersistentVolume, { client }: ControllerContext): string[] {
  const { namespace = '', name } = spec?.claimRef ?? {};
  return client
    .list<Pod>('pods', namespace)
    .filter(
      (pod) =>
        !isTerminal(pod) &&
        (pod.spec?.volumes ?? []).some((volume) => volume.persistentVolumeClaim?.claimName === name),
    )
    .map((pod) => `${namespace}/${pod.metadata.name}`);
}

function recycle(volume: PersistentVolume, context: ControllerContext): Again {
  const again = nextRound(context);
  const { namespace = '', name = '' } = volume.spec?.claimRef ?? {};
  const pods = users(volume, context);
  // a claim of the same name has another volume: then the pods use that
  if (pods.length > 0 && !context.client.get('persistentvolumeclaims', namespace, name)) {
    tell(context, volume, 'Normal', 'VolumeFailedRecycle', `Volume is used by pods: ${pods.join(',')}`);
    return again;
  }
  if (!volume.spec?.hostPath && !volume.spec?.nfs) {
    failed(volume, 'VolumeFailedRecycle', 'No recycler plugin found for the volume!', context);
    return again;
  }
  const problem = recycleByPod(volume, context);
  if (problem === undefined) return undefined;
  failed(volume, 'VolumeFailedRecycle', `Recycle failed: ${problem}`, context);
  return again;
}

/** The pod that was emptying the volume went away before it had finished. */
export function recyclerGone(volume: PersistentVolume, context: ControllerContext): Again {
  if (volume.status?.phase !== 'Released' || volume.spec?.persistentVolumeReclaimPolicy !== 'Recycle') return undefined;
  const message = 'Recycle failed: failed to recycle volume: recycler pod was deleted';
  failed(volume, 'VolumeFailedRecycle', message, context);
  return nextRound(context);
}

const HOST_PATH_DELETABLE = /^\/tmp\/.+/;

/** Made by hand, only a directory under /tmp can be deleted; what a driver made, the driver deletes. */
function deleteVolume(volume: PersistentVolume, context: ControllerContext): void {
  if (hasAnnotation(volume, PROVISIONED_BY) || volume.spec?.csi) return;
  const path = volume.spec?.hostPath?.path;
  if (path === undefined) {
    const name = JSON.stringify(volume.metadata.name);
    const { nfs, fc, iscsi } = volume.spec ?? {};
    const none = (nfs ?? fc ?? iscsi) ? 'no deletable volume plugin matched' : 'no volume plugin matched';
    const message = `error getting deleter volume plugin for volume ${name}: ${none}`;
    failed(volume, 'VolumeFailedDelete', message, context);
  } else if (HOST_PATH_DELETABLE.test(path)) context.client.delete('persistentvolumes', '', volume.metadata.name);
  else {
    const message = `host_path deleter only supports /tmp/.+ but received provided ${path}`;
    failed(volume, 'VolumeFailedDelete', message, context);
  }
}

function reclaim(volume: PersistentVolume, context: ControllerContext): Again {
  switch (volume.spec?.persistentVolumeReclaimPolicy) {
    case 'Retain':
      return undefined;
    case 'Recycle':
      return recycle(volume, context);
    case 'Delete':
      deleteVolume(volume, context);
      return undefined;
    default: {
      const message = 'Volume has unrecognized PersistentVolumeReclaimPolicy';
      failed(volume, 'VolumeUnknownReclaimPolicy', message, context);
      return undefined;
    }
  }
}

function release(volume: PersistentVolume, context: ControllerContext): Again {
  const { phase } = volume.status ?? {};
  const released = phase === 'Released' || phase === 'Failed' ? volume : setVolumePhase(volume, 'Released', context);
  return reclaim(released, context);
}

function tellModes(volume: PersistentVolume, claim: PersistentVolumeClaim, context: ControllerContext): void {
  const why = 'due to incompatible volumeMode.';
  const claimName = JSON.stringify(claim.metadata.name);
  const volumeName = JSON.stringify(volume.metadata.name);
  const ofVolume = `Cannot bind PersistentVolume to requested PersistentVolumeClaim ${claimName} ${why}`;
  const ofClaim = `Cannot bind PersistentVolume ${volumeName} to requested PersistentVolumeClaim ${why}`;
  tell(context, volume, 'Warning', 'VolumeMismatch', ofVolume);
  tell(context, claim, 'Warning', 'VolumeMismatch', ofClaim);
}

export function syncVolume(volume: PersistentVolume, context: ControllerContext): Again {
  const ref = volume.spec?.claimRef;
  if (!ref?.uid) {
    setVolumePhase(volume, 'Available', context);
    return undefined;
  }
  const found = context.client.get<PersistentVolumeClaim>(
    'persistentvolumeclaims',
    ref.namespace ?? '',
    ref.name ?? '',
  );
  const claim = found?.metadata.uid === ref.uid ? found : undefined;
  if (!claim) return release(volume, context);
  const wanted = claim.spec?.volumeName ?? '';
  if (wanted === '') {
    // the claim itself is woken by the same change, and takes the volume
    if (!sameVolumeMode(claim, volume)) tellModes(volume, claim, context);
  } else if (wanted === volume.metadata.name) setVolumePhase(volume, 'Bound', context);
  else if (hasAnnotation(volume, PROVISIONED_BY) && volume.spec?.persistentVolumeReclaimPolicy === 'Delete') {
    return release(volume, context);
  } else unbind(volume, context);
  return undefined;
}
