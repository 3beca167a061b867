/** Where a pod may run: node selectors, affinity, tolerations and spreading. */
import { dns1123Label, dns1123Subdomain, labelValue, validateLabelSelector } from '../../api/names.ts';
import { duplicate, forbidden, invalid, notSupported, required, type FieldError, type Path } from '../../api/field.ts';
import type { Affinity, LabelSelector, NodeSelector, NodeSelectorTerm, PodSpec, Toleration } from '../../api/types.ts';
import { each, labelName, positive } from './scalars.ts';

type NodeRequirement = NonNullable<NodeSelectorTerm['matchExpressions']>[number];
type PodTerm = NonNullable<
  NonNullable<Affinity['podAffinity']>['requiredDuringSchedulingIgnoredDuringExecution']
>[number];

export const TAINT_EFFECTS = ['NoSchedule', 'PreferNoSchedule', 'NoExecute'];

function validateExpression(requirement: NodeRequirement, strictValues: boolean, path: Path): FieldError[] {
  const values = requirement.values ?? [];
  const at = path.child('values');
  const errors: FieldError[] = [];
  switch (requirement.operator) {
    case 'In':
    case 'NotIn':
      if (values.length === 0) errors.push(required(at, "must be specified when `operator` is 'In' or 'NotIn'"));
      break;
    case 'Exists':
    case 'DoesNotExist':
      if (values.length > 0)
        errors.push(forbidden(at, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"));
      break;
    case 'Gt':
    case 'Lt':
      if (values.length !== 1)
        errors.push(required(at, "must be specified single value when `operator` is 'Lt' or 'Gt'"));
      break;
    default:
      errors.push(invalid(path.child('operator'), requirement.operator, 'not a valid selector operator'));
  }
  errors.push(...labelName(requirement.key, path.child('key')));
  if (strictValues) errors.push(...values.flatMap((value, position) => each(at.index(position), value, labelValue)));
  return errors;
}

function validateFieldExpression(requirement: NodeRequirement, path: Path): FieldError[] {
  const values = requirement.values ?? [];
  const errors: FieldError[] = [];
  if (requirement.operator !== 'In' && requirement.operator !== 'NotIn')
    errors.push(invalid(path.child('operator'), requirement.operator, 'not a valid selector operator'));
  else if (values.length !== 1)
    errors.push(
      required(
        path.child('values'),
        "must be only one value when `operator` is 'In' or 'NotIn' for node field selector",
      ),
    );
  if (requirement.key !== 'metadata.name')
    errors.push(invalid(path.child('key'), requirement.key, 'not a valid field selector key'));
  else
    errors.push(
      ...values.flatMap((value, position) => each(path.child('values').index(position), value, dns1123Subdomain)),
    );
  return errors;
}

const validateTerm = (term: NodeSelectorTerm, strictValues: boolean, path: Path): FieldError[] => [
  ...(term.matchExpressions ?? []).flatMap((requirement, position) =>
    validateExpression(requirement, strictValues, path.child('matchExpressions').index(position)),
  ),
  ...(term.matchFields ?? []).flatMap((requirement, position) =>
    validateFieldExpression(requirement, path.child('matchFields').index(position)),
  ),
];

export function validateNodeSelector(selector: NodeSelector, path: Path, strictValues = true): FieldError[] {
  const at = path.child('nodeSelectorTerms');
  const terms = selector.nodeSelectorTerms ?? [];
  if (terms.length === 0) return [required(at, 'must have at least one node selector term')];
  return terms.flatMap((term, position) => validateTerm(term, strictValues, at.index(position)));
}

function validateLabelKeys(keys: readonly string[], selector: LabelSelector | undefined, path: Path): FieldError[] {
  if (keys.length === 0) return [];
  if (!selector) return [forbidden(path, 'must not be specified when labelSelector is not set')];
  return keys.flatMap((key, position) => labelName(key, path.index(position)));
}

/**
 * A key that stands in matchLabelKeys becomes an expression of the selector when the pod is made: it may appear there
 * once, but not twice.
 */
function validateKeysToMatch(
  match: readonly string[],
  mismatch: readonly string[],
  selector: LabelSelector | undefined,
  path: Path,
): FieldError[] {
  const errors = [
    ...validateLabelKeys(match, selector, path.child('matchLabelKeys')),
    ...validateLabelKeys(mismatch, selector, path.child('mismatchLabelKeys')),
  ];
  const seen = new Set(Object.keys(selector?.matchLabels ?? {}));
  for (const { key } of selector?.matchExpressions ?? []) {
    const position = match.lastIndexOf(key);
    if (position >= 0 && seen.has(key))
      errors.push(invalid(path.index(position), key, 'exists in both matchLabelKeys and labelSelector'));
    seen.add(key);
  }
  for (const [position, key] of match.entries())
    if (mismatch.includes(key))
      errors.push(
        invalid(
          path.child('matchLabelKeys').index(position),
          key,
          'exists in both matchLabelKeys and mismatchLabelKeys',
        ),
      );
  return errors;
}

function validatePodTerm(term: PodTerm, path: Path): FieldError[] {
  const errors = [
    ...validateLabelSelector(term.labelSelector, path.child('labelSelector')),
    ...validateLabelSelector(term.namespaceSelector, path.child('namespaceSelector')),
    ...(term.namespaces ?? []).flatMap((name) => each(path.child('namespace'), name, dns1123Label)),
    ...validateKeysToMatch(term.matchLabelKeys ?? [], term.mismatchLabelKeys ?? [], term.labelSelector, path),
  ];
  if (!term.topologyKey) errors.push(required(path.child('topologyKey'), 'can not be empty'));
  return [...errors, ...labelName(term.topologyKey, path.child('topologyKey'))];
}

const validateWeight = (weight: number, path: Path): FieldError[] =>
  weight <= 0 || weight > 100 ? [invalid(path.child('weight'), weight, 'must be in the range 1-100')] : [];

const REQUIRED = 'requiredDuringSchedulingIgnoredDuringExecution';
const PREFERRED = 'preferredDuringSchedulingIgnoredDuringExecution';

export function validateAffinity(affinity: Affinity | undefined, path: Path): FieldError[] {
  const errors: FieldError[] = [];
  const nodes = affinity?.nodeAffinity;
  const ofNodes = path.child('nodeAffinity');
  if (nodes?.[REQUIRED]) errors.push(...validateNodeSelector(nodes[REQUIRED], ofNodes.child(REQUIRED)));
  for (const [position, { weight, preference }] of (nodes?.[PREFERRED] ?? []).entries()) {
    const at = ofNodes.child(PREFERRED).index(position);
    errors.push(...validateWeight(weight, at), ...validateTerm(preference, false, at.child('preference')));
  }
  for (const kind of ['podAffinity', 'podAntiAffinity'] as const) {
    const pods = affinity?.[kind];
    for (const [position, term] of (pods?.[REQUIRED] ?? []).entries())
      errors.push(...validatePodTerm(term, path.child(kind, REQUIRED).index(position)));
    for (const [position, { weight, podAffinityTerm }] of (pods?.[PREFERRED] ?? []).entries()) {
      const at = path.child(kind, PREFERRED).index(position);
      errors.push(...validateWeight(weight, at), ...validatePodTerm(podAffinityTerm, at.child('podAffinityTerm')));
    }
  }
  return errors;
}

function validateOperator(toleration: Toleration, path: Path): FieldError[] {
  const value = toleration.value ?? '';
  const at = path.child('operator');
  switch (toleration.operator ?? '') {
    case '':
    case 'Equal': {
      const problems = labelValue(value);
      return problems.length > 0 ? [invalid(at, value, problems.join(';'))] : [];
    }
    case 'Exists':
      return value === '' ? [] : [invalid(at, value, "value must be empty when `operator` is 'Exists'")];
    case 'Lt':
    case 'Gt':
      // known, but switched off in 1.35
      return [notSupported(at, toleration.operator, ['Equal', 'Exists', 'Lt', 'Gt'])];
    default:
      return [notSupported(at, toleration.operator, ['Equal', 'Exists'])];
  }
}

export function validateTolerations(tolerations: readonly Toleration[], path: Path): FieldError[] {
  return tolerations.flatMap((toleration, position) => {
    const at = path.index(position);
    const { key, operator, effect, tolerationSeconds } = toleration;
    const errors: FieldError[] = key ? labelName(key, at.child('key')) : [];
    if (!key && operator !== 'Exists')
      errors.push(
        invalid(
          at.child('operator'),
          operator ?? '',
          'operator must be Exists when `key` is empty, which means "match all values and all keys"',
        ),
      );
    if (tolerationSeconds !== undefined && effect !== 'NoExecute')
      errors.push(
        invalid(at.child('effect'), effect ?? '', "effect must be 'NoExecute' when `tolerationSeconds` is set"),
      );
    errors.push(...validateOperator(toleration, at));
    if (effect && !TAINT_EFFECTS.includes(effect)) errors.push(notSupported(at.child('effect'), effect, TAINT_EFFECTS));
    return errors;
  });
}

const ACTIONS = ['DoNotSchedule', 'ScheduleAnyway'];
const POLICIES = ['Honor', 'Ignore'];

export function validateSpread(
  constraints: NonNullable<PodSpec['topologySpreadConstraints']>,
  path: Path,
): FieldError[] {
  return constraints.flatMap((constraint, position) => {
    const at = path.index(position);
    const { topologyKey, whenUnsatisfiable: action, minDomains } = constraint;
    const errors: FieldError[] = positive(constraint.maxSkew, at.child('maxSkew'));
    if (!topologyKey) errors.push(required(at.child('topologyKey'), 'can not be empty'));
    if (!ACTIONS.includes(action)) errors.push(notSupported(at.child('whenUnsatisfiable'), action, ACTIONS));
    const repeated = constraints
      .slice(position + 1)
      .some((other) => other.topologyKey === topologyKey && other.whenUnsatisfiable === action);
    if (repeated) errors.push(duplicate(at.child('{topologyKey, whenUnsatisfiable}'), `{${topologyKey}, ${action}}`));
    if (minDomains !== undefined) {
      errors.push(...positive(minDomains, at.child('minDomains')));
      if (action !== 'DoNotSchedule')
        errors.push(
          invalid(
            at.child('minDomains'),
            minDomains,
            `can only use minDomains if whenUnsatisfiable=DoNotSchedule, not ${action}`,
          ),
        );
    }
    for (const name of ['nodeAffinityPolicy', 'nodeTaintsPolicy'] as const) {
      const policy = constraint[name];
      if (policy !== undefined && !POLICIES.includes(policy))
        errors.push(notSupported(at.child(name), policy, POLICIES));
    }
    return [
      ...errors,
      ...validateKeysToMatch(constraint.matchLabelKeys ?? [], [], constraint.labelSelector, at),
      ...validateLabelSelector(constraint.labelSelector, at.child('labelSelector')),
    ];
  });
}
