/** Volumes of clouds and storage systems, most of which have become CSI drivers: what their sources must say. */
import { forbidden, invalid, notSupported, required, type FieldError, type Path } from '../../api/field.ts';
import type { Volume } from '../../api/types.ts';
import { inclusiveRange, label } from './scalars.ts';

type Source<Name extends keyof Volume> = NonNullable<Volume[Name]>;

/** The fields that may not be missing or empty. */
export const needs = (path: Path, source: object, ...fields: string[]): FieldError[] => {
  const values: Record<string, unknown> = { ...source };
  return fields.filter((field) => !values[field]).map((field) => required(path.child(field)));
};

const secretName = (reference: { name?: string } | undefined, path: Path): FieldError[] =>
  reference && !reference.name ? [required(path.child('secretRef', 'name'))] : [];

const IQN = /iqn\.\d{4}-\d{2}\.([A-Za-z0-9.-]+)(:[^,;*&$|\s]+)$/;
const EUI = /^eui.[A-Za-z0-9]{16}$/;
const NAA = /^naa.[A-Za-z0-9]{32}$/;

/** Names of iSCSI targets and initiators. */
function iscsiName(name: string, path: Path): FieldError[] {
  const shape = name.startsWith('iqn') ? IQN : name.startsWith('eui') ? EUI : name.startsWith('naa') ? NAA : undefined;
  if (!shape) return [invalid(path, name, 'must be valid format starting with iqn, eui, or naa')];
  return shape.test(name) ? [] : [invalid(path, name, 'must be valid format')];
}

const LUN = 255;
const lun = (value: number, path: Path): FieldError[] =>
  value < 0 || value > LUN ? [invalid(path, value, inclusiveRange(0, LUN))] : [];

export function validateIscsi(source: Source<'iscsi'>, path: Path): FieldError[] {
  const errors = needs(path, source, 'targetPortal');
  if (!source.iqn) errors.push(required(path.child('iqn')));
  else errors.push(...iscsiName(source.iqn, path.child('iqn')));
  errors.push(...lun(source.lun, path.child('lun')));
  if ((source.chapAuthDiscovery || source.chapAuthSession) && !source.secretRef)
    errors.push(required(path.child('secretRef')));
  if (source.initiatorName !== undefined) errors.push(...iscsiName(source.initiatorName, path.child('initiatorname')));
  return errors;
}

const LONGEST_ISCSI = 64;

/** Asked even of a source that is one too many. */
export function validateIscsiLength(source: Source<'iscsi'>, volume: string, at: Path): FieldError[] {
  return source.initiatorName !== undefined && `${volume}:${source.targetPortal}`.length > LONGEST_ISCSI
    ? [
        invalid(
          at.child('name'),
          volume,
          'Total length of <volume name>:<iscsi.targetPortal> must be under 64 characters if iscsi.initiatorName is specified.',
        ),
      ]
    : [];
}

export function validateFc(source: Source<'fc'>, path: Path): FieldError[] {
  const names = source.targetWWNs ?? [];
  const ids = source.wwids ?? [];
  const errors: FieldError[] = [];
  const at = path.child('targetWWNs');
  if (names.length === 0 && ids.length === 0)
    errors.push(required(at, 'must specify either targetWWNs or wwids, but not both'));
  if (names.length > 0 && ids.length > 0)
    errors.push(invalid(at, names, 'targetWWNs and wwids can not be specified simultaneously'));
  if (names.length > 0) {
    if (source.lun === undefined)
      errors.push(required(path.child('lun'), 'lun is required if targetWWNs is specified'));
    else errors.push(...lun(source.lun, path.child('lun')));
  }
  return errors;
}

/** The range shown leaves out zero, which is taken as "the whole disk". */
export const partition = (value: number | undefined, path: Path): FieldError[] =>
  (value ?? 0) < 0 || (value ?? 0) > 255 ? [invalid(path.child('partition'), value, inclusiveRange(1, 255))] : [];

const PAIRS = 'must be a host:port pair or multiple pairs separated by commas';

/** As Go splits: a port after the last colon, an address with colons in brackets. */
const isHostPort = (text: string) => /^(\[[^[\]]*\]|[^:[\]]*):[^:[\]]*$/.test(text);

export function validateQuobyte(source: Source<'quobyte'>, path: Path): FieldError[] {
  const errors: FieldError[] = [];
  if (!source.registry) errors.push(required(path.child('registry'), PAIRS));
  else if ((source.tenant ?? '').length >= 65)
    errors.push(required(path.child('tenant'), 'must be a UUID and may not exceed a length of 64 characters'));
  else
    for (const pair of source.registry.split(','))
      if (!isHostPort(pair)) errors.push(invalid(path.child('registry'), source.registry, PAIRS));
  return [...errors, ...needs(path, source, 'volume')];
}

export function validateFlocker({ datasetName, datasetUUID }: Source<'flocker'>, path: Path): FieldError[] {
  const errors: FieldError[] = [];
  if (!datasetName && !datasetUUID) errors.push(required(path, 'one of datasetName and datasetUUID is required'));
  if (datasetName && datasetUUID)
    errors.push(invalid(path, 'resource', 'datasetName and datasetUUID can not be specified simultaneously'));
  if (datasetName?.includes('/')) errors.push(invalid(path.child('datasetName'), datasetName, "must not contain '/'"));
  return errors;
}

export const validateCinder = (source: Source<'cinder'>, path: Path): FieldError[] => [
  ...needs(path, source, 'volumeID'),
  ...secretName(source.secretRef, path),
];

export function validateFlexVolume(source: Source<'flexVolume'>, path: Path): FieldError[] {
  const errors = needs(path, source, 'driver');
  for (const key of Object.keys(source.options ?? {})) {
    const namespace = `.${(key.split('/')[0] ?? '').toLowerCase()}`;
    if (namespace.endsWith('.kubernetes.io') || namespace.endsWith('.k8s.io'))
      errors.push(invalid(path.child('options').key(key), key, 'kubernetes.io and k8s.io namespaces are reserved'));
  }
  return errors;
}

const DISK_OF = {
  managed: '/subscriptions/{sub-id}/resourcegroups/{group-name}/providers/microsoft.compute/disks/{disk-id}',
  blob: 'https://{account-name}.blob.core.windows.net/{container-name}/{disk-name}.vhd',
};

export function validateAzureDisk(source: Source<'azureDisk'>, path: Path): FieldError[] {
  const { cachingMode, kind, diskURI } = source;
  const errors = needs(path, source, 'diskName', 'diskURI');
  const modes = ['None', 'ReadOnly', 'ReadWrite'];
  if (cachingMode !== undefined && !modes.includes(cachingMode))
    errors.push(notSupported(path.child('cachingMode'), cachingMode, modes));
  const kinds = ['Dedicated', 'Managed', 'Shared'];
  if (kind !== undefined && !kinds.includes(kind)) errors.push(notSupported(path.child('kind'), kind, kinds));
  const uri = path.child('diskURI');
  if (kind === 'Managed' && !diskURI.startsWith('/subscriptions/'))
    errors.push(notSupported(uri, diskURI, [DISK_OF.managed]));
  if (kind !== undefined && kind !== 'Managed' && !diskURI.startsWith('https://'))
    errors.push(notSupported(uri, diskURI, [DISK_OF.blob]));
  return errors;
}

export function validateStorageOs(source: Source<'storageos'>, path: Path): FieldError[] {
  const name = path.child('volumeName');
  return [
    ...(source.volumeName ? label(source.volumeName, name) : [required(name)]),
    ...(source.volumeNamespace ? label(source.volumeNamespace, path.child('volumeNamespace')) : []),
    ...secretName(source.secretRef, path),
  ];
}

/** Metadata of a template that may have labels and annotations and nothing else, in Go's order. */
const NOT_IN_TEMPLATES = [
  'name',
  'generateName',
  'namespace',
  'selfLink',
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
  'ownerReferences',
  'finalizers',
  'managedFields',
] as const;

export function validateTemplateMetadata(metadata: object, path: Path): FieldError[] {
  const given: Record<string, unknown> = { ...metadata };
  return NOT_IN_TEMPLATES.filter((field) => given[field] !== undefined && given[field] !== null).map((field) =>
    forbidden(path.child(field === 'uid' ? 'uID' : field), 'cannot be set'),
  );
}
