import { forbidden, invalid, path, required, tooLong, type FieldError } from '../../../api/field.ts';
import { configMapKey } from '../../../api/names.ts';
import type { Secret } from '../../../api/types.ts';
import type { Kind } from '../../kind.ts';
import { entriesOf, IMMUTABLE_SET, MAX_DATA_BYTES, sameData } from '../config-map/data.ts';
import { keyPairProblem } from './key-pair.ts';
import { jsonObjectProblem } from './json-problem.ts';

const data = path('data');
const has = (secret: Secret, key: string) => secret.data?.[key] !== undefined;
const missing = (secret: Secret, ...keys: string[]): FieldError[] =>
  keys.filter((key) => !has(secret, key)).map((key) => required(data.key(key)));

function dockerConfig(secret: Secret, key: string): FieldError[] {
  const encoded = secret.data?.[key];
  if (encoded === undefined) return [required(data.key(key))];
  const problem = jsonObjectProblem(Buffer.from(encoded, 'base64').toString('latin1'));
  return problem === undefined ? [] : [invalid(data.key(key), '<secret contents redacted>', problem)];
}

/** What each type demands; other types demand nothing. */
const TYPES: Record<string, (secret: Secret) => FieldError[]> = {
  'kubernetes.io/service-account-token': ({ metadata }) => {
    const key = 'kubernetes.io/service-account.name';
    return metadata.annotations?.[key] ? [] : [required(path('metadata', 'annotations').key(key))];
  },
  'kubernetes.io/dockercfg': (secret) => dockerConfig(secret, '.dockercfg'),
  'kubernetes.io/dockerconfigjson': (secret) => dockerConfig(secret, '.dockerconfigjson'),
  // one of the two is enough
  'kubernetes.io/basic-auth': (secret) =>
    has(secret, 'username') || has(secret, 'password') ? [] : missing(secret, 'username', 'password'),
  'kubernetes.io/ssh-auth': (secret) => (secret.data?.['ssh-privatekey'] ? [] : [required(data.key('ssh-privatekey'))]),
  'kubernetes.io/tls': (secret) => missing(secret, 'tls.crt', 'tls.key'),
};

function validate(object: Secret): FieldError[] {
  const errors: FieldError[] = [];
  let size = 0;
  for (const [key, value] of entriesOf(object.data)) {
    errors.push(...configMapKey(key).map((problem) => invalid(data.key(key), key, problem)));
    size += Buffer.byteLength(value, 'base64');
  }
  if (size > MAX_DATA_BYTES) errors.push(tooLong(data, MAX_DATA_BYTES));
  return [...errors, ...(TYPES[object.type ?? '']?.(object) ?? [])];
}

export const secret: Kind<Secret> = {
  resource: 'secrets',
  defaults(object) {
    object.type ||= 'Opaque';
    // write-only: what it says wins over `data`
    const { stringData } = object;
    if (!stringData) return;
    object.data = { ...object.data };
    for (const [key, value] of Object.entries(stringData)) object.data[key] = Buffer.from(value).toString('base64');
    delete object.stringData;
  },
  validate,
  validateUpdate(object, old) {
    const errors: FieldError[] = [];
    if (object.type !== old.type) errors.push(invalid(path('type'), object.type, 'field is immutable'));
    if (old.immutable) {
      if (!object.immutable) errors.push(forbidden(path('immutable'), IMMUTABLE_SET));
      if (!sameData(object.data, old.data)) errors.push(forbidden(data, IMMUTABLE_SET));
    }
    return [...errors, ...validate(object)];
  },
  warnings: ({ type, data: values }) => {
    if (type !== 'kubernetes.io/tls') return [];
    const problem = keyPairProblem(values?.['tls.crt'] ?? '', values?.['tls.key'] ?? '');
    return problem === undefined ? [] : [problem];
  },
  fields: (object) => ({ type: object.type ?? '' }),
  cells: (object) => [
    object.metadata.name,
    object.type ?? '',
    Object.keys(object.data ?? {}).length,
    object.metadata.creationTimestamp ?? null,
  ],
};
