import type { PersistentVolumeClaim, StorageClass } from '../../api/types.ts';
import { CLASS_ANNOTATION } from '../../kinds/core/persistent-volume/access-modes.ts';
import { isDefaultClass } from '../../kinds/storage/storage-class.ts';
import { newest } from '../newest.ts';
import type { AdmissionPlugin } from '../plugin.ts';
import { objectOf } from '../request.ts';

/** A claim that names no class gets the default one. An empty name is a name: it asks for no class. */
export const defaultStorageClass: AdmissionPlugin = {
  name: 'DefaultStorageClass',
  mutate(request, { store }) {
    const claim = objectOf<PersistentVolumeClaim>(request, 'persistentvolumeclaims', 'CREATE');
    if (!claim || claim.metadata.annotations?.[CLASS_ANNOTATION] !== undefined) return;
    if (claim.spec?.storageClassName !== undefined) return;
    const found = newest(store.list<StorageClass>('storageclasses.storage.k8s.io').filter(isDefaultClass));
    if (found) claim.spec = { ...claim.spec, storageClassName: found.metadata.name };
  },
};
