/** PodDisruptionBudgets: how many of the pods may be disrupted now. */
import { controllerOf, isPodReady } from '../../api/pods.ts';
import { labelSelectorGoText, labelSelectorMatches } from '../../api/selector.ts';
import { StatusError } from '../../api/status.ts';
import type { KubeObject, Pod, PodDisruptionBudget } from '../../api/types.ts';
import type { Reader } from '../../store/client.ts';
import { conditionOf, millisecondsOf, timestamp, withConditionInPlace } from '../conditions.ts';
import type { Again, Controller, ControllerContext } from '../controller.ts';
import { namespacedKey, splitKey } from '../controller.ts';
import { scaledValue } from '../int-or-percent.ts';
import { scaleOf } from './scale.ts';

const RESOURCE = 'poddisruptionbudgets.policy';
const COMPONENT = 'controllermanager';
/** Milliseconds that an evicted pod is given to show its deletion. */
const DELETION_TIMEOUT = 2 * 60 * 1000;
/** Milliseconds after which a pod that was to be disrupted and is still there is no longer said to be. */
const STALE_TARGET = 2 * 60 * 1000;
const STALE = 'stale|';
/** Keys of pods that several budgets select. */
const OVERLAP = 'overlap|';

const budgetsOf = (client: Reader, pod: KubeObject): PodDisruptionBudget[] =>
  client
    .list<PodDisruptionBudget>(RESOURCE, pod.metadata.namespace)
    .filter((budget) => labelSelectorMatches(budget.spec?.selector, pod.metadata.labels ?? {}));

export const disruption: Controller = {
  name: 'disruption-controller',
  watches: {
    [RESOURCE]: ({ object }) => [namespacedKey(object)],
    // a budget is not told of pods that it no longer selects, nor of scales: it goes on with what it has counted
    pods: ({ type, object }, { client }) => {
      const keys = new Set(budgetsOf(client, object).map(namespacedKey));
      if (keys.size > 1) keys.add(OVERLAP + namespacedKey(object));
      if (type !== 'DELETED' && staleIn(object, 0) !== undefined) keys.add(STALE + namespacedKey(object));
      return [...keys];
    },
  },
  reconcile(key, context) {
    if (key.startsWith(OVERLAP)) return warnOfOverlap(key.slice(OVERLAP.length), context);
    if (key.startsWith(STALE)) return dropStaleTarget(key.slice(STALE.length), context);
    const { namespace, name } = splitKey(key);
    const budget = context.client.get<PodDisruptionBudget>(RESOURCE, namespace, name);
    return budget === undefined ? undefined : sync(budget, context);
  },
};

type Status = NonNullable<PodDisruptionBudget['status']>;

function sync(budget: PodDisruptionBudget, { client, clock, events }: ControllerContext): Again {
  const now = clock.now();
  const selector = budget.spec?.selector;
  const pods = client
    .list<Pod>('pods', budget.metadata.namespace)
    .filter((pod) => labelSelectorMatches(selector, pod.metadata.labels ?? {}));
  const tell = (type: 'Normal' | 'Warning', reason: string, message: string) => {
    events.event(COMPONENT, { regarding: budget, type, reason, message });
  };
  if (pods.length === 0) tell('Normal', 'NoPods', 'No matching pods found');
  const expected = expectedPods(client, budget, pods);
  if (typeof expected === 'string') {
    tell('Warning', 'CalculateExpectedPodCountFailed', `Failed to calculate the number of expected pods: ${expected}`);
    const status: Status = { ...blank(budget), disruptionsAllowed: 0 };
    const { observedGeneration: _now, ...failed } = allowedCondition(
      budget,
      'False',
      'SyncFailed',
      expected,
      timestamp(clock),
    );
    const observed = budget.status?.observedGeneration;
    client.updateStatus<PodDisruptionBudget>(RESOURCE, {
      ...budget,
      status: {
        ...status,
        conditions: withConditionInPlace(
          status.conditions,
          observed ? { ...failed, observedGeneration: observed } : failed,
        ),
      },
    });
    return;
  }
  if (expected.unmanaged) {
    tell(
      'Warning',
      'UnmanagedPods',
      `Pods selected by this PodDisruptionBudget (selector: ${labelSelectorGoText(selector)}) were found to be unmanaged. As a result, the status of the PDB cannot be calculated correctly, which may result in undefined behavior. To account for these pods please set ".spec.minAvailable" field of the PDB to an integer value.`,
    );
  }

  const disrupted = stillExpected(budget, pods, now, (pod) => {
    const message = `Pod was expected by PDB ${budget.metadata.namespace}/${budget.metadata.namespace} to be deleted but it wasn't`;
    events.event(COMPONENT, { regarding: pod, type: 'Warning', reason: 'NotDeleted', message });
  });
  const currentHealthy = pods.filter(
    (pod) =>
      pod.metadata.deletionTimestamp === undefined && disrupted[pod.metadata.name] === undefined && isPodReady(pod),
  ).length;
  const spare = currentHealthy - expected.desiredHealthy;
  const disruptionsAllowed = expected.expectedPods <= 0 ? 0 : Math.max(0, spare);
  const condition =
    disruptionsAllowed > 0
      ? allowedCondition(budget, 'True', 'SufficientPods', '', timestamp(clock))
      : allowedCondition(budget, 'False', 'InsufficientPods', '', timestamp(clock));
  const status: Status = {
    currentHealthy,
    desiredHealthy: expected.desiredHealthy,
    expectedPods: expected.expectedPods,
    disruptionsAllowed,
    observedGeneration: budget.metadata.generation ?? 0,
    ...(Object.keys(disrupted).length === 0 ? {} : { disruptedPods: disrupted }),
    conditions: withConditionInPlace(budget.status?.conditions, condition),
  };
  client.updateStatus<PodDisruptionBudget>(RESOURCE, { ...budget, status });
  const waits = Object.values(disrupted).map((time) => (millisecondsOf(time) ?? now) + DELETION_TIMEOUT + 1 - now);
  return waits.length === 0 ? undefined : { afterMs: Math.max(1, Math.min(...waits)) };
}

const blank = (budget: PodDisruptionBudget): Status =>
  budget.status ?? { currentHealthy: 0, desiredHealthy: 0, expectedPods: 0, disruptionsAllowed: 0 };

type AllowedCondition = NonNullable<Status['conditions']>[number];
const allowedCondition = (
  budget: PodDisruptionBudget,
  status: string,
  reason: string,
  message: string,
  now: string,
): AllowedCondition => ({
  type: 'DisruptionAllowed',
  status,
  reason,
  message,
  lastTransitionTime: now,
  observedGeneration: budget.metadata.generation ?? 0,
});

interface Expected {
  expectedPods: number;
  desiredHealthy: number;
  /** Some pods have no controller, and so no scale to take a share of. */
  unmanaged: boolean;
}

/** A text says why it can't be told. */
function expectedPods(store: Reader, budget: PodDisruptionBudget, pods: readonly Pod[]): Expected | string {
  const { minAvailable, maxUnavailable } = budget.spec ?? {};
  if (maxUnavailable === undefined && typeof minAvailable === 'number') {
    return { expectedPods: pods.length, desiredHealthy: minAvailable, unmanaged: false };
  }
  if (maxUnavailable === undefined && minAvailable === undefined) {
    return { expectedPods: 0, desiredHealthy: 0, unmanaged: false };
  }
  const scales = new Map<string, number>();
  let unmanaged = false;
  for (const pod of pods) {
    const controller = controllerOf(pod);
    if (controller === undefined) unmanaged = true;
    else if (!scales.has(controller.uid)) {
      const scale = scaleOf(store, controller, pod.metadata.namespace ?? '');
      if (typeof scale === 'string') return scale;
      if (scale === undefined) return `found no controllers for pod ${JSON.stringify(pod.metadata.name)}`;
      scales.set(scale.uid, scale.replicas);
    }
  }
  const total = [...scales.values()].reduce((sum, scale) => sum + scale, 0);
  const desiredHealthy =
    maxUnavailable === undefined
      ? scaledValue(minAvailable, total, 'up')
      : Math.max(0, total - scaledValue(maxUnavailable, total, 'up'));
  return { expectedPods: total, desiredHealthy, unmanaged };
}

function warnOfOverlap(key: string, { client, events }: ControllerContext): undefined {
  const { namespace, name } = splitKey(key);
  const pod = client.get<Pod>('pods', namespace, name);
  const [chosen, ...others] = pod === undefined ? [] : budgetsOf(client, pod);
  if (pod === undefined || chosen === undefined || others.length === 0) return;
  const message = `Pod ${JSON.stringify(namespace)}/${JSON.stringify(name)} matches multiple PodDisruptionBudgets.  Chose ${JSON.stringify(chosen.metadata.name)} arbitrarily.`;
  events.event(COMPONENT, { regarding: pod, type: 'Warning', reason: 'MultiplePodDisruptionBudgets', message });
}

/** Evicted pods that are still to be deleted, without those for which it took too long. */
function stillExpected(
  budget: PodDisruptionBudget,
  pods: readonly Pod[],
  now: number,
  onOverdue: (pod: Pod) => void,
): Record<string, string> {
  const waiting: Record<string, string> = {};
  for (const pod of pods) {
    const since = budget.status?.disruptedPods?.[pod.metadata.name];
    if (since === undefined || pod.metadata.deletionTimestamp !== undefined) continue;
    if ((millisecondsOf(since) ?? 0) + DELETION_TIMEOUT < now) onOverdue(pod);
    else waiting[pod.metadata.name] = since;
  }
  return waiting;
}

/** Milliseconds until the pod's DisruptionTarget condition counts as stale; undefined when it never will. */
function staleIn(pod: Pod, now: number): number | undefined {
  const condition = conditionOf(pod.status?.conditions, 'DisruptionTarget');
  if (pod.metadata.deletionTimestamp !== undefined || condition?.status !== 'True') return undefined;
  if (condition.reason === 'TerminationByKubelet') return undefined;
  if (pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed') return undefined;
  return Math.max(0, (millisecondsOf(condition.lastTransitionTime) ?? 0) + STALE_TARGET - now);
}

function dropStaleTarget(key: string, { client, clock }: ControllerContext): Again {
  const { namespace, name } = splitKey(key);
  const pod = client.get<Pod>('pods', namespace, name);
  const wait = pod && staleIn(pod, clock.now());
  if (pod === undefined || wait === undefined) return;
  if (wait > 0) return { afterMs: wait };
  const conditions = (pod.status?.conditions ?? []).map((condition) => {
    if (condition.type !== 'DisruptionTarget') return condition;
    const { reason: _reason, message: _message, ...rest } = condition;
    const observedGeneration = pod.metadata.generation ?? 0;
    return { ...rest, status: 'False', lastTransitionTime: timestamp(clock), observedGeneration };
  });
  try {
    client.updateStatus<Pod>('pods', { ...pod, status: { ...pod.status, conditions } });
  } catch (error) {
    // somebody else wrote the pod: that change wakes this key again
    if (!(error instanceof StatusError && error.reason === 'Conflict')) throw error;
  }
  return;
}
