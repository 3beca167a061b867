/** A node's own services as systemd sees them: the kubelet and containerd. */
import type { Node } from '../../api/types.ts';
import type { Box, Machine } from '../shell/box.ts';
import { pidOf, start, stop } from './kubelet-service.ts';
import { commandOf, unitFiles } from './kubelet-unit.ts';

export interface Service {
  unit: string;
  about: string;
  docs: string;
  path: string;
  /** `active (running)`, `inactive (dead)`, `activating (auto-restart) (Result: exit-code)` */
  active: string;
  since: number;
  enabled: boolean;
  pid: number;
  command: string;
  start(): void;
  stop(): void;
  enable(on: boolean): void;
}

function bornAt({ network }: Box, { node }: Machine): number {
  return Date.parse(network.objects.get<Node>('nodes', '', node)?.metadata.creationTimestamp ?? '') || 0;
}

function kubeletService(box: Box, machine: Machine): Service {
  const { kubelet } = machine.state();
  const command = commandOf(box.files);
  const active = {
    running: 'active (running)',
    cut: 'active (running)',
    stopped: 'inactive (dead)',
    failing: 'activating (auto-restart) (Result: exit-code)',
  }[kubelet.state];
  return {
    unit: 'kubelet.service',
    about: 'kubelet: The Kubernetes Node Agent',
    docs: 'https://kubernetes.io/docs/',
    path: unitFiles(box.files)[0]?.path ?? '',
    active,
    since: kubelet.since || bornAt(box, machine),
    enabled: kubelet.enabled,
    pid: pidOf('kubelet', kubelet.since),
    command: typeof command === 'string' ? '/usr/bin/kubelet' : command.join(' '),
    start: () => start(box, machine),
    stop: () => stop(box, machine),
    enable: (enabled) => machine.change({ kubelet: { ...machine.state().kubelet, enabled } }),
  };
}

function containerdService(box: Box, machine: Machine): Service {
  const { containerd } = machine.state();
  const turn = (runs: boolean) => {
    if (machine.state().containerd.runs === runs) return;
    machine.change({ containerd: { ...machine.state().containerd, runs, since: box.now() } });
  };
  return {
    unit: 'containerd.service',
    about: 'containerd container runtime',
    docs: 'https://containerd.io',
    path: '/usr/lib/systemd/system/containerd.service',
    active: containerd.runs ? 'active (running)' : 'inactive (dead)',
    since: containerd.since || bornAt(box, machine),
    enabled: containerd.enabled,
    pid: pidOf('containerd', containerd.since),
    command: '/usr/bin/containerd',
    start: () => turn(true),
    stop: () => turn(false),
    enable: (enabled) => machine.change({ containerd: { ...machine.state().containerd, enabled } }),
  };
}

export function serviceOf(box: Box, machine: Machine, name: string): Service | undefined {
  const unit = name.includes('.') ? name : `${name}.service`;
  if (unit === 'containerd.service') return containerdService(box, machine);
  return unit === 'kubelet.service' && unitFiles(box.files).length > 0 ? kubeletService(box, machine) : undefined;
}

export const isActive = ({ active }: Service): boolean => active.startsWith('active');
