/** How many replicas a metric asks for: usage against the target, with care for pods that are not measured or not ready. */
import { podCondition } from '../../api/pods.ts';
import { parseQuantity } from '../../api/quantity.ts';
import type { PodSample, ResourceMetrics } from '../../api/resource-metrics.ts';
import type { Pod } from '../../api/types.ts';

/** Milliseconds after a pod's start in which its CPU counts only while it is ready. */
const CPU_INITIALIZATION = 5 * 60_000;
/** Milliseconds after a pod's start until which "not ready" means "was never ready". */
const INITIAL_READINESS = 30_000;
/** How far usage may be from the target without anything being changed. */
const TOLERANCE = 0.1;

export interface Tolerances {
  up: number;
  down: number;
}
export const TOLERANCES: Tolerances = { up: TOLERANCE, down: TOLERANCE };

export type ResourceMetric = 'cpu' | 'memory';

export interface Asked {
  resource: string;
  /** '' for the whole pod. */
  container: string;
  /** Percent of the request, or milli-units on average. */
  target: { utilization: number } | { average: number };
  current: number;
  tolerances: Tolerances;
}

export interface Proposal {
  replicas: number;
  /** Percent of the requests. */
  utilization?: number;
  /** Milli-units, on average over the pods. */
  average: number;
}

/** Why nothing can be said, in the real controller's words. */
export class Unmeasured extends Error {}

const milli = (resource: string, usage: { cpu: number; memory: number }): number =>
  // millicores are rounded up, as a quantity's MilliValue is
  resource === 'cpu' ? Math.ceil(usage.cpu / 1e6) : usage.memory * 1000;

function valueOf(sample: PodSample, resource: string, container: string): number | undefined {
  const usages = [...sample.containers].filter(([name]) => container === '' || name === container);
  if (usages.length === 0 || (resource !== 'cpu' && resource !== 'memory')) return undefined;
  return usages.reduce((sum, [, usage]) => sum + milli(resource, usage), 0);
}

interface Groups {
  ready: number;
  unready: Set<string>;
  missing: Set<string>;
}

function isUnready(pod: Pod, sample: PodSample, now: number): boolean {
  const condition = podCondition(pod, 'Ready');
  const start = Date.parse(pod.status?.startTime ?? '');
  if (!condition || Number.isNaN(start)) return true;
  const changed = Date.parse(condition.lastTransitionTime ?? '');
  const down = condition.status === 'False';
  if (start + CPU_INITIALIZATION > now) return down || sample.timestamp < changed + sample.window;
  return down && start + INITIAL_READINESS > changed;
}

/** Takes the samples of pods that do not count out of `values`. */
function group(
  pods: readonly Pod[],
  samples: ReadonlyMap<string, PodSample>,
  values: Map<string, number>,
  resource: string,
  now: number,
): Groups {
  const groups: Groups = { ready: 0, unready: new Set(), missing: new Set() };
  for (const pod of pods) {
    const { name, deletionTimestamp } = pod.metadata;
    const sample = samples.get(name);
    if (deletionTimestamp !== undefined || pod.status?.phase === 'Failed') values.delete(name);
    else if (pod.status?.phase === 'Pending') groups.unready.add(name);
    else if (!sample || !values.has(name)) groups.missing.add(name);
    else if (resource === 'cpu' && isUnready(pod, sample, now)) groups.unready.add(name);
    else groups.ready++;
  }
  for (const name of groups.unready) values.delete(name);
  return groups;
}

/** Milli-units that each pod asks for. */
function requestsOf(pods: readonly Pod[], resource: string, container: string): Map<string, number> {
  const requests = new Map<string, number>();
  for (const { metadata, spec } of pods) {
    const sidecars = (spec?.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy === 'Always');
    let sum = 0;
    let found = container === '';
    for (const one of [...(spec?.containers ?? []), ...sidecars]) {
      if (container !== '' && one.name !== container) continue;
      found = true;
      const request = parseQuantity(one.resources?.requests?.[resource] ?? '');
      if (!request) {
        throw new Unmeasured(`missing request for ${resource} in container ${one.name} of Pod ${metadata.name}`);
      }
      sum += request.milliValue();
    }
    if (!found) throw new Unmeasured(`container ${container} not found in Pod ${metadata.name}`);
    requests.set(metadata.name, sum);
  }
  return requests;
}

interface Ratio {
  ratio: number;
  utilization?: number;
  average: number;
}

function ratioOf(
  values: ReadonlyMap<string, number>,
  target: Asked['target'],
  requests: ReadonlyMap<string, number>,
): Ratio {
  const total = [...values.values()].reduce((sum, value) => sum + value, 0);
  const average = Math.trunc(total / values.size);
  if ('average' in target) return { ratio: average / target.average, average };
  const asked = [...values.keys()].reduce((sum, name) => sum + (requests.get(name) ?? 0), 0);
  if (asked === 0) throw new Unmeasured('no metrics returned matched known pods');
  const utilization = Math.trunc((total * 100) / asked);
  return { ratio: utilization / target.utilization, utilization, average };
}

/** @throws Unmeasured */
export function proposeReplicas(asked: Asked, pods: readonly Pod[], metrics: ResourceMetrics, now: number): Proposal {
  const { resource, container, target, current, tolerances } = asked;
  const unavailable = `unable to get metrics for resource ${resource}`;
  if (!metrics.served) {
    throw new Unmeasured(
      `${unavailable}: unable to fetch metrics from resource metrics API: the server could not find the requested resource (get pods.metrics.k8s.io)`,
    );
  }
  const samples = new Map<string, PodSample>();
  const values = new Map<string, number>();
  for (const { metadata } of pods) {
    const sample = metrics.pod(metadata.namespace ?? '', metadata.name);
    if (!sample) continue;
    samples.set(metadata.name, sample);
    const value = valueOf(sample, resource, container);
    if (value !== undefined) values.set(metadata.name, value);
  }
  if (samples.size === 0) throw new Unmeasured(`${unavailable}: no metrics returned from resource metrics API`);
  const { ready, unready, missing } = group(pods, samples, values, resource, now);
  if (values.size === 0) {
    throw new Unmeasured('did not receive metrics for targeted pods (pods might be unready)');
  }
  const requests = 'utilization' in target ? requestsOf(pods, resource, container) : new Map<string, number>();
  const { ratio, ...found } = ratioOf(values, target, requests);
  const near = (one: number) => one >= 1 - tolerances.down && one <= 1 + tolerances.up;
  const withUnready = unready.size > 0 && ratio > 1;
  if (!withUnready && missing.size === 0) {
    return { replicas: near(ratio) ? current : Math.ceil(ratio * ready), ...found };
  }
  // nobody is scaled for what is not known: pods that were not measured count as busy on the way down, as idle on the way up
  for (const name of missing) {
    if (ratio > 1) values.set(name, 0);
    else if (ratio < 1) {
      const share = 'utilization' in target ? Math.max(100, target.utilization) : 0;
      values.set(name, 'average' in target ? target.average : Math.trunc(((requests.get(name) ?? 0) * share) / 100));
    }
  }
  if (withUnready) for (const name of unready) values.set(name, 0);
  const again = ratioOf(values, target, requests).ratio;
  const turned = (ratio < 1 && again > 1) || (ratio > 1 && again < 1);
  const replicas = Math.ceil(again * values.size);
  const backwards = (again < 1 && replicas > current) || (again > 1 && replicas < current);
  return { replicas: near(again) || turned || backwards ? current : replicas, ...found };
}
