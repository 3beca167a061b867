/** The processes of a node's machine: its services, and those of its containers. */
import type { Node, Pod } from '../../api/types.ts';
import { podsOn } from '../../store/client.ts';
import type { Box, Machine, ProcessRow } from '../shell/box.ts';
import { pidOf } from './kubelet-service.ts';
import { commandOf } from './kubelet-unit.ts';

export interface MachineRow extends ProcessRow {
  /** Ports that it listens on, with their addresses. */
  listens: readonly (readonly [address: string, port: number])[];
  /** What a signal makes of it, where that is anything. */
  end?(signal: string): void;
}

const FIRST_CONTAINER = 1400;

function listensOf(pod: Pod): (readonly [string, number])[] {
  if (pod.spec?.hostNetwork !== true) return [];
  return (pod.spec.containers ?? []).flatMap((container) => {
    const words = [...(container.command ?? []), ...(container.args ?? [])];
    const flag = (name: string) => words.find((word) => word.startsWith(`--${name}=`))?.slice(name.length + 3);
    const urls = ['listen-client-urls', 'listen-metrics-urls', 'listen-peer-urls'].flatMap(
      (name) => flag(name)?.split(',') ?? [],
    );
    const parsed = urls.flatMap((url) => {
      const [, host, port] = /^https?:\/\/([^:]+):(\d+)/.exec(url) ?? [];
      return host === undefined ? [] : [[host, Number(port)] as const];
    });
    if (parsed.length > 0) return parsed;
    const secure = flag('secure-port');
    const bind = flag('bind-address') ?? '*';
    const own: Record<string, number> = {
      'kube-scheduler': 10_259,
      'kube-controller-manager': 10_257,
      'kube-apiserver': 6443,
    };
    const known = own[container.name];
    if (known !== undefined) return [[bind, Number(secure ?? known)] as const];
    if (container.name === 'kube-proxy') return [['127.0.0.1', 10_249] as const, ['*', 10_256] as const];
    return (container.ports ?? []).map((port) => ['*', port.containerPort] as const);
  });
}

const isRunning = (pod: Pod, container: string): string | undefined => {
  const status = (pod.status?.containerStatuses ?? []).find(({ name }) => name === container);
  return status?.state?.running ? status.containerID?.replace('containerd://', '') : undefined;
};

export function rowsOf(box: Box, machine: Machine): MachineRow[] {
  const { kubelet, containerd } = machine.state();
  const { objects } = box.network;
  const rows: MachineRow[] = [
    { pid: 1, user: 'root', command: '/sbin/init', listens: [] },
    { pid: 402, user: 'systemd+', command: '/usr/lib/systemd/systemd-resolved', listens: [['127.0.0.53', 53]] },
    {
      pid: 655,
      user: 'root',
      command: 'sshd: /usr/sbin/sshd -D [listener] 0 of 10-100 startups',
      listens: [['0.0.0.0', 22]],
    },
  ];
  if (containerd.runs) {
    const pid = pidOf('containerd', containerd.since);
    rows.push({ pid, user: 'root', command: '/usr/bin/containerd', listens: [['127.0.0.1', 35_561]] });
  }
  if (kubelet.state === 'running' || kubelet.state === 'cut') {
    const command = commandOf(box.files);
    const words = typeof command === 'string' ? '/usr/bin/kubelet' : command.join(' ');
    const pid = pidOf('kubelet', kubelet.since);
    rows.push({
      pid,
      user: 'root',
      command: words,
      listens: [
        ['127.0.0.1', 10_248],
        ['*', 10_250],
      ],
    });
  }
  let pid = FIRST_CONTAINER;
  for (const pod of podsOn(objects, machine.node)) {
    for (const container of pod.spec?.containers ?? []) {
      const id = isRunning(pod, container.name);
      if (id === undefined) continue;
      const words = [...(container.command ?? []), ...(container.args ?? [])];
      rows.push({
        pid: (pid += 37),
        user: 'root',
        command: words.length > 0 ? words.join(' ') : container.name,
        listens: listensOf(pod),
        end: (signal) => signal !== '0' && machine.container(id)?.stop(),
      });
    }
  }
  return rows.toSorted((a, b) => a.pid - b.pid);
}

export const addressOf = (box: Box, { node }: Machine): string =>
  box.network.objects.get<Node>('nodes', '', node)?.status?.addresses?.find(({ type }) => type === 'InternalIP')
    ?.address ?? box.network.address;
