/** Webhooks and policies that requests pass through; cluster/admission acts on them. */
export type {
  ValidatingAdmissionPolicy,
  ValidatingAdmissionPolicyBinding,
  WebhookConfiguration,
} from '../../api/admission-registration.ts';
export { validatingAdmissionPolicy } from './validating-admission-policy.ts';
export { validatingAdmissionPolicyBinding } from './validating-admission-policy-binding.ts';
export { mutatingWebhookConfiguration, validatingWebhookConfiguration } from './webhook-configuration.ts';
