/** HorizontalPodAutoscalers: keeps a workload within its bounds, and as large as its metrics ask for. */
import { matches, type parseLabelSelector } from '../../api/selector.ts';
import { StatusError } from '../../api/status.ts';
import type { ResourceMetrics } from '../../api/resource-metrics.ts';
import type { HorizontalPodAutoscaler, Pod } from '../../api/types.ts';
import { timestamp, withConditionInPlace } from '../conditions.ts';
import type { Again, Controller, ControllerContext } from '../controller.ts';
import { namespacedKey, splitKey } from '../controller.ts';
import { normalize, rememberChange } from './behavior.ts';
import { memoriesOf, type Memory } from './memory.ts';
import { measure, type Measured, type MetricStatus } from './metrics.ts';
import { requirementsIn, targetOf, type ScaleTarget } from './target.ts';

const RESOURCE = 'horizontalpodautoscalers.autoscaling';
const COMPONENT = 'horizontal-pod-autoscaler';
/** Milliseconds between two looks at an autoscaler; the first comes so long after its creation. */
const PERIOD = 15_000;

export const horizontalPodAutoscaler = (metrics: ResourceMetrics): Controller => ({
  name: 'horizontal-pod-autoscaler-controller',
  user: 'system:serviceaccount:kube-system:horizontal-pod-autoscaler',
  watches: { [RESOURCE]: ({ object }) => [namespacedKey(object)] },
  reconcile(key, context): Again {
    const { client, clock } = context;
    const { namespace, name } = splitKey(key);
    const memories = memoriesOf(client);
    const found = client.get<HorizontalPodAutoscaler>(RESOURCE, namespace, name);
    if (found === undefined) {
      memories.delete(key);
      return;
    }
    const now = clock.now();
    const memory: Memory = memories.get(key) ?? { due: now + PERIOD, recommendations: [], added: [], removed: [] };
    memories.set(key, memory);
    if (now < memory.due) return { afterMs: memory.due - now };
    memory.due = now + PERIOD;
    new Look(found, memory, metrics, context).sync();
    return { afterMs: PERIOD };
  },
});

type Status = NonNullable<HorizontalPodAutoscaler['status']>;

/** The API always shows this list: null when nothing is measured. */
const NO_METRICS = null as unknown as undefined;

/** One look at one autoscaler. */
class Look {
  readonly #found: HorizontalPodAutoscaler;
  readonly #memory: Memory;
  readonly #metrics: ResourceMetrics;
  readonly #context: ControllerContext;
  readonly #status: Status;

  constructor(found: HorizontalPodAutoscaler, memory: Memory, metrics: ResourceMetrics, context: ControllerContext) {
    this.#found = found;
    this.#memory = memory;
    this.#metrics = metrics;
    this.#context = context;
    this.#status = { desiredReplicas: 0, ...found.status };
  }

  sync(): void {
    const { client } = this.#context;
    const target = targetOf(client, this.#found);
    if (typeof target === 'string') {
      this.#tell('Warning', 'FailedGetScale', target);
      this.#set(
        'AbleToScale',
        false,
        'FailedGetScale',
        `the HPA controller was unable to get the target's current scale: ${target}`,
      );
    } else {
      this.#set(
        'AbleToScale',
        true,
        'SucceededGetScale',
        "the HPA controller was able to get the target's current scale",
      );
      this.#decide(target);
    }
    client.updateStatus<HorizontalPodAutoscaler>(RESOURCE, { ...this.#found, status: this.#status });
  }

  #decide(target: ScaleTarget): void {
    const current = target.replicas;
    const min = this.#found.spec?.minReplicas ?? 1;
    const max = this.#found.spec?.maxReplicas ?? 1;
    const now = this.#context.clock.now();
    // what the workload had when it was first seen holds it for a while
    if (this.#memory.recommendations.length === 0) this.#memory.recommendations = [{ value: current, at: now }];
    if (current === 0) delete this.#status.currentReplicas;
    else this.#status.currentReplicas = current;
    if (current === 0 && min !== 0) {
      const why = 'scaling is disabled since the replica count of the target is zero';
      this.#set('ScalingActive', false, 'ScalingDisabled', why);
      this.#status.desiredReplicas = 0;
      // nothing is measured where nothing hangs on it
      this.#status.currentMetrics = NO_METRICS;
      return;
    }
    if (current > max || current < min) this.#status.currentMetrics = NO_METRICS;
    if (current > max) {
      this.#rescale(target, max, 'Current number of replicas above Spec.MaxReplicas');
      return;
    }
    if (current < min) {
      this.#rescale(target, min, 'Current number of replicas below Spec.MinReplicas');
      return;
    }
    const wanted = this.#measure(target);
    if (!wanted) return;
    const { behavior } = this.#found.spec ?? {};
    const { size, able, limit } = normalize(
      { current, desired: wanted.replicas, min, max },
      behavior,
      this.#memory,
      now,
    );
    this.#set('AbleToScale', true, able.reason, able.message);
    this.#set('ScalingLimited', limit.limited, limit.reason, limit.message);
    this.#status.desiredReplicas = size;
    if (size === current) return;
    const reason = wanted.replicas > current ? `${wanted.name} above target` : 'All metrics below target';
    this.#rescale(target, size, reason);
  }

  /** The largest size that a metric asks for; undefined when none can be measured, or some can't and the rest would shrink it. */
  #measure({ replicas: current, selector }: ScaleTarget): Measured | undefined {
    const { client, clock } = this.#context;
    const { metadata, spec } = this.#found;
    const requirements = this.#requirementsOf(selector);
    if (requirements === undefined) return undefined;
    const pods = client
      .list<Pod>('pods', metadata.namespace)
      .filter((pod) => matches(requirements, pod.metadata.labels ?? {}));
    if (this.#isAmbiguous(selector, pods)) return undefined;
    const measuring = { autoscaler: this.#found, pods, current, metrics: this.#metrics, now: clock.now() };
    const statuses: MetricStatus[] = [];
    let most: Measured | undefined;
    let failures = 0;
    let first: { reason: string; message: string; wrapped: string } | undefined;
    for (const metric of spec?.metrics ?? []) {
      const found = measure(metric, measuring);
      if ('reason' in found) {
        this.#tell('Warning', found.reason, found.message);
        failures++;
        first ??= found;
        statuses.push({ type: '' });
        continue;
      }
      statuses.push(found.status);
      if (!most || found.replicas > most.replicas) most = found;
    }
    this.#status.currentMetrics = statuses;
    if (first && (!most || most.replicas < current)) {
      const { reason, message, wrapped } = first;
      const why = `the HPA was unable to compute the replica count: ${message}`;
      this.#set('ScalingActive', false, reason, why);
      const all = `invalid metrics (${failures} invalid out of ${statuses.length}), first error is: ${wrapped}`;
      this.#tell('Warning', 'FailedComputeMetricsReplicas', all);
      return undefined;
    }
    if (most) {
      const why = `the HPA was able to successfully calculate a replica count from ${most.name}`;
      this.#set('ScalingActive', true, 'ValidMetricFound', why);
    }
    return most;
  }

  #requirementsOf(selector: string): ReturnType<typeof parseLabelSelector> | undefined {
    if (selector === '') {
      const why = 'selector is required';
      this.#refuse('SelectorRequired', 'InvalidSelector', why, "the HPA target's scale is missing a selector");
      return undefined;
    }
    const requirements = requirementsIn(selector);
    if (typeof requirements !== 'string') return requirements;
    this.#refuse('InvalidSelector', 'InvalidSelector', requirements, requirements);
    return undefined;
  }

  /** Whether other autoscalers were seen to work on some of the pods, too: then this one doesn't. */
  #isAmbiguous(selector: string, pods: readonly Pod[]): boolean {
    const own = namespacedKey(this.#found);
    this.#memory.selector = selector;
    const others = [...memoriesOf(this.#context.client)].filter(([key, memory]) => {
      if (key === own || memory.selector === undefined) return false;
      const requirements = requirementsIn(memory.selector);
      return (
        splitKey(key).namespace === this.#found.metadata.namespace &&
        typeof requirements !== 'string' &&
        pods.some((pod) => matches(requirements, pod.metadata.labels ?? {}))
      );
    });
    if (others.length === 0) return false;
    const keys = [own, ...others.map(([key]) => key)].toSorted();
    const why = `pods by selector ${selector} are controlled by multiple HPAs: [${keys.join(' ')}]`;
    this.#refuse('AmbiguousSelector', 'AmbiguousSelector', why, why);
    return true;
  }

  /** No metric can be looked at. */
  #refuse(event: string, reason: string, why: string, message: string): void {
    this.#tell('Warning', event, why);
    this.#set('ScalingActive', false, reason, message);
    this.#status.currentMetrics = NO_METRICS;
    this.#tell('Warning', 'FailedComputeMetricsReplicas', why);
  }

  #rescale(target: ScaleTarget, size: number, reason: string): void {
    const { client, clock } = this.#context;
    const before = target.replicas;
    try {
      target.scale(client, size);
    } catch (error) {
      if (!(error instanceof StatusError)) throw error;
      this.#tell('Warning', 'FailedRescale', `New size: ${size}; reason: ${reason}; error: ${error.message}`);
      const why = `the HPA controller was unable to update the target scale: ${error.message}`;
      this.#set('AbleToScale', false, 'FailedUpdateScale', why);
      return;
    }
    const done = `the HPA controller was able to update the target scale to ${size}`;
    this.#set('AbleToScale', true, 'SucceededRescale', done);
    this.#tell('Normal', 'SuccessfulRescale', `New size: ${size}; reason: ${reason}`);
    rememberChange(this.#memory, this.#found.spec?.behavior, before, size, clock.now());
    this.#status.desiredReplicas = size;
    this.#status.lastScaleTime = timestamp(clock);
  }

  #set(type: string, value: boolean, reason: string, message: string): void {
    this.#status.conditions = withConditionInPlace(this.#status.conditions, {
      type,
      status: value ? 'True' : 'False',
      reason,
      message,
      lastTransitionTime: timestamp(this.#context.clock),
    });
  }

  #tell(type: 'Normal' | 'Warning', reason: string, message: string): void {
    this.#context.events.event(COMPONENT, { regarding: this.#found, type, reason, message });
  }
}
