/** Taints, labels and annotations that a node has because of what it says about itself. */
import type { Node, Taint } from '../../api/types.ts';
import { timeText } from '../../api/time.ts';

export const NOT_READY = 'node.kubernetes.io/not-ready';
export const UNREACHABLE = 'node.kubernetes.io/unreachable';
const UNSCHEDULABLE = 'node.kubernetes.io/unschedulable';

/** By condition and its status. */
const OF_CONDITION: Record<string, Record<string, string>> = {
  Ready: { False: NOT_READY, Unknown: UNREACHABLE },
  MemoryPressure: { True: 'node.kubernetes.io/memory-pressure' },
  DiskPressure: { True: 'node.kubernetes.io/disk-pressure' },
  NetworkUnavailable: { True: 'node.kubernetes.io/network-unavailable' },
  PIDPressure: { True: 'node.kubernetes.io/pid-pressure' },
};
const OURS = new Set([UNSCHEDULABLE, ...Object.values(OF_CONDITION).flatMap((keys) => Object.values(keys))]);

const statusOf = (node: Node, type: string) => node.status?.conditions?.find((one) => one.type === type)?.status;

function noScheduleKeys(node: Node): string[] {
  const keys = (node.status?.conditions ?? []).flatMap(({ type, status }) => OF_CONDITION[type]?.[status] ?? []);
  return node.spec?.unschedulable ? [...keys, UNSCHEDULABLE] : keys;
}

function noExecuteKeys(node: Node): string[] {
  const status = statusOf(node, 'Ready');
  return status === undefined || status === 'True' ? [] : [OF_CONDITION['Ready']?.[status] ?? []].flat();
}

/** The node's taints as they should be. `evict`: whether pods are to be driven off nodes that are not ready. */
export function wantedTaints(node: Node, evict: boolean, now: number): Taint[] {
  const taints = node.spec?.taints ?? [];
  const noSchedule = noScheduleKeys(node);
  const noExecute = evict ? noExecuteKeys(node) : [];
  const keep = ({ key, effect }: Taint) => {
    if (effect === 'NoSchedule' && OURS.has(key)) return noSchedule.includes(key);
    return effect !== 'NoExecute' || (key !== NOT_READY && key !== UNREACHABLE) || noExecute.includes(key);
  };
  const missing = (effect: string, keys: readonly string[]): Taint[] =>
    keys
      .filter((key) => !taints.some((taint) => taint.key === key && taint.effect === effect))
      .map((key) => ({ key, effect, timeAdded: timeText(now) }));
  return [...taints.filter(keep), ...missing('NoSchedule', noSchedule), ...missing('NoExecute', noExecute)];
}

/** The old names of labels follow the new ones. */
const OLD_LABELS = [
  ['kubernetes.io/os', 'beta.kubernetes.io/os'],
  ['kubernetes.io/arch', 'beta.kubernetes.io/arch'],
] as const;

export function wantedLabels(node: Node): Record<string, string> {
  const labels = { ...node.metadata.labels };
  for (const [present, old] of OLD_LABELS) {
    const value = labels[present];
    if (value !== undefined) labels[old] = value;
  }
  return labels;
}

/** How old, in seconds, a kubelet may let Secrets and ConfigMaps get: up to a hundred nodes, not at all. */
const TTL = { 'node.alpha.kubernetes.io/ttl': '0' };

export const wantedAnnotations = (node: Node): Record<string, string> => ({ ...TTL, ...node.metadata.annotations });
