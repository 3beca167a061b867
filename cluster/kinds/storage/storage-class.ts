import {
  duplicate,
  forbidden,
  invalid,
  notSupported,
  path,
  required,
  tooLong,
  type FieldError,
} from '../../api/field.ts';
import { qualifiedName } from '../../api/names.ts';
import type { StorageClass } from '../../api/types.ts';
import type { Kind } from '../kind.ts';

/** Entries, and bytes of all keys and values together. */
const MAX_PARAMETERS = 512;
const MAX_PARAMETER_BYTES = 256 * 1024;
const RECLAIM_POLICIES = ['Delete', 'Retain'];
const BINDING_MODES = ['Immediate', 'WaitForFirstConsumer'];

export const DEFAULT_CLASS = 'storageclass.kubernetes.io/is-default-class';
const BETA_DEFAULT_CLASS = 'storageclass.beta.kubernetes.io/is-default-class';
export const isDefaultClass = ({ metadata: { annotations } }: StorageClass): boolean =>
  annotations?.[DEFAULT_CLASS] === 'true' || annotations?.[BETA_DEFAULT_CLASS] === 'true';

export function parameterErrors(parameters: Record<string, string> = {}): FieldError[] {
  const at = path('parameters');
  const entries = Object.entries(parameters);
  if (entries.length > MAX_PARAMETERS) return [tooLong(at, MAX_PARAMETERS)];
  const errors = entries.filter(([key]) => key === '').map(() => invalid(at, '', 'field can not be empty.'));
  const size = entries.reduce((sum, [key, value]) => sum + Buffer.byteLength(key) + Buffer.byteLength(value), 0);
  return size > MAX_PARAMETER_BYTES ? [...errors, tooLong(at, MAX_PARAMETER_BYTES)] : errors;
}

type Expressions = NonNullable<NonNullable<StorageClass['allowedTopologies']>[number]['matchLabelExpressions']>;

/** Terms that ask for the same as this one. The real server starts with as many empty ones as there are terms. */
function sameTerms(expressions: Expressions, seen: string[], terms: number): string[] {
  const values = new Map(expressions.map((one) => [one.key, [...new Set(one.values)].sort()]));
  const text = JSON.stringify([...values].sort(([a], [b]) => (a < b ? -1 : 1)));
  const empty = values.size === 0 ? Array.from({ length: terms }, () => text) : [];
  const same = [...empty, ...seen.filter((one) => one === text)];
  seen.push(text);
  return same;
}

function topologyErrors({ allowedTopologies = [] }: StorageClass): FieldError[] {
  const seen: string[] = [];
  return allowedTopologies.flatMap(({ matchLabelExpressions = [] }, term) => [
    ...matchLabelExpressions.flatMap(({ key, values }, position) => {
      const at = path('allowedTopologies').index(term).child('matchLabelExpressions').index(position);
      const repeated = matchLabelExpressions.findIndex((one) => one.key === key) < position;
      return [
        ...(values?.length ? [] : [required(at.child('values'))]),
        ...(values ?? []).flatMap((value, index) =>
          values.indexOf(value) < index ? [duplicate(at.child('values').index(index), value)] : [],
        ),
        ...qualifiedName(key).map((detail) => invalid(at.child('key'), key, detail)),
        ...(repeated ? [duplicate(at.child('key'), key)] : []),
      ];
    }),
    ...sameTerms(matchLabelExpressions, seen, allowedTopologies.length).map(() =>
      duplicate(path('allowedTopologies').index(term).child('matchLabelExpressions'), ''),
    ),
  ]);
}

function validate(object: StorageClass): FieldError[] {
  const at = path('provisioner');
  const { provisioner, reclaimPolicy, volumeBindingMode } = object;
  const errors = provisioner
    ? qualifiedName(provisioner.toLowerCase()).map((detail) => invalid(at, provisioner.toLowerCase(), detail))
    : [required(at)];
  errors.push(...parameterErrors(object.parameters));
  if (reclaimPolicy && !RECLAIM_POLICIES.includes(reclaimPolicy)) {
    errors.push(notSupported(path('reclaimPolicy'), reclaimPolicy, RECLAIM_POLICIES));
  }
  if (!BINDING_MODES.includes(volumeBindingMode ?? '')) {
    errors.push(notSupported(path('volumeBindingMode'), volumeBindingMode, BINDING_MODES));
  }
  return [...errors, ...topologyErrors(object)];
}

function validateUpdate(object: StorageClass, old: StorageClass): FieldError[] {
  const errors = validate(object);
  const text = ({ parameters = {} }: StorageClass) =>
    JSON.stringify(Object.entries(parameters).sort(([a], [b]) => (a < b ? -1 : 1)));
  if (text(object) !== text(old)) errors.push(forbidden(path('parameters'), 'updates to parameters are forbidden.'));
  for (const field of ['provisioner', 'reclaimPolicy'] as const) {
    if (object[field] !== old[field]) errors.push(forbidden(path(field), `updates to ${field} are forbidden.`));
  }
  if (object.volumeBindingMode !== old.volumeBindingMode) {
    errors.push(invalid(path('volumeBindingMode'), object.volumeBindingMode, 'field is immutable'));
  }
  return errors;
}

export const storageClass: Kind<StorageClass> = {
  resource: 'storageclasses.storage.k8s.io',
  defaults(object) {
    object.reclaimPolicy ??= 'Delete';
    object.volumeBindingMode ??= 'Immediate';
  },
  validate,
  validateUpdate,
  cells: (object) => [
    isDefaultClass(object) ? `${object.metadata.name} (default)` : object.metadata.name,
    object.provisioner,
    object.reclaimPolicy ?? 'Delete',
    object.volumeBindingMode ?? 'Immediate',
    object.allowVolumeExpansion ?? false,
    object.metadata.creationTimestamp ?? null,
  ],
};
