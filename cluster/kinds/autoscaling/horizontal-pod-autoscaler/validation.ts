import { pathSegment } from '../../../api/names.ts';
import { forbidden, invalid, notSupported, path, required, type FieldError, type Path } from '../../../api/field.ts';
import { parseQuantity } from '../../../api/quantity.ts';
import type { HorizontalPodAutoscaler } from '../../../api/types.ts';
import { validateContainerResourceName } from '../../pod-spec/resources.ts';
import { each, label } from '../../pod-spec/scalars.ts';

export type Spec = NonNullable<HorizontalPodAutoscaler['spec']>;
export type Metric = NonNullable<Spec['metrics']>[number];
type Rules = NonNullable<NonNullable<Spec['behavior']>['scaleUp']>;
type Target = NonNullable<Metric['resource']>['target'];

const SPEC = path('spec');
const NOTHING: Spec = { maxReplicas: 0, scaleTargetRef: { kind: '', name: '' } };
/** Seconds. */
const LONGEST_WINDOW = 3600;
const LONGEST_PERIOD = 1800;

const sign = (amount: string | undefined): number => parseQuantity(amount ?? '0')?.sign() ?? 0;
const atMost = (max: number) => `must be less than or equal to ${max}`;

function validateReference(
  reference: { kind?: string; name?: string; apiVersion?: string } | undefined,
  at: Path,
  needsGroup = false,
): FieldError[] {
  const { kind = '', name = '', apiVersion = '' } = reference ?? {};
  const errors: FieldError[] = [];
  errors.push(...(kind === '' ? [required(at.child('kind'))] : each(at.child('kind'), kind, pathSegment)));
  errors.push(...(name === '' ? [required(at.child('name'))] : each(at.child('name'), name, pathSegment)));
  if (apiVersion.split('/').length > 2)
    errors.push(invalid(at.child('apiVersion'), apiVersion, `unexpected GroupVersion string: ${apiVersion}`));
  else if (needsGroup && !/^[^/]+\//.test(apiVersion))
    errors.push(invalid(at.child('apiVersion'), apiVersion, 'apiVersion must specify API group'));
  return errors;
}

function validateTarget(target: Target | undefined, at: Path): FieldError[] {
  const { type = '', value, averageValue, averageUtilization } = target ?? {};
  const errors: FieldError[] = [];
  if (type === '') errors.push(required(at.child('type'), 'must specify a metric target type'));
  if (!['Utilization', 'Value', 'AverageValue'].includes(type))
    errors.push(invalid(at.child('type'), type, 'must be either Utilization, Value, or AverageValue'));
  if (value !== undefined && sign(value) !== 1) errors.push(invalid(at.child('value'), value, 'must be positive'));
  if (averageValue !== undefined && sign(averageValue) !== 1)
    errors.push(invalid(at.child('averageValue'), averageValue, 'must be positive'));
  if (averageUtilization !== undefined && averageUtilization < 1)
    errors.push(invalid(at.child('averageUtilization'), averageUtilization, 'must be greater than 0'));
  return errors;
}

function validateIdentifier(metric: { name?: string } | undefined, at: Path): FieldError[] {
  const name = metric?.name ?? '';
  return name === ''
    ? [required(at.child('name'), 'must specify a metric name')]
    : each(at.child('name'), name, pathSegment);
}

/** Targets of a resource are either a share of the request or an amount. */
function validateShareOrAmount(target: Target, at: Path): FieldError[] {
  const { averageUtilization: share, averageValue: amount } = target;
  if (share === undefined && amount === undefined)
    return [required(at.child('averageUtilization'), 'must set either a target raw value or a target utilization')];
  return share !== undefined && amount !== undefined
    ? [forbidden(at.child('averageValue'), 'may not set both a target raw value and a target utilization')]
    : [];
}

const SOURCES = {
  object({ describedObject, metric, target }: NonNullable<Metric['object']>, at: Path): FieldError[] {
    return [
      ...validateReference(describedObject, at.child('describedObject')),
      ...validateIdentifier(metric, at.child('metric')),
      ...validateTarget(target, at.child('target')),
      ...(target.value === undefined && target.averageValue === undefined
        ? [required(at.child('target', 'averageValue'), 'must set either a target value or averageValue')]
        : []),
    ];
  },
  external({ metric, target }: NonNullable<Metric['external']>, at: Path): FieldError[] {
    const errors = [...validateIdentifier(metric, at.child('metric')), ...validateTarget(target, at.child('target'))];
    if (target.value === undefined && target.averageValue === undefined)
      errors.push(
        required(at.child('target', 'averageValue'), 'must set either a target value for metric or a per-pod target'),
      );
    if (target.value !== undefined && target.averageValue !== undefined)
      errors.push(
        forbidden(at.child('target', 'value'), 'may not set both a target value for metric and a per-pod target'),
      );
    return errors;
  },
  pods({ metric, target }: NonNullable<Metric['pods']>, at: Path): FieldError[] {
    return [
      ...validateIdentifier(metric, at.child('metric')),
      ...validateTarget(target, at.child('target')),
      ...(target.averageValue === undefined
        ? [required(at.child('target', 'averageValue'), 'must specify a positive target averageValue')]
        : []),
    ];
  },
  resource({ name, target }: NonNullable<Metric['resource']>, at: Path): FieldError[] {
    return [
      ...(name ? [] : [required(at.child('name'), 'must specify a resource name')]),
      ...validateTarget(target, at.child('target')),
      ...validateShareOrAmount(target, at.child('target')),
    ];
  },
  containerResource({ name, container, target }: NonNullable<Metric['containerResource']>, at: Path): FieldError[] {
    return [
      ...(name
        ? validateContainerResourceName(name, at.child('name'))
        : [required(at.child('name'), 'must specify a resource name')]),
      ...(container
        ? label(container, at.child('container'))
        : [required(at.child('container'), 'must specify a container')]),
      ...validateTarget(target, at.child('target')),
      ...validateShareOrAmount(target, at.child('target')),
    ];
  },
};

const TYPES: Readonly<Record<string, keyof typeof SOURCES>> = {
  ContainerResource: 'containerResource',
  External: 'external',
  Object: 'object',
  Pods: 'pods',
  Resource: 'resource',
};

function validateSource(metric: Metric, at: Path): FieldError[] {
  const { object, external, pods, resource, containerResource } = metric;
  if (object) return SOURCES.object(object, at.child('object'));
  if (external) return SOURCES.external(external, at.child('external'));
  if (pods) return SOURCES.pods(pods, at.child('pods'));
  if (resource) return SOURCES.resource(resource, at.child('resource'));
  return containerResource ? SOURCES.containerResource(containerResource, at.child('containerResource')) : [];
}

function validateMetric(metric: Metric, at: Path): FieldError[] {
  const type = metric.type;
  const expected = TYPES[type];
  const unknown = notSupported(at.child('type'), type, Object.keys(TYPES));
  const errors: FieldError[] = [];
  if (!type) errors.push(required(at.child('type'), 'must specify a metric source type'));
  if (!expected) errors.push(unknown);
  errors.push(...validateSource(metric, at));
  if (!expected) errors.push(unknown);
  else if (!metric[expected])
    errors.push(required(at.child(expected), 'must populate information for the given metric source'));
  const present = Object.values(TYPES).filter((source) => metric[source]);
  if (present.length > 1)
    for (const source of present)
      if (source !== expected) errors.push(forbidden(at.child(source), 'must populate the given metric source only'));
  return errors;
}

function validateRules(rules: Rules | undefined, at: Path): FieldError[] {
  if (!rules) return [];
  const window = rules.stabilizationWindowSeconds;
  const windowPath = at.child('stabilizationWindowSeconds');
  const errors: FieldError[] = [];
  if (window !== undefined && window < 0)
    errors.push(invalid(windowPath, window, 'must be greater than or equal to zero'));
  if (window !== undefined && window > LONGEST_WINDOW) errors.push(invalid(windowPath, window, atMost(LONGEST_WINDOW)));
  const choices = ['Disabled', 'Max', 'Min'];
  if (rules.selectPolicy !== undefined && !choices.includes(rules.selectPolicy))
    errors.push(notSupported(at.child('selectPolicy'), rules.selectPolicy, choices));
  const policies = rules.policies ?? [];
  if (policies.length === 0) errors.push(required(at.child('policies'), 'must specify at least one Policy'));
  for (const [position, { type, value, periodSeconds }] of policies.entries()) {
    const here = at.child('policies').index(position);
    if (type !== 'Pods' && type !== 'Percent') errors.push(notSupported(here.child('type'), type, ['Percent', 'Pods']));
    if (value <= 0) errors.push(invalid(here.child('value'), value, 'must be greater than zero'));
    if (periodSeconds <= 0)
      errors.push(invalid(here.child('periodSeconds'), periodSeconds, 'must be greater than zero'));
    if (periodSeconds > LONGEST_PERIOD)
      errors.push(invalid(here.child('periodSeconds'), periodSeconds, atMost(LONGEST_PERIOD)));
  }
  if (rules.tolerance !== undefined && sign(rules.tolerance) < 0)
    errors.push(invalid(at.child('tolerance'), rules.tolerance, 'must be greater than or equal to 0'));
  return errors;
}

/** Of the workloads that scale only ReplicationControllers are in the core group, whose name is empty. */
const needsGroup = (reference: Spec['scaleTargetRef'], old: Spec | undefined): boolean =>
  reference.kind !== 'ReplicationController' &&
  !(old?.scaleTargetRef.kind === reference.kind && old.scaleTargetRef.apiVersion === reference.apiVersion);

export function validateAutoscaler({ spec }: HorizontalPodAutoscaler, old?: HorizontalPodAutoscaler): FieldError[] {
  const { minReplicas, maxReplicas, scaleTargetRef, metrics = [], behavior } = spec ?? NOTHING;
  const errors: FieldError[] = [];
  if (minReplicas !== undefined && minReplicas < 1)
    errors.push(invalid(SPEC.child('minReplicas'), minReplicas, 'must be greater than or equal to 1'));
  if (maxReplicas < 1) errors.push(invalid(SPEC.child('maxReplicas'), maxReplicas, 'must be greater than 0'));
  if (minReplicas !== undefined && maxReplicas < minReplicas)
    errors.push(invalid(SPEC.child('maxReplicas'), maxReplicas, 'must be greater than or equal to `minReplicas`'));
  errors.push(
    ...validateReference(scaleTargetRef, SPEC.child('scaleTargetRef'), needsGroup(scaleTargetRef, old?.spec)),
  );
  for (const [position, metric] of metrics.entries())
    errors.push(...validateMetric(metric, SPEC.child('metrics').index(position)));
  if (minReplicas === 0 && !metrics.some(({ type }) => type === 'Object' || type === 'External'))
    errors.push(
      forbidden(
        SPEC.child('metrics'),
        'must specify at least one Object or External metric to support scaling to zero replicas',
      ),
    );
  return [
    ...errors,
    ...validateRules(behavior?.scaleUp, SPEC.child('behavior', 'scaleUp')),
    ...validateRules(behavior?.scaleDown, SPEC.child('behavior', 'scaleDown')),
  ];
}
