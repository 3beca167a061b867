/** One pass over one Deployment: the working copy, its ReplicaSets, and the few writes that all situations share. */
import { StatusError } from '../../api/status.ts';
import type { Deployment, ReplicaSet } from '../../api/types.ts';
import { controllerOf } from '../../api/pods.ts';
import { equal, wireCopy } from '../../api/merge.ts';
import { conditionOf, timestamp, withCondition } from '../conditions.ts';
import type { ControllerContext } from '../controller.ts';
import { controllerRef, hasReason, namespaceIsTerminating } from '../pod-control.ts';
import { templateHash } from '../template-hash.ts';
import {
  HASH_LABEL,
  REVISION,
  byAge,
  findNew,
  maxRevision,
  newSetAnnotations,
  newSetReplicas,
  replicasAnnotations,
  replicasOf,
  revisionOf,
  sameTemplate,
} from './replica-sets.ts';

export const COMPONENT = 'deployment-controller';
const MAX_NAME = 253;
/** A deadline of this many seconds means none. */
const NO_DEADLINE = 2_147_483_647;

export type DeploymentStatus = NonNullable<Deployment['status']>;
export type DeploymentCondition = NonNullable<DeploymentStatus['conditions']>[number];

export interface Rollout {
  context: ControllerContext;
  /** A copy of ours: writes refresh it. */
  deployment: Deployment;
  sets: ReplicaSet[];
}
export interface Sets {
  newSet: ReplicaSet | undefined;
  old: ReplicaSet[];
}
export const allOf = ({ newSet, old }: Sets): ReplicaSet[] => (newSet === undefined ? old : [...old, newSet]);

export const hasDeadline = (deployment: Deployment): boolean =>
  deployment.spec?.progressDeadlineSeconds !== undefined && deployment.spec.progressDeadlineSeconds !== NO_DEADLINE;

export function emit({ context, deployment }: Rollout, type: 'Normal' | 'Warning', reason: string, message: string) {
  context.events.event(COMPONENT, { regarding: deployment, type, reason, message });
}

export function progressing(rollout: Rollout, status: string, reason: string, message: string): DeploymentCondition {
  const now = timestamp(rollout.context.clock);
  return { type: 'Progressing', status, reason, message, lastUpdateTime: now, lastTransitionTime: now };
}

export function writeStatus(rollout: Rollout, status: DeploymentStatus): void {
  if (equal(rollout.deployment.status ?? {}, status)) return;
  rollout.deployment = wireCopy(
    rollout.context.client.updateStatus<Deployment>('deployments.apps', { ...rollout.deployment, status }),
  );
}
function setCondition(rollout: Rollout, condition: DeploymentCondition): void {
  const status = rollout.deployment.status ?? {};
  writeStatus(rollout, { ...status, conditions: withCondition(status.conditions, condition) });
}

function writeRevision(rollout: Rollout, revision: string): void {
  const { metadata } = rollout.deployment;
  if (metadata.annotations?.[REVISION] === revision) return;
  const annotations = { ...metadata.annotations, [REVISION]: revision };
  // with the status, which leaves the generation alone
  rollout.deployment = wireCopy(
    rollout.context.client.updateStatus<Deployment>('deployments.apps', {
      ...rollout.deployment,
      metadata: { ...metadata, annotations },
    }),
  );
}

function replace(rollout: Rollout, set: ReplicaSet): ReplicaSet {
  rollout.sets = [...rollout.sets.filter((other) => other.metadata.uid !== set.metadata.uid), set].toSorted(byAge);
  return set;
}

/** The new set, brought up to date, and the old ones. With `create`, a missing new set is made. @throws StatusError */
export function syncSets(rollout: Rollout, create: boolean): Sets {
  const current = findNew(rollout.deployment, rollout.sets);
  const old = rollout.sets.filter((set) => set.metadata.uid !== current?.metadata.uid);
  const revision = maxRevision(old) + 1;
  if (current !== undefined) return { newSet: refresh(rollout, current, revision), old };
  return { newSet: create ? createSet(rollout, old, revision) : undefined, old };
}

function refresh(rollout: Rollout, set: ReplicaSet, revision: number): ReplicaSet {
  const { deployment, context } = rollout;
  const annotations = newSetAnnotations(deployment, set.metadata.annotations, revision);
  const minReadySeconds = deployment.spec?.minReadySeconds;
  if (!equal(annotations, set.metadata.annotations ?? {}) || set.spec?.minReadySeconds !== minReadySeconds) {
    const updated = wireCopy(set);
    updated.metadata.annotations = annotations;
    if (updated.spec !== undefined) {
      if (minReadySeconds === undefined) delete updated.spec.minReadySeconds;
      else updated.spec.minReadySeconds = minReadySeconds;
    }
    return replace(rollout, context.client.update('replicasets.apps', updated));
  }
  writeRevision(rollout, annotations[REVISION] ?? String(revisionOf(set)));
  if (hasDeadline(deployment) && conditionOf(rollout.deployment.status?.conditions, 'Progressing') === undefined) {
    const message = `Found new replica set "${set.metadata.name}"`;
    setCondition(rollout, progressing(rollout, 'True', 'FoundNewReplicaSet', message));
  }
  return set;
}

function createSet(rollout: Rollout, old: readonly ReplicaSet[], revision: number): ReplicaSet {
  const { deployment, context } = rollout;
  const template = wireCopy(deployment.spec?.template ?? {});
  const hash = templateHash(template, deployment.status?.collisionCount);
  const labels = { ...template.metadata?.labels, [HASH_LABEL]: hash };
  const selector = deployment.spec?.selector ?? {};
  const minReadySeconds = deployment.spec?.minReadySeconds;
  const replicas = newSetReplicas(deployment, old, 0);
  const annotations = { ...newSetAnnotations(deployment, undefined, revision), ...replicasAnnotations(deployment) };
  const wantedSet: ReplicaSet = {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      name: `${deployment.metadata.name.slice(0, MAX_NAME - 1 - hash.length)}-${hash}`,
      namespace: deployment.metadata.namespace ?? '',
      labels,
      annotations,
      ownerReferences: [controllerRef(deployment)],
    },
    spec: {
      replicas,
      ...(minReadySeconds === undefined ? {} : { minReadySeconds }),
      selector: { ...selector, matchLabels: { ...selector.matchLabels, [HASH_LABEL]: hash } },
      template: { ...template, metadata: { ...template.metadata, labels } },
    },
  };
  let set: ReplicaSet;
  try {
    set = context.client.create('replicasets.apps', wantedSet);
  } catch (error) {
    if (!(error instanceof StatusError) || namespaceIsTerminating(error)) throw error;
    if (hasReason(error, 'AlreadyExists')) return resolveClash(rollout, wantedSet, error);
    const message = `Failed to create new replica set "${wantedSet.metadata.name}": ${error.message}`;
    if (hasDeadline(deployment)) {
      setCondition(rollout, progressing(rollout, 'False', 'ReplicaSetCreateError', message));
    }
    emit(rollout, 'Warning', 'ReplicaSetCreateError', message);
    throw error;
  }
  replace(rollout, set);
  if (replicas > 0) {
    emit(rollout, 'Normal', 'ScalingReplicaSet', `Scaled up replica set ${set.metadata.name} from 0 to ${replicas}`);
  }
  writeRevision(rollout, String(revision));
  if (hasDeadline(deployment)) {
    const message = `Created new replica set "${set.metadata.name}"`;
    setCondition(rollout, progressing(rollout, 'True', 'NewReplicaSetCreated', message));
  }
  return set;
}

/** A set of that name exists: ours after all, or another content with the same hash, which then gets another name on the next try. */
function resolveClash(rollout: Rollout, wantedSet: ReplicaSet, error: StatusError): ReplicaSet {
  const { deployment, context } = rollout;
  const existing = context.client.get<ReplicaSet>(
    'replicasets.apps',
    deployment.metadata.namespace ?? '',
    wantedSet.metadata.name,
  );
  const ours = existing !== undefined && controllerOf(existing)?.uid === deployment.metadata.uid;
  if (ours && sameTemplate(existing.spec?.template, deployment.spec?.template)) {
    writeRevision(rollout, existing.metadata.annotations?.[REVISION] ?? '1');
    return existing;
  }
  const status = deployment.status ?? {};
  writeStatus(rollout, { ...status, collisionCount: (status.collisionCount ?? 0) + 1 });
  throw error;
}

/** Sets the size of a ReplicaSet and says so. Returns whether the size changed. */
export function scaleSet(rollout: Rollout, set: ReplicaSet, replicas: number): boolean {
  const before = replicasOf(set);
  if (before === replicas) return false;
  writeSize(rollout, set, replicas);
  return true;
}

/** As `scaleSet`, and brings the replica annotations up to date even when the size stays. */
export function writeSize(rollout: Rollout, set: ReplicaSet, replicas: number): void {
  const before = replicasOf(set);
  const annotations = { ...set.metadata.annotations, ...replicasAnnotations(rollout.deployment) };
  if (before === replicas && equal(annotations, set.metadata.annotations ?? {})) return;
  const updated = wireCopy(set);
  updated.metadata.annotations = annotations;
  if (updated.spec !== undefined) updated.spec.replicas = replicas;
  replace(rollout, rollout.context.client.update('replicasets.apps', updated));
  if (before !== replicas) {
    const way = before < replicas ? 'up' : 'down';
    const message = `Scaled ${way} replica set ${set.metadata.name} from ${before} to ${replicas}`;
    emit(rollout, 'Normal', 'ScalingReplicaSet', message);
  }
}

/** The sets as written last in this pass. */
export function latest(rollout: Rollout, { newSet, old }: Sets): Sets {
  const fresh = (set: ReplicaSet) => rollout.sets.find((other) => other.metadata.uid === set.metadata.uid) ?? set;
  return { newSet: newSet && fresh(newSet), old: old.map(fresh) };
}

/** Removes old sets without pods beyond the history limit, lowest revision first. */
export function cleanUp(rollout: Rollout, old: readonly ReplicaSet[]): void {
  const limit = rollout.deployment.spec?.revisionHistoryLimit;
  if (limit === undefined || limit === NO_DEADLINE) return;
  const cleanable = old
    .filter((set) => set.metadata.deletionTimestamp === undefined)
    .toSorted((a, b) => revisionOf(a) - revisionOf(b) || byAge(a, b));
  for (const set of cleanable.slice(0, Math.max(0, cleanable.length - limit))) {
    const settled = (set.metadata.generation ?? 0) <= (set.status?.observedGeneration ?? 0);
    if ((set.status?.replicas ?? 0) !== 0 || replicasOf(set) !== 0 || !settled) continue;
    rollout.context.client.delete('replicasets.apps', set.metadata.namespace ?? '', set.metadata.name);
  }
}
