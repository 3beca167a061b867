/** Kept and shown; nothing here calls webhooks or evaluates policies. */
import type { KubeObject, LabelSelector } from '../../api/types.ts';
import { labelSelectorText } from '../../api/selector.ts';
import type { Kind } from '../kind.ts';

export type WebhookConfiguration = KubeObject & { webhooks?: unknown[] };
export type ValidatingAdmissionPolicy = KubeObject & {
  spec?: { validations?: unknown[]; paramKind?: { apiVersion?: string; kind?: string } };
};
export type ValidatingAdmissionPolicyBinding = KubeObject & {
  spec?: { policyName?: string; paramRef?: { name?: string; namespace?: string; selector?: LabelSelector } };
};

const GROUP = 'admissionregistration.k8s.io';

const webhooks = (resource: string): Kind<WebhookConfiguration> => ({
  resource: `${resource}.${GROUP}`,
  cells: (object) => [object.metadata.name, object.webhooks?.length ?? 0, object.metadata.creationTimestamp ?? null],
});
export const mutatingWebhookConfiguration = webhooks('mutatingwebhookconfigurations');
export const validatingWebhookConfiguration = webhooks('validatingwebhookconfigurations');

export const validatingAdmissionPolicy: Kind<ValidatingAdmissionPolicy> = {
  resource: `validatingadmissionpolicies.${GROUP}`,
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

function paramText(ref: NonNullable<ValidatingAdmissionPolicyBinding['spec']>['paramRef']): string {
  // whether the parameters have a namespace can't be told from here
  if (ref?.name) return `${ref.namespace || '*'}/${ref.name}`;
  return ref?.selector ? labelSelectorText(ref.selector) : '<unset>';
}

export const validatingAdmissionPolicyBinding: Kind<ValidatingAdmissionPolicyBinding> = {
  resource: `validatingadmissionpolicybindings.${GROUP}`,
  cells: ({ metadata, spec }) => [
    metadata.name,
    spec?.policyName ?? '',
    paramText(spec?.paramRef),
    metadata.creationTimestamp ?? null,
  ],
};
