/** The metrics of an autoscaler: each proposes a size, or says why it can't. */
import { parseQuantity } from '../../api/quantity.ts';
import type { ResourceMetrics } from '../../api/resource-metrics.ts';
import { labelSelectorGoText } from '../../api/selector.ts';
import type { HorizontalPodAutoscaler, Pod } from '../../api/types.ts';
import { proposeReplicas, TOLERANCES, Unmeasured, type Asked, type Proposal } from './replica-calculator.ts';

type Spec = NonNullable<HorizontalPodAutoscaler['spec']>;
export type MetricSpec = NonNullable<Spec['metrics']>[number];
export type MetricStatus = NonNullable<NonNullable<HorizontalPodAutoscaler['status']>['currentMetrics']>[number];

export interface Measured {
  replicas: number;
  /** As conditions and events name it. */
  name: string;
  status: MetricStatus;
}
export interface Failure {
  reason: string;
  /** What could not be measured. */
  message: string;
  /** The same from further out. */
  wrapped: string;
}

/** Milli-units as the real controller writes them: binary for memory. */
function quantityText(resource: string, milli: number): string {
  if (milli % 1000 !== 0) return `${milli}m`;
  let value = milli / 1000;
  if (resource !== 'memory') return String(value);
  const suffixes = ['', 'Ki', 'Mi', 'Gi', 'Ti'];
  let suffix = 0;
  while (value !== 0 && value % 1024 === 0 && suffix < suffixes.length - 1) {
    value /= 1024;
    suffix++;
  }
  return `${value}${suffixes[suffix]}`;
}

function tolerancesOf({ spec }: HorizontalPodAutoscaler): Asked['tolerances'] {
  const of = (rules: { tolerance?: string } | undefined, otherwise: number) =>
    rules?.tolerance === undefined ? otherwise : (parseQuantity(rules.tolerance)?.milliValue() ?? 0) / 1000;
  return {
    up: of(spec?.behavior?.scaleUp, TOLERANCES.up),
    down: of(spec?.behavior?.scaleDown, TOLERANCES.down),
  };
}

export interface Measuring {
  autoscaler: HorizontalPodAutoscaler;
  pods: readonly Pod[];
  /** Replicas that the target is to have now. */
  current: number;
  metrics: ResourceMetrics;
  now: number;
}

const whatIs = (target: { type: string }) => (target.type === 'Utilization' ? 'utilization' : 'usage');

function measureResource(metric: MetricSpec, { autoscaler, pods, current, metrics, now }: Measuring): Measured {
  const source = metric.resource ?? metric.containerResource;
  if (!source) throw new Unmeasured('unknown metric source type');
  const { name: resource, target } = source;
  const container = metric.containerResource?.container ?? '';
  const aim: Asked['target'] =
    target.averageValue === undefined
      ? { utilization: target.averageUtilization ?? 0 }
      : { average: parseQuantity(target.averageValue)?.milliValue() ?? 0 };
  const asked: Asked = { resource, container, target: aim, current, tolerances: tolerancesOf(autoscaler) };
  let proposal: Proposal;
  try {
    proposal = proposeReplicas(asked, pods, metrics, now);
  } catch (error) {
    if (!(error instanceof Unmeasured)) throw error;
    throw new Unmeasured(`failed to get ${resource} ${whatIs(target)}: ${error.message}`);
  }
  const { replicas, utilization, average } = proposal;
  const value = {
    averageValue: quantityText(resource, average),
    ...(utilization === undefined ? {} : { averageUtilization: utilization }),
  };
  const percentage = utilization === undefined ? '' : ' utilization (percentage of request)';
  const kind = metric.containerResource && utilization !== undefined ? 'container resource' : 'resource';
  return {
    replicas,
    name: `${resource} ${kind}${percentage}`,
    status: metric.containerResource
      ? { type: 'ContainerResource', containerResource: { name: resource, container, current: value } }
      : { type: 'Resource', resource: { name: resource, current: value } },
  };
}

const NO_CUSTOM_METRICS =
  'unable to fetch metrics from custom metrics API: no custom metrics API (custom.metrics.k8s.io) registered';

/** There are no servers for metrics of other kinds. The sentences are the real controller's, slips included. */
function unserved({ type, pods, object, external }: MetricSpec, namespace: string): Failure {
  const failure = (message: string, wrapped: string): Failure => ({
    reason: `FailedGet${type}Metric`,
    message,
    wrapped,
  });
  const untargeted = (kind: string) =>
    `invalid ${kind} metric source: neither a value target nor an average value target was set`;
  if (object) {
    const { metric, describedObject, target } = object;
    const wrapped = 'failed to get object metric value';
    const averaged = target.type === 'AverageValue' && target.averageValue !== undefined;
    if (!averaged && (target.type !== 'Value' || target.value === undefined)) {
      return failure(untargeted('object'), `${wrapped}: ${untargeted('object')}`);
    }
    const message = `unable to get metric ${metric.name}: ${describedObject.kind} on ${namespace} ${describedObject.name}/${NO_CUSTOM_METRICS}`;
    return failure(
      message,
      averaged ? `${wrapped}: failed to get ${metric.name} object metric: ${message}` : `${wrapped}: ${message}`,
    );
  }
  if (external) {
    const { metric, target } = external;
    const wrapped = `failed to get ${metric.name} external metric value`;
    if (target.averageValue === undefined && target.value === undefined) {
      return failure(untargeted('external'), `${wrapped}: ${untargeted('external')}`);
    }
    const message = `unable to get external metric ${namespace}/${metric.name}/${labelSelectorGoText(metric.selector)}: unable to fetch metrics from external metrics API: the server could not find the requested resource (get ${metric.name}.external.metrics.k8s.io)`;
    const which =
      target.averageValue === undefined ? `external metric ${metric.name}` : `${metric.name} external metric`;
    return failure(message, `${wrapped}: failed to get ${which}: ${message}`);
  }
  const message = `unable to get metric ${pods?.metric.name ?? ''}: ${NO_CUSTOM_METRICS}`;
  return failure(message, `failed to get pods metric value: ${message}`);
}

export function measure(metric: MetricSpec, measuring: Measuring): Measured | Failure {
  if (!metric.resource && !metric.containerResource)
    return unserved(metric, measuring.autoscaler.metadata.namespace ?? '');
  try {
    return measureResource(metric, measuring);
  } catch (error) {
    if (!(error instanceof Unmeasured)) throw error;
    const { containerResource, resource } = metric;
    return {
      reason: containerResource ? 'FailedGetContainerResourceMetric' : 'FailedGetResourceMetric',
      message: error.message,
      wrapped: containerResource
        ? `failed to get ${containerResource.container} container metric value: ${error.message}`
        : `failed to get ${resource?.name ?? ''} resource metric value: ${error.message}`,
    };
  }
}
