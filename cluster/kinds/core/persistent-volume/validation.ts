import { forbidden, invalid, notSupported, path, required, type FieldError, type Path } from '../../../api/field.ts';
import { dns1123Subdomain } from '../../../api/names.ts';
import { quantity } from '../../../api/quantity.ts';
import type { PersistentVolume } from '../../../api/types.ts';
import { nodeAffinityForm, prettyLines, volumeSourceForm } from '../../storage/internal-form.ts';
import { unifiedDiff } from '../../storage/unified-diff.ts';
import { accessModeErrors, missingAccessModes, VOLUME_MODES } from './access-modes.ts';
import { nodeAffinityErrors, sameAffinity } from './node-affinity.ts';
import { sourceErrors } from './source.ts';

type Spec = NonNullable<PersistentVolume['spec']>;

const at = path('spec');
const RECLAIM_POLICIES = ['Delete', 'Recycle', 'Retain'];

function capacityErrors({ capacity }: Spec): FieldError[] {
  const here = at.child('capacity');
  const names = Object.keys(capacity ?? {}).sort();
  const errors: FieldError[] = names.length === 0 ? [required(here)] : [];
  if (names.length !== 1 || names[0] !== 'storage') {
    const shown = capacity && Object.fromEntries(names.map((name) => [name, capacity[name]]));
    errors.push(notSupported(here, shown, ['storage']));
  }
  for (const name of names) {
    const amount = quantity(capacity?.[name] ?? '0');
    if (amount.value() < 0) errors.push(invalid(here.key(name), amount.value(), 'must be a valid resource quantity'));
    if (amount.sign() <= 0) errors.push(invalid(here.key(name), String(amount), 'must be greater than zero'));
  }
  return errors;
}

function attributesClassErrors({ volumeAttributesClassName: name, csi }: Spec): FieldError[] {
  if (name === undefined) return [];
  const here = at.child('volumeAttributesClassName');
  const errors = dns1123Subdomain(name).map((detail) => invalid(here, name, detail));
  return [
    ...(name === '' ? [required(here, 'an empty string is disallowed')] : errors),
    ...(csi ? [] : [required(at.child('csi'), 'has to be specified when using volumeAttributesClassName')]),
  ];
}

export function validate(object: PersistentVolume): FieldError[] {
  const spec = object.spec ?? {};
  const modes = at.child('accessModes');
  const policy = spec.persistentVolumeReclaimPolicy;
  const errors = [
    ...missingAccessModes(spec.accessModes, modes),
    ...accessModeErrors(spec.accessModes, modes),
    ...capacityErrors(spec),
  ];
  if (policy && !RECLAIM_POLICIES.includes(policy)) {
    errors.push(notSupported(at.child('persistentVolumeReclaimPolicy'), policy, RECLAIM_POLICIES));
  }
  if (spec.nodeAffinity) errors.push(...nodeAffinityErrors(spec.nodeAffinity, at.child('nodeAffinity')));
  errors.push(...sourceErrors(object, at));
  if (spec.hostPath && /^[/.]*\/[/.]*$/.test(spec.hostPath.path) && policy === 'Recycle') {
    const detail = "may not be 'recycle' for a hostPath mount of '/'";
    errors.push(forbidden(at.child('persistentVolumeReclaimPolicy'), detail));
  }
  const className = spec.storageClassName ?? '';
  if (className !== '') {
    errors.push(
      ...dns1123Subdomain(className).map((detail) => invalid(at.child('storageClassName'), className, detail)),
    );
  }
  if (spec.volumeMode !== undefined && !VOLUME_MODES.includes(spec.volumeMode)) {
    errors.push(notSupported(at.child('volumeMode'), spec.volumeMode, VOLUME_MODES));
  }
  return [...errors, ...attributesClassErrors(spec)];
}

/** The spec of a volume that has no object of its own, as attachments may hold it. */
export function inlineVolumeErrors(spec: Spec, here: Path): FieldError[] {
  const modes = here.child('accessModes');
  const policy = spec.persistentVolumeReclaimPolicy;
  const inline = 'in the context of inline volumes';
  return [
    ...(spec.claimRef ? [forbidden(here.child('claimRef'), `may not be specified ${inline}`)] : []),
    ...(Object.keys(spec.capacity ?? {}).length > 0
      ? [forbidden(here.child('capacity'), `may not be specified ${inline}`)]
      : []),
    ...(spec.csi ? [] : [required(here.child('csi'), `has to be specified ${inline}`)]),
    ...missingAccessModes(spec.accessModes, modes),
    ...accessModeErrors(spec.accessModes, modes),
    ...(policy && policy !== 'Retain'
      ? [forbidden(here.child('persistentVolumeReclaimPolicy'), `may only be Retain ${inline}`)]
      : []),
    ...(spec.nodeAffinity ? [forbidden(here.child('nodeAffinity'), `may not be specified ${inline}`)] : []),
    ...sourceErrors({ apiVersion: 'v1', kind: 'PersistentVolume', metadata: { name: '' }, spec }, here),
    ...(spec.storageClassName ? [forbidden(here.child('storageClassName'), `may not be specified ${inline}`)] : []),
    ...(spec.volumeMode !== undefined && spec.volumeMode !== 'Filesystem'
      ? [forbidden(here.child('volumeMode'), `may not specify volumeMode other than Filesystem ${inline}`)]
      : []),
  ];
}

/** A CSI source may get its expansion secret later on; nothing else of a source ever changes. */
function sourceOf(spec: Spec, old: Spec): string[] {
  const source = structuredClone(spec);
  if (source.csi && old.csi && !old.csi.controllerExpandSecretRef) delete source.csi.controllerExpandSecretRef;
  return prettyLines(volumeSourceForm(source));
}

export function validateUpdate(object: PersistentVolume, old: PersistentVolume): FieldError[] {
  // the whole volume is looked at twice
  const errors = [...validate(object), ...validate(object)];
  const spec = object.spec ?? {};
  const before = old.spec ?? {};
  const difference = unifiedDiff(sourceOf(before, before), sourceOf(spec, before));
  if (difference !== '') {
    const detail = `spec.persistentvolumesource is immutable after creation\n${difference}`;
    errors.push(forbidden(at.child('persistentvolumesource'), detail));
  }
  if (spec.volumeMode !== before.volumeMode) {
    errors.push(invalid(path('volumeMode'), spec.volumeMode, 'field is immutable'));
  }
  if (before.nodeAffinity && !sameAffinity(spec.nodeAffinity, before.nodeAffinity)) {
    const shown = spec.nodeAffinity ? nodeAffinityForm(spec.nodeAffinity) : null;
    const detail = 'field is immutable, except for updating from beta label to GA';
    errors.push(invalid(path('nodeAffinity'), shown, detail));
  }
  if (before.volumeAttributesClassName !== undefined && spec.volumeAttributesClassName === undefined) {
    errors.push(forbidden(at.child('volumeAttributesClassName'), 'update from non-nil value to nil is forbidden'));
  }
  return errors;
}
