/** pods/eviction: a delete that asks the PodDisruptionBudgets first. */
import { isTerminal, isPodReady } from '../../api/pods.ts';
import { labelSelectorMatches } from '../../api/selector.ts';
import { badRequest, notFoundError, StatusError, tooManyRequests } from '../../api/status.ts';
import type { KubeObject, Pod, PodDisruptionBudget } from '../../api/types.ts';
import { timeText } from '../../api/time.ts';
import type { DeleteOptions } from '../../store/client.ts';
import type { Backend, RequestContext, Target } from '../context.ts';
import { settleNamespace } from '../create.ts';
import { checkPreconditions, remove } from '../delete.ts';

interface Eviction extends KubeObject {
  deleteOptions?: DeleteOptions;
}

/** How long a client should wait before it asks again when a budget has not been counted yet. */
const RETRY_SECONDS = 10;

const ADMITTED = { admitted: true };

export function evict(
  backend: Backend,
  target: Target,
  namespace: string,
  name: string,
  body: KubeObject,
  context: RequestContext,
): undefined {
  const { store, clock } = backend;
  settleNamespace(target, body, namespace);
  if (body.metadata.name !== name) throw badRequest('name in URL does not match name in Eviction object');
  const pod = store.get<Pod>(target.name, namespace, name);
  if (!pod) throw notFoundError(target.info, name);
  const options = (body as Eviction).deleteOptions ?? {};
  const dryRun = context.dryRun || (options.dryRun ?? []).length > 0;
  const finish = () => {
    if (dryRun) return void remove(backend, target, namespace, name, options, { ...context, dryRun }, ADMITTED);
    checkPreconditions({ target, old: pod, options });
    const marked = markEvicted(backend, target, pod, timeText(clock.now()));
    const { resourceVersion } = marked.metadata;
    // the version that was asked for was met: it is the mark that made it another one
    const preconditions = options.preconditions?.resourceVersion
      ? { preconditions: { ...options.preconditions, ...(resourceVersion ? { resourceVersion } : {}) } }
      : {};
    remove(backend, target, namespace, name, { ...options, ...preconditions }, context, ADMITTED);
  };
  // a pod that does no work, or is on its way out, needs no budget
  const idle = isTerminal(pod) || pod.metadata.deletionTimestamp !== undefined || pod.status?.phase === 'Pending';
  if (idle) {
    finish();
    return undefined;
  }
  const budgets = store
    .list<PodDisruptionBudget>('poddisruptionbudgets.policy', namespace)
    .filter((budget) => labelSelectorMatches(budget.spec?.selector, pod.metadata.labels ?? {}));
  const [budget] = budgets;
  if (budgets.length > 1) {
    throw new StatusError({
      message: 'This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.',
      code: 500,
    });
  }
  if (budget && !mayGoUnready(budget, pod)) charge(backend, budget, name, dryRun);
  finish();
  return undefined;
}

/** An unready pod counts for nothing: it may go when the budget is met without it, or always under AlwaysAllow. */
function mayGoUnready(budget: PodDisruptionBudget, pod: Pod): boolean {
  if (isPodReady(pod)) return false;
  if (budget.spec?.unhealthyPodEvictionPolicy === 'AlwaysAllow') return true;
  const { currentHealthy = 0, desiredHealthy = 0 } = budget.status ?? {};
  return currentHealthy >= desiredHealthy && desiredHealthy > 0;
}

function charge(backend: Backend, budget: PodDisruptionBudget, pod: string, dryRun: boolean): void {
  const { status, metadata } = budget;
  if ((status?.observedGeneration ?? 0) < (metadata.generation ?? 0)) {
    throw tooManyRequests("Cannot evict pod as it would violate the pod's disruption budget.", RETRY_SECONDS, [
      {
        reason: 'DisruptionBudget',
        message: `The disruption budget ${metadata.name} is still being processed by the server.`,
      },
    ]);
  }
  const allowed = status?.disruptionsAllowed ?? 0;
  if (allowed <= 0) {
    throw tooManyRequests("Cannot evict pod as it would violate the pod's disruption budget.", 0, [
      {
        reason: 'DisruptionBudget',
        message: `The disruption budget ${metadata.name} needs ${status?.desiredHealthy ?? 0} healthy pods and has ${status?.currentHealthy ?? 0} currently`,
      },
    ]);
  }
  if (dryRun) return;
  const charged = structuredClone(budget);
  const counts = { currentHealthy: 0, desiredHealthy: 0, expectedPods: 0, ...charged.status };
  const disruptionsAllowed = allowed - 1;
  const insufficient = { status: 'False', reason: 'InsufficientPods' };
  charged.status = {
    ...counts,
    disruptionsAllowed,
    disruptedPods: { ...counts.disruptedPods, [pod]: timeText(backend.clock.now()) },
    conditions: (counts.conditions ?? []).map((condition) =>
      condition.type === 'DisruptionAllowed' && disruptionsAllowed === 0
        ? { ...condition, ...insufficient }
        : condition,
    ),
  };
  backend.store.put('poddisruptionbudgets.policy', charged);
}

function markEvicted(backend: Backend, target: Target, pod: Pod, now: string): KubeObject {
  const marked = structuredClone(pod);
  const conditions = marked.status?.conditions ?? [];
  const old = conditions.find(({ type }) => type === 'DisruptionTarget');
  const next = {
    type: 'DisruptionTarget',
    status: 'True',
    // what controllers write alike says more: the server itself does not tell the generation, and the wire carries null here
    lastProbeTime: null as unknown as string,
    lastTransitionTime: old?.status === 'True' ? old.lastTransitionTime : now,
    reason: 'EvictionByEvictionAPI',
    message: 'Eviction API: evicting',
  };
  marked.status = {
    ...marked.status,
    conditions: old ? conditions.map((one) => (one === old ? next : one)) : [...conditions, next],
  };
  return backend.store.put(target.name, marked);
}
