import { invalid, path, type FieldError } from '../../../api/field.ts';
import { validateLabelName } from '../../../api/names.ts';
import type { Namespace } from '../../../api/types.ts';
import type { Kind } from '../../kind.ts';

const NAME_LABEL = 'kubernetes.io/metadata.name';
/** Held by the namespace controller until the namespace is empty. */
const KUBERNETES = 'kubernetes';

function labelWithName(object: Namespace): void {
  if (!object.metadata.name) return;
  object.metadata.labels = { ...object.metadata.labels, [NAME_LABEL]: object.metadata.name };
}

const STANDARD = [KUBERNETES, 'orphan', 'foregroundDeletion'];
const UNKNOWN = 'name is neither a standard finalizer name nor is it fully qualified';

/** A finalize update says which one is wrong; a create only that one is. */
const validateFinalizers = (object: Namespace, numbered = false): FieldError[] =>
  (object.spec?.finalizers ?? []).flatMap((name, position) => {
    const list = path('spec', 'finalizers');
    const at = numbered ? list.index(position) : list;
    const known = name.includes('/') || STANDARD.includes(name);
    return [...validateLabelName(name, at), ...(known ? [] : [invalid(at, name, UNKNOWN)])];
  });

export const namespace: Kind<Namespace> = {
  resource: 'namespaces',
  nameFormat: 'dns1123Label',

  defaults(object) {
    // a generated name is not known yet: prepareForCreate labels those
    labelWithName(object);
    object.status = { ...object.status, phase: object.status?.phase ?? 'Active' };
  },
  prepareForCreate(object) {
    labelWithName(object);
    object.status = { phase: 'Active' };
    const finalizers = object.spec?.finalizers ?? [];
    object.spec = { finalizers: finalizers.includes(KUBERNETES) ? finalizers : [...finalizers, KUBERNETES] };
  },
  prepareForUpdate(object, old, { subresource }) {
    // finalizers are changed through the `finalize` subresource only
    if (subresource !== 'finalize') object.spec = structuredClone(old.spec ?? {});
  },
  validate: (object) => validateFinalizers(object),
  validateUpdate: (object, _old, { subresource }) =>
    subresource === 'finalize' ? validateFinalizers(object, true) : [],
  validateStatusUpdate(object) {
    const at = path('status', 'Phase');
    const phase = object.status?.phase ?? '';
    if (!object.metadata.deletionTimestamp && phase !== 'Active') {
      return [invalid(at, phase, "may only be 'Active' if `deletionTimestamp` is empty")];
    }
    if (object.metadata.deletionTimestamp && phase !== 'Terminating') {
      return [invalid(at, phase, "may only be 'Terminating' if `deletionTimestamp` is not empty")];
    }
    return [];
  },
  fields: (object) => ({ 'status.phase': object.status?.phase ?? '' }),
  cells: ({ metadata, status }) => [metadata.name, status?.phase ?? '', metadata.creationTimestamp ?? null],
};
