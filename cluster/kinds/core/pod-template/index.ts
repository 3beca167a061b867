/** PodTemplates: templates that stand alone. */
import { path } from '../../../api/field.ts';
import { equal } from '../../../api/merge.ts';
import type { PodTemplate } from '../../../api/types.ts';
import type { Kind } from '../../kind.ts';
import { containerCells, labelsText } from '../../pod-spec/columns.ts';
import { dropDisabledFields } from '../../pod-spec/disabled-fields.ts';
import { defaultPodSpec } from '../../pod-spec/defaults.ts';
import { validatePodTemplateSpec } from '../../pod-spec/validation.ts';
import { podWarnings } from '../../pod-spec/warnings.ts';

const TEMPLATE = path('template');
const validate = (object: PodTemplate) => validatePodTemplateSpec(object.template ?? {}, TEMPLATE);

export const podTemplate: Kind<PodTemplate> = {
  resource: 'podtemplates',
  hasGeneration: true,

  defaults(object) {
    object.template ??= {};
    object.template.metadata ??= {};
    object.template.spec ??= { containers: [] };
    defaultPodSpec(object.template.spec);
  },
  prepareForCreate(object) {
    dropDisabledFields(object.template?.spec);
  },
  prepareForUpdate(object, old) {
    dropDisabledFields(object.template?.spec);
    if (!equal(object.template, old.template)) object.metadata.generation = (old.metadata.generation ?? 0) + 1;
  },

  validate,
  validateUpdate: validate,
  warnings({ template }, old) {
    if (old && equal(template, old.template)) return [];
    return podWarnings(template?.spec, template?.metadata?.annotations, TEMPLATE, false);
  },

  cells: ({ metadata, template }) => [
    metadata.name,
    ...containerCells(template?.spec?.containers),
    labelsText(template?.metadata?.labels),
  ],
};
