/** What storage drivers tell about themselves. */
import type { KubeObject } from '../../api/types.ts';
import type { Kind } from '../kind.ts';

export type CsiDriver = KubeObject & {
  spec?: {
    attachRequired?: boolean;
    podInfoOnMount?: boolean;
    storageCapacity?: boolean;
    fsGroupPolicy?: string;
    volumeLifecycleModes?: string[];
    requiresRepublish?: boolean;
    seLinuxMount?: boolean;
    tokenRequests?: { audience: string }[];
  };
};
export type CsiNode = KubeObject & { spec?: { drivers?: unknown[] } };
export type VolumeAttachment = KubeObject & {
  spec?: { attacher?: string; nodeName?: string; source?: { persistentVolumeName?: string } };
  status?: { attached?: boolean };
};
export type VolumeAttributesClass = KubeObject & { driverName?: string };

export const csiDriver: Kind<CsiDriver> = {
  resource: 'csidrivers.storage.k8s.io',
  defaults(object) {
    object.spec = {
      attachRequired: true,
      podInfoOnMount: false,
      storageCapacity: false,
      fsGroupPolicy: 'ReadWriteOnceWithFSType',
      requiresRepublish: false,
      seLinuxMount: false,
      ...object.spec,
    };
    if (!object.spec.volumeLifecycleModes?.length) object.spec.volumeLifecycleModes = ['Persistent'];
  },
  cells: ({ metadata, spec = {} }) => [
    metadata.name,
    spec.attachRequired ?? true,
    spec.podInfoOnMount ?? false,
    spec.storageCapacity ?? false,
    spec.tokenRequests ? spec.tokenRequests.map(({ audience }) => audience).join(',') : '<unset>',
    spec.requiresRepublish ?? false,
    (spec.volumeLifecycleModes ?? []).join(',') || '<none>',
    metadata.creationTimestamp ?? null,
  ],
};

export const csiNode: Kind<CsiNode> = {
  resource: 'csinodes.storage.k8s.io',
  cells: ({ metadata, spec }) => [metadata.name, spec?.drivers?.length ?? 0, metadata.creationTimestamp ?? null],
};

export const volumeAttachment: Kind<VolumeAttachment> = {
  resource: 'volumeattachments.storage.k8s.io',
  cells: ({ metadata, spec, status }) => [
    metadata.name,
    spec?.attacher ?? '',
    spec?.source?.persistentVolumeName ?? '',
    spec?.nodeName ?? '',
    status?.attached ?? false,
    metadata.creationTimestamp ?? null,
  ],
};

export const volumeAttributesClass: Kind<VolumeAttributesClass> = {
  resource: 'volumeattributesclasses.storage.k8s.io',
  cells: ({ metadata, driverName }) => [metadata.name, driverName ?? '', metadata.creationTimestamp ?? null],
};
