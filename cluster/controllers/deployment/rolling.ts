/** RollingUpdate: the new set grows as far as the surge allows, the old ones shrink as far as availability allows. */
import type { ReplicaSet } from '../../api/types.ts';
import { syncRolloutStatus } from './progress.ts';
import {
  active,
  available,
  byAge,
  desiredReplicas,
  maxUnavailable,
  newSetReplicas,
  replicasOf,
  wanted,
} from './replica-sets.ts';
import { allOf, cleanUp, latest, scaleSet, syncSets, type Rollout, type Sets } from './rollout.ts';
import { isComplete } from './status.ts';
import type { Again } from '../controller.ts';

export function rolloutRolling(rollout: Rollout): Again {
  const sets = syncSets(rollout, true);
  if (growNew(rollout, sets) || shrinkOld(rollout, sets)) return syncRolloutStatus(rollout, latest(rollout, sets));
  if (isComplete(rollout.deployment, rollout.deployment.status ?? {})) cleanUp(rollout, sets.old);
  return syncRolloutStatus(rollout, latest(rollout, sets));
}

function growNew(rollout: Rollout, { newSet, old }: Sets): boolean {
  if (newSet === undefined) return false;
  const total = desiredReplicas(rollout.deployment);
  const current = replicasOf(newSet);
  if (current === total) return false;
  return scaleSet(rollout, newSet, current > total ? total : newSetReplicas(rollout.deployment, old, current));
}

/**
 * Pods may go as long as enough stay: of 10 wanted with 2 unavailable and 3 surge, 13 pods of which 5 new ones are not
 * available leave 13 - 8 - 5 = 0 to remove, so that a rollout that does not come up stops there.
 */
function shrinkOld(rollout: Rollout, { newSet, old }: Sets): boolean {
  const { deployment } = rollout;
  const shrinkable = active(old).toSorted(byAge);
  if (shrinkable.length === 0 || newSet === undefined) return false;
  const minAvailable = desiredReplicas(deployment) - maxUnavailable(deployment);
  const newUnavailable = replicasOf(newSet) - (newSet.status?.availableReplicas ?? 0);
  const room = wanted(allOf({ newSet, old })) - minAvailable - newUnavailable;
  if (room <= 0) return false;
  const cleaned = removeUnhealthy(rollout, shrinkable, room);
  const left = shrinkable.map((set) => rollout.sets.find((other) => other.metadata.uid === set.metadata.uid) ?? set);
  return cleaned + removeAvailable(rollout, left, newSet, minAvailable) > 0;
}

/** Unhealthy pods go first: they would hold the rollout up, and nobody misses them. */
function removeUnhealthy(rollout: Rollout, old: readonly ReplicaSet[], max: number): number {
  let removed = 0;
  for (const set of old) {
    const unhealthy = replicasOf(set) - (set.status?.availableReplicas ?? 0);
    const count = Math.min(max - removed, unhealthy);
    if (count <= 0) continue;
    scaleSet(rollout, set, replicasOf(set) - count);
    removed += count;
  }
  return removed;
}

function removeAvailable(
  rollout: Rollout,
  old: readonly ReplicaSet[],
  newSet: ReplicaSet,
  minAvailable: number,
): number {
  const surplus = available([...old, newSet]) - minAvailable;
  let removed = 0;
  for (const set of old) {
    const count = Math.min(replicasOf(set), surplus - removed);
    if (count <= 0) continue;
    scaleSet(rollout, set, replicasOf(set) - count);
    removed += count;
  }
  return removed;
}
