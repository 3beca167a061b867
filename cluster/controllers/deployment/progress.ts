/** Is a rollout getting on? The Progressing condition, its deadline, and failures of the sets. */
import type { Deployment, ReplicaSet } from '../../api/types.ts';
import { conditionOf, millisecondsOf, withCondition, withoutCondition } from '../conditions.ts';
import type { Again } from '../controller.ts';
import {
  allOf,
  hasDeadline,
  progressing,
  writeStatus,
  type DeploymentCondition,
  type DeploymentStatus,
  type Rollout,
  type Sets,
} from './rollout.ts';
import { isComplete, statusOf } from './status.ts';
import { equal } from '../../api/merge.ts';

export function syncRolloutStatus(rollout: Rollout, sets: Sets): Again {
  const { deployment } = rollout;
  const status = statusOf(rollout, sets);
  if (!hasDeadline(deployment)) status.conditions = withoutCondition(status.conditions, 'Progressing');
  const current = conditionOf(deployment.status?.conditions, 'Progressing');
  // One set with all the pods, long since rolled out: nothing to estimate.
  const done = (status.replicas ?? 0) === (status.updatedReplicas ?? 0) && current?.reason === 'NewReplicaSetAvailable';
  if (hasDeadline(deployment) && !done) status.conditions = estimate(rollout, sets, status, current);

  const failure = failureOf(sets);
  status.conditions =
    failure === undefined
      ? withoutCondition(status.conditions, 'ReplicaFailure')
      : withCondition(status.conditions, failure);
  if (!equal(deployment.status ?? {}, status)) {
    writeStatus(rollout, status);
  }
  return untilDeadline(rollout, status);
}

function estimate(
  rollout: Rollout,
  { newSet }: Sets,
  status: DeploymentStatus,
  current: DeploymentCondition | undefined,
): DeploymentCondition[] {
  const { deployment } = rollout;
  const subject =
    newSet === undefined ? `Deployment "${deployment.metadata.name}"` : `ReplicaSet "${newSet.metadata.name}"`;
  const conditions = status.conditions ?? [];
  if (isComplete(deployment, status)) {
    const message = `${subject} has successfully progressed.`;
    return withCondition(conditions, progressing(rollout, 'True', 'NewReplicaSetAvailable', message));
  }
  if (madeProgress(deployment, status)) {
    const next = progressing(rollout, 'True', 'ReplicaSetUpdated', `${subject} is progressing.`);
    // With the same reason as before too: each bit of progress moves the update time, and with it the deadline.
    if (current?.status === 'True') next.lastTransitionTime = current.lastTransitionTime;
    return [...withoutCondition(conditions, 'Progressing'), next];
  }
  if (hasTimedOut(rollout, conditionOf(conditions, 'Progressing'))) {
    const message = `${subject} has timed out progressing.`;
    return withCondition(conditions, progressing(rollout, 'False', 'ProgressDeadlineExceeded', message));
  }
  return conditions;
}

function madeProgress(deployment: Deployment, status: DeploymentStatus): boolean {
  const before = deployment.status ?? {};
  const oldPods = (of: DeploymentStatus) => (of.replicas ?? 0) - (of.updatedReplicas ?? 0);
  return (
    (status.updatedReplicas ?? 0) > (before.updatedReplicas ?? 0) ||
    oldPods(status) < oldPods(before) ||
    (status.readyReplicas ?? 0) > (before.readyReplicas ?? 0) ||
    (status.availableReplicas ?? 0) > (before.availableReplicas ?? 0)
  );
}

const deadlineOf = ({ deployment }: Rollout, condition: DeploymentCondition): number =>
  (millisecondsOf(condition.lastUpdateTime) ?? 0) + (deployment.spec?.progressDeadlineSeconds ?? 0) * 1000;

function hasTimedOut(rollout: Rollout, condition: DeploymentCondition | undefined): boolean {
  if (condition === undefined || condition.reason === 'NewReplicaSetAvailable') return false;
  if (condition.reason === 'ProgressDeadlineExceeded') return true;
  return deadlineOf(rollout, condition) < rollout.context.clock.now();
}

/** A stuck rollout must be looked at once more when its deadline has passed; a second on top keeps clear of rounding. */
function untilDeadline(rollout: Rollout, status: DeploymentStatus): Again {
  const condition = conditionOf(status.conditions, 'Progressing');
  if (!hasDeadline(rollout.deployment) || condition === undefined || isComplete(rollout.deployment, status)) return;
  if (condition.reason === 'ProgressDeadlineExceeded' || condition.reason === 'NewReplicaSetAvailable') return;
  return { afterMs: Math.max(0, deadlineOf(rollout, condition) - rollout.context.clock.now()) + 1000 };
}

/** The new set's failure counts before those of old ones. */
function failureOf(sets: Sets): DeploymentCondition | undefined {
  const failureIn = (set: ReplicaSet | undefined) => conditionOf(set?.status?.conditions, 'ReplicaFailure');
  const failure =
    failureIn(sets.newSet) ??
    allOf(sets)
      .map(failureIn)
      .find((found) => found !== undefined);
  return (
    failure && { ...failure, ...(failure.lastTransitionTime ? { lastUpdateTime: failure.lastTransitionTime } : {}) }
  );
}
