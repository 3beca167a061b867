/** A pod that was put on the node past the scheduler may not fit it: the kubelet looks once more and rejects it for good. */
import { isTerminal } from '../api/pods.ts';
import { allocatableOf, requestsOf } from '../api/requests.ts';
import { nodeSelectorMatches } from '../api/selector.ts';
import { findUntolerated } from '../api/taints.ts';
import type { Node, Pod } from '../api/types.ts';
import { podsOn, type Reader } from '../store/client.ts';

export interface Rejection {
  reason: string;
  message: string;
}

export function rejection(store: Reader, pod: Pod, node: Node): Rejection | undefined {
  return (
    pressureRejection(pod, node) ??
    sysctlRejection(pod) ??
    systemRejection(pod, node) ??
    resourceRejection(store, pod, node) ??
    affinityRejection(pod, node) ??
    portRejection(store, pod, node) ??
    taintRejection(pod, node)
  );
}

function resourceRejection(store: Reader, pod: Pod, node: Node): Rejection | undefined {
  const others = podsOn(store, node.metadata.name)
    .filter(
      (other) => other.metadata.uid !== pod.metadata.uid && other.status?.startTime !== undefined && !isTerminal(other),
    )
    .map(requestsOf);
  const allocatable = allocatableOf(node);
  const short = (resource: string, requested: number, used: number, capacity: number): Rejection => ({
    reason: `OutOf${resource}`,
    message: `Node didn't have enough resource: ${resource}, requested: ${requested}, used: ${used}, capacity: ${capacity}`,
  });
  const maxPods = allocatable['pods'] ?? 110;
  if (others.length + 1 > maxPods) return short('pods', 1, others.length, maxPods);
  const wanted = requestsOf(pod);
  const names = new Set(['cpu', 'memory', 'ephemeral-storage', ...Object.keys(wanted)]);
  for (const resource of names) {
    const requested = wanted[resource] ?? 0;
    // what no device plugin has told the node of is left for later
    if (requested === 0 || (resource.includes('/') && allocatable[resource] === undefined)) continue;
    const used = others.reduce((sum, other) => sum + (other[resource] ?? 0), 0);
    const capacity = allocatable[resource] ?? 0;
    if (used + requested > capacity) return short(resource, requested, used, capacity);
  }
  return undefined;
}

const PRESSURES = ['MemoryPressure', 'DiskPressure', 'PIDPressure'];

/** A node that runs short takes no more; short of memory alone, it takes those that say what they need. */
function pressureRejection(pod: Pod, node: Node): Rejection | undefined {
  const conditions = (node.status?.conditions ?? [])
    .filter(({ type, status }) => PRESSURES.includes(type) && status === 'True')
    .map(({ type }) => type);
  if (conditions.length === 0 || (pod.spec?.priority ?? 0) >= SYSTEM_CRITICAL) return undefined;
  if (conditions.length === 1 && conditions[0] === 'MemoryPressure') {
    if (pod.status?.qosClass !== 'BestEffort') return undefined;
    const taint = { key: 'node.kubernetes.io/memory-pressure', effect: 'NoSchedule' };
    if (findUntolerated([taint], pod.spec?.tolerations ?? [], ['NoSchedule']) === undefined) return undefined;
  }
  return { reason: 'Evicted', message: `The node had condition: [${conditions.join(' ')}]. ` };
}
/** Priority of system-cluster-critical. */
const SYSTEM_CRITICAL = 2_000_000_000;

/** What may be set without the node's leave. */
const SAFE_SYSCTLS = new Set([
  'kernel.shm_rmid_forced',
  'net.ipv4.ip_local_port_range',
  'net.ipv4.tcp_syncookies',
  'net.ipv4.ping_group_range',
  'net.ipv4.ip_unprivileged_port_start',
  'net.ipv4.ip_local_reserved_ports',
  'net.ipv4.tcp_keepalive_time',
  'net.ipv4.tcp_fin_timeout',
  'net.ipv4.tcp_keepalive_intvl',
  'net.ipv4.tcp_keepalive_probes',
  'net.ipv4.tcp_rmem',
  'net.ipv4.tcp_wmem',
]);

function sysctlRejection(pod: Pod): Rejection | undefined {
  const wrong = (pod.spec?.securityContext?.sysctls ?? []).find(
    ({ name }) => !SAFE_SYSCTLS.has(name.replace(/\//g, '.')),
  );
  if (wrong === undefined) return undefined;
  return { reason: 'SysctlForbidden', message: `forbidden sysctl: "${wrong.name}" not allowlisted` };
}

/** Kubelets label their nodes with it. */
const OS_LABEL = 'kubernetes.io/os';
function systemRejection(pod: Pod, node: Node): Rejection | undefined {
  const system = node.metadata.labels?.[OS_LABEL] ?? 'linux';
  const wanted = pod.spec?.nodeSelector?.[OS_LABEL];
  if (wanted !== undefined && wanted !== system) {
    const message = `Failed to admit pod as the \`${OS_LABEL}\` label doesn't match node label`;
    return { reason: 'PodOSSelectorNodeLabelDoesNotMatch', message };
  }
  const { os } = (pod.spec ?? {}) as { os?: { name: string } };
  if (os === undefined || os.name === system) return undefined;
  return { reason: 'PodOSNotSupported', message: "Failed to admit pod as the OS field doesn't match node OS" };
}

interface HostPort {
  port: number;
  protocol: string;
  address: string;
}
const hostPorts = (pod: Pod): HostPort[] =>
  [...(pod.spec?.containers ?? []), ...(pod.spec?.initContainers ?? []).filter((one) => one.restartPolicy === 'Always')]
    .flatMap(({ ports = [] }) => ports)
    .flatMap(({ hostPort, protocol = 'TCP', hostIP }) =>
      hostPort === undefined || hostPort === 0 ? [] : [{ port: hostPort, protocol, address: hostIP || '0.0.0.0' }],
    );

function portRejection(store: Reader, pod: Pod, node: Node): Rejection | undefined {
  const wanted = hostPorts(pod);
  if (wanted.length === 0) return undefined;
  const taken = podsOn(store, node.metadata.name)
    .filter(
      (other) => other.metadata.uid !== pod.metadata.uid && other.status?.startTime !== undefined && !isTerminal(other),
    )
    .flatMap(hostPorts);
  const clashes = (a: HostPort) =>
    taken.some(
      (b) =>
        a.port === b.port &&
        a.protocol === b.protocol &&
        (a.address === b.address || a.address === '0.0.0.0' || b.address === '0.0.0.0'),
    );
  if (!wanted.some(clashes)) return undefined;
  const why = "node(s) didn't have free ports for the requested pod ports";
  return { reason: 'NodePorts', message: `Predicate NodePorts failed: ${why}` };
}

function affinityRejection(pod: Pod, node: Node): Rejection | undefined {
  const labels = node.metadata.labels ?? {};
  const selected = Object.entries(pod.spec?.nodeSelector ?? {}).every(([key, value]) => labels[key] === value);
  const required = pod.spec?.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  if (selected && nodeSelectorMatches(required, node)) return undefined;
  const why = "node(s) didn't match Pod's node affinity/selector";
  return { reason: 'NodeAffinity', message: `Predicate NodeAffinity failed: ${why}` };
}

function taintRejection(pod: Pod, node: Node): Rejection | undefined {
  const taint = findUntolerated(node.spec?.taints ?? [], pod.spec?.tolerations ?? [], ['NoExecute']);
  if (taint === undefined) return undefined;
  return { reason: 'TaintToleration', message: 'Predicate TaintToleration failed: node(s) had untolerated taint(s)' };
}
