/** A change of spec.replicas, or a paused Deployment: sets grow and shrink in proportion, no rollout moves on. */
import type { Deployment, ReplicaSet } from '../../api/types.ts';
import {
  DESIRED_REPLICAS,
  MAX_REPLICAS,
  active,
  activeOrLatest,
  bySize,
  desiredReplicas,
  isRolling,
  isSaturated,
  maxSurge,
  numberAnnotation,
  replicasOf,
  wanted,
} from './replica-sets.ts';
import {
  allOf,
  cleanUp,
  latest,
  scaleSet,
  syncSets,
  writeSize,
  writeStatus,
  type Rollout,
  type Sets,
} from './rollout.ts';
import { statusOf } from './status.ts';

/** spec.replicas is not what the sets were made for. */
export const isScalingEvent = (rollout: Rollout, sets: Sets): boolean =>
  active(allOf(sets)).some((set) => {
    const desired = numberAnnotation(set, DESIRED_REPLICAS);
    return desired !== undefined && desired !== desiredReplicas(rollout.deployment);
  });

export function syncScale(rollout: Rollout): void {
  const sets = syncSets(rollout, false);
  scale(rollout, sets);
  if (rollout.deployment.spec?.paused === true) cleanUp(rollout, sets.old);
  syncStatusOnly(rollout, latest(rollout, sets));
}

export const syncStatusOnly = (rollout: Rollout, sets: Sets): void => {
  writeStatus(rollout, statusOf(rollout, sets));
};

function scale(rollout: Rollout, { newSet, old }: Sets): void {
  const { deployment } = rollout;
  const single = activeOrLatest(newSet, old);
  if (single !== undefined) {
    scaleSet(rollout, single, desiredReplicas(deployment));
    return;
  }
  if (isSaturated(deployment, newSet)) {
    for (const set of active(old)) scaleSet(rollout, set, 0);
    return;
  }
  if (isRolling(deployment)) scaleInProportion(rollout, active(allOf({ newSet, old })));
}

/**
 * Spreads what is added or removed over the sets by their share, larger ones first; the largest takes what rounding leaves.
 * Sets of 3 and 2 for 5 wanted, scaled to 10: 10 more make 6 and 4.
 */
function scaleInProportion(rollout: Rollout, sets: readonly ReplicaSet[]): void {
  const { deployment } = rollout;
  const total = desiredReplicas(deployment);
  const toAdd = (total > 0 ? total + maxSurge(deployment) : 0) - wanted(sets);
  const ordered = toAdd === 0 ? sets : sets.toSorted(bySize(toAdd > 0 ? 'newer' : 'older'));
  let added = 0;
  const sizes = ordered.map((set) => {
    const share = toAdd === 0 ? 0 : proportion(set, deployment, toAdd, added);
    added += share;
    return replicasOf(set) + share;
  });
  ordered.forEach((set, position) => {
    const leftover = position === 0 ? toAdd - added : 0;
    writeSize(rollout, set, Math.max(0, (sizes[position] ?? 0) + leftover));
  });
}

function proportion(set: ReplicaSet, deployment: Deployment, toAdd: number, added: number): number {
  if (replicasOf(set) === 0 || toAdd === added) return 0;
  const fraction = fractionOf(set, deployment);
  return toAdd > 0 ? Math.min(fraction, toAdd - added) : Math.max(fraction, toAdd - added);
}

function fractionOf(set: ReplicaSet, deployment: Deployment): number {
  const total = desiredReplicas(deployment);
  if (total === 0) return -replicasOf(set);
  const before = numberAnnotation(set, MAX_REPLICAS) || (deployment.status?.replicas ?? 0);
  if (before === 0) return 0;
  const newSize = (replicasOf(set) * (total + maxSurge(deployment))) / before;
  return Math.sign(newSize) * Math.round(Math.abs(newSize)) - replicasOf(set);
}
