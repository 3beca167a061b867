/** The machines of a new cluster, as their kubelets register them. */
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

const CONDITIONS = [
  ['MemoryPressure', 'False', 'KubeletHasSufficientMemory', 'kubelet has sufficient memory available'],
  ['DiskPressure', 'False', 'KubeletHasNoDiskPressure', 'kubelet has no disk pressure'],
  ['PIDPressure', 'False', 'KubeletHasSufficientPID', 'kubelet has sufficient PID available'],
  ['Ready', 'True', 'KubeletReady', 'kubelet is posting ready status'],
] as const;

/** `position` counts from 0 and gives the node its addresses: 172.30.<position + 1>.2, pods in 10.244.<position>.0/24. */
export function makeNode(name: string, position: number, now: number): Node {
  const controlPlane = name === CONTROL_PLANE;
  const at = timeText(now);
  const cidr = `10.244.${position}.0/24`;
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name,
      annotations: { 'node.alpha.kubernetes.io/ttl': '0' },
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
      allocatable: CAPACITY,
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
      },
    },
  };
}
