import { invalid, path, type FieldError } from '../../api/field.ts';
import { dns1123Label } from '../../api/names.ts';
import { quantity } from '../../api/quantity.ts';
import type { RuntimeClass } from '../../api/types.ts';
import type { Kind } from '../kind.ts';

const handlerErrors = ({ handler }: RuntimeClass): FieldError[] =>
  dns1123Label(handler).map((detail) => invalid(path('handler'), handler, detail));

const overheadErrors = ({ overhead }: RuntimeClass): FieldError[] =>
  Object.entries(overhead?.podFixed ?? {})
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .filter(([, amount]) => quantity(amount).sign() < 0)
    .map(([name, amount]) =>
      // checked as limits of a container are, under their name
      invalid(path('overhead', 'limits').key(name), amount, 'must be greater than or equal to 0'),
    );

export const runtimeClass: Kind<RuntimeClass> = {
  resource: 'runtimeclasses.node.k8s.io',
  validate: (object) => [...handlerErrors(object), ...overheadErrors(object)],
  validateUpdate: (object, old) =>
    object.handler === old.handler ? [] : [invalid(path('handler'), object.handler, 'field is immutable')],
  cells: ({ metadata, handler }) => [metadata.name, handler, metadata.creationTimestamp ?? null],
};
