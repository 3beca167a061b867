/**
 * What the cluster's machines are doing besides their files: their services, and which versions are installed. It lies in the store
 * beside the objects, so that forks and snapshots carry it, under a name that no client can ask for.
 */
import type { KubeObject } from './api/types.ts';
import type { Keep, Reader } from './store/client.ts';

export const MACHINES = 'machines.drydock';

/** `failing`: systemd starts it again and again. `cut`: it runs, and can't reach the API server. */
export type KubeletState = 'running' | 'stopped' | 'failing' | 'cut';

/** Something that the kubelet, or systemd about it, has written into the journal. */
export interface JournalEntry {
  /** Milliseconds since 1970. */
  at: number;
  /** `kubelet` or `systemd`. */
  by: string;
  /** Without klog's head where that is `level`'s. */
  text: string;
  /** Of klog: `E`, `I`, `W`. */
  level?: string;
}

export interface MachineState {
  kubelet: {
    state: KubeletState;
    /** Milliseconds since 1970; 0: since the machine is. */
    since: number;
    enabled: boolean;
    /** What it says before it ends, or again and again. */
    says: string;
    /** Of systemd, when it fails: `exited, status=1/FAILURE`. */
    code: string;
  };
  containerd: { runs: boolean; since: number; enabled: boolean };
  /** Whether it has swap switched on. */
  swap: boolean;
  /** By package, without a leading v: `1.35.4`. */
  packages: Readonly<Record<'kubeadm' | 'kubelet' | 'kubectl', string>>;
  held: readonly string[];
  /** Where the kubelet that runs looks for static pods; '' for nowhere. */
  staticPodPath: string;
  /** What kubeadm upgrade has left on the machine: the version of its kubelet configuration. */
  configVersion: string;
  journal: readonly JournalEntry[];
}

const VERSION = '1.35.4';
const JOURNAL_KEPT = 100;

const FRESH: MachineState = {
  kubelet: { state: 'running', since: 0, enabled: true, says: '', code: '' },
  containerd: { runs: true, since: 0, enabled: true },
  swap: false,
  packages: { kubeadm: VERSION, kubelet: VERSION, kubectl: VERSION },
  held: ['kubeadm', 'kubectl', 'kubelet'],
  staticPodPath: '/etc/kubernetes/manifests',
  configVersion: VERSION,
  journal: [],
};

interface Stored extends KubeObject {
  state: MachineState;
}

export const machineState = (store: Reader, node: string): MachineState =>
  store.get<Stored>(MACHINES, '', node)?.state ?? FRESH;

export function changeMachine(store: Keep, node: string, change: Partial<MachineState>): void {
  const state = { ...machineState(store, node), ...change };
  const written: Stored = { apiVersion: 'drydock/v1', kind: 'Machine', metadata: { name: node }, state };
  store.put(MACHINES, written);
}

export function addToJournal(store: Keep, node: string, ...entries: JournalEntry[]): void {
  const journal = [...machineState(store, node).journal, ...entries].slice(-JOURNAL_KEPT);
  changeMachine(store, node, { journal });
}
