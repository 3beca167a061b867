/** Ports, volume mounts and devices of a container. */
import {
  duplicate,
  forbidden,
  invalid,
  notFound,
  notSupported,
  required,
  type FieldError,
  type Path,
} from '../../api/field.ts';
import { portName } from '../../api/names.ts';
import type { Container, Volume } from '../../api/types.ts';
import { portNumber, relativePath } from './scalars.ts';

type Port = NonNullable<Container['ports']>[number];
type Mount = NonNullable<Container['volumeMounts']>[number];
type Device = NonNullable<Container['volumeDevices']>[number];

/** The pod's volumes that are valid themselves, by name. */
export type Volumes = ReadonlyMap<string, Volume>;

const PROTOCOLS = ['SCTP', 'TCP', 'UDP'];

export function validatePorts(ports: readonly Port[], path: Path): FieldError[] {
  const names = new Set<string>();
  return ports.flatMap((port, position) => {
    const at = path.index(position);
    const errors: FieldError[] = [];
    if (port.name) {
      const problems = portName(port.name);
      errors.push(...problems.map((sentence) => invalid(at.child('name'), port.name, sentence)));
      if (problems.length === 0 && names.has(port.name)) errors.push(duplicate(at.child('name'), port.name));
      if (problems.length === 0) names.add(port.name);
    }
    if (!port.containerPort) errors.push(required(at.child('containerPort')));
    else errors.push(...portNumber(port.containerPort, at.child('containerPort')));
    if (port.hostPort) errors.push(...portNumber(port.hostPort, at.child('hostPort')));
    if (!port.protocol) errors.push(required(at.child('protocol')));
    else if (!PROTOCOLS.includes(port.protocol))
      errors.push(notSupported(at.child('protocol'), port.protocol, PROTOCOLS));
    return errors;
  });
}

/** No two of these containers may take the same port of a node. */
export function validateHostPorts(containers: readonly Container[], path: Path): FieldError[] {
  const taken = new Set<string>();
  return containers.flatMap((container, position) =>
    (container.ports ?? []).flatMap((port, which) => {
      if (!port.hostPort) return [];
      const key = `${port.protocol ?? ''}/${port.hostIP ?? ''}/${port.hostPort}`;
      if (taken.has(key)) return [duplicate(path.index(position).child('ports').index(which).child('hostPort'), key)];
      taken.add(key);
      return [];
    }),
  );
}

const PROPAGATIONS = ['Bidirectional', 'HostToContainer', 'None'];

function validatePropagation(mount: Mount, container: Container, path: Path): FieldError[] {
  const propagation = mount.mountPropagation;
  if (propagation === undefined) return [];
  const errors: FieldError[] = [];
  if (!PROPAGATIONS.includes(propagation)) errors.push(notSupported(path, propagation, PROPAGATIONS));
  if (propagation === 'Bidirectional' && container.securityContext?.privileged !== true)
    errors.push(forbidden(path, 'Bidirectional mount propagation is available only to privileged containers'));
  return errors;
}

function validateRecursiveReadOnly(mount: Mount, path: Path): FieldError[] {
  const mode = mount.recursiveReadOnly;
  if (mode === undefined || mode === 'Disabled') return [];
  if (mode !== 'Enabled' && mode !== 'IfPossible')
    return [notSupported(path, mode, ['Disabled', 'Enabled', 'IfPossible'])];
  const errors: FieldError[] = [];
  if (!mount.readOnly) errors.push(forbidden(path, 'may only be specified when readOnly is true'));
  if (mount.mountPropagation !== undefined && mount.mountPropagation !== 'None')
    errors.push(forbidden(path, 'may only be specified when mountPropagation is None or not specified'));
  return errors;
}

/** A volume that is used twice counts with its last path: so does the real server. */
const lastPaths = (pairs: [name: string, path: string][]) => new Map(pairs);

export function validateMounts(container: Container, volumes: Volumes, path: Path): FieldError[] {
  const devices = lastPaths((container.volumeDevices ?? []).map(({ name, devicePath }) => [name, devicePath]));
  const seen = new Set<string>();
  return (container.volumeMounts ?? []).flatMap((mount, position) => {
    const at = path.index(position);
    const errors: FieldError[] = [];
    if (!mount.name) errors.push(required(at.child('name')));
    if (!volumes.has(mount.name)) errors.push(notFound(at.child('name'), mount.name));
    if (!mount.mountPath) errors.push(required(at.child('mountPath')));
    if (seen.has(mount.mountPath)) errors.push(invalid(at.child('mountPath'), mount.mountPath, 'must be unique'));
    seen.add(mount.mountPath);
    if (devices.has(mount.name))
      errors.push(invalid(at.child('name'), mount.name, 'must not already exist in volumeDevices'));
    if ([...devices.values()].includes(mount.mountPath))
      errors.push(invalid(at.child('mountPath'), mount.mountPath, 'must not already exist as a path in volumeDevices'));
    // from here on the real server's paths leave the mount's position out
    if (mount.subPath) errors.push(...relativePath(mount.subPath, path.child('subPath')));
    if (mount.subPathExpr) {
      if (mount.subPath)
        errors.push(
          invalid(at.child('subPathExpr'), mount.subPathExpr, 'subPathExpr and subPath are mutually exclusive'),
        );
      errors.push(...relativePath(mount.subPathExpr, path.child('subPathExpr')));
    }
    return [
      ...errors,
      ...validatePropagation(mount, container, path.child('mountPropagation')),
      ...validateRecursiveReadOnly(mount, path.child('recursiveReadOnly')),
    ];
  });
}

export function validateDevices(container: Container, volumes: Volumes, path: Path): FieldError[] {
  const mounts = lastPaths((container.volumeMounts ?? []).map(({ name, mountPath }) => [name, mountPath]));
  const names = new Set<string>();
  const paths = new Set<string>();
  const check = ({ name, devicePath }: Device, position: number) => {
    const at = path.index(position);
    const errors: FieldError[] = [];
    const volume = volumes.get(name);
    if (!name) errors.push(required(at.child('name')));
    if (names.has(name)) errors.push(invalid(at.child('name'), name, 'must be unique'));
    if (volume && !volume.persistentVolumeClaim && !volume.ephemeral)
      errors.push(
        invalid(
          at.child('name'),
          name,
          'can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode',
        ),
      );
    if (!volume) errors.push(notFound(at.child('name'), name));
    if (!devicePath) errors.push(required(at.child('devicePath')));
    if (paths.has(devicePath)) errors.push(invalid(at.child('devicePath'), devicePath, 'must be unique'));
    if (devicePath.split('/').includes('..'))
      errors.push(invalid(at.child('devicePath'), devicePath, "can not contain backsteps ('..')"));
    else paths.add(devicePath);
    if (mounts.has(name)) errors.push(invalid(at.child('name'), name, 'must not already exist in volumeMounts'));
    if ([...mounts.values()].includes(devicePath))
      errors.push(invalid(at.child('devicePath'), devicePath, 'must not already exist as a path in volumeMounts'));
    if (name) names.add(name);
    return errors;
  };
  return (container.volumeDevices ?? []).flatMap(check);
}
