/** HorizontalPodAutoscalers: how many replicas a workload has, by what it uses. */
import type { HorizontalPodAutoscaler } from '../../../api/types.ts';
import { validateCounters } from '../../apps/status.ts';
import type { Cell, Kind } from '../../kind.ts';
import { age } from '../../pod-spec/columns.ts';
import { validateAutoscaler, type Metric, type Spec } from './validation.ts';

type Status = NonNullable<HorizontalPodAutoscaler['status']>;
type Current = NonNullable<Status['currentMetrics']>[number];
type Rules = NonNullable<NonNullable<Spec['behavior']>['scaleUp']>;

const UP: Rules = {
  stabilizationWindowSeconds: 0,
  selectPolicy: 'Max',
  policies: [
    { type: 'Pods', value: 4, periodSeconds: 15 },
    { type: 'Percent', value: 100, periodSeconds: 15 },
  ],
};
const DOWN: Rules = { selectPolicy: 'Max', policies: [{ type: 'Percent', value: 100, periodSeconds: 15 }] };

function defaults(object: HorizontalPodAutoscaler): void {
  const spec = (object.spec ??= {} as Spec);
  spec.minReplicas ??= 1;
  if ((spec.metrics ?? []).length === 0)
    spec.metrics = [
      { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } } },
    ];
  if (!spec.behavior) return;
  spec.behavior.scaleUp = { ...structuredClone(UP), ...spec.behavior.scaleUp };
  spec.behavior.scaleDown = { ...structuredClone(DOWN), ...spec.behavior.scaleDown };
}

/** Lists that the API always shows are null when empty. */
const NO_STATUS = (): Status => ({ currentMetrics: null as unknown as undefined, desiredReplicas: 0 });

const UNKNOWN = '<unknown>';
interface Measured {
  target: { value?: string; averageValue?: string };
}
interface Measurement {
  current: { value?: string; averageValue?: string };
}

/** For metrics that are a value of something or an average over the pods. */
const valueOrAverage = ({ target }: Measured, now: Measurement | undefined): string =>
  target.averageValue === undefined
    ? `${now?.current.value ?? UNKNOWN}/${target.value ?? '0'}`
    : `${now?.current.averageValue ?? UNKNOWN}/${target.averageValue} (avg)`;

interface Usage {
  averageValue?: string;
  averageUtilization?: number;
}
function resourceText(name: string, target: Usage, now: Usage | undefined): string {
  if (target.averageValue !== undefined) return `${name}: ${now?.averageValue ?? UNKNOWN}/${target.averageValue}`;
  const percent = (share: number | undefined, otherwise: string) => (share === undefined ? otherwise : `${share}%`);
  return `${name}: ${percent(now?.averageUtilization, UNKNOWN)}/${percent(target.averageUtilization, '<auto>')}`;
}

function metricText(metric: Metric, now: Current | undefined): string {
  const { type, external, object, pods, resource, containerResource } = metric;
  if (type === 'External' && external) return valueOrAverage(external, now?.external);
  if (type === 'Object' && object) return valueOrAverage(object, now?.object);
  if (type === 'Pods' && pods)
    return `${now?.pods?.current.averageValue ?? UNKNOWN}/${pods.target.averageValue ?? '0'}`;
  if (type === 'Resource' && resource) return resourceText(resource.name, resource.target, now?.resource?.current);
  if (type === 'ContainerResource' && containerResource)
    return resourceText(containerResource.name, containerResource.target, now?.containerResource?.current);
  return '<unknown type>';
}

/** More than two do not fit. */
const SHOWN = 2;

function targetsText(metrics: readonly Metric[], current: readonly Current[]): string {
  if (metrics.length === 0) return '<none>';
  const texts = metrics.map((metric, position) => metricText(metric, current[position]));
  const text = texts.slice(0, SHOWN).join(', ');
  return texts.length > SHOWN ? `${text} + ${texts.length - SHOWN} more...` : text;
}

function cells(object: HorizontalPodAutoscaler): Cell[] {
  const { spec, status } = object;
  return [
    object.metadata.name,
    `${spec?.scaleTargetRef.kind ?? ''}/${spec?.scaleTargetRef.name ?? ''}`,
    targetsText(spec?.metrics ?? [], status?.currentMetrics ?? []),
    spec?.minReplicas === undefined ? '<unset>' : String(spec.minReplicas),
    spec?.maxReplicas ?? 0,
    status?.currentReplicas ?? 0,
    age(object),
  ];
}

export const horizontalPodAutoscaler: Kind<HorizontalPodAutoscaler> = {
  resource: 'horizontalpodautoscalers.autoscaling',
  hasGeneration: false,

  defaults,
  prepareForCreate(object) {
    object.status = NO_STATUS();
  },

  validate: (object) => validateAutoscaler(object),
  validateUpdate: (object, old) => validateAutoscaler(object, old),
  validateStatusUpdate: ({ status }) => validateCounters({ ...status }, ['currentReplicas', 'desiredReplicas']),

  cells,
};
