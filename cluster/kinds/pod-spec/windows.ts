/** What a pod says of its operating system, and what containers of Windows may ask for. */
import { dns1123Subdomain } from '../../api/names.ts';
import { forbidden, invalid, notSupported, required, type FieldError, type Path } from '../../api/field.ts';
import type { Container, PodSpec } from '../../api/types.ts';
import { each } from './scalars.ts';
import { containersWithPath } from './walk.ts';

type Options = NonNullable<NonNullable<Container['securityContext']>['windowsOptions']>;

const LARGEST_CREDENTIAL_KIB = 64;
const LONGEST_DOMAIN = 256;
const LONGEST_USER = 104;

const CONTROL = /[\u0000-\u001f\u007f]/; // oxlint-disable-line no-control-regex -- they are what is looked for
const NET_BIOS = /^[^\\/:*?"<>|.][^\\/:*?"<>|]{0,14}$/;
const DNS_LABEL = '[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?';
const DNS = new RegExp(`^${DNS_LABEL}(?:\\.${DNS_LABEL})*$`);
const NOT_IN_USERS = /["/\\:;|=,+*?<>@[\]]/;

/** `domain\user` or `user`. */
function userProblems(name: string): string[] {
  if (name === '') return ['runAsUserName cannot be an empty string'];
  if (CONTROL.test(name)) return ['runAsUserName cannot contain control characters'];
  const parts = name.split('\\');
  if (parts.length > 2) return ['runAsUserName cannot contain more than one backslash'];
  const user = parts.at(-1) ?? '';
  const domain = parts.length === 2 ? (parts[0] ?? '') : undefined;
  const problems: string[] = [];
  if (domain !== undefined && Buffer.byteLength(domain) >= LONGEST_DOMAIN)
    problems.push(`runAsUserName's Domain length must be under ${LONGEST_DOMAIN} characters`);
  if (domain !== undefined && !NET_BIOS.test(domain) && !DNS.test(domain))
    problems.push("runAsUserName's Domain doesn't match the NetBios nor the DNS format");
  if (user === '') problems.push("runAsUserName's User cannot be empty");
  else if (Buffer.byteLength(user) > LONGEST_USER)
    problems.push(`runAsUserName's User length must not be longer than ${LONGEST_USER} characters`);
  if (/^[. ]+$/.test(user)) problems.push("runAsUserName's User cannot contain only periods or spaces");
  if (NOT_IN_USERS.test(user))
    problems.push(`runAsUserName's User cannot contain the following characters: "/\\:;|=,+*?<>@[]`);
  return problems;
}

export function validateWindowsOptions(options: Options | undefined, path: Path): FieldError[] {
  if (!options) return [];
  const { gmsaCredentialSpecName: name, gmsaCredentialSpec: credential, runAsUserName } = options;
  const errors: FieldError[] = [];
  if (name !== undefined) errors.push(...each(path.child('gmsaCredentialSpecName'), name, dns1123Subdomain));
  if (credential !== undefined) {
    const at = path.child('gmsaCredentialSpec');
    if (credential === '') errors.push(invalid(at, credential, 'gmsaCredentialSpec cannot be an empty string'));
    else if (Buffer.byteLength(credential) > LARGEST_CREDENTIAL_KIB * 1024)
      errors.push(invalid(at, credential, `gmsaCredentialSpec size must be under ${LARGEST_CREDENTIAL_KIB} KiB`));
  }
  if (runAsUserName !== undefined) errors.push(...each(path.child('runAsUserName'), runAsUserName, userProblems));
  return errors;
}

/** Containers that are processes of the node itself: all of a pod or none, and on the node's network. */
export function validateHostProcess(spec: PodSpec, path: Path): FieldError[] {
  const ofPod = spec.securityContext?.windowsOptions?.hostProcess;
  const containers = containersWithPath(spec, path);
  const errors: FieldError[] = [];
  let count = 0;
  for (const [container, at] of containers) {
    const own = container.securityContext?.windowsOptions?.hostProcess;
    if (ofPod !== undefined && own !== undefined && ofPod !== own)
      errors.push(
        invalid(
          at.child('securityContext', 'windowsOptions', 'hostProcess'),
          own,
          `pod hostProcess value must be identical if both are specified, was ${ofPod}`,
        ),
      );
    if (own ?? ofPod) count++;
  }
  if (count === 0) return errors;
  if (count !== containers.length)
    errors.push(
      invalid(
        path,
        '',
        'If pod contains any hostProcess containers then all containers must be HostProcess containers',
      ),
    );
  if (!spec.hostNetwork)
    errors.push(
      invalid(path.child('hostNetwork'), false, 'hostNetwork must be true if pod contains any hostProcess containers'),
    );
  return errors;
}

/** Of the pod's security context; false: of the pod's spec itself. */
const NOT_OF_WINDOWS_PODS: readonly [field: string, inContext: boolean][] = [
  ['appArmorProfile', true],
  ['seLinuxOptions', true],
  ['hostUsers', false],
  ['hostPID', false],
  ['hostIPC', false],
  ['seccompProfile', true],
  ['fsGroup', true],
  ['fsGroupChangePolicy', true],
  ['sysctls', true],
  ['shareProcessNamespace', false],
  ['runAsUser', true],
  ['runAsGroup', true],
  ['supplementalGroups', true],
  ['supplementalGroupsPolicy', true],
  ['seLinuxChangePolicy', true],
];
const NOT_OF_WINDOWS_CONTAINERS = [
  'appArmorProfile',
  'seLinuxOptions',
  'seccompProfile',
  'capabilities',
  'readOnlyRootFilesystem',
  'privileged',
  'allowPrivilegeEscalation',
  'procMount',
  'runAsUser',
  'runAsGroup',
] as const;
/** Booleans of the internal form, not pointers: false is not set. */
const PLAIN = new Set(['hostPID', 'hostIPC']);

function validateWindows(spec: PodSpec, path: Path): FieldError[] {
  const why = 'cannot be set for a windows pod';
  const context: Record<string, unknown> = { ...spec.securityContext };
  const outer: Record<string, unknown> = { ...spec };
  const errors = NOT_OF_WINDOWS_PODS.filter(([field, inContext]) => {
    const value = inContext ? context[field] : outer[field];
    if (Array.isArray(value)) return value.length > 0;
    return value !== undefined && value !== null && !(PLAIN.has(field) && value === false);
  }).map(([field, inContext]) => forbidden((inContext ? path.child('securityContext') : path).child(field), why));
  for (const [{ securityContext }, at] of containersWithPath(spec, path))
    for (const field of NOT_OF_WINDOWS_CONTAINERS)
      if (securityContext?.[field] !== undefined) errors.push(forbidden(at.child('securityContext', field), why));
  return errors;
}

function validateLinux(spec: PodSpec, path: Path): FieldError[] {
  const refuse = (at: Path) =>
    forbidden(at.child('securityContext', 'windowsOptions'), 'windows options cannot be set for a linux pod');
  return [
    ...(spec.securityContext?.windowsOptions ? [refuse(path)] : []),
    ...containersWithPath(spec, path)
      .filter(([container]) => container.securityContext?.windowsOptions)
      .map(([, at]) => refuse(at)),
  ];
}

const SYSTEMS = ['linux', 'windows'];

export function validateOs(spec: PodSpec, path: Path): FieldError[] {
  if (!spec.os) return [];
  const { name } = spec.os;
  if (!name) return [required(path.child('os', 'name'))];
  if (!SYSTEMS.includes(name)) return [notSupported(path.child('os'), name, SYSTEMS)];
  return name === 'linux' ? validateLinux(spec, path) : validateWindows(spec, path);
}
