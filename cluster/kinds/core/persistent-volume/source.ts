/** Where a PersistentVolume's storage is: exactly one source, and what that source demands. */
import { forbidden, invalid, notSupported, required, tooLong, type FieldError, type Path } from '../../../api/field.ts';
import { dns1123Label, dns1123Subdomain, inRange } from '../../../api/names.ts';
import type { PersistentVolume } from '../../../api/types.ts';
import {
  needs,
  partition,
  validateAzureDisk,
  validateFc,
  validateFlexVolume,
  validateFlocker,
  validateQuobyte,
  validateStorageOs,
} from '../../pod-spec/volume-sources.ts';

type Spec = NonNullable<PersistentVolume['spec']>;

const HOST_PATH_TYPES = [
  '',
  'BlockDevice',
  'CharDevice',
  'Directory',
  'DirectoryOrCreate',
  'File',
  'FileOrCreate',
  'Socket',
];
/** In the order the server looks at them; from the second on each is one too many. */
const SOURCES = [
  'hostPath',
  'gcePersistentDisk',
  'awsElasticBlockStore',
  'glusterfs',
  'flocker',
  'nfs',
  'rbd',
  'quobyte',
  'cephfs',
  'iscsi',
  'cinder',
  'fc',
  'flexVolume',
  'azureFile',
  'vsphereVolume',
  'photonPersistentDisk',
  'portworxVolume',
  'azureDisk',
  'scaleIO',
  'local',
  'storageos',
  'csi',
] as const;

function plainPath(path: string | undefined, at: Path): FieldError[] {
  if (!path) return [required(at)];
  return path.split('/').includes('..') ? [invalid(at, path, "must not contain '..'")] : [];
}

/** Letters, as long as a label may be. */
const MAX_DRIVER_NAME = 63;

export function driverNameErrors(driver: string, at: Path): FieldError[] {
  if (driver === '') return [required(at)];
  return [
    ...(driver.length > MAX_DRIVER_NAME ? [tooLong(at, MAX_DRIVER_NAME)] : []),
    ...dns1123Subdomain(driver.toLowerCase()).map((detail) => invalid(at, driver, detail)),
  ];
}

/** Names of iSCSI targets: iqn with a date and a domain, eui or naa. */
const ISCSI_NAMES: Readonly<Record<string, RegExp>> = {
  iqn: /iqn\.\d{4}-\d{2}\.([A-Za-z0-9.-]+)(:[^,;*&$|\s]+)$/,
  eui: /^eui.[A-Za-z0-9]{16}$/,
  naa: /^naa.[A-Za-z0-9]{32}$/,
};
const iscsiNameErrors = (name: string, at: Path): FieldError[] =>
  ISCSI_NAMES[name.slice(0, 3)]?.test(name) ? [] : [invalid(at, name, 'must be valid format')];
/** Letters of name and portal together. */
const MAX_ISCSI = 64;

/** `at` is the source's own path, `spec` that of the whole spec. */
type Check<Source> = (source: Source, at: Path, specPath: Path, volume: PersistentVolume) => FieldError[];
type SourceName = (typeof SOURCES)[number];

/** A Secret in some namespace. Only drivers' references have to look like names. */
const bothNamed = (reference: { name?: string; namespace?: string } | undefined, at: Path): FieldError[] =>
  reference ? needs(at, reference, 'name', 'namespace') : [];

function secretErrors(reference: { name?: string; namespace?: string } | undefined, at: Path): FieldError[] {
  if (!reference) return [];
  const { name = '', namespace = '' } = reference;
  const [ofName, ofNamespace] = [at.child('name'), at.child('namespace')];
  return [
    ...(name === '' ? [required(ofName)] : dns1123Subdomain(name).map((detail) => invalid(ofName, name, detail))),
    ...(namespace === ''
      ? [required(ofNamespace)]
      : dns1123Label(namespace).map((detail) => invalid(ofNamespace, namespace, detail))),
  ];
}

function iscsiErrors(
  iscsi: Partial<NonNullable<Spec['iscsi']>>,
  at: Path,
  { metadata }: PersistentVolume,
): FieldError[] {
  const errors = needs(at, iscsi, 'targetPortal');
  const { initiatorName, targetPortal = '', iqn = '', lun = 0 } = iscsi;
  if (initiatorName !== undefined && `${metadata.name}:${targetPortal}`.length > MAX_ISCSI) {
    const detail =
      'Total length of <volume name>:<iscsi.targetPortal> must be under 64 characters if iscsi.initiatorName is specified.';
    errors.push(invalid(at.child('targetportal'), targetPortal, detail));
  }
  errors.push(...(iqn === '' ? [required(at.child('iqn'))] : iscsiNameErrors(iqn, at.child('iqn'))));
  errors.push(...inRange(lun, 0, 255).map((detail) => invalid(at.child('lun'), lun, detail)));
  const secret = at.child('secretRef');
  if ((iscsi.chapAuthDiscovery || iscsi.chapAuthSession) && !iscsi.secretRef) errors.push(required(secret));
  if (iscsi.secretRef) errors.push(...needs(secret, iscsi.secretRef, 'name'));
  if (initiatorName !== undefined) errors.push(...iscsiNameErrors(initiatorName, at.child('initiatorname')));
  return errors;
}

function glusterfsErrors(source: NonNullable<Spec['glusterfs']>, at: Path): FieldError[] {
  const errors = needs(at, source, 'endpoints', 'path');
  const { endpointsNamespace: namespace } = source;
  const here = at.child('endpointsNamespace');
  if (namespace === '') {
    return [...errors, invalid(here, namespace, 'if the endpointnamespace is set, it must be a valid namespace name')];
  }
  if (namespace === undefined) return errors;
  return [...errors, ...dns1123Label(namespace).map((detail) => invalid(here, namespace, detail))];
}

function hostPathErrors({ path, type = '' }: NonNullable<Spec['hostPath']>, at: Path): FieldError[] {
  const errors = plainPath(path, at.child('path'));
  if (path && !HOST_PATH_TYPES.includes(type)) errors.push(notSupported(at.child('type'), type, HOST_PATH_TYPES));
  return errors;
}

const monitors = (source: { monitors?: string[] }, at: Path): FieldError[] =>
  source.monitors?.length ? [] : [required(at.child('monitors'))];

const CHECKS: { [Name in SourceName]: Check<NonNullable<Spec[Name]>> } = {
  hostPath: hostPathErrors,
  // the path is named differently from the field: so does the real server
  gcePersistentDisk(disk, _at, specPath) {
    const at = specPath.child('persistentDisk');
    return [...needs(at, disk, 'pdName'), ...partition(disk.partition, at)];
  },
  awsElasticBlockStore: (disk, at) => [...needs(at, disk, 'volumeID'), ...partition(disk.partition, at)],
  glusterfs: glusterfsErrors,
  flocker: validateFlocker,
  nfs: (nfs, at) => [
    ...needs(at, nfs, 'server', 'path'),
    ...(nfs.path?.startsWith('/') ? [] : [invalid(at.child('path'), nfs.path ?? '', 'must be an absolute path')]),
  ],
  rbd: (rbd, at) => [...monitors(rbd, at), ...needs(at, rbd, 'image')],
  quobyte: validateQuobyte,
  cephfs: monitors,
  iscsi: (iscsi, at, _specPath, volume) => iscsiErrors(iscsi, at, volume),
  cinder: (disk, at) => [...needs(at, disk, 'volumeID'), ...bothNamed(disk.secretRef, at.child('secretRef'))],
  fc: validateFc,
  flexVolume: validateFlexVolume,
  azureFile: (share, at) => [
    ...needs(at, share, 'secretName', 'shareName'),
    ...(share.secretNamespace === '' ? [required(at.child('secretNamespace'))] : []),
  ],
  vsphereVolume: (disk, at) => needs(at, disk, 'volumePath'),
  photonPersistentDisk: (disk, at) => needs(at, disk, 'pdID'),
  portworxVolume: (disk, at) => needs(at, disk, 'volumeID'),
  azureDisk: validateAzureDisk,
  scaleIO: (volume, at) => needs(at, volume, 'gateway', 'system', 'volumeName'),
  local(local, at, specPath, { spec }) {
    const errors = plainPath(local.path, at.child('path'));
    if (spec?.nodeAffinity) return errors;
    return [...errors, required(specPath.child('nodeAffinity'), 'Local volume requires node affinity')];
  },
  storageos({ secretRef, ...names }, at) {
    return [...validateStorageOs(names, at), ...bothNamed(secretRef, at.child('secretRef'))];
  },
  csi: (csi, at) => [
    ...driverNameErrors(csi.driver ?? '', at.child('driver')),
    ...needs(at, csi, 'volumeHandle'),
    ...(
      [
        'controllerPublishSecretRef',
        'controllerExpandSecretRef',
        'nodePublishSecretRef',
        'nodeExpandSecretRef',
      ] as const
    ).flatMap((field) => secretErrors(csi[field], at.child(field))),
  ],
};
/** One more source has a path of its own. */
const REFUSED_AS: Readonly<Record<string, string>> = { cephfs: 'cephFS' };

/** A flexVolume counts as a source and is never one too many. */
export function sourceErrors(volume: PersistentVolume, specPath: Path): FieldError[] {
  const spec = volume.spec ?? {};
  const check = <Name extends SourceName>(name: Name, position: number): FieldError[] => {
    const source = spec[name];
    if (!source) return [];
    if (position > 0 && name !== 'flexVolume') {
      return [forbidden(specPath.child(REFUSED_AS[name] ?? name), 'may not specify more than 1 volume type')];
    }
    return CHECKS[name](source, specPath.child(name), specPath, volume);
  };
  const given = SOURCES.filter((source) => spec[source]);
  if (given.length === 0) return [required(specPath, 'must specify a volume type')];
  return given.flatMap(check);
}
