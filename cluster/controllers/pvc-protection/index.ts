/** Keeps a claim that is being deleted until no pod that has a node uses it. */
import type { PersistentVolumeClaim, Pod } from '../../api/types.ts';
import { isTerminal } from '../../api/pods.ts';
import { namespacedKey, splitKey, type Change, type Controller } from '../controller.ts';

const FINALIZER = 'kubernetes.io/pvc-protection';

/** Ephemeral volumes of a pod whose containers have stopped no longer count. */
function uses(pod: Pod, { metadata }: PersistentVolumeClaim): boolean {
  if (!pod.spec?.nodeName) return false;
  const stopped = pod.metadata.deletionTimestamp !== undefined && pod.metadata.deletionGracePeriodSeconds === 0;
  return (pod.spec.volumes ?? []).some(
    ({ name, persistentVolumeClaim, ephemeral }) =>
      persistentVolumeClaim?.claimName === metadata.name ||
      (!stopped &&
        ephemeral !== undefined &&
        `${pod.metadata.name}-${name}` === metadata.name &&
        metadata.ownerReferences?.some(({ uid }) => uid === pod.metadata.uid)),
  );
}

/** A pod that runs keeps its claims; only its end can free them. */
function podChanged({ type, object }: Change): readonly string[] {
  const pod = object as Pod;
  if (type !== 'DELETED' && pod.spec?.nodeName && !isTerminal(pod)) return [];
  return (pod.spec?.volumes ?? []).flatMap(({ name, persistentVolumeClaim, ephemeral }) => {
    const claim = persistentVolumeClaim?.claimName ?? (ephemeral && `${pod.metadata.name}-${name}`);
    return claim ? [`${pod.metadata.namespace ?? ''}/${claim}`] : [];
  });
}

export const pvcProtection: Controller = {
  name: 'pvc-protection-controller',
  watches: { persistentvolumeclaims: ({ object }) => [namespacedKey(object)], pods: podChanged },
  reconcile(key, { client }) {
    const { namespace, name } = splitKey(key);
    const claim = client.get<PersistentVolumeClaim>('persistentvolumeclaims', namespace, name);
    if (!claim) return;
    const finalizers = claim.metadata.finalizers ?? [];
    const guarded = finalizers.includes(FINALIZER);
    const leaving = claim.metadata.deletionTimestamp !== undefined;
    const write = (next: string[]) =>
      client.update('persistentvolumeclaims', { ...claim, metadata: { ...claim.metadata, finalizers: next } });
    if (!leaving && !guarded) write([...finalizers, FINALIZER]);
    else if (leaving && guarded && !client.list<Pod>('pods', namespace).some((pod) => uses(pod, claim))) {
      write(finalizers.filter((one) => one !== FINALIZER));
    }
  },
};
