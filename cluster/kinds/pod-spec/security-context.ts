/** Security contexts of pods and of containers. */
import {
  duplicate,
  forbidden,
  invalid,
  notSupported,
  required,
  tooLong,
  type FieldError,
  type Path,
} from '../../api/field.ts';
import type { Container, PodSpec } from '../../api/types.ts';
import { shownSecurityContext } from './internal-values.ts';
import { relativePath, userId } from './scalars.ts';
import { containersWithPath } from './walk.ts';
import { validateWindowsOptions } from './windows.ts';

type PodContext = NonNullable<PodSpec['securityContext']>;
type Context = NonNullable<Container['securityContext']>;
type Seccomp = NonNullable<Context['seccompProfile']>;
type AppArmor = NonNullable<Context['appArmorProfile']>;

const PROFILE_TYPES = ['Localhost', 'RuntimeDefault', 'Unconfined'];

function validateSeccomp(profile: Seccomp | undefined, path: Path): FieldError[] {
  if (!profile) return [];
  const errors: FieldError[] = [];
  if (!profile.type) errors.push(required(path.child('type'), 'type is required when seccompProfile is set'));
  else if (!PROFILE_TYPES.includes(profile.type))
    errors.push(notSupported(path.child('type'), profile.type, PROFILE_TYPES));
  const local = path.child('localhostProfile');
  if (profile.type === 'Localhost') {
    if (profile.localhostProfile === undefined)
      errors.push(required(local, 'must be set when seccomp type is Localhost'));
    else errors.push(...relativePath(profile.localhostProfile, local));
  } else if (profile.localhostProfile !== undefined)
    errors.push(
      invalid(
        local,
        { Type: profile.type, LocalhostProfile: profile.localhostProfile },
        'can only be set when seccomp type is Localhost',
      ),
    );
  return errors;
}

/** PATH_MAX without its final zero byte. */
const LONGEST_PROFILE = 4095;

function validateLocalAppArmor(name: string | undefined, path: Path): FieldError[] {
  const missing = required(path, 'must be set when AppArmor type is Localhost');
  if (name === undefined) return [missing];
  const errors: FieldError[] = [];
  if (name.trim() !== name) errors.push(invalid(path, name, 'must not be padded with whitespace'));
  else if (name === '') errors.push(missing);
  if (name.length > LONGEST_PROFILE) errors.push(tooLong(path, LONGEST_PROFILE));
  return errors;
}

export function validateAppArmor(profile: AppArmor | undefined, path: Path): FieldError[] {
  if (!profile) return [];
  const local = path.child('localhostProfile');
  if (profile.type === 'Localhost') return validateLocalAppArmor(profile.localhostProfile, local);
  if (!profile.type) return [required(path.child('type'), 'type is required when appArmorProfile is set')];
  if (!PROFILE_TYPES.includes(profile.type)) return [notSupported(path.child('type'), profile.type, PROFILE_TYPES)];
  return profile.localhostProfile === undefined
    ? []
    : [invalid(local, profile.localhostProfile, 'can only be set when AppArmor type is Localhost')];
}

export function validateContainerSecurity(context: Context | undefined, hostUsers: boolean, path: Path): FieldError[] {
  if (!context) return [];
  const errors: FieldError[] = [
    ...userId(context.runAsUser, path.child('runAsUser')),
    ...userId(context.runAsGroup, path.child('runAsGroup')),
  ];
  const { procMount } = context;
  if (procMount !== undefined) {
    const at = path.child('procMount');
    if (procMount !== 'Default' && procMount !== 'Unmasked')
      errors.push(notSupported(at, procMount, ['Default', 'Unmasked']));
    if (hostUsers && procMount === 'Unmasked')
      errors.push(invalid(at, procMount, '`hostUsers` must be false to use `Unmasked`'));
  }
  errors.push(...validateSeccomp(context.seccompProfile, path.child('seccompProfile')));
  if (context.allowPrivilegeEscalation === false) {
    const refuse = (what: string) =>
      invalid(path, shownSecurityContext(context), `cannot set \`allowPrivilegeEscalation\` to false and ${what}`);
    if (context.privileged) errors.push(refuse('`privileged` to true'));
    if (context.capabilities?.add?.includes('CAP_SYS_ADMIN')) errors.push(refuse('`capabilities.Add` CAP_SYS_ADMIN'));
  }
  return [
    ...errors,
    ...validateWindowsOptions(context.windowsOptions, path.child('windowsOptions')),
    ...validateAppArmor(context.appArmorProfile, path.child('appArmorProfile')),
  ];
}

const SYSCTL = /^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$/;
const SYSCTL_SHAPE =
  'must have at most 253 characters and match regex ^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$';

/** Kernel parameters under these belong to the network or the IPC namespace of a pod. */
const NET = /^net\./;
const IPC = /^(kernel\.(sem|shm.*|msg.*)$|fs\.mqueue\.)/;

function validateSysctls(context: PodContext, spec: PodSpec, path: Path): FieldError[] {
  const seen = new Set<string>();
  return (context.sysctls ?? []).flatMap(({ name }, position) => {
    const at = path.index(position).child('name');
    const errors: FieldError[] = [];
    if (!name) errors.push(required(at));
    else if (name.length > 253 || !SYSCTL.test(name)) errors.push(invalid(at, name, SYSCTL_SHAPE));
    else if (seen.has(name)) errors.push(duplicate(at, name));
    const dotted = name.replaceAll('/', '.');
    if (spec.hostNetwork && NET.test(dotted))
      errors.push(invalid(at, name, "may not be specified when 'hostNetwork' is true"));
    else if (spec.hostIPC && IPC.test(dotted))
      errors.push(invalid(at, name, "may not be specified when 'hostIPC' is true"));
    seen.add(name);
    return errors;
  });
}

export function validatePodSecurity(spec: PodSpec, path: Path): FieldError[] {
  const context = spec.securityContext;
  if (!context) return [];
  const choice = (name: 'fsGroupChangePolicy' | 'supplementalGroupsPolicy' | 'seLinuxChangePolicy', of: string[]) => {
    const value = context[name];
    return value !== undefined && !of.includes(value) ? [notSupported(path.child(name), value, of)] : [];
  };
  const errors: FieldError[] = [
    ...userId(context.fsGroup, path.child('fsGroup')),
    ...userId(context.runAsUser, path.child('runAsUser')),
    ...userId(context.runAsGroup, path.child('runAsGroup')),
    ...(context.supplementalGroups ?? []).flatMap((group, position) =>
      userId(group, path.child('supplementalGroups').index(position)),
    ),
  ];
  if (spec.shareProcessNamespace && spec.hostPID)
    errors.push(
      invalid(path.child('shareProcessNamespace'), true, 'ShareProcessNamespace and HostPID cannot both be enabled'),
    );
  return [
    ...errors,
    ...validateSysctls(context, spec, path.child('sysctls')),
    ...choice('fsGroupChangePolicy', ['Always', 'OnRootMismatch']),
    ...validateSeccomp(context.seccompProfile, path.child('seccompProfile')),
    ...validateWindowsOptions(context.windowsOptions, path.child('windowsOptions')),
    ...validateAppArmor(context.appArmorProfile, path.child('appArmorProfile')),
    ...choice('supplementalGroupsPolicy', ['Merge', 'Strict']),
    // MountOption needs the feature SELinuxMount, which 1.35 leaves off
    ...choice('seLinuxChangePolicy', ['Recursive']),
  ];
}

/** A user namespace of the pod's own rules out the host's namespaces and block devices. */
export function validateHostUsers(spec: PodSpec, path: Path): FieldError[] {
  if (spec.hostUsers !== false) return [];
  const why = 'when `hostUsers` is false';
  return [
    ...(spec.hostNetwork ? [forbidden(path.child('hostNetwork'), why)] : []),
    ...(spec.hostPID ? [forbidden(path.child('HostPID'), why)] : []),
    ...(spec.hostIPC ? [forbidden(path.child('HostIPC'), why)] : []),
    ...containersWithPath(spec, path)
      .filter(([container]) => (container.volumeDevices ?? []).length > 0)
      .map(([, at]) => forbidden(at.child('volumeDevices'), why)),
  ];
}
