/** ValidatingAdmissionPolicy: expressions that requests have to satisfy. */
import { duplicate, invalid, notSupported, path, required, type FieldError, type Path } from '../../api/field.ts';
import { dns1035Label, dns1123Subdomain, validateLabelName } from '../../api/names.ts';
import { compileAdmission, variableType, type AdmissionNames, type RETURNS } from '../../cel/admission.ts';
import { DYN, type Type } from '../../cel/types.ts';
import type { Kind } from '../kind.ts';
import { matchConditionErrors } from './match-conditions.ts';
import { defaultMatchResources, FAILURE_POLICIES, matchResourcesErrors } from './rules.ts';
import {
  GROUP,
  type AuditAnnotation,
  type ParamKind,
  type PolicySpec,
  type ValidatingAdmissionPolicy,
  type Validation,
  type Variable,
} from '../../api/admission-registration.ts';

const REASONS = ['Forbidden', 'Invalid', 'RequestEntityTooLarge'];
const MOST_ANNOTATIONS = 20;
/** Bytes of one annotation's expression. */
const LONGEST_ANNOTATION = 5 * 1024;
const NOT_BOTH_EMPTY = 'validations or auditAnnotations must contain at least one item';
const CEL_WORDS = new Set(
  'true false null in as break const continue else for function if import let loop package namespace return var void while'.split(
    ' ',
  ),
);

function paramKindErrors({ apiVersion = '', kind = '' }: ParamKind, at: Path): FieldError[] {
  const errors: FieldError[] = [];
  const here = at.child('apiVersion');
  const parts = apiVersion.split('/');
  if (apiVersion === '') errors.push(required(here));
  else if (parts.length > 2) errors.push(invalid(here, apiVersion, `unexpected GroupVersion string: ${apiVersion}`));
  else {
    const [group, version] = parts.length === 2 ? [parts[0] ?? '', parts[1] ?? ''] : ['', apiVersion];
    const bad = group === '' ? [] : dns1123Subdomain(group);
    if (bad.length > 0) errors.push(invalid(here, group, bad.join(',')));
    if (version === '') errors.push(invalid(here, apiVersion, 'version must be specified'));
    else if (dns1035Label(version).length > 0) errors.push(invalid(here, version, dns1035Label(version).join(',')));
  }
  if (kind === '') errors.push(required(at.child('kind')));
  else {
    const problems = dns1035Label(kind.toLowerCase());
    if (problems.length > 0) {
      const detail = `may have mixed case, but should otherwise match: ${problems.join(',')}`;
      errors.push(invalid(at.child('kind'), kind, detail));
    }
  }
  return errors;
}

function compileErrors(
  text: string,
  names: AdmissionNames,
  returns: keyof typeof RETURNS,
  at: Path,
  shown = text,
): FieldError[] {
  const compiled = compileAdmission(text, names, returns);
  return 'problem' in compiled ? [invalid(at, shown, compiled.problem)] : [];
}

/** Each variable may use those before it; what fails to compile may be anything. */
function variableErrors(variables: readonly Variable[], params: boolean, at: Path) {
  const types = new Map<string, Type>();
  const errors = variables.flatMap(({ name = '', expression = '' }, i) => {
    const here = at.index(i);
    const problems: FieldError[] = [];
    if (name.trim() === '') problems.push(required(here.child('name'), 'name is not specified'));
    else if (!/^[_a-zA-Z][_a-zA-Z0-9]*$/.test(name) || CEL_WORDS.has(name)) {
      problems.push(invalid(here.child('name'), name, 'must be a valid CEL identifier'));
    }
    if (expression.trim() === '') {
      problems.push(required(here.child('expression'), 'expression is not specified'));
      return problems;
    }
    const compiled = compileAdmission(expression, { params, authorizer: true, variables: new Map(types) }, 'variable');
    if ('problem' in compiled) problems.push(invalid(here.child('expression'), expression, compiled.problem));
    types.set(name, 'program' in compiled ? variableType(compiled.program.type) : DYN);
    return problems;
  });
  return { errors, types };
}

function validationErrors(validation: Validation, names: AdmissionNames, at: Path): FieldError[] {
  const { expression = '', message = '', messageExpression = '', reason } = validation;
  const errors =
    expression.trim() === ''
      ? [required(at.child('expression'), 'expression is not specified')]
      : compileErrors(expression, names, 'condition', at.child('expression'));
  if (messageExpression !== '') {
    const here = at.child('messageExpression');
    errors.push(
      ...(messageExpression.trim() === ''
        ? [invalid(here, messageExpression, 'must be non-empty if specified')]
        : compileErrors(messageExpression, { ...names, authorizer: false }, 'message', here)),
    );
  }
  if (message !== '' && message.trim() === '') {
    errors.push(invalid(at.child('message'), message, 'must be non-empty if specified'));
  } else if (/[\n\r]/.test(message.trim())) {
    errors.push(invalid(at.child('message'), message, 'must not contain line breaks'));
  }
  if (reason !== undefined && !REASONS.includes(reason)) {
    errors.push(notSupported(at.child('reason'), reason, REASONS));
  }
  return errors;
}

function annotationErrors(
  { key = '', valueExpression = '' }: AuditAnnotation,
  policy: string,
  names: AdmissionNames,
  at: Path,
): FieldError[] {
  const errors =
    policy === ''
      ? [invalid(at.child('key'), key, 'requires metadata.name be non-empty')]
      : validateLabelName(`${policy}/${key}`, at.child('key'));
  const here = at.child('valueExpression');
  const trimmed = valueExpression.trim();
  if (trimmed === '') return [...errors, required(here, 'valueExpression is not specified')];
  if (Buffer.byteLength(trimmed) > LONGEST_ANNOTATION) {
    return [...errors, required(here, `must not exceed ${LONGEST_ANNOTATION} bytes in length`)];
  }
  return [...errors, ...compileErrors(trimmed, names, 'annotation', here, valueExpression)];
}

function validate({ metadata, spec = {} }: ValidatingAdmissionPolicy, keptConditions: boolean): FieldError[] {
  const at = path('spec');
  const { failurePolicy, paramKind, matchConstraints, variables = [], validations = [], auditAnnotations = [] } = spec;
  const params = paramKind !== undefined;
  const errors: FieldError[] = [];
  if (failurePolicy !== undefined && !FAILURE_POLICIES.includes(failurePolicy)) {
    errors.push(notSupported(at.child('failurePolicy'), failurePolicy, FAILURE_POLICIES));
  }
  if (paramKind) errors.push(...paramKindErrors(paramKind, at.child('paramKind')));
  if (!matchConstraints) errors.push(required(at.child('matchConstraints')));
  else {
    errors.push(...matchResourcesErrors(matchConstraints, at.child('matchConstraints')));
    if ((matchConstraints.resourceRules ?? []).length === 0) {
      errors.push(required(at.child('matchConstraints', 'resourceRules')));
    }
  }
  if (!keptConditions) {
    errors.push(...matchConditionErrors(spec.matchConditions, { params }, at.child('matchConditions')));
  }
  const defined = variableErrors(variables, params, at.child('variables'));
  errors.push(...defined.errors);
  if (validations.length === 0 && auditAnnotations.length === 0) {
    return [
      ...errors,
      required(at.child('validations'), NOT_BOTH_EMPTY),
      required(at.child('auditAnnotations'), NOT_BOTH_EMPTY),
    ];
  }
  const names: AdmissionNames = {
    params,
    authorizer: true,
    ...(variables.length > 0 ? { variables: defined.types } : {}),
  };
  validations.forEach((validation, i) =>
    errors.push(...validationErrors(validation, names, at.child('validations').index(i))),
  );
  if (auditAnnotations.length > MOST_ANNOTATIONS) {
    const detail = `must not have more than ${MOST_ANNOTATIONS} auditAnnotations`;
    errors.push(invalid(at.child('auditAnnotations'), auditAnnotations, detail));
  }
  const keys = new Set<string>();
  auditAnnotations.forEach((annotation, i) => {
    const here = at.child('auditAnnotations').index(i);
    const { key = '' } = annotation;
    errors.push(...annotationErrors(annotation, metadata.name ?? '', names, here));
    if (keys.has(key)) errors.push(duplicate(here.child('key'), key));
    keys.add(key);
  });
  return errors;
}

const samePart = (a: PolicySpec | undefined, b: PolicySpec | undefined, part: 'paramKind' | 'matchConditions') =>
  JSON.stringify(a?.[part] ?? null) === JSON.stringify(b?.[part] ?? null);

export const validatingAdmissionPolicy: Kind<ValidatingAdmissionPolicy> = {
  resource: `validatingadmissionpolicies.${GROUP}`,
  defaults({ spec }) {
    if (!spec) return;
    spec.failurePolicy ??= 'Fail';
    defaultMatchResources(spec.matchConstraints);
  },
  prepareForCreate(object) {
    object.status = {};
  },
  validate: (object) => validate(object, false),
  validateUpdate: (object, old) =>
    validate(
      object,
      samePart(object.spec, old.spec, 'paramKind') && samePart(object.spec, old.spec, 'matchConditions'),
    ),
  unconditionalUpdate: false,
  cells({ metadata, spec }) {
    const { apiVersion = '', kind = '' } = spec?.paramKind ?? {};
    return [
      metadata.name,
      spec?.validations?.length ?? 0,
      spec?.paramKind ? `${apiVersion}/${kind}` : '<unset>',
      metadata.creationTimestamp ?? null,
    ];
  },
};
