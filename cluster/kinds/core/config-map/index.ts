import { forbidden, invalid, path, tooLong, type FieldError } from '../../../api/field.ts';
import { configMapKey } from '../../../api/names.ts';
import type { ConfigMap } from '../../../api/types.ts';
import type { Kind } from '../../kind.ts';
import { entriesOf, IMMUTABLE_SET, MAX_DATA_BYTES, sameData } from './data.ts';

function validate(object: ConfigMap): FieldError[] {
  const errors: FieldError[] = [];
  let size = 0;
  for (const [key, value] of entriesOf(object.data)) {
    const at = path('data').key(key);
    errors.push(...configMapKey(key).map((problem) => invalid(at, key, problem)));
    if (object.binaryData?.[key] !== undefined) errors.push(invalid(at, key, 'duplicate of key present in binaryData'));
    size += Buffer.byteLength(value);
  }
  for (const [key, value] of entriesOf(object.binaryData)) {
    errors.push(...configMapKey(key).map((problem) => invalid(path('binaryData').key(key), key, problem)));
    size += Buffer.byteLength(value, 'base64');
  }
  // about the whole object: the real server leaves the path empty here
  if (size > MAX_DATA_BYTES) errors.push(tooLong(path(''), MAX_DATA_BYTES));
  return errors;
}

export const configMap: Kind<ConfigMap> = {
  resource: 'configmaps',
  validate,
  validateUpdate(object, old) {
    const errors: FieldError[] = [];
    if (old.immutable) {
      if (!object.immutable) errors.push(forbidden(path('immutable'), IMMUTABLE_SET));
      if (!sameData(object.data, old.data)) errors.push(forbidden(path('data'), IMMUTABLE_SET));
      if (!sameData(object.binaryData, old.binaryData)) errors.push(forbidden(path('binaryData'), IMMUTABLE_SET));
    }
    return [...errors, ...validate(object)];
  },
  cells: ({ metadata, data, binaryData }) => [
    metadata.name,
    Object.keys(data ?? {}).length + Object.keys(binaryData ?? {}).length,
    metadata.creationTimestamp ?? null,
  ],
};
