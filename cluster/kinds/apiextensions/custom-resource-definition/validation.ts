/** Problems of a CustomResourceDefinition. */
import { invalid, notSupported, path, required, type FieldError, type Path } from '../../../api/field.ts';
import { equal } from '../../../api/merge.ts';
import { dns1035Label, dns1123Subdomain, validateImmutable } from '../../../api/names.ts';
import {
  isTrue,
  type CustomResourceDefinition,
  type Names,
} from '../../../schema/structural/custom-resource-definition.ts';
import { someSchema } from '../../../schema/structural/schema-props.ts';
import { goValue } from '../../../schema/structural/go-value.ts';
import { APPROVED_ANNOTATION, approvalState, isProtectedGroup } from '../../../schema/structural/api-approval.ts';
import { validateConversion } from './conversion.ts';
import { printedVersions } from './internal-json.ts';
import { internalSpec, type InternalSpec } from './internal-spec.ts';
import {
  validateColumn,
  validateSchema,
  validateSelectable,
  validateSubresources,
  validateVersion,
} from './version-rules.ts';

type Definition = CustomResourceDefinition;

/** Names are checked where they are given, whether or not they are required there. */
function validateNames(names: Partial<Names>, at: Path): FieldError[] {
  const errors: FieldError[] = [];
  const label = (field: Path, value: string | undefined) => {
    const problems = value ? dns1035Label(value) : [];
    if (problems.length > 0) errors.push(invalid(field, value, problems.join(',')));
  };
  const kind = (field: Path, value: string | undefined) => {
    const problems = value ? dns1035Label(value.toLowerCase()) : [];
    if (problems.length > 0)
      errors.push(invalid(field, value, `may have mixed case, but should otherwise match: ${problems.join(',')}`));
  };
  label(at.child('plural'), names.plural);
  label(at.child('singular'), names.singular);
  kind(at.child('kind'), names.kind);
  kind(at.child('listKind'), names.listKind);
  const listed = (field: 'shortNames' | 'categories') => {
    for (const [i, value] of (names[field] ?? []).entries()) {
      const problems = dns1035Label(value);
      if (problems.length > 0) errors.push(invalid(at.child(field).index(i), value, problems.join(',')));
    }
  };
  listed('shortNames');
  if (names.kind && names.kind === names.listKind)
    errors.push(invalid(at.child('listKind'), names.listKind, 'kind and listKind may not be the same'));
  listed('categories');
  return errors;
}

function validateVersions(spec: InternalSpec, at: Path): FieldError[] {
  const errors: FieldError[] = [];
  const { versions } = spec;
  const perVersion = versions.some(({ subresources }) => subresources !== undefined);
  for (const [i, version] of versions.entries()) {
    const here = at.child('versions').index(i);
    const problems = dns1035Label(version.name);
    if (problems.length > 0) errors.push(invalid(here.child('name'), version.name, problems.join(',')));
    const subresources = perVersion ? version.subresources : spec.subresources;
    errors.push(...validateVersion(version, subresources?.status !== undefined, here));
  }
  const all = printedVersions(versions);
  if (new Set(versions.map(({ name }) => name)).size !== versions.length)
    errors.push(invalid(at.child('versions'), all, 'must contain unique version names'));
  if (versions.filter(({ storage }) => storage).length !== 1)
    errors.push(invalid(at.child('versions'), all, 'must have exactly one version marked as storage version'));
  const [first] = versions;
  if (first) {
    const problems = dns1035Label(first.name);
    if (first.name !== '' && problems.length > 0)
      errors.push(invalid(at.child('version'), first.name, problems.join(',')));
  }
  return errors;
}

function validateSpec(spec: InternalSpec, at: Path, old: Definition | undefined): FieldError[] {
  const errors: FieldError[] = [];
  const { group, scope, names, versions } = spec;
  if (group === '') errors.push(required(at.child('group')));
  else {
    const problems = dns1123Subdomain(group);
    if (problems.length > 0) errors.push(invalid(at.child('group'), group, problems.join(',')));
    else if (!group.includes('.'))
      errors.push(invalid(at.child('group'), group, 'should be a domain with at least one dot'));
  }
  if (scope === '') errors.push(required(at.child('scope')));
  else if (scope !== 'Cluster' && scope !== 'Namespaced')
    errors.push(notSupported(at.child('scope'), scope, ['Cluster', 'Namespaced']));
  if (!spec.validation) {
    for (const [i, { schema }] of versions.entries())
      if (!schema?.openAPIV3Schema)
        errors.push(required(at.child('versions').index(i).child('schema').child('openAPIV3Schema')));
  }
  const schemas = [spec.validation, ...versions.map(({ schema }) => schema?.openAPIV3Schema)];
  const hasDefaults = schemas.some((schema) => someSchema(schema, (one) => (one.default ?? null) !== null));
  if (hasDefaults && spec.preserveUnknownFields === true)
    errors.push(
      invalid(at.child('preserveUnknownFields'), true, 'must be false in order to use defaults in the schema'),
    );
  errors.push(...validateVersions(spec, at));
  for (const field of ['plural', 'singular', 'kind', 'listKind'] as const)
    if (!names[field]) errors.push(required(at.child('names', field)));
  errors.push(...validateNames(names, at.child('names')));
  const hasStatus = [spec, ...versions].some(({ subresources }) => subresources?.status !== undefined);
  errors.push(...validateSchema(spec.validation, hasStatus, at.child('validation')));
  errors.push(...validateSubresources(spec.subresources, at.child('subresources')));
  for (const [i, column] of spec.additionalPrinterColumns.entries())
    errors.push(...validateColumn(column, at.child('additionalPrinterColumns').index(i)));
  if (spec.selectableFields.length > 0) {
    const here = at.child('selectableFields');
    if (spec.validation) errors.push(...validateSelectable(spec.selectableFields, spec.validation, here));
    else errors.push(invalid(here, '', 'may only be set when validations.schema is included'));
  }
  errors.push(...validateConversion(spec, at.child('conversion'), old));
  return errors;
}

function validateStoredVersions({ spec, status }: Definition, at: Path): FieldError[] {
  const stored = status?.storedVersions ?? [];
  if (stored.length === 0)
    return [invalid(at, status?.storedVersions ?? null, 'must have at least one stored version')];
  const errors: FieldError[] = [];
  const names = new Set(spec.versions.map(({ name }) => name));
  for (const { name, storage } of spec.versions)
    if (storage && !stored.includes(name))
      errors.push(invalid(at, goValue(stored), `must have the storage version ${name}`));
  for (const [i, name] of stored.entries()) {
    if (names.has(name)) continue;
    const why = `missing from spec.versions; ${name} was previously a storage version, and must remain in spec.versions until a storage migration ensures no data remains persisted in ${name} and removes ${name} from status.storedVersions`;
    errors.push(invalid(at.index(i), name, why));
  }
  return errors;
}

function validateApproval(definition: Definition, old: Definition | undefined): FieldError[] {
  if (!isProtectedGroup(definition.spec.group ?? '')) return [];
  const { state, reason } = approvalState(definition);
  if (old && approvalState(old).state === state) return [];
  if (state === 'approved' || state === 'bypassed') return [];
  const at = path('metadata', 'annotations').key(APPROVED_ANNOTATION);
  return state === 'missing'
    ? [required(at, reason)]
    : [invalid(at, definition.metadata.annotations?.[APPROVED_ANNOTATION], reason)];
}

function validatePreserving({ spec }: Definition, old: Definition | undefined): FieldError[] {
  if (old?.spec.preserveUnknownFields || spec.preserveUnknownFields !== true) return [];
  const why = 'cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead';
  return [invalid(path('spec', 'preserveUnknownFields'), true, why)];
}

function validateAll(definition: Definition, old: Definition | undefined): FieldError[] {
  const at = path('spec');
  const errors = validateSpec(internalSpec(definition.spec), at, old);
  if (old) {
    const { spec } = definition;
    const same = (field: Path, value: string | undefined, before: string | undefined) =>
      errors.push(...validateImmutable(value ?? '', before ?? '', field));
    if (isTrue(old, 'Established')) {
      same(at.child('scope'), spec.scope, old.spec.scope);
      same(at.child('names', 'kind'), spec.names?.kind, old.spec.names.kind);
    }
    same(at.child('group'), spec.group, old.spec.group);
    same(at.child('names', 'plural'), spec.names?.plural, old.spec.names.plural);
  }
  return [
    ...errors,
    ...validateNames(definition.status?.acceptedNames ?? {}, path('status', 'acceptedNames')),
    ...validateStoredVersions(definition, path('status', 'storedVersions')),
    ...validateApproval(definition, old),
    ...validatePreserving(definition, old),
  ];
}

export function validateDefinition(definition: Definition): FieldError[] {
  const { name } = definition.metadata;
  const { names, group } = definition.spec;
  const wanted = `${names?.plural ?? ''}.${group}`;
  const named =
    name === wanted ? [] : [invalid(path('metadata', 'name'), name ?? '', 'must be spec.names.plural+"."+spec.group')];
  return [...named, ...validateAll(definition, undefined)];
}

/** What was not right before and has not changed is let be. */
export function validateDefinitionUpdate(definition: Definition, old: Definition): FieldError[] {
  const errors = validateAll(definition, old);
  if (errors.length === 0) return errors;
  const before = new Set(validateAll(old, old).map(({ field, body }) => `${field}: ${body}`));
  const same = equal(definition.spec, old.spec);
  // a rule that was let in once may cost what it costs
  const mayStay = ({ body }: FieldError) => same || body.startsWith('Forbidden: estimated ');
  return errors.filter((error) => !mayStay(error) || !before.has(`${error.field}: ${error.body}`));
}

export const validateDefinitionStatus = ({ status }: Definition): FieldError[] =>
  validateNames(status?.acceptedNames ?? {}, path('status', 'acceptedNames'));
