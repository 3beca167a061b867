import { approvalState, isProtectedGroup } from '../../schema/structural/api-approval.ts';
import type { Condition, CustomResourceDefinition } from '../../schema/structural/custom-resource-definition.ts';

const REASONS = {
  approved: ['True', 'ApprovedAnnotation'],
  bypassed: ['False', 'UnapprovedAnnotation'],
  missing: ['False', 'MissingAnnotation'],
  invalid: ['False', 'InvalidAnnotation'],
} as const;

/** The condition of a definition in a protected group; undefined for all others. */
export function approval(definition: CustomResourceDefinition): Omit<Condition, 'lastTransitionTime'> | undefined {
  if (!isProtectedGroup(definition.spec.group)) return undefined;
  const { state, reason: message } = approvalState(definition);
  const [status, reason] = REASONS[state];
  return { type: 'KubernetesAPIApprovalPolicyConformant', status, reason, message };
}
