import { path, required } from '../../../api/field.ts';
import { quantity } from '../../../api/quantity.ts';
import type { PersistentVolumeClaim } from '../../../api/types.ts';
import type { Kind } from '../../kind.ts';
import { roundUpToMilli } from '../../pod-spec/defaults.ts';
import { accessModesText, CLASS_ANNOTATION, storageClassOf } from '../persistent-volume/access-modes.ts';
import { statusErrors } from './status.ts';
import { validate, validateUpdate, type ClaimSpec } from './validation.ts';

/** dataSource takes claims and snapshots only; what else it holds is dropped, as ever. The two fields mirror each other. */
function alignSources(spec: ClaimSpec | undefined, old?: ClaimSpec): void {
  if (!spec) return;
  // sources in other namespaces are not for 1.35 as it comes
  if (spec.dataSourceRef?.namespace && !old?.dataSourceRef) delete spec.dataSourceRef;
  const { dataSource } = spec;
  if (dataSource && !spec.dataSourceRef && !old?.dataSource && !old?.dataSourceRef) {
    const claim = dataSource.kind === 'PersistentVolumeClaim' && !dataSource.apiGroup;
    const snapshot = dataSource.kind === 'VolumeSnapshot' && dataSource.apiGroup === 'snapshot.storage.k8s.io';
    if (!claim && !snapshot) delete spec.dataSource;
  }
  if (spec.dataSource && !spec.dataSourceRef) spec.dataSourceRef = { ...spec.dataSource };
  else if (spec.dataSourceRef && !spec.dataSource && !spec.dataSourceRef.namespace) {
    const { apiGroup, kind, name } = spec.dataSourceRef;
    spec.dataSource = { ...(apiGroup === undefined ? {} : { apiGroup }), kind, name };
  }
}

function warnings({ metadata, spec }: PersistentVolumeClaim): string[] {
  const sentences: string[] = [];
  if (metadata.annotations?.[CLASS_ANNOTATION] !== undefined) {
    sentences.push(
      `metadata.annotations[${CLASS_ANNOTATION}]: deprecated since v1.8; use "storageClassName" attribute instead`,
    );
  }
  for (const list of ['requests', 'limits'] as const) {
    const text = spec?.resources?.[list]?.['storage'];
    if (text === undefined || quantity(text).milliValue() % 1000 === 0) continue;
    sentences.push(`spec.resources.${list}[storage]: fractional byte value "${text}" is invalid, must be an integer`);
  }
  return sentences;
}

export const persistentVolumeClaim: Kind<PersistentVolumeClaim> = {
  resource: 'persistentvolumeclaims',
  defaults(object) {
    object.spec ??= {};
    object.spec.volumeMode ??= 'Filesystem';
    for (const list of [object.spec.resources?.requests, object.spec.resources?.limits]) roundUpToMilli(list);
    for (const list of [object.status?.capacity, object.status?.allocatedResources]) roundUpToMilli(list);
    object.status = { ...object.status, phase: object.status?.phase || 'Pending' };
  },
  prepareForCreate(object) {
    object.status = { phase: 'Pending' };
    alignSources(object.spec);
  },
  prepareForUpdate: (object, old) => alignSources(object.spec, old.spec),
  validate,
  validateUpdate,
  validateStatusUpdate: ({ metadata, spec, status }) => [
    ...(metadata.resourceVersion ? [] : [required(path('resourceVersion'))]),
    ...(spec?.accessModes?.length ? [] : [required(path('Spec', 'accessModes'))]),
    ...statusErrors(status),
  ],
  warnings,
  cells({ metadata, spec, status }) {
    const bound = Boolean(spec?.volumeName);
    return [
      metadata.name,
      metadata.deletionTimestamp ? 'Terminating' : (status?.phase ?? ''),
      spec?.volumeName ?? '',
      bound ? (status?.capacity?.['storage'] ?? '0') : '',
      bound ? accessModesText(status?.accessModes) : '',
      storageClassOf({ metadata, ...(spec ? { spec } : {}) }),
      spec?.volumeAttributesClassName ?? '<unset>',
      metadata.creationTimestamp ?? null,
      spec?.volumeMode ?? '<unset>',
    ];
  },
};
