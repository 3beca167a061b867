/** ValidatingAdmissionPolicyBinding: puts a policy into force, with parameters and for a part of the cluster. */
import {
  duplicate,
  forbidden,
  invalid,
  notSupported,
  path,
  required,
  type FieldError,
  type Path,
} from '../../api/field.ts';
import { dns1123Subdomain, pathSegment, validateLabelSelector } from '../../api/names.ts';
import { labelSelectorGoText } from '../../api/selector.ts';
import type { Kind } from '../kind.ts';
import { defaultMatchResources, matchResourcesErrors } from './rules.ts';
import { GROUP, type ParamRef, type ValidatingAdmissionPolicyBinding } from '../../api/admission-registration.ts';

const ACTIONS = ['Audit', 'Deny', 'Warn'];
const NOT_FOUND_ACTIONS = ['Deny', 'Allow'];
const EITHER = 'name and selector are mutually exclusive';

function paramRefErrors(ref: ParamRef | undefined, at: Path): FieldError[] {
  if (!ref) return [];
  const { name = '', selector, parameterNotFoundAction: action = '' } = ref;
  const errors: FieldError[] = [];
  if (name !== '') {
    for (const problem of pathSegment(name)) errors.push(invalid(at.child('name'), name, problem));
    if (selector) errors.push(forbidden(at.child('name'), EITHER));
  }
  if (selector) {
    errors.push(...validateLabelSelector(selector, at.child('selector')));
    if (name !== '') errors.push(forbidden(at.child('selector'), EITHER));
  }
  if (name === '' && !selector) errors.push(required(at, 'one of name or selector must be specified'));
  const here = at.child('parameterNotFoundAction');
  if (action === '') errors.push(required(here));
  else if (!NOT_FOUND_ACTIONS.includes(action)) errors.push(notSupported(here, action, NOT_FOUND_ACTIONS));
  return errors;
}

function actionErrors(actions: readonly string[], at: Path): FieldError[] {
  const errors: FieldError[] = [];
  const seen = new Set<string>();
  for (const [i, action] of actions.entries()) {
    if (!ACTIONS.includes(action)) errors.push(notSupported(at.index(i), action, ACTIONS));
    if (seen.has(action)) errors.push(duplicate(at.index(i), action));
    seen.add(action);
  }
  if (seen.has('Deny') && seen.has('Warn')) {
    const detail =
      'must not contain both Deny and Warn (repeating the same validation failure information in the API response and headers serves no purpose)';
    errors.push(invalid(at, actions, detail));
  }
  return seen.size === 0 ? [...errors, required(at, 'at least one validation action is required')] : errors;
}

function validate({ spec = {} }: ValidatingAdmissionPolicyBinding): FieldError[] {
  const at = path('spec');
  const { policyName = '' } = spec;
  return [
    ...(policyName === ''
      ? [required(at.child('policyName'))]
      : dns1123Subdomain(policyName).map((problem) => invalid(at.child('policyName'), policyName, problem))),
    ...paramRefErrors(spec.paramRef, at.child('paramRef')),
    ...matchResourcesErrors(spec.matchResources, at.child('matchResources')),
    ...actionErrors(spec.validationActions ?? [], at.child('validationActions')),
  ];
}

function paramText(ref: ParamRef | undefined): string {
  // whether the parameters have a namespace can't be told from here
  if (ref?.name) return `${ref.namespace || '*'}/${ref.name}`;
  return ref?.selector ? labelSelectorGoText(ref.selector) : '<unset>';
}

export const validatingAdmissionPolicyBinding: Kind<ValidatingAdmissionPolicyBinding> = {
  resource: `validatingadmissionpolicybindings.${GROUP}`,
  defaults: ({ spec }) => defaultMatchResources(spec?.matchResources),
  validate,
  validateUpdate: validate,
  unconditionalUpdate: false,
  cells: ({ metadata, spec }) => [
    metadata.name,
    spec?.policyName ?? '',
    paramText(spec?.paramRef),
    metadata.creationTimestamp ?? null,
  ],
};
