/** ReplicationControllers: what ReplicaSets were before they could select by expressions. */
import { forbidden, invalid, notSupported, path, required, type FieldError } from '../../../api/field.ts';
import { equal } from '../../../api/merge.ts';
import { labelSelectorMatches } from '../../../api/selector.ts';
import type { ReplicationController } from '../../../api/types.ts';
import { validateCounters, validateParts } from '../../apps/status.ts';
import type { Kind } from '../../kind.ts';
import { age, containerCells, labelsText } from '../../pod-spec/columns.ts';
import { dropDisabledFields } from '../../pod-spec/disabled-fields.ts';
import { defaultPodSpec } from '../../pod-spec/defaults.ts';
import { nonNegative } from '../../pod-spec/scalars.ts';
import { validatePodTemplateSpec } from '../../pod-spec/validation.ts';
import { hostnameWarning, podWarnings } from '../../pod-spec/warnings.ts';

type Spec = NonNullable<ReplicationController['spec']>;

const SPEC = path('spec');

function validateTemplate({ template, selector }: Spec): FieldError[] {
  const at = SPEC.child('template');
  if (!template) return [required(at)];
  const labels = template.metadata?.labels;
  const errors: FieldError[] = [];
  if (!labelSelectorMatches({ matchLabels: selector ?? {} }, labels ?? {}))
    errors.push(invalid(at.child('metadata', 'labels'), labels, '`selector` does not match template `labels`'));
  errors.push(...validatePodTemplateSpec(template, at));
  const { restartPolicy, activeDeadlineSeconds } = template.spec ?? {};
  if (restartPolicy !== 'Always')
    errors.push(notSupported(at.child('spec', 'restartPolicy'), restartPolicy ?? '', ['Always']));
  if (activeDeadlineSeconds !== undefined)
    errors.push(
      forbidden(
        at.child('spec', 'activeDeadlineSeconds'),
        'activeDeadlineSeconds in ReplicationController is not Supported',
      ),
    );
  return errors;
}

function validate({ spec = {} }: ReplicationController): FieldError[] {
  return [
    ...nonNegative(spec.minReadySeconds, SPEC.child('minReadySeconds')),
    ...(Object.keys(spec.selector ?? {}).length === 0 ? [required(SPEC.child('selector'))] : []),
    ...nonNegative(spec.replicas, SPEC.child('replicas')),
    ...validateTemplate(spec),
  ];
}

export const replicationController: Kind<ReplicationController> = {
  resource: 'replicationcontrollers',
  nameFormat: 'dns1123SubdomainBytes',
  defaultPropagation: 'Orphan',

  defaults(object) {
    const spec = (object.spec ??= {});
    const labels = spec.template?.metadata?.labels;
    if (labels) {
      if (Object.keys(spec.selector ?? {}).length === 0) spec.selector = { ...labels };
      if (Object.keys(object.metadata.labels ?? {}).length === 0) object.metadata.labels = { ...labels };
    }
    spec.replicas ??= 1;
    if (!spec.template) return;
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
  validateUpdate: validate,
  validateStatusUpdate: ({ status }) => [
    ...validateCounters({ ...status }, [
      'replicas',
      'fullyLabeledReplicas',
      'readyReplicas',
      'availableReplicas',
      'observedGeneration',
    ]),
    ...validateParts({ ...status }, ['fullyLabeledReplicas', 'readyReplicas', 'availableReplicas']),
  ],
  warnings(object, old) {
    if (old && equal(object.spec, old.spec)) return [];
    // the real server looks at the template that was
    const template = (old ?? object).spec?.template;
    return [
      ...(old ? [] : hostnameWarning(object.metadata.name, 'Pod names and hostnames')),
      ...podWarnings(template?.spec, template?.metadata?.annotations, SPEC.child('template'), false),
    ];
  },

  fields: ({ status }) => ({ 'status.replicas': String(status?.replicas ?? 0) }),
  cells: (object) => [
    object.metadata.name,
    object.spec?.replicas ?? 0,
    object.status?.replicas ?? 0,
    object.status?.readyReplicas ?? 0,
    age(object),
    ...containerCells(object.spec?.template?.spec?.containers),
    labelsText(object.spec?.selector),
  ],
};
