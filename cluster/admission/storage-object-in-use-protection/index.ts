import { resourceName } from '../../schema/resources.ts';
import type { AdmissionPlugin } from '../plugin.ts';

const FINALIZERS: Record<string, string> = {
  persistentvolumes: 'kubernetes.io/pv-protection',
  persistentvolumeclaims: 'kubernetes.io/pvc-protection',
  'volumeattributesclasses.storage.k8s.io': 'kubernetes.io/vac-protection',
};

/** Keeps volumes and claims, once deleted, until nobody uses them: controllers take the finalizer off again. */
export const storageObjectInUseProtection: AdmissionPlugin = {
  name: 'StorageObjectInUseProtection',
  mutate({ operation, subresource, resource, object }) {
    const finalizer = FINALIZERS[resourceName(resource)];
    if (operation !== 'CREATE' || subresource !== '' || !finalizer || !object) return;
    const { finalizers = [] } = object.metadata;
    if (!finalizers.includes(finalizer)) object.metadata.finalizers = [...finalizers, finalizer];
  },
};
