/** The checks of metadata, labels and selectors that all kinds share. */
import { forbidden, invalid, required, tooLong, type FieldError, type Path } from './field.ts';
import { equal } from './merge.ts';
import {
  dns1035Label,
  dns1123Label,
  dns1123Subdomain,
  dns1123SubdomainBytes,
  labelValue,
  pathSegment,
  qualifiedName,
} from './name-formats.ts';
import type { LabelSelector, ObjectMeta } from './types.ts';

const MAX_ANNOTATIONS_BYTES = 256 * 1024;
const MAX_MANAGER_BYTES = 128;
const MAX_SUBRESOURCE_BYTES = 256;

export const IMMUTABLE = 'field is immutable';

const bytes = (text: string): number => Buffer.byteLength(text);

export const validateLabelName = (name: string, at: Path): FieldError[] =>
  qualifiedName(name).map((problem) => invalid(at, name, problem));

/**
 * The check, run once for each part of a stored object: these never change, and the versions of an object share them, so what
 * was good stays good.
 */
function onceGood<T extends object>(check: (part: T, at: Path) => FieldError[]) {
  const good = new WeakSet<T>();
  return (part: T | undefined, at: Path): FieldError[] => {
    if (part === undefined || part === null || good.has(part)) return [];
    const errors = check(part, at);
    if (errors.length === 0 && Object.isFrozen(part)) good.add(part);
    return errors;
  };
}

export const validateLabels = onceGood((labels: Readonly<Record<string, string>>, at) =>
  Object.entries(labels).flatMap(([key, value]) => [
    ...validateLabelName(key, at),
    ...labelValue(value).map((problem) => invalid(at, value, problem)),
  ]),
);

export const validateAnnotations = onceGood((annotations: Readonly<Record<string, string>>, at): FieldError[] => {
  const entries = Object.entries(annotations);
  const errors = entries.flatMap(([key]) =>
    qualifiedName(key.toLowerCase()).map((problem) => invalid(at, key, problem)),
  );
  const size = entries.reduce((sum, [key, value]) => sum + bytes(key) + bytes(value), 0);
  if (size > MAX_ANNOTATIONS_BYTES) errors.push(tooLong(at, MAX_ANNOTATIONS_BYTES));
  return errors;
});

export function validateLabelSelector(selector: LabelSelector | undefined, at: Path): FieldError[] {
  if (!selector) return [];
  const errors = validateLabels(selector.matchLabels, at.child('matchLabels'));
  (selector.matchExpressions ?? []).forEach(({ key, operator, values = [] }, i) => {
    const here = at.child('matchExpressions').index(i);
    if (operator === 'In' || operator === 'NotIn') {
      if (values.length === 0) {
        errors.push(required(here.child('values'), "must be specified when `operator` is 'In' or 'NotIn'"));
      }
    } else if (operator === 'Exists' || operator === 'DoesNotExist') {
      if (values.length > 0) {
        errors.push(
          forbidden(here.child('values'), "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"),
        );
      }
    } else errors.push(invalid(here.child('operator'), operator, 'not a valid selector operator'));
    errors.push(...validateLabelName(key, here.child('key')));
    values.forEach((value, position) => {
      for (const problem of labelValue(value))
        errors.push(invalid(here.child('values').index(position), value, problem));
    });
  });
  return errors;
}

const FORMATS = { dns1123Subdomain, dns1123SubdomainBytes, dns1123Label, dns1035Label, pathSegment };
export type NameFormat = keyof typeof FORMATS;
export interface MetaRules {
  namespaced: boolean;
  nameFormat: NameFormat;
  anyFinalizer?: boolean;
}

/** A prefix may end with a hyphen; as the real server does it, the last two characters stand as one letter. */
function generateNameProblems(prefix: string, format: NameFormat): string[] {
  if (format === 'pathSegment') return pathSegment(prefix).filter((problem) => problem.startsWith('may not contain'));
  return FORMATS[format](prefix.length > 1 && prefix.endsWith('-') ? `${prefix.slice(0, -2)}a` : prefix);
}

function validateOwnerReferences(references: ObjectMeta['ownerReferences'], at: Path): FieldError[] {
  const errors: FieldError[] = [];
  let controller = '';
  for (const owner of references ?? []) {
    const parts = owner.apiVersion.split('/');
    if (parts.length > 2 || parts.at(-1) === '') {
      errors.push(invalid(at.child('apiVersion'), owner.apiVersion, 'version must not be empty'));
    }
    for (const field of ['kind', 'name', 'uid'] as const) {
      if (owner[field] === '') errors.push(invalid(at.child(field), owner[field], 'must not be empty'));
    }
    if (owner.apiVersion === 'v1' && owner.kind === 'Event') {
      errors.push(invalid(at, owner, '/v1, Kind=Event is disallowed from being an owner'));
    }
    if (owner.controller !== true) continue;
    const name = `${owner.kind}/${owner.name}`;
    if (controller === '') controller = name;
    else {
      errors.push(
        invalid(
          at,
          references,
          `Only one reference can have Controller set to true. Found "true" in references for ${controller} and ${name}`,
        ),
      );
    }
  }
  return errors;
}

function validateFinalizers(finalizers: readonly string[] | undefined, at: Path): FieldError[] {
  const errors = (finalizers ?? []).flatMap((name) => validateLabelName(name, at));
  if (finalizers?.includes('orphan') && finalizers.includes('foregroundDeletion')) {
    errors.push(invalid(at, finalizers, 'finalizer orphan and foregroundDeletion cannot be both set'));
  }
  return errors;
}

const STANDARD_FINALIZERS = new Set(['kubernetes', 'orphan', 'foregroundDeletion']);

/** The built-in kinds want a finalizer's domain, too; asked of them after everything else. */
const validateFinalizerDomains = (finalizers: readonly string[] | undefined, at: Path): FieldError[] =>
  (finalizers ?? []).flatMap((name, i) =>
    name.includes('/') || STANDARD_FINALIZERS.has(name)
      ? []
      : [invalid(at.index(i), name, 'name is neither a standard finalizer name nor is it fully qualified')],
  );

/** Printable characters of ASCII: nearly all managers. */
const PLAIN = /^[ -~]*$/;

export const validateFieldManager = (manager: string, at: Path): FieldError[] => [
  ...(bytes(manager) > MAX_MANAGER_BYTES ? [tooLong(at, MAX_MANAGER_BYTES)] : []),
  ...(PLAIN.test(manager) ? [] : unprintable(manager, at)),
];

const unprintable = (manager: string, at: Path): FieldError[] =>
  Array.from(manager).flatMap((char, position) =>
    /[\p{L}\p{M}\p{N}\p{P}\p{S} ]/u.test(char)
      ? []
      : [
          invalid(
            at,
            manager,
            `invalid character U+${(char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')} (at position ${position})`,
          ),
        ],
  );

const validateManagedFields = (entries: ObjectMeta['managedFields'], at: Path): FieldError[] =>
  (entries ?? []).flatMap((entry, i) => validateManagedFieldsEntry(entry, at.index(i)));

const validateManagedFieldsEntry = onceGood(
  (entry: NonNullable<ObjectMeta['managedFields']>[number], here): FieldError[] => {
    const errors: FieldError[] = [];
    if (entry.operation !== 'Apply' && entry.operation !== 'Update') {
      errors.push(invalid(here.child('operation'), entry.operation ?? '', 'must be `Apply` or `Update`'));
    }
    if (entry.fieldsType && entry.fieldsType !== 'FieldsV1') {
      errors.push(invalid(here.child('fieldsType'), entry.fieldsType, 'must be `FieldsV1`'));
    }
    errors.push(...validateFieldManager(entry.manager ?? '', here.child('manager')));
    if (bytes(entry.subresource ?? '') > MAX_SUBRESOURCE_BYTES) {
      errors.push(tooLong(here.child('subresource'), MAX_SUBRESOURCE_BYTES));
    }
    return errors;
  },
);

function validateMeta(meta: ObjectMeta, { namespaced, nameFormat }: MetaRules, at: Path): FieldError[] {
  const errors: FieldError[] = [];
  const { generateName = '', name = '', namespace = '' } = meta as Partial<ObjectMeta>;
  if (generateName !== '') {
    const problems = generateNameProblems(generateName, nameFormat);
    errors.push(...problems.map((problem) => invalid(at.child('generateName'), generateName, problem)));
  }
  if (name === '') errors.push(required(at.child('name'), 'name or generateName is required'));
  else errors.push(...FORMATS[nameFormat](name).map((problem) => invalid(at.child('name'), name, problem)));
  if (namespaced) {
    if (namespace === '') errors.push(required(at.child('namespace')));
    else errors.push(...dns1123Label(namespace).map((problem) => invalid(at.child('namespace'), namespace, problem)));
  } else if (namespace !== '') errors.push(forbidden(at.child('namespace'), 'not allowed on this type'));
  if ((meta.generation ?? 0) < 0) {
    errors.push(invalid(at.child('generation'), meta.generation, 'must be greater than or equal to 0'));
  }
  errors.push(
    ...commonErrors(meta, at),
    ...(meta.finalizers ? validateFinalizers(meta.finalizers, at.child('finalizers')) : []),
    ...managedFieldsErrors(meta, at),
  );
  return errors;
}

// what is not there needs no path
const commonErrors = ({ labels, annotations, ownerReferences }: ObjectMeta, at: Path): FieldError[] => [
  ...(labels ? validateLabels(labels, at.child('labels')) : []),
  ...(annotations ? validateAnnotations(annotations, at.child('annotations')) : []),
  ...(ownerReferences ? validateOwnerReferences(ownerReferences, at.child('ownerReferences')) : []),
];
const managedFieldsErrors = ({ managedFields }: ObjectMeta, at: Path): FieldError[] =>
  managedFields ? validateManagedFields(managedFields, at.child('managedFields')) : [];

/** Metadata of a new object, its name already generated. */
export const validateObjectMeta = (meta: ObjectMeta, rules: MetaRules, at: Path): FieldError[] => [
  ...validateMeta(meta, rules, at),
  ...(rules.anyFinalizer || !meta.finalizers ? [] : validateFinalizerDomains(meta.finalizers, at.child('finalizers'))),
];

/** What is checked of kinds that do not check their metadata themselves. */
export const validateCommonMeta = (meta: ObjectMeta, namespaced: boolean, at: Path): FieldError[] =>
  validateMeta(meta, { namespaced, nameFormat: 'pathSegment' }, at);

const FIXED = [
  'name',
  'namespace',
  'uid',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
] as const;
/** What Go prints for a field that is not set: pointers are null, strings empty. */
const UNSET: Partial<Record<(typeof FIXED)[number], unknown>> = { name: '', namespace: '', uid: '' };

/** What is checked of every object that replaces `old`. */
export function validateCommonMetaUpdate(meta: ObjectMeta, old: ObjectMeta, at: Path): FieldError[] {
  const errors: FieldError[] = [];
  if (old.deletionTimestamp) {
    const added = [...new Set(meta.finalizers)].filter((name) => !old.finalizers?.includes(name)).sort();
    if (added.length > 0) {
      const list = `[]string{${added.map((name) => JSON.stringify(name)).join(', ')}}`;
      errors.push(
        forbidden(
          at.child('finalizers'),
          `no new finalizers can be added if the object is being deleted, found new finalizers ${list}`,
        ),
      );
    }
  }
  if (!meta.resourceVersion) errors.push(invalid(at.child('resourceVersion'), '', 'must be specified for an update'));
  if ((meta.generation ?? 0) < (old.generation ?? 0)) {
    errors.push(invalid(at.child('generation'), meta.generation ?? 0, 'must not be decremented'));
  }
  for (const field of FIXED) {
    if (!equal(meta[field], old[field])) errors.push(invalid(at.child(field), meta[field] ?? UNSET[field], IMMUTABLE));
  }
  errors.push(...commonErrors(meta, at), ...managedFieldsErrors(meta, at));
  return errors;
}

/** Metadata of an object of the built-in kinds that replaces `old`. */
export const validateObjectMetaUpdate = (meta: ObjectMeta, old: ObjectMeta, at: Path): FieldError[] => [
  ...validateCommonMetaUpdate(meta, old, at),
  ...(meta.finalizers ? validateFinalizerDomains(meta.finalizers, at.child('finalizers')) : []),
];

/** `field is immutable` when the two differ. */
export const validateImmutable = (value: unknown, old: unknown, at: Path): FieldError[] =>
  equal(value, old) ? [] : [invalid(at, value, IMMUTABLE)];
