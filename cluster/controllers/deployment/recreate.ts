/** Recreate: all old pods go before the first new one comes. */
import { controllerOf } from '../../api/pods.ts';
import type { Pod } from '../../api/types.ts';
import type { Again } from '../controller.ts';
import { syncRolloutStatus } from './progress.ts';
import { actual, desiredReplicas } from './replica-sets.ts';
import { cleanUp, latest, scaleSet, syncSets, type Rollout, type Sets } from './rollout.ts';
import { isComplete } from './status.ts';

export function rolloutRecreate(rollout: Rollout): Again {
  let sets = syncSets(rollout, false);
  const scaledDown = sets.old.filter((set) => scaleSet(rollout, set, 0)).length > 0;
  if (scaledDown || oldPodsRunning(rollout, sets)) return syncRolloutStatus(rollout, latest(rollout, sets));
  if (sets.newSet === undefined) sets = syncSets(rollout, true);
  if (sets.newSet !== undefined) scaleSet(rollout, sets.newSet, desiredReplicas(rollout.deployment));
  if (isComplete(rollout.deployment, rollout.deployment.status ?? {})) cleanUp(rollout, sets.old);
  return syncRolloutStatus(rollout, latest(rollout, sets));
}

function oldPodsRunning({ context, deployment }: Rollout, { newSet, old }: Sets): boolean {
  if (actual(old) > 0) return true;
  const oldUids = new Set(old.map((set) => set.metadata.uid));
  return context.client.list<Pod>('pods', deployment.metadata.namespace).some((pod) => {
    const owner = controllerOf(pod)?.uid;
    if (owner === undefined || owner === newSet?.metadata.uid || !oldUids.has(owner)) return false;
    return pod.status?.phase !== 'Failed' && pod.status?.phase !== 'Succeeded';
  });
}
