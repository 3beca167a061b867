/** ReplicaSets: a number of pods of one template. */
import { validateImmutable } from '../../../api/names.ts';
import { path, type FieldError } from '../../../api/field.ts';
import { equal } from '../../../api/merge.ts';
import type { ReplicaSet } from '../../../api/types.ts';
import type { Kind } from '../../kind.ts';
import { age, containerCells, selectorText } from '../../pod-spec/columns.ts';
import { dropDisabledFields } from '../../pod-spec/disabled-fields.ts';
import { defaultPodSpec } from '../../pod-spec/defaults.ts';
import { nonNegative } from '../../pod-spec/scalars.ts';
import { hostnameWarning, podWarnings } from '../../pod-spec/warnings.ts';
import { validateReplicaSetTemplate, validateSelector } from '../pod-template.ts';
import { validateCounters, validateParts } from '../status.ts';

type Spec = NonNullable<ReplicaSet['spec']>;

const SPEC = path('spec');

function validate({ spec = {} as Spec }: ReplicaSet): FieldError[] {
  return [
    ...nonNegative(spec.replicas, SPEC.child('replicas')),
    ...nonNegative(spec.minReadySeconds, SPEC.child('minReadySeconds')),
    // the word "deployment" is the real server's
    ...validateSelector(spec.selector, 'deployment', SPEC.child('selector')),
    ...validateReplicaSetTemplate(spec.selector, spec.template ?? {}, SPEC),
  ];
}

export const replicaSet: Kind<ReplicaSet> = {
  resource: 'replicasets.apps',

  defaults(object) {
    const spec = (object.spec ??= {} as Spec);
    spec.replicas ??= 1;
    spec.template ??= {};
    spec.template.metadata ??= {};
    spec.template.spec ??= { containers: [] };
    defaultPodSpec(spec.template.spec);
  },
  prepareForCreate(object) {
    object.status = { replicas: 0 };
    dropDisabledFields(object.spec?.template?.spec);
  },

  prepareForUpdate(object) {
    dropDisabledFields(object.spec?.template?.spec);
  },

  validate,
  validateUpdate: (object, old) => [
    ...validate(object),
    ...validateImmutable(object.spec?.selector, old.spec?.selector, SPEC.child('selector')),
  ],
  validateStatusUpdate({ status = { replicas: 0 } }) {
    return [
      ...validateCounters({ ...status }, [
        'replicas',
        'fullyLabeledReplicas',
        'readyReplicas',
        'availableReplicas',
        'observedGeneration',
        'terminatingReplicas',
      ]),
      ...validateParts({ ...status }, ['fullyLabeledReplicas', 'readyReplicas', 'availableReplicas']),
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
      spec?.replicas ?? 0,
      status?.replicas ?? 0,
      status?.readyReplicas ?? 0,
      age(object),
      ...containerCells(spec?.template?.spec?.containers),
      selectorText(spec?.selector),
    ];
  },
};
