import { invalid, required, type FieldError, type Path } from '../../api/field.ts';
import type { PolicyRule } from '../../api/types.ts';

/** `null` where Go has no list. */
const shown = (list: readonly string[] | undefined) => (list?.length ? list : null);

function ruleErrors(rule: PolicyRule, namespaced: boolean, at: Path): FieldError[] {
  const errors: FieldError[] = [];
  if (!rule.verbs?.length) errors.push(required(at.child('verbs'), 'verbs must contain at least one value'));
  const given = (list: readonly string[] | undefined) => (list?.length ?? 0) > 0;
  if (given(rule.nonResourceURLs)) {
    const urls = at.child('nonResourceURLs');
    const refuse = (detail: string) => errors.push(invalid(urls, shown(rule.nonResourceURLs), detail));
    if (namespaced) refuse('namespaced rules cannot apply to non-resource URLs');
    if (given(rule.apiGroups) || given(rule.resources) || given(rule.resourceNames)) {
      refuse('rules cannot apply to both regular resources and non-resource URLs');
    }
    return errors;
  }
  if (!given(rule.apiGroups)) {
    errors.push(required(at.child('apiGroups'), 'resource rules must supply at least one api group'));
  }
  if (!given(rule.resources)) {
    errors.push(required(at.child('resources'), 'resource rules must supply at least one resource'));
  }
  return errors;
}

export const rulesErrors = (rules: readonly PolicyRule[] | undefined, namespaced: boolean, at: Path): FieldError[] =>
  (rules ?? []).flatMap((rule, position) => ruleErrors(rule, namespaced, at.index(position)));
