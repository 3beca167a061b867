/** ControllerRevisions: snapshots of the templates of DaemonSets and StatefulSets. */
import { validateImmutable } from '../../../api/names.ts';
import { path, required, type FieldError } from '../../../api/field.ts';
import { controllerOf } from '../../../api/pods.ts';
import type { ControllerRevision } from '../../../api/types.ts';
import type { Kind } from '../../kind.ts';
import { age } from '../../pod-spec/columns.ts';
import { nonNegative } from '../../pod-spec/scalars.ts';

function validateData(data: unknown): FieldError[] {
  if (data === undefined || data === null) return [required(path('data'), 'data is mandatory')];
  return typeof data === 'object' && !Array.isArray(data)
    ? []
    : [required(path('data'), 'data must be a valid JSON object')];
}

/** `daemonset.apps/agent` */
function owner(object: ControllerRevision): string {
  const controller = controllerOf(object);
  if (!controller) return '<none>';
  const group = controller.apiVersion.includes('/') ? `.${controller.apiVersion.split('/')[0] ?? ''}` : '';
  return `${controller.kind.toLowerCase()}${group}/${controller.name}`;
}

export const controllerRevision: Kind<ControllerRevision> = {
  resource: 'controllerrevisions.apps',
  hasGeneration: false,

  validate: (object) => [...nonNegative(object.revision, path('revision')), ...validateData(object.data)],
  validateUpdate: (object, old) => [
    ...nonNegative(object.revision, path('revision')),
    ...validateImmutable(object.data, old.data, path('data')),
  ],

  cells: (object) => [object.metadata.name, owner(object), object.revision, age(object)],
};
