/** PodDisruptionBudgets: how many pods of an application may be evicted. */
import { validateLabelSelector } from '../../../api/names.ts';
import { invalid, notSupported, path, type FieldError } from '../../../api/field.ts';
import type { PodDisruptionBudget } from '../../../api/types.ts';
import { atMostAll, validateIntOrPercent } from '../../apps/int-or-percent.ts';
import { validateCounters } from '../../apps/status.ts';
import type { Kind } from '../../kind.ts';
import { age } from '../../pod-spec/columns.ts';

const SPEC = path('spec');
const POLICIES = ['AlwaysAllow', 'IfHealthyBudget'];
const NO_STATUS = { currentHealthy: 0, desiredHealthy: 0, disruptionsAllowed: 0, expectedPods: 0 };

function validate({ spec = {} }: PodDisruptionBudget): FieldError[] {
  const { minAvailable, maxUnavailable, selector, unhealthyPodEvictionPolicy: policy } = spec;
  const errors: FieldError[] = [];
  if (minAvailable !== undefined && maxUnavailable !== undefined) {
    // as the server prints its own struct
    const shown = {
      MinAvailable: minAvailable,
      Selector: selector ?? null,
      MaxUnavailable: maxUnavailable,
      UnhealthyPodEvictionPolicy: policy ?? null,
    };
    errors.push(invalid(SPEC, shown, 'minAvailable and maxUnavailable cannot be both set'));
  }
  for (const field of ['minAvailable', 'maxUnavailable'] as const) {
    const value = spec[field];
    if (value === undefined) continue;
    const at = SPEC.child(field);
    errors.push(...validateIntOrPercent(value, at), ...atMostAll(value, at));
  }
  errors.push(...validateLabelSelector(selector, SPEC.child('selector')));
  if (policy !== undefined && !POLICIES.includes(policy))
    errors.push(notSupported(SPEC.child('unhealthyPodEvictionPolicy'), policy, POLICIES));
  return errors;
}

export const podDisruptionBudget: Kind<PodDisruptionBudget> = {
  resource: 'poddisruptionbudgets.policy',
  unconditionalUpdate: false,
  onlyCommonMetadata: true,

  defaults(object) {
    object.spec ??= {};
  },
  prepareForCreate(object) {
    object.status = { ...NO_STATUS };
  },

  validate,
  validateUpdate: validate,
  validateStatusUpdate: ({ status }) =>
    validateCounters({ ...status }, ['disruptionsAllowed', 'currentHealthy', 'desiredHealthy', 'expectedPods']),

  cells(object) {
    const { minAvailable, maxUnavailable } = object.spec ?? {};
    return [
      object.metadata.name,
      String(minAvailable ?? 'N/A'),
      String(maxUnavailable ?? 'N/A'),
      object.status?.disruptionsAllowed ?? 0,
      age(object),
    ];
  },
};
