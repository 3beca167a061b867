/** Says who has to expand a volume whose claim has grown: never this cluster itself. */
import { parseQuantity } from '../../api/quantity.ts';
import type { PersistentVolume, PersistentVolumeClaim } from '../../api/types.ts';
import { namespacedKey, splitKey, type Controller } from '../controller.ts';

const COMPONENT = 'volume_expand';

export const volumeExpand: Controller = {
  name: 'expand-controller',
  watches: {
    persistentvolumeclaims({ type, object, old }) {
      const claim = object as PersistentVolumeClaim;
      const size = (one: PersistentVolumeClaim) => one.spec?.resources?.requests?.['storage'];
      if (type !== 'MODIFIED' || !old || size(claim) === size(old)) return [];
      return claim.status?.phase === 'Bound' ? [namespacedKey(claim)] : [];
    },
  },
  reconcile(key, { client, events }) {
    const { namespace, name } = splitKey(key);
    const claim = client.get<PersistentVolumeClaim>('persistentvolumeclaims', namespace, name);
    const volume = client.get<PersistentVolume>('persistentvolumes', '', claim?.spec?.volumeName ?? '');
    if (!claim || !volume || volume.spec?.claimRef?.uid !== claim.metadata.uid) return;
    const wanted = parseQuantity(claim.spec?.resources?.requests?.['storage'] ?? '0');
    const present = parseQuantity(claim.status?.capacity?.['storage'] ?? '0');
    if (!wanted || !present || wanted.cmp(present) <= 0) return;
    const message = 'waiting for an external controller to expand this PVC';
    events.event(COMPONENT, { regarding: claim, type: 'Normal', reason: 'ExternalExpanding', message });
  },
};
