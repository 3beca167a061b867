/** Keeps a volume that is being deleted for as long as it is bound. */
import type { PersistentVolume } from '../../api/types.ts';
import type { Controller } from '../controller.ts';

const FINALIZER = 'kubernetes.io/pv-protection';

export const pvProtection: Controller = {
  name: 'pv-protection-controller',
  watches: { persistentvolumes: ({ object }) => [object.metadata.name] },
  reconcile(name, { client }) {
    const volume = client.get<PersistentVolume>('persistentvolumes', '', name);
    if (!volume) return;
    const finalizers = volume.metadata.finalizers ?? [];
    const guarded = finalizers.includes(FINALIZER);
    const leaving = volume.metadata.deletionTimestamp !== undefined;
    const write = (next: string[]) =>
      client.update('persistentvolumes', { ...volume, metadata: { ...volume.metadata, finalizers: next } });
    if (!leaving && !guarded) write([...finalizers, FINALIZER]);
    else if (leaving && guarded && volume.status?.phase !== 'Bound')
      write(finalizers.filter((one) => one !== FINALIZER));
  },
};
