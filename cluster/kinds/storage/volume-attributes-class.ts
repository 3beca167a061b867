import { forbidden, invalid, path, required, type FieldError } from '../../api/field.ts';
import { equal } from '../../api/merge.ts';
import { qualifiedName } from '../../api/names.ts';
import type { KubeObject } from '../../api/types.ts';
import type { Kind } from '../kind.ts';
import { parameterErrors } from './storage-class.ts';

export type VolumeAttributesClass = KubeObject & { driverName?: string; parameters?: Record<string, string> };

function validate({ driverName = '', parameters = {} }: VolumeAttributesClass): FieldError[] {
  const at = path('driverName');
  const name = driverName.toLowerCase();
  return [
    ...(name === '' ? [required(at)] : qualifiedName(name).map((detail) => invalid(at, name, detail))),
    ...parameterErrors(parameters),
    ...(Object.keys(parameters).length > 0
      ? []
      : [required(path('parameters'), 'must contain at least one key/value pair')]),
  ];
}

export const volumeAttributesClass: Kind<VolumeAttributesClass> = {
  resource: 'volumeattributesclasses.storage.k8s.io',
  validate,
  validateUpdate: (object, old) => [
    ...(object.driverName === old.driverName
      ? []
      : [forbidden(path('driverName'), 'updates to driverName are forbidden.')]),
    ...(equal(object.parameters, old.parameters)
      ? []
      : [forbidden(path('parameters'), 'updates to parameters are forbidden.')]),
    ...validate(object),
  ],
  cells: ({ metadata, driverName }) => [metadata.name, driverName ?? '', metadata.creationTimestamp ?? null],
};
