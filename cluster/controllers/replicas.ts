/** Keeping a number of pods: what ReplicaSets and ReplicationControllers have in common. */
import { controllerOf, isPodReady } from '../api/pods.ts';
import { labelSelectorMatches } from '../api/selector.ts';
import type { StatusError } from '../api/status.ts';
import type { KubeObject, LabelSelector, Pod, PodTemplateSpec } from '../api/types.ts';
import type { ResourceName } from '../store/client.ts';
import { claim, ownerKeys } from './claim.ts';
import { conditionOf, omitEmpty, timestamp, withCondition, withoutCondition, type Condition } from './conditions.ts';
import type { Again, Controller, ControllerContext } from './controller.ts';
import { namespacedKey, splitKey } from './controller.ts';
import { deletionOrder, isActive, isAvailable, untilAvailable } from './owned-pods.ts';
import { createPod, deletePod, podFromTemplate, slowStart } from './pod-control.ts';

/** The most pods made or removed in one pass, as the real controllers' burst. */
const BURST = 500;

interface ReplicaStatus {
  replicas: number;
  fullyLabeledReplicas?: number;
  readyReplicas?: number;
  availableReplicas?: number;
  terminatingReplicas?: number;
  observedGeneration?: number;
  conditions?: Condition[];
}

/** What both kinds look like to this file. */
export interface ReplicaOwner extends KubeObject {
  spec?: { replicas?: number; minReadySeconds?: number; template?: PodTemplateSpec };
  status?: ReplicaStatus;
}

export interface ReplicaKind {
  name: string;
  user?: string;
  /** The source of its events. */
  component: string;
  resource: ResourceName;
  kind: string;
  selectorOf(owner: ReplicaOwner): LabelSelector | undefined;
  /** Only ReplicaSets report pods that are on their way out. */
  reportsTerminating: boolean;
}

export function replicaController(of: ReplicaKind): Controller {
  return {
    name: of.name,
    ...(of.user === undefined ? {} : { user: of.user }),
    watches: {
      [of.resource]: ({ object }) => [namespacedKey(object)],
      pods: ownerKeys<ReplicaOwner>(of),
    },
    reconcile: (key, context) => reconcile(of, key, context),
  };
}

function reconcile(of: ReplicaKind, key: string, context: ControllerContext): Again {
  const { client, clock } = context;
  const { namespace, name } = splitKey(key);
  const owner = client.get<ReplicaOwner>(of.resource, namespace, name);
  if (owner === undefined) return;
  const selector = of.selectorOf(owner);
  const candidates = client.list<Pod>('pods', namespace).filter((pod) => {
    const controller = controllerOf(pod);
    return controller === undefined || controller.uid === owner.metadata.uid;
  });
  const active = claim(context, 'pods', owner, selector, candidates.filter(isActive));
  const terminating = candidates.filter(
    (pod) =>
      controllerOf(pod) !== undefined &&
      pod.metadata.deletionTimestamp !== undefined &&
      pod.status?.phase !== 'Succeeded' &&
      pod.status?.phase !== 'Failed' &&
      labelSelectorMatches(selector, pod.metadata.labels ?? {}),
  );

  const failure = owner.metadata.deletionTimestamp === undefined ? manage(of, context, owner, active) : undefined;
  const status = statusOf(of, owner, active, terminating.length, failure, context);
  client.updateStatus(of.resource, { ...owner, status });
  if (failure !== undefined) throw failure;

  const minReadySeconds = owner.spec?.minReadySeconds ?? 0;
  if (minReadySeconds > 0 && status.readyReplicas !== status.availableReplicas) {
    return { afterMs: untilAvailable(active, minReadySeconds, clock.now()) ?? minReadySeconds * 1000 };
  }
  return;
}

/** Makes or removes the pods that are too few or too many. Returns the first refusal. */
function manage(
  of: ReplicaKind,
  context: ControllerContext,
  owner: ReplicaOwner,
  active: readonly Pod[],
): StatusError | undefined {
  const surplus = active.length - (owner.spec?.replicas ?? 1);
  if (surplus < 0) {
    const template = owner.spec?.template ?? {};
    return slowStart(Math.min(-surplus, BURST), () => {
      createPod(context, of.component, owner, podFromTemplate(template, owner));
    });
  }
  if (surplus === 0) return undefined;
  const count = Math.min(surplus, BURST);
  const ordered =
    count < active.length ? deletionOrder(active, relatedPods(of, context, owner), context.clock.now()) : active;
  let failure: StatusError | undefined;
  for (const pod of ordered.slice(0, count)) {
    const refused = slowStart(1, () => {
      deletePod(context, of.component, owner, pod);
    });
    failure ??= refused;
  }
  return failure;
}

/** Pods of all owners with the same controller: when a Deployment rolls, crowding counts over all of its ReplicaSets. */
function relatedPods(of: ReplicaKind, { client }: ControllerContext, owner: ReplicaOwner): readonly Pod[] {
  const namespace = owner.metadata.namespace ?? '';
  const controller = controllerOf(owner);
  const siblings =
    controller === undefined
      ? [owner]
      : client
          .list<ReplicaOwner>(of.resource, namespace)
          .filter((other) => controllerOf(other)?.uid === controller.uid);
  return client
    .list<Pod>('pods', namespace)
    .filter((pod) =>
      siblings.some((sibling) => labelSelectorMatches(of.selectorOf(sibling), pod.metadata.labels ?? {})),
    );
}

function statusOf(
  of: ReplicaKind,
  owner: ReplicaOwner,
  active: readonly Pod[],
  terminating: number,
  failure: StatusError | undefined,
  { clock }: ControllerContext,
): ReplicaStatus {
  const templateLabels = owner.spec?.template?.metadata?.labels ?? {};
  const now = clock.now();
  let conditions: Condition[] = owner.status?.conditions ?? [];
  if (failure === undefined) conditions = withoutCondition(conditions, 'ReplicaFailure');
  else if (conditionOf(conditions, 'ReplicaFailure') === undefined) {
    conditions = withCondition(conditions, {
      type: 'ReplicaFailure',
      status: 'True',
      reason: active.length < (owner.spec?.replicas ?? 1) ? 'FailedCreate' : 'FailedDelete',
      message: failure.message,
      lastTransitionTime: timestamp(clock),
    });
  }
  return {
    ...omitEmpty({
      fullyLabeledReplicas: active.filter((pod) =>
        labelSelectorMatches({ matchLabels: templateLabels }, pod.metadata.labels ?? {}),
      ).length,
      readyReplicas: active.filter(isPodReady).length,
      availableReplicas: active.filter((pod) => isAvailable(pod, owner.spec?.minReadySeconds, now)).length,
      observedGeneration: owner.metadata.generation,
      conditions,
    }),
    replicas: active.length,
    ...(of.reportsTerminating ? { terminatingReplicas: terminating } : {}),
  };
}
