/** Which old pods a RollingUpdate removes now, and on which nodes it makes a new one beside the old. */
import type { DaemonSet, Node, Pod } from '../../api/types.ts';
import { scaledValue } from '../int-or-percent.ts';
import { isAvailable } from '../owned-pods.ts';
import { fits, isUpdated } from './nodes.ts';

export interface Steps {
  remove: Pod[];
  /** Names of nodes. */
  create: string[];
}

export function surgeOf(set: DaemonSet, nodes: number): number {
  const strategy = set.spec?.updateStrategy;
  return strategy?.type === 'RollingUpdate' ? scaledValue(strategy.rollingUpdate?.maxSurge, nodes, 'up') : 0;
}

interface OnNode {
  node: string;
  updated: Pod | undefined;
  old: Pod | undefined;
  /** More than one of either: the main loop prunes first. */
  crowded: boolean;
}

function sortedOut(set: DaemonSet, podsByNode: ReadonlyMap<string, readonly Pod[]>, hash: string): OnNode[] {
  return [...podsByNode].map(([node, pods]) => {
    const alive = pods.filter((pod) => pod.metadata.deletionTimestamp === undefined);
    const updated = alive.filter((pod) => isUpdated(set, pod, hash));
    const old = alive.filter((pod) => !isUpdated(set, pod, hash));
    return { node, updated: updated[0], old: old[0], crowded: updated.length > 1 || old.length > 1 };
  });
}

export function rollingSteps(
  set: DaemonSet,
  nodes: readonly Node[],
  podsByNode: ReadonlyMap<string, readonly Pod[]>,
  hash: string,
  now: number,
): Steps {
  const desired = nodes.filter((node) => fits(set, node).run).length;
  const rolling = set.spec?.updateStrategy?.rollingUpdate;
  const surge = surgeOf(set, desired);
  const unavailable = scaledValue(rolling?.maxUnavailable, desired, 'up');
  const places = sortedOut(set, podsByNode, hash);
  const available = (pod: Pod) => isAvailable(pod, set.spec?.minReadySeconds, now);
  if (surge === 0) return replace(places, Math.max(unavailable, 1), available);
  const runs = new Set(nodes.filter((node) => fits(set, node).run).map((node) => node.metadata.name));
  return surgeSteps(places, surge, desired, runs, available);
}

/** Without surge an old pod goes first and the main loop makes the new one. */
function replace(places: readonly OnNode[], maxUnavailable: number, available: (pod: Pod) => boolean): Steps {
  let unavailable = 0;
  const needless: Pod[] = [];
  const candidates: Pod[] = [];
  for (const { updated, old, crowded } of places) {
    if (crowded || (updated === undefined) === (old === undefined)) unavailable++;
    else if (updated !== undefined) unavailable += available(updated) ? 0 : 1;
    else if (old !== undefined && !available(old)) {
      needless.push(old);
      unavailable++;
    } else if (old !== undefined && unavailable < maxUnavailable) candidates.push(old);
  }
  return { remove: [...needless, ...candidates.slice(0, Math.max(0, maxUnavailable - unavailable))], create: [] };
}

function surgeSteps(
  places: readonly OnNode[],
  maxSurge: number,
  desired: number,
  runs: ReadonlySet<string>,
  available: (pod: Pod) => boolean,
): Steps {
  let surging = 0;
  let availableNodes = 0;
  const remove: Pod[] = [];
  const sunset: Pod[] = [];
  const create: string[] = [];
  const candidates: string[] = [];
  for (const { node, updated, old, crowded } of places) {
    if (crowded) {
      surging++;
      continue;
    }
    const oldest = old ?? updated;
    if (oldest !== undefined && available(oldest)) availableNodes++;
    if (old === undefined) continue;
    if (updated === undefined) {
      if (!runs.has(node)) (available(old) ? sunset : remove).push(old);
      else if (!available(old)) create.push(node);
      else if (surging < maxSurge) candidates.push(node);
    } else if (available(updated)) remove.push(old);
    else surging++;
  }
  remove.push(...sunset.slice(0, Math.max(0, availableNodes - desired)));
  create.push(...candidates.slice(0, Math.max(0, maxSurge - surging)));
  return { remove, create };
}
