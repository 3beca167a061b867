/** What storage drivers tell about themselves. */
import { forbidden, notSupported, path, required } from '../../api/field.ts';
import { equal } from '../../api/merge.ts';
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
export type VolumeAttributesClass = KubeObject & { driverName?: string; parameters?: Record<string, string> };

const GROUP_POLICIES = ['File', 'None', 'ReadWriteOnceWithFSType'];
const LIFECYCLE_MODES = ['Persistent', 'Ephemeral'];

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
  validate({ spec }) {
    const at = path('spec');
    const policy = spec?.fsGroupPolicy ?? '';
    const wrong = (spec?.volumeLifecycleModes ?? []).filter((mode) => !LIFECYCLE_MODES.includes(mode));
    return [
      ...(GROUP_POLICIES.includes(policy) ? [] : [notSupported(at.child('fsGroupPolicy'), policy, GROUP_POLICIES)]),
      ...wrong.map((mode) => notSupported(at.child('volumeLifecycleModes'), mode, LIFECYCLE_MODES)),
    ];
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
  validate: ({ driverName, parameters }) => [
    ...(driverName ? [] : [required(path('driverName'))]),
    ...(Object.keys(parameters ?? {}).length > 0
      ? []
      : [required(path('parameters'), 'must contain at least one key/value pair')]),
  ],
  validateUpdate: (object, old) => [
    ...(object.driverName === old.driverName
      ? []
      : [forbidden(path('driverName'), 'updates to driverName are forbidden.')]),
    ...(equal(object.parameters, old.parameters)
      ? []
      : [forbidden(path('parameters'), 'updates to parameters are forbidden.')]),
  ],
  cells: ({ metadata, driverName }) => [metadata.name, driverName ?? '', metadata.creationTimestamp ?? null],
};
