import { invalid, path, required, type FieldError } from '../../api/field.ts';
import { validateLabelSelector } from '../../api/names.ts';
import type { ClusterRole } from '../../api/types.ts';
import type { Kind } from '../kind.ts';
import { rulesErrors } from './rules.ts';

function validate({ rules, aggregationRule }: ClusterRole): FieldError[] {
  const errors = rulesErrors(rules, false, path('rules'));
  if (!aggregationRule) return errors;
  const at = path('aggregationRule', 'clusterRoleSelectors');
  const selectors = aggregationRule.clusterRoleSelectors ?? [];
  if (selectors.length === 0) {
    errors.push(required(at, 'at least one clusterRoleSelector required if aggregationRule is non-nil'));
  }
  return [
    ...errors,
    ...selectors.flatMap((selector, position) => {
      const problems = validateLabelSelector(selector, at.index(position));
      // what can't be read as a selector is told once more; the value is the selector that did not come about
      return problems.length === 0 ? [] : [...problems, invalid(at.index(position), null, 'invalid label selector.')];
    }),
  ];
}

export const clusterRole: Kind<ClusterRole> = {
  resource: 'clusterroles.rbac.authorization.k8s.io',
  nameFormat: 'pathSegment',
  createOnUpdate: true,
  validate,
  validateUpdate: validate,
};
