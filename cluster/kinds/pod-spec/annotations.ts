/** Annotations that once were fields of pods, and those that mean something still. */
import { forbidden, invalid, type FieldError, type Path } from '../../api/field.ts';
import type { PodSpec } from '../../api/types.ts';
import { MAX_INT32, relativePath } from './scalars.ts';
import { containersWithPath } from './walk.ts';

type Annotations = Readonly<Record<string, string>>;

export const MIRROR = 'kubernetes.io/config.mirror';
const DELETION_COST = 'controller.kubernetes.io/pod-deletion-cost';
export const SECCOMP_POD = 'seccomp.security.alpha.kubernetes.io/pod';
export const SECCOMP_CONTAINER = 'container.seccomp.security.alpha.kubernetes.io/';
export const APPARMOR = 'container.apparmor.security.beta.kubernetes.io/';

function validSeccomp(profile: string, path: Path): FieldError[] {
  if (['runtime/default', 'docker/default', 'unconfined'].includes(profile)) return [];
  return profile.startsWith('localhost/')
    ? relativePath(profile.slice('localhost/'.length), path)
    : [invalid(path, profile, 'must be a valid seccomp profile')];
}

function validAppArmor(profile: string): string | undefined {
  const known = profile === '' || profile === 'runtime/default' || profile === 'unconfined';
  return known || profile.startsWith('localhost/')
    ? undefined
    : `invalid AppArmor profile name: ${JSON.stringify(profile)}`;
}

/** A cost is a 32-bit integer, written without a plus or leading zeros. */
const isCost = (text: string) =>
  /^(0|-?[1-9][0-9]*)$/.test(text) && Number(text) <= MAX_INT32 && Number(text) >= -MAX_INT32 - 1;

export function validatePodAnnotations(annotations: Annotations | undefined, spec: PodSpec, path: Path): FieldError[] {
  if (!annotations) return [];
  const errors: FieldError[] = [];
  const mirror = annotations[MIRROR];
  if (mirror !== undefined && !spec.nodeName)
    errors.push(invalid(path.key(MIRROR), mirror, 'must set spec.nodeName if mirror pod annotation is set'));
  const cost = annotations[DELETION_COST];
  if (cost !== undefined && !isCost(cost))
    errors.push(invalid(path.key(DELETION_COST), cost, 'must be a 32bit integer'));
  const entries = Object.entries(annotations);
  for (const [key, profile] of entries)
    if (key === SECCOMP_POD || key.startsWith(SECCOMP_CONTAINER))
      errors.push(...validSeccomp(profile, path.child(key)));
  const names = [...(spec.initContainers ?? []), ...spec.containers, ...(spec.ephemeralContainers ?? [])].map(
    ({ name }) => name,
  );
  for (const [key, profile] of entries) {
    if (!key.startsWith(APPARMOR)) continue;
    const container = key.slice(APPARMOR.length);
    if (!names.includes(container)) errors.push(invalid(path.key(key), container, 'container not found'));
    const problem = validAppArmor(profile);
    if (problem !== undefined) errors.push(invalid(path.key(key), profile, problem));
  }
  return errors;
}

export function validatePodAnnotationUpdate(
  annotations: Annotations,
  old: Annotations,
  spec: PodSpec,
  path: Path,
): FieldError[] {
  const errors: FieldError[] = [];
  for (const [key, value] of Object.entries(old)) {
    if (annotations[key] === value) continue;
    if (key.startsWith(APPARMOR))
      errors.push(forbidden(path.key(key), 'may not remove or update AppArmor annotations'));
    if (key === MIRROR) errors.push(forbidden(path.key(key), 'may not remove or update mirror pod annotation'));
  }
  for (const key of Object.keys(annotations)) {
    if (key in old) continue;
    if (key.startsWith(APPARMOR)) errors.push(forbidden(path.key(key), 'may not add AppArmor annotations'));
    if (key === MIRROR) errors.push(forbidden(path.key(key), 'may not add mirror pod annotation'));
  }
  return [...errors, ...validatePodAnnotations(annotations, spec, path)];
}

const LOCAL = 'localhost/';

/** A seccomp or AppArmor profile as an annotation once said it. */
function profileMismatch(
  profile: { type: string; localhostProfile?: string } | undefined,
  annotation: string | undefined,
  what: 'seccomp' | 'apparmor',
  path: Path,
): FieldError[] {
  if (!profile || annotation === undefined) return [];
  const wrongType = [forbidden(path.child('type'), `${what} type in annotation and field must match`)];
  if (profile.type === 'Unconfined') return annotation === 'unconfined' ? [] : wrongType;
  if (profile.type === 'RuntimeDefault')
    return annotation === 'runtime/default' || (what === 'seccomp' && annotation === 'docker/default') ? [] : wrongType;
  if (profile.type !== 'Localhost') return [];
  if (!annotation.startsWith(LOCAL)) return wrongType;
  return annotation.slice(LOCAL.length) === profile.localhostProfile
    ? []
    : [forbidden(path.child('localhostProfile'), `${what} profile in annotation and field must match`)];
}

/** Annotations that once were fields may not contradict the fields. */
export function validateProfilesMatch(annotations: Annotations | undefined, spec: PodSpec, path: Path): FieldError[] {
  if (!annotations) return [];
  const containers = containersWithPath(spec, path);
  const context = spec.securityContext;
  const seccomp = [
    ...profileMismatch(
      context?.seccompProfile,
      annotations[SECCOMP_POD],
      'seccomp',
      path.child('securityContext', 'seccompProfile'),
    ),
    ...containers.flatMap(([{ name, securityContext }, at]) =>
      profileMismatch(
        securityContext?.seccompProfile,
        annotations[SECCOMP_CONTAINER + name],
        'seccomp',
        at.child('securityContext', 'seccompProfile'),
      ),
    ),
  ];
  if (spec.os?.name === 'windows') return seccomp;
  const appArmor = containers.flatMap(([{ name, securityContext }, at]) =>
    profileMismatch(
      securityContext?.appArmorProfile ?? context?.appArmorProfile,
      annotations[APPARMOR + name],
      'apparmor',
      at.child('securityContext', 'appArmorProfile'),
    ),
  );
  return [...seccomp, ...appArmor];
}

type Profile = NonNullable<NonNullable<PodSpec['securityContext']>['appArmorProfile']>;

/** What an annotation's profile is as a field; undefined: none that is valid. */
export function appArmorOf(annotation: string): Profile | undefined {
  if (annotation === 'unconfined') return { type: 'Unconfined' };
  if (annotation === 'runtime/default') return { type: 'RuntimeDefault' };
  const local = annotation.slice(LOCAL.length);
  const isValid = annotation.startsWith(LOCAL) && local !== '' && local.trim() === local;
  return isValid ? { type: 'Localhost', localhostProfile: local } : undefined;
}
