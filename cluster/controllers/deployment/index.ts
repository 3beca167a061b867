/** Deployments: rolls from one ReplicaSet to the next. */
import { equal, wireCopy } from '../../api/merge.ts';
import { controllerOf } from '../../api/pods.ts';
import type { Deployment, ReplicaSet } from '../../api/types.ts';
import { claim, ownerKeys } from '../claim.ts';
import { conditionOf, withCondition } from '../conditions.ts';
import type { Again, Controller } from '../controller.ts';
import { namespacedKey, splitKey } from '../controller.ts';
import { rolloutRecreate } from './recreate.ts';
import { rollback, rollbackTo } from './rollback.ts';
import { rolloutRolling } from './rolling.ts';
import { byAge, isRolling } from './replica-sets.ts';
import { emit, hasDeadline, progressing, syncSets, writeStatus, type Rollout } from './rollout.ts';
import { isScalingEvent, syncScale, syncStatusOnly } from './scale.ts';

export const deployment: Controller = {
  name: 'deployment-controller',
  watches: {
    'deployments.apps': ({ object }) => [namespacedKey(object)],
    'replicasets.apps': ownerKeys<Deployment>({
      resource: 'deployments.apps',
      kind: 'Deployment',
      selectorOf: (owner) => owner.spec?.selector,
    }),
    // Recreate waits for the last old pod to be gone.
    pods: ({ type, object }, { client }) => {
      const namespace = object.metadata.namespace ?? '';
      const controller = controllerOf(object);
      if (type !== 'DELETED' || controller?.kind !== 'ReplicaSet') return [];
      const set = client.get<ReplicaSet>('replicasets.apps', namespace, controller.name);
      const owner = set && controllerOf(set);
      return owner?.kind === 'Deployment' ? [`${namespace}/${owner.name}`] : [];
    },
  },
  reconcile(key, context) {
    const { namespace, name } = splitKey(key);
    const stored = context.client.get<Deployment>('deployments.apps', namespace, name);
    if (stored === undefined) return;
    const rollout: Rollout = { context, deployment: wireCopy(stored), sets: [] };
    if (equal(stored.spec?.selector, {})) {
      emit(
        rollout,
        'Warning',
        'SelectingAll',
        'This deployment is selecting all pods. A non-empty selector is required.',
      );
      writeStatus(rollout, { ...stored.status, observedGeneration: stored.metadata.generation ?? 0 });
      return;
    }
    const candidates = context.client.list<ReplicaSet>('replicasets.apps', namespace);
    rollout.sets = claim(context, 'replicasets.apps', stored, stored.spec?.selector, candidates).toSorted(byAge);
    return sync(rollout);
  },
};

function sync(rollout: Rollout): Again {
  const { deployment: current } = rollout;
  if (current.metadata.deletionTimestamp !== undefined) {
    syncStatusOnly(rollout, syncSets(rollout, false));
    return;
  }
  notePause(rollout);
  if (current.spec?.paused === true) return syncScale(rollout);
  const revision = rollbackTo(current);
  if (revision !== undefined) return rollback(rollout, revision);
  if (isScalingEvent(rollout, syncSets(rollout, false))) return syncScale(rollout);
  return isRolling(rollout.deployment) ? rolloutRolling(rollout) : rolloutRecreate(rollout);
}

/** While paused no deadline runs; on resuming it starts anew. */
function notePause(rollout: Rollout): void {
  const { deployment: current } = rollout;
  if (!hasDeadline(current)) return;
  const condition = conditionOf(current.status?.conditions, 'Progressing');
  if (condition?.reason === 'ProgressDeadlineExceeded') return;
  const noted = condition?.reason === 'DeploymentPaused';
  const paused = current.spec?.paused === true;
  if (paused === noted) return;
  const next = paused
    ? progressing(rollout, 'Unknown', 'DeploymentPaused', 'Deployment is paused')
    : progressing(rollout, 'Unknown', 'DeploymentResumed', 'Deployment is resumed');
  const status = current.status ?? {};
  writeStatus(rollout, { ...status, conditions: withCondition(status.conditions, next) });
}
