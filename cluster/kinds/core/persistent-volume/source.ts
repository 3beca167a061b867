/** Where a PersistentVolume's storage is: exactly one source, and what that source demands. */
import { forbidden, invalid, notSupported, required, tooLong, type FieldError, type Path } from '../../../api/field.ts';
import { dns1123Subdomain, inRange } from '../../../api/names.ts';
import type { PersistentVolume } from '../../../api/types.ts';

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

function driverNameErrors(driver: string, at: Path): FieldError[] {
  if (driver === '') return [required(at)];
  return [
    ...(driver.length > MAX_DRIVER_NAME ? [tooLong(at, MAX_DRIVER_NAME)] : []),
    ...dns1123Subdomain(driver.toLowerCase()).map((detail) => invalid(at, driver, detail)),
  ];
}

/** Names of iSCSI targets: iqn with a date and a domain, eui or naa with hexadecimal digits. */
const ISCSI_NAME =
  /^(iqn\.\d{4}-\d{2}\.([a-z0-9.-]+)(:[^,;*&$|\s]+)?|eui\.[0-9a-fA-F]{16}|naa\.[0-9a-fA-F]{32}|naa\.[0-9a-fA-F]{16})$/i;

const partitionErrors = (partition = 0, at: Path): FieldError[] =>
  inRange(partition, 0, 255).map((detail) => invalid(at.child('partition'), partition, detail));

/** `at` is the source's own path, `spec` that of the whole spec. */
type Check = (spec: Spec, at: Path, specPath: Path) => FieldError[];

const CHECKS: Partial<Record<(typeof SOURCES)[number], Check>> = {
  hostPath({ hostPath }, at) {
    const errors = plainPath(hostPath?.path, at.child('path'));
    if (hostPath?.path && !HOST_PATH_TYPES.includes(hostPath.type ?? '')) {
      errors.push(notSupported(at.child('type'), hostPath.type, HOST_PATH_TYPES));
    }
    return errors;
  },
  nfs({ nfs }, at) {
    const errors: FieldError[] = [];
    const path = nfs?.path ?? '';
    if (!nfs?.server) errors.push(required(at.child('server')));
    if (path === '') errors.push(required(at.child('path')));
    if (!path.startsWith('/')) errors.push(invalid(at.child('path'), path, 'must be an absolute path'));
    return errors;
  },
  awsElasticBlockStore: ({ awsElasticBlockStore: disk }, at) => [
    ...(disk?.volumeID ? [] : [required(at.child('volumeID'))]),
    ...partitionErrors(disk?.partition, at),
  ],
  // the path is named differently from the field: so does the real server
  gcePersistentDisk: ({ gcePersistentDisk: disk }, _at, specPath) => [
    ...(disk?.pdName ? [] : [required(specPath.child('persistentDisk', 'pdName'))]),
    ...partitionErrors(disk?.partition, specPath.child('persistentDisk')),
  ],
  iscsi({ iscsi }, at) {
    const errors: FieldError[] = [];
    const iqn = iscsi?.iqn ?? '';
    const lun = iscsi?.lun ?? 0;
    if (!iscsi?.targetPortal) errors.push(required(at.child('targetPortal')));
    if (iqn === '') errors.push(required(at.child('iqn')));
    else if (!ISCSI_NAME.test(iqn)) errors.push(invalid(at.child('iqn'), iqn, 'must be valid format'));
    errors.push(...inRange(lun, 0, 255).map((detail) => invalid(at.child('lun'), lun, detail)));
    if ((iscsi?.chapAuthDiscovery || iscsi?.chapAuthSession) && !iscsi.secretRef) {
      errors.push(required(at.child('secretRef')));
    }
    return errors;
  },
  local(spec, at, specPath) {
    const errors = plainPath(spec.local?.path, at.child('path'));
    if (!spec.nodeAffinity) {
      errors.push(required(specPath.child('nodeAffinity'), 'Local volume requires node affinity'));
    }
    return errors;
  },
  csi({ csi }, at) {
    const errors = driverNameErrors(csi?.driver ?? '', at.child('driver'));
    if (!csi?.volumeHandle) errors.push(required(at.child('volumeHandle')));
    return errors;
  },
};

export function sourceErrors(spec: Spec, specPath: Path): FieldError[] {
  const given = SOURCES.filter((source) => spec[source]);
  if (given.length === 0) return [required(specPath, 'must specify a volume type')];
  return given.flatMap((source, position) => {
    const at = specPath.child(source);
    if (position > 0) return [forbidden(at, 'may not specify more than 1 volume type')];
    return CHECKS[source]?.(spec, at, specPath) ?? [];
  });
}
