import { invalid, path, type FieldError } from '../../api/field.ts';
import { equal } from '../../api/merge.ts';
import { dns1123Subdomain, IMMUTABLE, validateLabelSelector } from '../../api/names.ts';
import { quantity } from '../../api/quantity.ts';
import type { KubeObject, LabelSelector } from '../../api/types.ts';
import type { Kind } from '../kind.ts';
import { selectorForm } from './internal-form.ts';

export type CsiStorageCapacity = KubeObject & {
  nodeTopology?: LabelSelector;
  storageClassName?: string;
  capacity?: string;
};

function validate({ nodeTopology, storageClassName = '', capacity }: CsiStorageCapacity): FieldError[] {
  const at = path('storageClassName');
  return [
    ...validateLabelSelector(nodeTopology, path('nodeTopology')),
    ...dns1123Subdomain(storageClassName).map((detail) => invalid(at, storageClassName, detail)),
    ...(capacity !== undefined && quantity(capacity).sign() < 0
      ? [invalid(path('capacity'), capacity, 'must be greater than or equal to 0')]
      : []),
  ];
}

export const csiStorageCapacity: Kind<CsiStorageCapacity> = {
  resource: 'csistoragecapacities.storage.k8s.io',
  validate,
  validateUpdate: (object, old) => [
    ...validate(object),
    ...(equal(object.nodeTopology, old.nodeTopology)
      ? []
      : [invalid(path('nodeTopology'), object.nodeTopology ? selectorForm(object.nodeTopology) : null, IMMUTABLE)]),
    ...(object.storageClassName === old.storageClassName
      ? []
      : [invalid(path('storageClassName'), object.storageClassName ?? '', IMMUTABLE)]),
  ],
};
