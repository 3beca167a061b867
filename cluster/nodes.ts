/** The machines of a new cluster, as their kubelets register them. */
import { createHash } from 'node:crypto';
import type { Node } from './api/types.ts';
import { timeText } from './api/time.ts';

export const DEFAULT_NODES: readonly string[] = ['controlplane', 'node01', 'node02'];
const CONTROL_PLANE = 'controlplane';

/** 2 CPUs, 4 GB and 110 pods: the size of the machines in the exam. */
const CAPACITY = {
  cpu: '2',
  'ephemeral-storage': '20134592Ki',
  'hugepages-1Gi': '0',
  'hugepages-2Mi': '0',
  memory: '4026032Ki',
  pods: '110',
};

/**
 * Without what the kubelet keeps back before it evicts: 100Mi of memory, a tenth of the disk (which it then counts in bytes:
 * 20134592 Ki less 10 %).
 */
const ALLOCATABLE = { ...CAPACITY, 'ephemeral-storage': '18556039957', memory: '3923632Ki' };
const ATTACHED_BY_CONTROLLER = 'volumes.kubernetes.io/controller-managed-attach-detach';

const CONDITIONS = [
  ['MemoryPressure', 'False', 'KubeletHasSufficientMemory', 'kubelet has sufficient memory available'],
  ['DiskPressure', 'False', 'KubeletHasNoDiskPressure', 'kubelet has no disk pressure'],
  ['PIDPressure', 'False', 'KubeletHasSufficientPID', 'kubelet has sufficient PID available'],
  ['Ready', 'True', 'KubeletReady', 'kubelet is posting ready status'],
] as const;

/** Three identifiers of a machine: the same name has the same ones. */
function identity(name: string) {
  const digits = createHash('sha256').update(`machine ${name}`).digest('hex');
  const uuid = (at: number) =>
    [digits.slice(at, at + 8), digits.slice(at + 8, at + 12), `4${digits.slice(at + 13, at + 16)}`].join('-') +
    `-a${digits.slice(at + 17, at + 20)}-${digits.slice(at + 20, at + 32)}`;
  return { bootID: uuid(32), machineID: digits.slice(0, 32), systemUUID: uuid(0) };
}

/** `position` counts from 0 and gives the node its addresses: 172.30.<position + 1>.2, pods in 10.244.<position>.0/24. */
export function makeNode(name: string, position: number, now: number, kubelet: 'real' | 'stand-in' = 'stand-in'): Node {
  const real = kubelet === 'real';
  const controlPlane = name === CONTROL_PLANE;
  const at = timeText(now);
  const cidr = `10.244.${position}.0/24`;
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name,
      annotations: { 'node.alpha.kubernetes.io/ttl': '0', ...(real ? { [ATTACHED_BY_CONTROLLER]: 'true' } : {}) },
      labels: {
        'beta.kubernetes.io/arch': 'amd64',
        'beta.kubernetes.io/os': 'linux',
        'kubernetes.io/arch': 'amd64',
        'kubernetes.io/hostname': name,
        'kubernetes.io/os': 'linux',
        ...(controlPlane
          ? {
              'node-role.kubernetes.io/control-plane': '',
              'node.kubernetes.io/exclude-from-external-load-balancers': '',
            }
          : {}),
      },
    },
    spec: {
      podCIDR: cidr,
      podCIDRs: [cidr],
      ...(controlPlane ? { taints: [{ key: 'node-role.kubernetes.io/control-plane', effect: 'NoSchedule' }] } : {}),
    },
    status: {
      addresses: [
        { type: 'InternalIP', address: `172.30.${position + 1}.2` },
        { type: 'Hostname', address: name },
      ],
      capacity: CAPACITY,
      allocatable: real ? ALLOCATABLE : CAPACITY,
      conditions: CONDITIONS.map(([type, status, reason, message]) => ({
        type,
        status,
        reason,
        message,
        lastHeartbeatTime: at,
        lastTransitionTime: at,
      })),
      daemonEndpoints: { kubeletEndpoint: { Port: 10250 } },
      nodeInfo: {
        architecture: 'amd64',
        bootID: '',
        containerRuntimeVersion: 'containerd://2.1.4',
        kernelVersion: '6.8.0-51-generic',
        kubeProxyVersion: '',
        kubeletVersion: 'v1.35.4',
        machineID: '',
        operatingSystem: 'linux',
        osImage: 'Ubuntu 24.04.3 LTS',
        systemUUID: '',
        ...(real ? identity(name) : {}),
      },
    },
  };
}
