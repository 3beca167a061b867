/** Groups of the Kubernetes community need an approval that says where they were approved. */
import type { CustomResourceDefinition } from './custom-resource-definition.ts';

export const APPROVED_ANNOTATION = 'api-approved.kubernetes.io';

export const isProtectedGroup = (group: string): boolean => /(?:^|\.)(?:k8s|kubernetes)\.io$/.test(group);

export interface ApprovalState {
  state: 'missing' | 'bypassed' | 'approved' | 'invalid';
  reason: string;
}

export function approvalState({ metadata }: CustomResourceDefinition): ApprovalState {
  const annotation = metadata.annotations?.[APPROVED_ANNOTATION] ?? '';
  const must = `protected groups must have approval annotation ${JSON.stringify(APPROVED_ANNOTATION)}`;
  const more = 'see https://github.com/kubernetes/enhancements/pull/1111';
  if (annotation === '') return { state: 'missing', reason: `${must}, ${more}` };
  if (annotation.startsWith('unapproved'))
    return { state: 'bypassed', reason: `not approved: ${JSON.stringify(annotation)}` };
  if (/^[a-zA-Z][a-zA-Z0-9+.-]*:\/\/[^/?#\s]+/.test(annotation))
    return { state: 'approved', reason: `approved in ${annotation}` };
  return { state: 'invalid', reason: `${must} with either a URL or a reason starting with "unapproved", ${more}` };
}
