/** Deployments: ReplicaSets that replace each other. */
import { validateImmutable } from '../../../api/names.ts';
import { forbidden, invalid, notSupported, path, type FieldError } from '../../../api/field.ts';
import { equal } from '../../../api/merge.ts';
import type { Deployment } from '../../../api/types.ts';
import type { Kind } from '../../kind.ts';
import { age, containerCells, selectorText } from '../../pod-spec/columns.ts';
import { dropDisabledFields } from '../../pod-spec/disabled-fields.ts';
import { defaultPodSpec } from '../../pod-spec/defaults.ts';
import { nonNegative } from '../../pod-spec/scalars.ts';
import { hostnameWarning, podWarnings } from '../../pod-spec/warnings.ts';
import { amountOf, atMostAll, validateIntOrPercent } from '../int-or-percent.ts';
import { validateReplicaSetTemplate, validateSelector } from '../pod-template.ts';
import { validateCollisions, validateCounters, validateParts } from '../status.ts';

type Spec = NonNullable<Deployment['spec']>;

const SPEC = path('spec');
const NOTHING = {} as Spec;

function defaults(object: Deployment): void {
  const spec = (object.spec ??= {} as Spec);
  spec.template ??= {};
  spec.template.metadata ??= {};
  spec.template.spec ??= { containers: [] };
  defaultPodSpec(spec.template.spec);
  spec.replicas ??= 1;
  const strategy = (spec.strategy ??= {});
  if (!strategy.type) strategy.type = 'RollingUpdate';
  if (strategy.type === 'RollingUpdate') {
    strategy.rollingUpdate ??= {};
    strategy.rollingUpdate.maxUnavailable ??= '25%';
    strategy.rollingUpdate.maxSurge ??= '25%';
  }
  spec.revisionHistoryLimit ??= 10;
  spec.progressDeadlineSeconds ??= 600;
}

function validateStrategy(strategy: NonNullable<Spec['strategy']>): FieldError[] {
  const at = SPEC.child('strategy');
  const rolling = strategy.rollingUpdate;
  if (strategy.type === 'Recreate')
    return rolling
      ? [forbidden(at.child('rollingUpdate'), "may not be specified when strategy `type` is 'Recreate'")]
      : [];
  if (strategy.type !== 'RollingUpdate') {
    const shown = {
      Type: strategy.type,
      RollingUpdate: rolling ? { MaxUnavailable: rolling.maxUnavailable ?? 0, MaxSurge: rolling.maxSurge ?? 0 } : null,
    };
    return [notSupported(at, shown, ['Recreate', 'RollingUpdate'])];
  }
  const { maxUnavailable = 0, maxSurge = 0 } = rolling ?? {};
  const unavailable = at.child('rollingUpdate', 'maxUnavailable');
  return [
    ...validateIntOrPercent(maxUnavailable, unavailable),
    ...validateIntOrPercent(maxSurge, at.child('rollingUpdate', 'maxSurge')),
    ...(amountOf(maxUnavailable) === 0 && amountOf(maxSurge) === 0
      ? [invalid(unavailable, maxUnavailable, 'may not be 0 when `maxSurge` is 0')]
      : []),
    ...atMostAll(maxUnavailable, unavailable),
  ];
}

function validate({ spec = NOTHING }: Deployment): FieldError[] {
  const { replicas, selector, template, strategy = {}, minReadySeconds = 0 } = spec;
  const deadline = spec.progressDeadlineSeconds;
  const errors = [
    ...nonNegative(replicas, SPEC.child('replicas')),
    ...validateSelector(selector, 'deployment', SPEC.child('selector')),
    ...validateReplicaSetTemplate(selector, template ?? {}, SPEC),
    ...validateStrategy(strategy),
    ...nonNegative(minReadySeconds, SPEC.child('minReadySeconds')),
    ...nonNegative(spec.revisionHistoryLimit, SPEC.child('revisionHistoryLimit')),
    ...nonNegative(deadline, SPEC.child('progressDeadlineSeconds')),
  ];
  if (deadline !== undefined && deadline <= minReadySeconds)
    errors.push(invalid(SPEC.child('progressDeadlineSeconds'), deadline, 'must be greater than minReadySeconds'));
  return errors;
}

export const deployment: Kind<Deployment> = {
  resource: 'deployments.apps',

  defaults,
  prepareForCreate(object) {
    object.status = {};
    dropDisabledFields(object.spec?.template?.spec);
  },
  prepareForUpdate(object, old) {
    dropDisabledFields(object.spec?.template?.spec);
    // ReplicaSets carry the annotations too: a change of them is a new generation
    if (!equal(object.spec, old.spec) || !equal(object.metadata.annotations ?? {}, old.metadata.annotations ?? {}))
      object.metadata.generation = (old.metadata.generation ?? 0) + 1;
  },

  validate,
  validateUpdate: (object, old) => [
    ...validate(object),
    ...validateImmutable(object.spec?.selector, old.spec?.selector, SPEC.child('selector')),
  ],
  validateStatusUpdate({ status = {} }, old) {
    return [
      ...validateCounters({ ...status }, [
        'observedGeneration',
        'replicas',
        'updatedReplicas',
        'readyReplicas',
        'availableReplicas',
        'unavailableReplicas',
        'terminatingReplicas',
        'collisionCount',
      ]),
      ...validateParts({ ...status }, ['updatedReplicas', 'readyReplicas', 'availableReplicas']),
      ...validateCollisions({ ...status }, { ...old.status }),
    ];
  },
  warnings(object, old) {
    if (old && equal(object.spec, old.spec)) return [];
    const template = object.spec?.template;
    return [
      ...(old ? [] : hostnameWarning(object.metadata.name, 'Pod names and hostnames')),
      ...podWarnings(template?.spec, template?.metadata?.annotations, SPEC.child('template'), false),
    ];
  },

  cells(object) {
    const { spec, status } = object;
    return [
      object.metadata.name,
      `${status?.readyReplicas ?? 0}/${spec?.replicas ?? 0}`,
      status?.updatedReplicas ?? 0,
      status?.availableReplicas ?? 0,
      age(object),
      ...containerCells(spec?.template?.spec?.containers),
      selectorText(spec?.selector),
    ];
  },
};
