/** A Deployment's status, from its ReplicaSets. */
import type { Deployment } from '../../api/types.ts';
import { omitEmpty, timestamp, withCondition } from '../conditions.ts';
import { actual, available, desiredReplicas, maxUnavailable, ready, wanted } from './replica-sets.ts';
import { allOf, type DeploymentStatus, type Rollout, type Sets } from './rollout.ts';

/** All pods are new, available and as many as wanted. */
export const isComplete = (deployment: Deployment, status: DeploymentStatus): boolean => {
  const total = desiredReplicas(deployment);
  return (
    (status.updatedReplicas ?? 0) === total &&
    (status.replicas ?? 0) === total &&
    (status.availableReplicas ?? 0) === total &&
    (status.observedGeneration ?? 0) >= (deployment.metadata.generation ?? 0)
  );
};

export function statusOf({ context, deployment }: Rollout, sets: Sets): DeploymentStatus {
  const all = allOf(sets);
  const now = timestamp(context.clock);
  const enough = available(all) >= desiredReplicas(deployment) - maxUnavailable(deployment);
  // A set that its controller has looked at, but that does not say how many pods are on their way out, hides the sum.
  const unknown = all.some((set) => set.status?.observedGeneration && set.status.terminatingReplicas === undefined);
  const terminating = all.reduce((sum, set) => sum + (set.status?.terminatingReplicas ?? 0), 0);
  return {
    ...omitEmpty({
      observedGeneration: deployment.metadata.generation,
      replicas: actual(all),
      updatedReplicas: sets.newSet === undefined ? 0 : actual([sets.newSet]),
      readyReplicas: ready(all),
      availableReplicas: available(all),
      unavailableReplicas: Math.max(0, wanted(all) - available(all)),
    }),
    ...(unknown ? {} : { terminatingReplicas: terminating }),
    ...(deployment.status?.collisionCount === undefined ? {} : { collisionCount: deployment.status.collisionCount }),
    conditions: withCondition(deployment.status?.conditions, {
      type: 'Available',
      status: enough ? 'True' : 'False',
      reason: enough ? 'MinimumReplicasAvailable' : 'MinimumReplicasUnavailable',
      message: enough ? 'Deployment has minimum availability.' : 'Deployment does not have minimum availability.',
      lastUpdateTime: now,
      lastTransitionTime: now,
    }),
  };
}
