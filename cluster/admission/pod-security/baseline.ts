/** What no ordinary pod needs: ways out of the container. */
import type { Container, PodSpec } from '../../api/types.ts';
import type { Check } from './check.ts';
import { containersOf, named, namesWhere, plural, quoted, setters, sorted } from './containers.ts';

const CAPABILITIES = new Set([
  'AUDIT_WRITE',
  'CHOWN',
  'DAC_OVERRIDE',
  'FOWNER',
  'FSETID',
  'KILL',
  'MKNOD',
  'NET_BIND_SERVICE',
  'SETFCAP',
  'SETGID',
  'SETPCAP',
  'SETUID',
  'SYS_CHROOT',
]);
const SYSCTLS: [name: string, since: number][] = [
  ['kernel.shm_rmid_forced', 0],
  ['net.ipv4.ip_local_port_range', 0],
  ['net.ipv4.tcp_syncookies', 0],
  ['net.ipv4.ping_group_range', 0],
  ['net.ipv4.ip_unprivileged_port_start', 0],
  ['net.ipv4.ip_local_reserved_ports', 27],
  ['net.ipv4.tcp_keepalive_time', 29],
  ['net.ipv4.tcp_fin_timeout', 29],
  ['net.ipv4.tcp_keepalive_intvl', 29],
  ['net.ipv4.tcp_keepalive_probes', 29],
  ['net.ipv4.tcp_rmem', 32],
  ['net.ipv4.tcp_wmem', 32],
];
const APP_ARMOR_ANNOTATION = 'container.apparmor.security.beta.kubernetes.io/';

const appArmorProfile: Check = {
  id: 'appArmorProfile',
  since: 0,
  run(spec, { annotations = {} }) {
    const bad = (type: string | undefined) => type !== undefined && !['RuntimeDefault', 'Localhost'].includes(type);
    const pod = spec.securityContext?.appArmorProfile?.type;
    const types = containersOf(spec).map((one) => one.securityContext?.appArmorProfile?.type);
    const containers = namesWhere(spec, (one) => bad(one.securityContext?.appArmorProfile?.type));
    const values = sorted([pod, ...types].filter((type): type is string => bad(type)));
    const forbidden = Object.entries(annotations)
      .filter(([key]) => key.startsWith(APP_ARMOR_ANNOTATION))
      .filter(([, value]) => value !== '' && value !== 'runtime/default' && !value.startsWith('localhost/'))
      .map(([key, value]) => `${key}=${JSON.stringify(value)}`)
      .sort();
    const who = [
      setters(bad(pod), containers),
      ...(forbidden.length > 0 ? [plural('annotation', 'annotations', forbidden.length)] : []),
    ].filter((one) => one !== '');
    if (who.length === 0) return undefined;
    const all = [...values, ...forbidden];
    return {
      reason: plural('forbidden AppArmor profile', 'forbidden AppArmor profiles', all.length),
      detail: `${who.join(' and ')} must not set AppArmor profile type to ${quoted(all)}`,
    };
  },
};

const added = ({ securityContext }: Container) =>
  (securityContext?.capabilities?.add ?? []).filter((one) => !CAPABILITIES.has(one));

const capabilities: Check = {
  id: 'capabilities_baseline',
  since: 0,
  run(spec) {
    const names = namesWhere(spec, (one) => added(one).length > 0);
    if (names.length === 0) return undefined;
    const which = quoted(sorted(containersOf(spec).flatMap(added)));
    return {
      reason: 'non-default capabilities',
      detail: `${named(names)} must not include ${which} in securityContext.capabilities.add`,
    };
  },
};

const hostNamespaces: Check = {
  id: 'hostNamespaces',
  since: 0,
  run(spec) {
    const shared = (['hostNetwork', 'hostPID', 'hostIPC'] as const).filter((field) => spec[field]);
    if (shared.length === 0) return undefined;
    return { reason: 'host namespaces', detail: shared.map((field) => `${field}=true`).join(', ') };
  },
};

const hostPathVolumes: Check = {
  id: 'hostPathVolumes',
  since: 0,
  run({ volumes = [] }) {
    const names = volumes.filter(({ hostPath }) => hostPath).map(({ name }) => name);
    if (names.length === 0) return undefined;
    return { reason: 'hostPath volumes', detail: `${plural('volume', 'volumes', names.length)} ${quoted(names)}` };
  },
};

const hostPorts: Check = {
  id: 'hostPorts',
  since: 0,
  run(spec) {
    const portsOf = ({ ports = [] }: Container) =>
      ports.flatMap(({ hostPort }) => (hostPort ? [String(hostPort)] : []));
    const names = namesWhere(spec, (one) => portsOf(one).length > 0);
    if (names.length === 0) return undefined;
    const ports = sorted(containersOf(spec).flatMap(portsOf));
    const uses = `${plural('uses', 'use', names.length)} ${plural('hostPort', 'hostPorts', ports.length)}`;
    return { reason: 'hostPort', detail: `${named(names)} ${uses} ${ports.join(', ')}` };
  },
};

/** Probes that the kubelet is to send elsewhere than to the pod. */
function probeHosts({ livenessProbe, readinessProbe, startupProbe, lifecycle }: Container): string[] {
  const actions = [livenessProbe, readinessProbe, startupProbe, lifecycle?.postStart, lifecycle?.preStop];
  return actions
    .flatMap((action) => [action?.httpGet?.host, action?.tcpSocket?.host])
    .filter((host): host is string => Boolean(host));
}

const hostProbes: Check = {
  id: 'hostProbesAndHostLifecycle',
  since: 34,
  run(spec) {
    const names = sorted(namesWhere(spec, (one) => probeHosts(one).length > 0));
    if (names.length === 0) return undefined;
    const hosts = sorted(containersOf(spec).flatMap(probeHosts));
    const what = plural('probe or lifecycle host', 'probe or lifecycle hosts', hosts.length);
    return {
      reason: 'probe or lifecycle host',
      detail: `${named(names)} ${plural('uses', 'use', names.length)} ${what} ${quoted(hosts)}`,
    };
  },
};

const privileged: Check = {
  id: 'privileged',
  since: 0,
  run(spec) {
    const names = namesWhere(spec, (one) => one.securityContext?.privileged);
    if (names.length === 0) return undefined;
    return { reason: 'privileged', detail: `${named(names)} must not set securityContext.privileged=true` };
  },
};

/** Also a restricted check: there, a user namespace of one's own is no excuse. */
export function procMountViolation(spec: PodSpec) {
  const mountOf = ({ securityContext }: Container) => {
    const mount = securityContext?.procMount;
    return mount === undefined || mount === 'Default' ? [] : [mount];
  };
  const names = namesWhere(spec, (one) => mountOf(one).length > 0);
  if (names.length === 0) return undefined;
  const types = quoted(sorted(containersOf(spec).flatMap(mountOf)));
  return { reason: 'procMount', detail: `${named(names)} must not set securityContext.procMount to ${types}` };
}
const procMount: Check = {
  id: 'procMount',
  since: 0,
  run: (spec, _metadata, minor) => (minor >= 35 && spec.hostUsers === false ? undefined : procMountViolation(spec)),
};

const seLinuxOptions: Check = {
  id: 'seLinuxOptions',
  since: 0,
  run(spec, _metadata, minor) {
    const types = ['', 'container_t', 'container_init_t', 'container_kvm_t'];
    if (minor >= 31) types.push('container_engine_t');
    const all = [spec, ...containersOf(spec)].map((one) => one.securityContext?.seLinuxOptions ?? {});
    const bad = ({ type = '', user, role }: (typeof all)[number]) => !types.includes(type) || user || role;
    const containers = namesWhere(spec, (one) => bad(one.securityContext?.seLinuxOptions ?? {}));
    const who = setters(Boolean(bad(spec.securityContext?.seLinuxOptions ?? {})), containers);
    if (who === '') return undefined;
    const badTypes = sorted(all.map(({ type = '' }) => type).filter((type) => !types.includes(type)));
    const data = [
      ...(badTypes.length > 0 ? [`${plural('type', 'types', badTypes.length)} ${quoted(badTypes)}`] : []),
      ...(all.some(({ user }) => user) ? ['user may not be set'] : []),
      ...(all.some(({ role }) => role) ? ['role may not be set'] : []),
    ];
    const detail = `${who} set forbidden securityContext.seLinuxOptions: ${data.join('; ')}`;
    return { reason: 'seLinuxOptions', detail };
  },
};

/** Profiles set to something else than the two that are fine. */
export function badSeccomp(spec: PodSpec) {
  const typeOf = (one: PodSpec | Container) => one.securityContext?.seccompProfile?.type;
  const bad = (type: string | undefined) => type !== undefined && !['RuntimeDefault', 'Localhost'].includes(type);
  const who = setters(
    bad(typeOf(spec)),
    namesWhere(spec, (one) => bad(typeOf(one))),
  );
  if (who === '') return undefined;
  const types = [spec, ...containersOf(spec)].map(typeOf).filter((type): type is string => bad(type));
  const detail = `${who} must not set securityContext.seccompProfile.type to ${quoted(sorted(types))}`;
  return { reason: 'seccompProfile', detail };
}
const seccompProfile: Check = { id: 'seccompProfile_baseline', since: 19, run: badSeccomp };

const sysctls: Check = {
  id: 'sysctls',
  since: 0,
  run({ securityContext }, _metadata, minor) {
    const allowed = new Set(SYSCTLS.filter(([, since]) => minor >= since).map(([name]) => name));
    const names = (securityContext?.sysctls ?? []).map(({ name }) => name).filter((name) => !allowed.has(name));
    return names.length === 0 ? undefined : { reason: 'forbidden sysctls', detail: names.join(', ') };
  },
};

const windowsHostProcess: Check = {
  id: 'windowsHostProcess',
  since: 0,
  run(spec) {
    const isHost = (one: PodSpec | Container) => one.securityContext?.windowsOptions?.hostProcess === true;
    const who = setters(isHost(spec), namesWhere(spec, isHost));
    if (who === '') return undefined;
    return { reason: 'hostProcess', detail: `${who} must not set securityContext.windowsOptions.hostProcess=true` };
  },
};

export const baselineChecks: readonly Check[] = [
  appArmorProfile,
  capabilities,
  hostNamespaces,
  hostPathVolumes,
  hostPorts,
  hostProbes,
  privileged,
  procMount,
  seLinuxOptions,
  seccompProfile,
  sysctls,
  windowsHostProcess,
];
