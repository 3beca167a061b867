import { forbidden, invalid, path, required, tooLong, type FieldError, type Path } from '../../api/field.ts';
import { equal } from '../../api/merge.ts';
import { dns1123Subdomain, inRange } from '../../api/names.ts';
import type { KubeObject, PersistentVolume } from '../../api/types.ts';
import { driverNameErrors } from '../core/persistent-volume/source.ts';
import { inlineVolumeErrors } from '../core/persistent-volume/validation.ts';
import type { Kind } from '../kind.ts';
import { attachmentForm } from './internal-form.ts';

interface VolumeError {
  message?: string;
  errorCode?: number;
}
export type VolumeAttachment = KubeObject & {
  spec?: {
    attacher?: string;
    nodeName?: string;
    source?: { persistentVolumeName?: string; inlineVolumeSpec?: NonNullable<PersistentVolume['spec']> };
  };
  status?: {
    attached: boolean;
    attachmentMetadata?: Record<string, string>;
    attachError?: VolumeError;
    detachError?: VolumeError;
  };
};

/** Bytes, of keys and values together. */
const MAX_METADATA = 256 * 1024;
/** Bytes. */
const MAX_MESSAGE = 1024;
const MAX_CODE = 2 ** 31 - 1;
const ONE = 'must specify exactly one of inlineVolumeSpec and persistentVolumeName';
const at = path('spec');

function sourceErrors({ spec }: VolumeAttachment): FieldError[] {
  const here = at.child('source');
  const { persistentVolumeName: name, inlineVolumeSpec: inline } = spec?.source ?? {};
  if (!inline && name === undefined) return [required(here, ONE)];
  if (inline && name !== undefined) return [forbidden(here, ONE)];
  if (inline) return inlineVolumeErrors(inline, here.child('inlineVolumeSpec'));
  return name === ''
    ? [required(here.child('persistentVolumeName'), 'must specify non empty persistentVolumeName')]
    : [];
}

function errorErrors(error: VolumeError | undefined, here: Path): FieldError[] {
  const code = error?.errorCode ?? 0;
  return [
    // the limit told is that of the metadata: so does the real server
    ...(Buffer.byteLength(error?.message ?? '') > MAX_MESSAGE ? [tooLong(here.child('message'), MAX_METADATA)] : []),
    ...(code < 0 ? inRange(code, 0, MAX_CODE) : []).map((detail) => invalid(here.child('errorCode'), code, detail)),
  ];
}

function validate(object: VolumeAttachment): FieldError[] {
  const { spec, status } = object;
  const { attacher = '', nodeName = '' } = spec ?? {};
  const ofStatus = path('status');
  const entries = Object.entries(status?.attachmentMetadata ?? {});
  const size = entries.reduce((sum, [key, value]) => sum + Buffer.byteLength(key) + Buffer.byteLength(value), 0);
  return [
    ...(attacher === '' ? [required(at.child('attacher'))] : []),
    ...sourceErrors(object),
    ...dns1123Subdomain(nodeName).map((detail) => invalid(at.child('nodeName'), nodeName, detail)),
    ...(size > MAX_METADATA ? [tooLong(ofStatus.child('attachmentMetadata'), MAX_METADATA)] : []),
    ...errorErrors(status?.attachError, ofStatus.child('attachError')),
    ...errorErrors(status?.detachError, ofStatus.child('detachError')),
  ];
}

/** Asked of new attachments only; the paths are one name each. */
function nameErrors({ spec }: VolumeAttachment): FieldError[] {
  const name = spec?.source?.persistentVolumeName;
  return [
    ...driverNameErrors(spec?.attacher ?? '', at.child('attacher')),
    ...(name === undefined ? [] : dns1123Subdomain(name)).map((detail) =>
      invalid(at.child('source', 'persistentVolumeName'), name, detail),
    ),
  ];
}

export const volumeAttachment: Kind<VolumeAttachment> = {
  resource: 'volumeattachments.storage.k8s.io',
  prepareForCreate(object) {
    object.status = { attached: false };
  },
  validate: (object) => [...validate(object), ...nameErrors(object)],
  validateUpdate: (object, old) => [
    ...validate(object),
    ...(equal(object.spec, old.spec) ? [] : [invalid(at, attachmentForm({ ...object.spec }), 'field is immutable')]),
  ],
  cells: ({ metadata, spec, status }) => [
    metadata.name,
    spec?.attacher ?? '',
    spec?.source?.persistentVolumeName ?? '',
    spec?.nodeName ?? '',
    status?.attached ?? false,
    metadata.creationTimestamp ?? null,
  ],
};
