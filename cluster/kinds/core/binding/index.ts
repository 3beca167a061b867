/** Bindings: the scheduler's word that a pod shall run on a node. Never stored. */
import { notSupported, path, required, type FieldError } from '../../../api/field.ts';
import type { KubeObject } from '../../../api/types.ts';
import type { Kind } from '../../kind.ts';

export interface Binding extends KubeObject {
  target?: { kind?: string; name?: string };
}

export const binding: Kind<Binding> = {
  resource: 'bindings',
  hasGeneration: false,

  validate({ target }) {
    const errors: FieldError[] = [];
    if (target?.kind && target.kind !== 'Node')
      errors.push(notSupported(path('target', 'kind'), target.kind, ['Node', '<empty>']));
    if (!target?.name) errors.push(required(path('target', 'name')));
    return errors;
  },
};
