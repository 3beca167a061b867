import { invalid, path, type FieldError } from '../../api/field.ts';
import { dns1123Label } from '../../api/names.ts';
import type { RuntimeClass } from '../../api/types.ts';
import type { Kind } from '../kind.ts';

const handlerErrors = ({ handler }: RuntimeClass): FieldError[] =>
  dns1123Label(handler).map((detail) => invalid(path('handler'), handler, detail));

export const runtimeClass: Kind<RuntimeClass> = {
  resource: 'runtimeclasses.node.k8s.io',
  validate: handlerErrors,
  validateUpdate: (object, old) =>
    object.handler === old.handler ? [] : [invalid(path('handler'), object.handler, 'field is immutable')],
  cells: ({ metadata, handler }) => [metadata.name, handler, metadata.creationTimestamp ?? null],
};
