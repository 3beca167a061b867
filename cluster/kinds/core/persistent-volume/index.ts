import { path, required } from '../../../api/field.ts';
import type { PersistentVolume } from '../../../api/types.ts';
import { timeText } from '../../../api/time.ts';
import type { Kind } from '../../kind.ts';
import { roundUpToMilli } from '../../pod-spec/defaults.ts';
import { accessModesText, CLASS_ANNOTATION, storageClassOf } from './access-modes.ts';
import { validate, validateUpdate } from './validation.ts';

const NON_FUNCTIONAL = {
  cephfs: ['cephfs', 'deprecated in v1.28, non-functional in v1.31+'],
  photonPersistentDisk: ['photonPersistentDisk', 'deprecated in v1.11, non-functional in v1.16+'],
  scaleIO: ['scaleIO', 'deprecated in v1.16, non-functional in v1.22+'],
  storageos: ['storageOS', 'deprecated in v1.22, non-functional in v1.25+'],
  glusterfs: ['glusterfs', 'deprecated in v1.25, non-functional in v1.26+'],
  rbd: ['rbd', 'deprecated in v1.28, non-functional in v1.31+'],
} as const;

function warnings({ metadata, spec }: PersistentVolume): string[] {
  const sentences: string[] = [];
  for (const [key, sentence] of [
    [CLASS_ANNOTATION, 'deprecated since v1.8; use "storageClassName" attribute instead'],
    ['volume.beta.kubernetes.io/mount-options', 'deprecated since v1.31; use "mountOptions" attribute instead'],
  ] as const) {
    if (metadata.annotations?.[key] !== undefined) sentences.push(`metadata.annotations[${key}]: ${sentence}`);
  }
  if (spec?.persistentVolumeReclaimPolicy === 'Recycle') {
    sentences.push(
      'spec.persistentVolumeReclaimPolicy: The Recycle reclaim policy is deprecated. ' +
        'Instead, the recommended approach is to use dynamic provisioning.',
    );
  }
  for (const source of Object.keys(NON_FUNCTIONAL) as (keyof typeof NON_FUNCTIONAL)[]) {
    const [shown, sentence] = NON_FUNCTIONAL[source];
    if (spec?.[source]) sentences.push(`spec.${shown}: ${sentence}`);
  }
  return sentences;
}

export const persistentVolume: Kind<PersistentVolume> = {
  resource: 'persistentvolumes',
  defaults(object) {
    object.spec ??= {};
    const { spec } = object;
    roundUpToMilli(spec.capacity);
    spec.persistentVolumeReclaimPolicy ||= 'Retain';
    spec.volumeMode ??= 'Filesystem';
    if (spec.hostPath) spec.hostPath.type ??= '';
    if (spec.azureDisk) {
      spec.azureDisk.cachingMode ??= 'ReadWrite';
      spec.azureDisk.kind ??= 'Shared';
      spec.azureDisk.fsType ??= 'ext4';
      spec.azureDisk.readOnly ??= false;
    }
    if (spec.scaleIO) {
      spec.scaleIO.storageMode ||= 'ThinProvisioned';
      spec.scaleIO.fsType ||= 'xfs';
    }
    if (spec.iscsi) spec.iscsi.iscsiInterface ||= 'default';
    object.status = { ...object.status, phase: object.status?.phase || 'Pending' };
  },
  prepareForCreate(object, { clock }) {
    object.status = { phase: 'Pending', lastPhaseTransitionTime: timeText(clock.now()) };
  },
  prepareForStatusUpdate(object, old, { clock }) {
    const status = (object.status ??= {});
    const before = old.status?.lastPhaseTransitionTime;
    if (status.phase === old.status?.phase) {
      if (!status.lastPhaseTransitionTime && before) status.lastPhaseTransitionTime = before;
    } else if (!status.lastPhaseTransitionTime || status.lastPhaseTransitionTime === before) {
      status.lastPhaseTransitionTime = timeText(clock.now());
    }
  },
  validate,
  validateUpdate,
  validateStatusUpdate: ({ metadata }) => (metadata.resourceVersion ? [] : [required(path('resourceVersion'))]),
  warnings,
  cells: ({ metadata, spec, status, ...object }) => [
    metadata.name,
    spec?.capacity?.['storage'] ?? '0',
    accessModesText(spec?.accessModes),
    spec?.persistentVolumeReclaimPolicy ?? '',
    metadata.deletionTimestamp ? 'Terminating' : (status?.phase ?? ''),
    spec?.claimRef ? `${spec.claimRef.namespace ?? ''}/${spec.claimRef.name ?? ''}` : '',
    storageClassOf({ ...object, metadata, ...(spec ? { spec } : {}) }),
    spec?.volumeAttributesClassName ?? '<unset>',
    status?.reason ?? '',
    metadata.creationTimestamp ?? null,
    spec?.volumeMode ?? '<unset>',
  ],
};
