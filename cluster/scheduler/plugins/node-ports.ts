import type { Pod } from '../../api/types.ts';
import { leftNode, SKIP, unschedulable, type Plugin } from '../framework.ts';

interface HostPort {
  ip: string;
  protocol: string;
  port: number;
}
const ANY_ADDRESS = '0.0.0.0';

function hostPorts(pod: Pod): HostPort[] {
  const sidecars = (pod.spec?.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy === 'Always');
  return [...(pod.spec?.containers ?? []), ...sidecars].flatMap(({ ports = [] }) =>
    ports
      .filter(({ hostPort }) => (hostPort ?? 0) > 0)
      .map(({ hostPort, hostIP, protocol }) => ({
        ip: hostIP || ANY_ADDRESS,
        protocol: protocol || 'TCP',
        port: hostPort ?? 0,
      })),
  );
}

const clash = (a: HostPort, b: HostPort) =>
  a.port === b.port && a.protocol === b.protocol && (a.ip === b.ip || a.ip === ANY_ADDRESS || b.ip === ANY_ADDRESS);

/** A host port is taken once per node, protocol and address. */
export const nodePorts: Plugin = {
  name: 'NodePorts',
  hints: {
    nodes: (_pod, { before }) => before === undefined,
    pods(pod, happening) {
      const { before } = happening;
      if (!before || !leftNode(happening)) return false;
      const freed = hostPorts(before);
      return hostPorts(pod).some((port) => freed.some((other) => clash(port, other)));
    },
  },
  preFilter: (cycle) => (hostPorts(cycle.pod).length === 0 ? SKIP : undefined),
  filter(cycle, info) {
    const wanted = cycle.memo('NodePorts', () => hostPorts(cycle.pod));
    if (wanted.length === 0) return undefined;
    const taken = info.pods.flatMap(hostPorts);
    return wanted.some((port) => taken.some((other) => clash(port, other)))
      ? unschedulable("node(s) didn't have free ports for the requested pod ports")
      : undefined;
  },
};
