import { quantity } from '../../api/quantity.ts';
import type { PersistentVolumeClaim, StorageClass } from '../../api/types.ts';
import { storageClassOf } from '../../kinds/core/persistent-volume/access-modes.ts';
import type { AdmissionPlugin } from '../plugin.ts';
import { objectOf, refuse } from '../request.ts';

const sizeOf = ({ spec }: PersistentVolumeClaim) => quantity(spec?.resources?.requests?.['storage'] ?? '0');

/** A claim grows only when it is bound and its class says that volumes can grow. */
export const persistentVolumeClaimResize: AdmissionPlugin = {
  name: 'PersistentVolumeClaimResize',
  validate(request, { store }) {
    const claim = objectOf<PersistentVolumeClaim>(request, 'persistentvolumeclaims', 'UPDATE');
    const old: PersistentVolumeClaim | undefined = request.old;
    if (!claim || !old || sizeOf(claim).cmp(sizeOf(old)) <= 0) return;
    if (old.status?.phase !== 'Bound') {
      throw refuse(request, 'Only bound persistent volume claims can be expanded');
    }
    const className = storageClassOf(claim);
    const found = store.get<StorageClass>('storageclasses.storage.k8s.io', '', className);
    if (className !== '' && className === storageClassOf(old) && found?.allowVolumeExpansion) return;
    throw refuse(
      request,
      'only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize',
    );
  },
};
