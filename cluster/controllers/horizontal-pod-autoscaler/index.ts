/**
 * HorizontalPodAutoscalers: keeps a workload within its bounds. There is no metrics API in the cluster, so no load is ever
 * measured: each metric fails as it does on a real cluster without a metrics server.
 */
import { StatusError } from '../../api/status.ts';
import type { Deployment, HorizontalPodAutoscaler } from '../../api/types.ts';
import { resourceName, resources } from '../../schema/resources.ts';
import type { Client } from '../../store/client.ts';
import { timestamp, withCondition, withConditionInPlace } from '../conditions.ts';
import type { Again, Controller, ControllerContext } from '../controller.ts';
import { namespacedKey, splitKey } from '../controller.ts';

const RESOURCE = 'horizontalpodautoscalers.autoscaling';
const COMPONENT = 'horizontal-pod-autoscaler';
/** Milliseconds between two looks at an autoscaler; the first comes so long after its creation. */
const PERIOD = 15_000;
const NO_METRICS =
  'unable to fetch metrics from resource metrics API: the server could not find the requested resource (get pods.metrics.k8s.io)';

/** When each autoscaler is due next, in milliseconds since 1970. A restarted controller starts the period anew. */
const due = new WeakMap<Client, Map<string, number>>();
function dueIn(client: Client): Map<string, number> {
  const known = due.get(client) ?? new Map<string, number>();
  due.set(client, known);
  return known;
}

export const horizontalPodAutoscaler: Controller = {
  name: 'horizontal-pod-autoscaler-controller',
  user: 'system:serviceaccount:kube-system:horizontal-pod-autoscaler',
  watches: { [RESOURCE]: ({ object }) => [namespacedKey(object)] },
  reconcile(key, context): Again {
    const { client, clock } = context;
    const { namespace, name } = splitKey(key);
    const times = dueIn(client);
    const found = client.get<HorizontalPodAutoscaler>(RESOURCE, namespace, name);
    if (found === undefined) {
      times.delete(key);
      return;
    }
    const now = clock.now();
    const at = times.get(key) ?? now + PERIOD;
    if (now < at) {
      times.set(key, at);
      return { afterMs: at - now };
    }
    times.set(key, now + PERIOD);
    sync(found, context);
    return { afterMs: PERIOD };
  },
};

type Status = NonNullable<HorizontalPodAutoscaler['status']>;
type Metric = NonNullable<NonNullable<HorizontalPodAutoscaler['spec']>['metrics']>[number];

function sync(found: HorizontalPodAutoscaler, context: ControllerContext): void {
  const { client, clock } = context;
  const namespace = found.metadata.namespace ?? '';
  const status: Status = { desiredReplicas: 0, ...found.status };
  const set = (type: string, value: string, reason: string, message: string) => {
    const next = { type, status: value, reason, message, lastTransitionTime: timestamp(clock) };
    status.conditions = withConditionInPlace(status.conditions, next);
  };
  const save = () => {
    client.updateStatus<HorizontalPodAutoscaler>(RESOURCE, { ...found, status });
  };
  const target = found.spec?.scaleTargetRef;
  const info = resources.find(({ kind, group }) => kind === target?.kind && group === groupOf(target.apiVersion));
  const resource = info === undefined ? `${target?.kind.toLowerCase() ?? ''}s` : resourceName(info);
  const scaled = client.get<Deployment>(resource, namespace, target?.name ?? '');
  if (scaled === undefined) {
    const why = `${resource} "${target?.name ?? ''}" not found`;
    tell(context, found, 'Warning', 'FailedGetScale', why);
    set(
      'AbleToScale',
      'False',
      'FailedGetScale',
      `the HPA controller was unable to get the target's current scale: ${why}`,
    );
    return save();
  }
  set('AbleToScale', 'True', 'SucceededGetScale', "the HPA controller was able to get the target's current scale");
  const current = scaled.spec?.replicas ?? 1;
  const bounds = { min: found.spec?.minReplicas ?? 1, max: found.spec?.maxReplicas ?? 1 };
  status.currentReplicas = scaled.status?.replicas ?? 0;
  if (current === 0 && bounds.min !== 0) {
    set(
      'ScalingActive',
      'False',
      'ScalingDisabled',
      'scaling is disabled since the replica count of the target is zero',
    );
    return save();
  }
  if (current > bounds.max || current < bounds.min) {
    const [size, reason] =
      current > bounds.max
        ? [bounds.max, 'Current number of replicas above Spec.MaxReplicas']
        : [bounds.min, 'Current number of replicas below Spec.MinReplicas'];
    rescale(context, found, resource, scaled, size, reason);
    set('AbleToScale', 'True', 'SucceededRescale', `the HPA controller was able to update the target scale to ${size}`);
    status.desiredReplicas = size;
    status.lastScaleTime = timestamp(clock);
    return save();
  }
  measure(context, found, status);
  save();
}

const groupOf = (apiVersion: string | undefined): string =>
  apiVersion?.includes('/') ? (apiVersion.split('/')[0] ?? '') : '';

function tell(
  { events }: ControllerContext,
  regarding: HorizontalPodAutoscaler,
  type: 'Normal' | 'Warning',
  reason: string,
  message: string,
): void {
  events.event(COMPONENT, { regarding, type, reason, message });
}

function rescale(
  context: ControllerContext,
  found: HorizontalPodAutoscaler,
  resource: string,
  target: Deployment,
  size: number,
  reason: string,
): void {
  if (target.spec === undefined) return;
  try {
    context.client.update<Deployment>(resource, { ...target, spec: { ...target.spec, replicas: size } });
  } catch (error) {
    if (error instanceof StatusError) {
      const message = `New size: ${size}; reason: ${reason}; error: ${error.message}`;
      tell(context, found, 'Warning', 'FailedRescale', message);
    }
    throw error;
  }
  tell(context, found, 'Normal', 'SuccessfulRescale', `New size: ${size}; reason: ${reason}`);
}

interface Failure {
  reason: string;
  /** What could not be measured. */
  message: string;
  /** The same from further out. */
  wrapped: string;
}

function failureOf(metric: Metric): Failure {
  const resource = metric.resource ?? metric.containerResource;
  if (resource !== undefined) {
    const what = resource.target.type === 'Utilization' ? 'utilization' : 'usage';
    const message = `failed to get ${resource.name} ${what}: unable to get metrics for resource ${resource.name}: ${NO_METRICS}`;
    const kind = metric.containerResource ? 'container resource' : 'resource';
    return {
      reason: metric.containerResource ? 'FailedGetContainerResourceMetric' : 'FailedGetResourceMetric',
      message,
      wrapped: `failed to get ${resource.name} ${kind} metric value: ${message}`,
    };
  }
  const name = (metric.pods ?? metric.object ?? metric.external)?.metric.name ?? '';
  const api = metric.type === 'External' ? 'external' : 'custom';
  const message = `unable to get metric ${name}: unable to fetch metrics from ${api} metrics API: the server could not find the metric ${name} for pods`;
  return {
    reason: `FailedGet${metric.type}Metric`,
    message,
    wrapped: `failed to get ${metric.type.toLowerCase()} metric value: ${message}`,
  };
}

/** Every metric fails; the first one says why. */
function measure(context: ControllerContext, found: HorizontalPodAutoscaler, status: Status): void {
  const metrics = found.spec?.metrics ?? [];
  const failures = metrics.map(failureOf);
  for (const failure of failures) tell(context, found, 'Warning', failure.reason, failure.message);
  const [first] = failures;
  if (first === undefined) return;
  const count = failures.length;
  const all = `invalid metrics (${count} invalid out of ${count}), first error is: ${first.wrapped}`;
  tell(context, found, 'Warning', 'FailedComputeMetricsReplicas', all);
  status.conditions = withCondition(status.conditions, {
    type: 'ScalingActive',
    status: 'False',
    reason: first.reason,
    message: `the HPA was unable to compute the replica count: ${first.message}`,
    lastTransitionTime: timestamp(context.clock),
  });
  status.currentMetrics = metrics.map(() => ({ type: '' }));
}
