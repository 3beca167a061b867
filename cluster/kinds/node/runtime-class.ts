import { duplicate, invalid, path, type FieldError } from '../../api/field.ts';
import { dns1123Label, validateLabels } from '../../api/names.ts';
import type { RuntimeClass, Toleration } from '../../api/types.ts';
import type { Kind } from '../kind.ts';
import { validateContainerResources } from '../pod-spec/resources.ts';
import { validateTolerations } from '../pod-spec/scheduling.ts';

const handlerErrors = ({ handler }: RuntimeClass): FieldError[] =>
  dns1123Label(handler).map((detail) => invalid(path('handler'), handler, detail));

/** Checked as limits of a container are, under their name. */
const overheadErrors = ({ overhead }: RuntimeClass): FieldError[] =>
  validateContainerResources({ limits: overhead?.podFixed ?? {} }, [], path('overhead'));

const shown = ({ key = '', operator = '', value = '', effect = '', tolerationSeconds }: Toleration) => ({
  Key: key,
  Operator: operator,
  Value: value,
  Effect: effect,
  TolerationSeconds: tolerationSeconds ?? null,
});

function schedulingErrors({ scheduling }: RuntimeClass): FieldError[] {
  const at = path('scheduling');
  const tolerations = scheduling?.tolerations ?? [];
  const errors = [
    ...validateLabels(scheduling?.nodeSelector, at.child('nodeSelector')),
    ...validateTolerations(tolerations, at.child('tolerations')),
  ];
  const seen = new Set<string>();
  for (const [position, toleration] of tolerations.entries()) {
    const id = JSON.stringify({ ...shown(toleration), TolerationSeconds: null });
    if (seen.has(id)) errors.push(duplicate(at.child('tolerations').index(position), shown(toleration)));
    seen.add(id);
  }
  return errors;
}

export const runtimeClass: Kind<RuntimeClass> = {
  resource: 'runtimeclasses.node.k8s.io',
  anyFinalizer: true,
  validate: (object) => [...handlerErrors(object), ...overheadErrors(object), ...schedulingErrors(object)],
  validateUpdate: (object, old) =>
    object.handler === old.handler ? [] : [invalid(path('handler'), object.handler, 'field is immutable')],
  cells: ({ metadata, handler }) => [metadata.name, handler, metadata.creationTimestamp ?? null],
};
