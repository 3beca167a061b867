/**
 * HorizontalPodAutoscalers as autoscaling/v1 tells them: one target for CPU, and in annotations whatever else the object says, so
 * that nothing is lost on the way there and back.
 */
import type { Json, JsonObject, KubeObject } from '../../api/types.ts';
import { decodeObject } from '../decode.ts';

const PREFIX = 'autoscaling.alpha.kubernetes.io/';
const METRICS = `${PREFIX}metrics`;
const CURRENT_METRICS = `${PREFIX}current-metrics`;
const CONDITIONS = `${PREFIX}conditions`;
const BEHAVIOR = `${PREFIX}behavior`;
const ANNOTATIONS = [METRICS, CURRENT_METRICS, CONDITIONS, BEHAVIOR];

/** Of a utilization that nobody named, in percent. */
const DEFAULT_UTILIZATION = 80;

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const part = (value: Json | undefined): JsonObject => (isObject(value) ? value : {});
const items = (value: Json | undefined): JsonObject[] => (Array.isArray(value) ? value.filter(isObject) : []);
/** Without the fields that are not there. */
function compact(fields: Record<string, Json | undefined>): JsonObject {
  const kept: JsonObject = {};
  for (const [name, value] of Object.entries(fields)) if (value !== undefined) kept[name] = value;
  return kept;
}

const MEMBERS: Record<string, string> = {
  Resource: 'resource',
  ContainerResource: 'containerResource',
  Pods: 'pods',
  Object: 'object',
  External: 'external',
};
/** How v1 calls the amounts of a metric: wanted ones, and those there are. */
const WANTED = { target: 'target', prefix: 'target' } as const;
const CURRENT = { target: 'current', prefix: 'current' } as const;
type Amounts = typeof WANTED | typeof CURRENT;

function metricFromV2(metric: JsonObject, { target, prefix }: Amounts): JsonObject {
  const type = typeof metric['type'] === 'string' ? metric['type'] : '';
  const member = MEMBERS[type] ?? '';
  const source = part(metric[member]);
  const amounts = part(source[target]);
  const { name: metricName, selector } = part(source['metric']);
  const { value, averageValue, averageUtilization } = amounts;
  const named = (word: string) => `${prefix}${word}`;
  const about = part(source['describedObject']);
  const told: Record<string, () => Record<string, Json | undefined>> = {
    Resource: () => ({
      name: source['name'],
      [named('AverageUtilization')]: averageUtilization,
      [named('AverageValue')]: averageValue,
    }),
    ContainerResource: () => ({
      name: source['name'],
      [named('AverageUtilization')]: averageUtilization,
      [named('AverageValue')]: averageValue,
      container: source['container'],
    }),
    Pods: () => ({ metricName, [named('AverageValue')]: averageValue ?? '0', selector }),
    Object: () => ({
      target: compact({ kind: about['kind'], name: about['name'], apiVersion: about['apiVersion'] }),
      metricName,
      [named('Value')]: value ?? '0',
      selector,
      averageValue,
    }),
    External: () => ({
      metricName,
      metricSelector: selector,
      [named('Value')]: value,
      [named('AverageValue')]: averageValue,
    }),
  };
  return { type, [member]: compact(told[type]?.() ?? {}) };
}

function metricToV2(metric: JsonObject, { target, prefix }: Amounts): JsonObject {
  const type = typeof metric['type'] === 'string' ? metric['type'] : '';
  const member = MEMBERS[type] ?? '';
  const source = part(metric[member]);
  const amount = (word: string) => source[`${prefix}${word}`];
  const [averageUtilization, averageValue] = [amount('AverageUtilization'), amount('AverageValue')];
  const ofMetric = (selector: Json | undefined) => compact({ name: source['metricName'], selector });
  const goal = (fields: Record<string, Json | undefined>, kind: string): JsonObject =>
    compact(target === 'target' ? { type: kind, ...fields } : fields);
  const byUse = () =>
    goal({ averageUtilization, averageValue }, averageUtilization === undefined ? 'AverageValue' : 'Utilization');
  const byAmount = (value: Json | undefined, average: Json | undefined) =>
    average === undefined ? goal({ value }, 'Value') : goal({ averageValue: average }, 'AverageValue');
  const told: Record<string, () => Record<string, Json | undefined>> = {
    Resource: () => ({ name: source['name'], [target]: byUse() }),
    ContainerResource: () => ({ name: source['name'], [target]: byUse(), container: source['container'] }),
    Pods: () => ({ metric: ofMetric(source['selector']), [target]: goal({ averageValue }, 'AverageValue') }),
    Object: () => ({
      describedObject: source['target'],
      metric: ofMetric(source['selector']),
      [target]: byAmount(amount('Value'), source['averageValue']),
    }),
    External: () => ({
      metric: ofMetric(source['metricSelector']),
      [target]: byAmount(amount('Value'), averageValue),
    }),
  };
  return { type, [member]: compact(told[type]?.() ?? {}) };
}

const utilization = (metric: JsonObject, { target }: Amounts): Json | undefined => {
  const { name, [target]: amounts } = part(metric['resource']);
  return metric['type'] === 'Resource' && name === 'cpu' ? part(amounts)['averageUtilization'] : undefined;
};

/** The behaviour's annotation is written with the names of Go's own fields. */
function behaviorText(behavior: JsonObject): string {
  const rules = (value: Json | undefined): Json => {
    if (!isObject(value)) return null;
    const policies = items(value['policies']).map(({ type, value: amount, periodSeconds }) =>
      compact({ Type: type, Value: amount, PeriodSeconds: periodSeconds }),
    );
    return {
      StabilizationWindowSeconds: value['stabilizationWindowSeconds'] ?? null,
      SelectPolicy: value['selectPolicy'] ?? null,
      Policies: policies.length === 0 ? null : policies,
      Tolerance: value['tolerance'] ?? null,
    };
  };
  return JSON.stringify({ ScaleUp: rules(behavior['scaleUp']), ScaleDown: rules(behavior['scaleDown']) });
}

function behaviorOf(written: JsonObject): JsonObject | undefined {
  const rules = (value: Json | undefined): JsonObject | undefined => {
    if (!isObject(value)) return undefined;
    const orNone = (one: Json | undefined) => one ?? undefined;
    return compact({
      stabilizationWindowSeconds: orNone(value['StabilizationWindowSeconds']),
      selectPolicy: orNone(value['SelectPolicy']),
      policies: items(value['Policies']).map((policy) =>
        compact({ type: policy['Type'], value: policy['Value'], periodSeconds: policy['PeriodSeconds'] }),
      ),
      tolerance: orNone(value['Tolerance']),
    });
  };
  const [scaleUp, scaleDown] = [rules(written['ScaleUp']), rules(written['ScaleDown'])];
  return scaleUp || scaleDown ? compact({ scaleUp, scaleDown }) : undefined;
}

/** What an annotation holds; one that does not read is as good as none, to the real server too. */
function held(annotations: Readonly<Record<string, string>>, name: string): Json | undefined {
  const text = annotations[name];
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

export function autoscalerFromV2(object: KubeObject): KubeObject {
  const { metadata, spec, status } = object as unknown as {
    metadata: JsonObject;
    spec?: JsonObject;
    status?: JsonObject;
  };
  const { metrics, behavior, ...rest } = spec ?? {};
  const { currentMetrics, conditions, ...counts } = status ?? {};
  const wanted = items(metrics);
  const current = items(currentMetrics);
  const others = wanted.filter((metric) => utilization(metric, WANTED) === undefined);
  const cpu = wanted.map((metric) => utilization(metric, WANTED)).find((one) => one !== undefined);
  const cpuNow = current.map((metric) => utilization(metric, CURRENT)).findLast((one) => one !== undefined);
  const added: Record<string, Json> = {};
  if (others.length > 0) added[METRICS] = JSON.stringify(others.map((metric) => metricFromV2(metric, WANTED)));
  if (current.length > 0) added[CURRENT_METRICS] = JSON.stringify(current.map((one) => metricFromV2(one, CURRENT)));
  if (isObject(behavior)) added[BEHAVIOR] = behaviorText(behavior);
  if (items(conditions).length > 0) added[CONDITIONS] = JSON.stringify(items(conditions));
  const annotations = { ...part(metadata['annotations']), ...added };
  return decodeObject(
    {
      apiVersion: 'autoscaling/v1',
      kind: 'HorizontalPodAutoscaler',
      metadata: { ...metadata, ...(Object.keys(annotations).length > 0 ? { annotations } : {}) },
      spec: compact({ ...rest, targetCPUUtilizationPercentage: cpu }),
      status: compact({ ...counts, currentCPUUtilizationPercentage: cpuNow }),
    },
    'io.k8s.api.autoscaling.v1.HorizontalPodAutoscaler',
  ).object;
}

export function autoscalerToV2(object: KubeObject): KubeObject {
  const { metadata, spec, status } = object as unknown as {
    metadata: JsonObject;
    spec?: JsonObject;
    status?: JsonObject;
  };
  const { targetCPUUtilizationPercentage: cpu, ...rest } = spec ?? {};
  const { currentCPUUtilizationPercentage: _cpuNow, ...counts } = status ?? {};
  const annotations = { ...part(metadata['annotations']) } as Record<string, string>;
  const byCpu = (averageUtilization: Json): JsonObject => ({
    type: 'Resource',
    resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization } },
  });
  const metrics = [
    ...items(held(annotations, METRICS)).map((metric) => metricToV2(metric, WANTED)),
    ...(cpu === undefined || cpu === null ? [] : [byCpu(cpu)]),
  ];
  const behavior = behaviorOf(part(held(annotations, BEHAVIOR)));
  const current = items(held(annotations, CURRENT_METRICS)).map((metric) => metricToV2(metric, CURRENT));
  const conditions = items(held(annotations, CONDITIONS));
  for (const name of ANNOTATIONS) delete annotations[name];
  const { annotations: _before, ...named } = metadata;
  const kept = Object.keys(annotations).length > 0 ? { annotations } : {};
  const stored = {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: { ...named, ...kept },
    spec: compact({
      ...rest,
      metrics: metrics.length > 0 ? metrics : [byCpu(DEFAULT_UTILIZATION)],
      behavior,
    }),
    status: compact({
      ...counts,
      currentMetrics: current.length > 0 ? current : undefined,
      conditions: conditions.length > 0 ? conditions : undefined,
    }),
  };
  return decodeObject(stored, 'io.k8s.api.autoscaling.v2.HorizontalPodAutoscaler').object;
}
