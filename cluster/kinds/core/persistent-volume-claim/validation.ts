import { forbidden, invalid, notSupported, path, required, type FieldError, type Path } from '../../../api/field.ts';
import { dns1123Subdomain, validateLabelSelector } from '../../../api/names.ts';
import { quantity } from '../../../api/quantity.ts';
import type { PersistentVolumeClaim } from '../../../api/types.ts';
import { claimSpecForm, prettyLines } from '../../storage/internal-form.ts';
import { unifiedDiff } from '../../storage/unified-diff.ts';
import {
  accessModeErrors,
  CLASS_ANNOTATION,
  missingAccessModes,
  VOLUME_MODES,
} from '../persistent-volume/access-modes.ts';

export type ClaimSpec = NonNullable<PersistentVolumeClaim['spec']>;

function storageErrors(spec: ClaimSpec, at: Path): FieldError[] {
  const text = spec.resources?.requests?.['storage'];
  const here = at.child('resources').key('storage');
  if (text === undefined) return [required(here)];
  return quantity(text).sign() > 0 ? [] : [invalid(here, text, 'must be greater than zero')];
}

function sourceErrors(
  source: { apiGroup?: string; kind: string; name: string },
  anyGroup: boolean,
  at: Path,
): FieldError[] {
  const errors: FieldError[] = [];
  if (!source.name) errors.push(required(at.child('name')));
  if (!source.kind) errors.push(required(at.child('kind')));
  const group = source.apiGroup ?? '';
  if (group === '' && source.kind !== 'PersistentVolumeClaim') {
    const detail = "must be 'PersistentVolumeClaim' when referencing the default apiGroup";
    errors.push(invalid(at, source.kind, detail));
  }
  if (group !== '' && !anyGroup) {
    errors.push(...dns1123Subdomain(group).map((detail) => invalid(at.child('apiGroup'), group, detail)));
  }
  return errors;
}

const className = (name: string | undefined, at: Path): FieldError[] =>
  name ? dns1123Subdomain(name).map((detail) => invalid(at, name, detail)) : [];

/** Also for the templates of StatefulSets and ephemeral volumes. */
export function validateClaimSpec(spec: ClaimSpec, at: Path, old?: ClaimSpec): FieldError[] {
  const modes = at.child('accessModes');
  const errors = [
    ...missingAccessModes(spec.accessModes, modes, 'at least 1 access mode is required'),
    ...(spec.selector ? validateLabelSelector(spec.selector, at.child('selector')) : []),
    ...accessModeErrors(spec.accessModes, modes),
    ...storageErrors(spec, at),
    ...className(spec.storageClassName, at.child('storageClassName')),
  ];
  if (spec.volumeMode !== undefined && !VOLUME_MODES.includes(spec.volumeMode)) {
    errors.push(notSupported(at.child('volumeMode'), spec.volumeMode, VOLUME_MODES));
  }
  // groups were not always checked: a claim that has one may keep any
  const anyGroup = Boolean(old?.dataSource?.apiGroup ?? old?.dataSourceRef?.apiGroup);
  if (spec.dataSource) errors.push(...sourceErrors(spec.dataSource, anyGroup, at.child('dataSource')));
  if (spec.dataSourceRef) errors.push(...sourceErrors(spec.dataSourceRef, anyGroup, at.child('dataSourceRef')));
  const { dataSource, dataSourceRef } = spec;
  if (dataSource && dataSourceRef) {
    // the path in the value's place is the real server's
    if (dataSourceRef.namespace) {
      errors.push(invalid(at, {}, 'may not be specified when dataSourceRef.namespace is specified'));
    } else if ((['apiGroup', 'kind', 'name'] as const).some((part) => dataSource[part] !== dataSourceRef[part])) {
      errors.push(invalid(at, {}, 'must match dataSourceRef'));
    }
  }
  return [...errors, ...className(spec.volumeAttributesClassName, at.child('volumeAttributesClassName'))];
}

export const validate = (object: PersistentVolumeClaim): FieldError[] =>
  validateClaimSpec(object.spec ?? {}, path('spec'));
const validateAgain = (object: PersistentVolumeClaim, old: PersistentVolumeClaim): FieldError[] =>
  validateClaimSpec(object.spec ?? {}, path('spec'), old.spec);

/** What of the new spec may differ from the old one is taken over from the old one. */
function comparable(object: PersistentVolumeClaim, old: PersistentVolumeClaim): [before: ClaimSpec, after: ClaimSpec] {
  const before = structuredClone(old.spec ?? {});
  const after = structuredClone(object.spec ?? {});
  if (!before.volumeName && after.volumeName) before.volumeName = after.volumeName;
  const annotated = old.metadata.annotations?.[CLASS_ANNOTATION];
  // a class may be given to a claim that has none yet
  if (before.storageClassName === undefined && (annotated === undefined || annotated === after.storageClassName)) {
    delete after.storageClassName;
  }
  if (object.status?.phase === 'Bound') {
    const size = before.resources?.requests?.['storage'];
    if (after.resources?.requests && size !== undefined) after.resources.requests['storage'] = size;
    if (before.volumeAttributesClassName === undefined) delete after.volumeAttributesClassName;
    else after.volumeAttributesClassName = before.volumeAttributesClassName;
  }
  return [before, after];
}
const lines = (spec: ClaimSpec) => prettyLines(claimSpecForm(spec));

export function validateUpdate(object: PersistentVolumeClaim, old: PersistentVolumeClaim): FieldError[] {
  const errors = validateAgain(object, old);
  const at = path('spec');
  const annotation = object.metadata.annotations?.[CLASS_ANNOTATION];
  if (
    annotation !== old.metadata.annotations?.[CLASS_ANNOTATION] &&
    object.spec?.storageClassName !== old.metadata.annotations?.[CLASS_ANNOTATION]
  ) {
    const here = path('metadata', 'annotations', CLASS_ANNOTATION);
    errors.push(invalid(here, annotation ?? '', 'field is immutable'));
  }
  const [before, after] = comparable(object, old);
  const difference = unifiedDiff(lines(before), lines(after));
  if (difference !== '') {
    const sentence =
      'spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims';
    errors.push(forbidden(at, `${sentence}\n${difference}`));
  }
  const size = quantity(object.spec?.resources?.requests?.['storage'] ?? '0');
  const oldSize = quantity(old.spec?.resources?.requests?.['storage'] ?? '0');
  // smaller than before is fine down to what is really there: a way out of an expansion that failed
  if (size.cmp(oldSize) < 0 && size.cmp(quantity(old.status?.capacity?.['storage'] ?? '0')) <= 0) {
    errors.push(forbidden(at.child('resources', 'requests', 'storage'), 'field can not be less than status.capacity'));
  }
  if (object.spec?.volumeMode !== old.spec?.volumeMode) {
    errors.push(invalid(path('volumeMode'), object.spec?.volumeMode, 'field is immutable'));
  }
  if (old.status?.currentVolumeAttributesClassName !== undefined && !object.spec?.volumeAttributesClassName) {
    const to = object.spec?.volumeAttributesClassName === undefined ? 'nil' : 'empty string';
    const detail = `update to ${to} is forbidden when status.currentVolumeAttributesClassName is not nil`;
    errors.push(forbidden(at.child('volumeAttributesClassName'), detail));
  }
  return errors;
}
