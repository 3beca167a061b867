/** The objects of admissionregistration.k8s.io/v1. */
import type { KubeObject, LabelSelector } from './types.ts';

export const GROUP = 'admissionregistration.k8s.io';

export interface Rule {
  apiGroups?: string[];
  apiVersions?: string[];
  resources?: string[];
  operations?: string[];
  scope?: string;
}
export interface NamedRule extends Rule {
  resourceNames?: string[];
}
export interface MatchCondition {
  name?: string;
  expression?: string;
}
export interface ServiceReference {
  namespace?: string;
  name?: string;
  path?: string;
  port?: number;
}
export interface Webhook {
  name?: string;
  clientConfig?: { url?: string; service?: ServiceReference; caBundle?: string };
  rules?: Rule[];
  failurePolicy?: string;
  matchPolicy?: string;
  namespaceSelector?: LabelSelector;
  objectSelector?: LabelSelector;
  /** null when nothing was said: Go's struct always writes it. */
  sideEffects?: string | null;
  timeoutSeconds?: number;
  admissionReviewVersions?: string[];
  matchConditions?: MatchCondition[];
  reinvocationPolicy?: string;
}
export interface WebhookConfiguration extends KubeObject {
  webhooks?: Webhook[];
}

export interface MatchResources {
  namespaceSelector?: LabelSelector;
  objectSelector?: LabelSelector;
  resourceRules?: NamedRule[];
  excludeResourceRules?: NamedRule[];
  matchPolicy?: string;
}
export interface ParamKind {
  apiVersion?: string;
  kind?: string;
}
export interface Validation {
  expression?: string;
  message?: string;
  messageExpression?: string;
  reason?: string;
}
export interface AuditAnnotation {
  key?: string;
  valueExpression?: string;
}
export interface Variable {
  name?: string;
  expression?: string;
}
export interface PolicySpec {
  paramKind?: ParamKind;
  matchConstraints?: MatchResources;
  validations?: Validation[];
  failurePolicy?: string;
  auditAnnotations?: AuditAnnotation[];
  matchConditions?: MatchCondition[];
  variables?: Variable[];
}
export interface ValidatingAdmissionPolicy extends KubeObject {
  spec?: PolicySpec;
  status?: {
    observedGeneration?: number;
    typeChecking?: { expressionWarnings?: { fieldRef?: string; warning?: string }[] };
    conditions?: unknown[];
  };
}
export interface ParamRef {
  name?: string;
  namespace?: string;
  selector?: LabelSelector;
  parameterNotFoundAction?: string;
}
export interface BindingSpec {
  policyName?: string;
  paramRef?: ParamRef;
  matchResources?: MatchResources;
  validationActions?: string[];
}
export interface ValidatingAdmissionPolicyBinding extends KubeObject {
  spec?: BindingSpec;
}
