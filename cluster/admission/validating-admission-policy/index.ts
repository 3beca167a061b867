/** Policies written as expressions: each request that a bound policy is about has to satisfy it. */
import { StatusError } from '../../api/status.ts';
import type { KubeObject } from '../../api/types.ts';
import type { ValidatingAdmissionPolicy, ValidatingAdmissionPolicyBinding } from '../../api/admission-registration.ts';
import type { Reader } from '../../store/client.ts';
import { attributesOf, isExempt } from '../request-attributes.ts';
import { matchResources } from '../match-rules.ts';
import type { AdmissionPlugin, AdmissionRequest } from '../plugin.ts';
import { refuse } from '../request.ts';
import { collectParams, Misconfigured, paramResource } from './params.ts';
import { validatePolicy, type Denial } from './validate.ts';

const POLICIES = 'validatingadmissionpolicies.admissionregistration.k8s.io';
const BINDINGS = 'validatingadmissionpolicybindings.admissionregistration.k8s.io';

const CODES: Record<string, number> = { Forbidden: 403, Unauthorized: 401, RequestEntityTooLarge: 413 };

interface Refusal extends Denial {
  policy: string;
  binding?: string;
}

function denied(request: AdmissionRequest, { policy, binding, message, reason }: Refusal): StatusError {
  const by = binding === undefined ? '' : ` with binding '${binding}'`;
  const sentence = `ValidatingAdmissionPolicy '${policy}'${by} denied request: ${message}`;
  const { status } = refuse(request, sentence);
  return new StatusError({
    ...status,
    reason: reason || 'Invalid',
    code: CODES[reason] ?? 422,
    details: { ...status.details, causes: [{ message: sentence }] },
  });
}

/** Runs `use`; what is misconfigured is a refusal, unless the policy says to ignore that. */
function guarded(ignore: boolean, what: string, refuseWith: (denial: Denial) => void, use: () => void): void {
  try {
    use();
  } catch (problem) {
    if (!(problem instanceof Misconfigured)) throw problem;
    if (!ignore) refuseWith({ message: `failed to configure ${what}: ${problem.message}`, reason: '' });
  }
}

function refusalsOf(
  store: Reader,
  request: AdmissionRequest,
  policy: ValidatingAdmissionPolicy,
  bindings: readonly ValidatingAdmissionPolicyBinding[],
): Refusal[] {
  const attributes = attributesOf(request);
  const { spec = {} } = policy;
  const refusals: Refusal[] = [];
  const { name } = policy.metadata;
  const match = matchResources(store, spec.matchConstraints, attributes);
  if (!match) return refusals;
  const ignore = spec.failurePolicy === 'Ignore';
  guarded(
    ignore,
    'policy',
    (denial) => refusals.push({ ...denial, policy: name }),
    () => {
      const { paramKind } = spec;
      const resource = paramKind && paramResource(store, paramKind);
      for (const binding of bindings) {
        if (!matchResources(store, binding.spec?.matchResources, attributes)) continue;
        const add = (denial: Denial) => refusals.push({ ...denial, policy: name, binding: binding.metadata.name });
        guarded(ignore, 'binding', add, () => {
          const params: readonly (KubeObject | null | undefined)[] =
            paramKind && resource
              ? collectParams(store, paramKind, resource, binding.spec?.paramRef, attributes.namespace)
              : [undefined];
          for (const one of params) {
            const subject = { request, attributes, match, store, ...(one === undefined ? {} : { params: one }) };
            const { denials, annotationErrors } = validatePolicy(policy, subject);
            for (const denial of denials) {
              for (const action of binding.spec?.validationActions ?? []) {
                if (action === 'Deny') add(denial);
                if (action !== 'Warn') continue;
                request.warn(
                  `Validation failed for ValidatingAdmissionPolicy '${name}' with binding '${binding.metadata.name}': ${denial.message}`,
                );
              }
            }
            annotationErrors.forEach(add);
          }
        });
      }
    },
  );
  return refusals;
}

export const validatingAdmissionPolicy: AdmissionPlugin = {
  name: 'ValidatingAdmissionPolicy',
  validate(request, { store }) {
    const bindings = store.list<ValidatingAdmissionPolicyBinding>(BINDINGS);
    if (bindings.length === 0 || isExempt(attributesOf(request))) return;
    const refusals = store
      .list<ValidatingAdmissionPolicy>(POLICIES)
      .map((policy) => ({ policy, own: bindings.filter(({ spec }) => spec?.policyName === policy.metadata.name) }))
      .filter(({ own }) => own.length > 0)
      .flatMap(({ policy, own }) => refusalsOf(store, request, policy, own));
    const [first] = refusals;
    if (first) throw denied(request, first);
  },
};
