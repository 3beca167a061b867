/** Webhooks, first those that may change a request, later those that may only refuse it. All are out of reach: see call.ts. */
import { badRequest, internalError } from '../../api/status.ts';
import type { Webhook, WebhookConfiguration } from '../../api/admission-registration.ts';
import type { Reader } from '../../store/client.ts';
import { attributesOf, isExempt, type Attributes } from '../request-attributes.ts';
import { matchConditionsMeet } from '../evaluation.ts';
import { matchRules, selectorsMatch } from '../match-rules.ts';
import type { AdmissionPlugin, AdmissionRequest } from '../plugin.ts';
import { refuse } from '../request.ts';
import { callProblem } from './call.ts';

const GROUP = 'admissionregistration.k8s.io';
const HARMLESS = new Set(['None', 'NoneOnDryRun']);

/** @throws StatusError when a match condition fails */
function isCalled(store: Reader, hook: Webhook, request: AdmissionRequest, attributes: Attributes): boolean {
  if (!selectorsMatch(store, hook, attributes)) return false;
  const match = matchRules(hook.rules ?? [], hook.matchPolicy, attributes);
  if (!match) return false;
  const subject = { request, attributes, match, store };
  const meets = matchConditionsMeet(hook.matchConditions ?? [], hook.failurePolicy, subject);
  if (typeof meets === 'object') throw refuse(request, meets.error);
  return meets === 'met';
}

/** @throws StatusError unless its failure is to be ignored */
function call(store: Reader, hook: Webhook, request: AdmissionRequest): void {
  const { name = '', sideEffects, failurePolicy } = hook;
  if (request.dryRun && !HARMLESS.has(sideEffects ?? '')) {
    throw badRequest(`admission webhook ${JSON.stringify(name)} does not support dry run`);
  }
  if (failurePolicy === 'Ignore') return;
  throw internalError(`failed calling webhook ${JSON.stringify(name)}: ${callProblem(store, hook)}`);
}

function dispatch(resource: string, request: AdmissionRequest, store: Reader): void {
  const configurations = store.list<WebhookConfiguration>(`${resource}.${GROUP}`);
  if (configurations.length === 0) return;
  const attributes = attributesOf(request);
  if (isExempt(attributes)) return;
  for (const hook of configurations.flatMap(({ webhooks = [] }) => webhooks)) {
    if (isCalled(store, hook, request, attributes)) call(store, hook, request);
  }
}

export const mutatingAdmissionWebhook: AdmissionPlugin = {
  name: 'MutatingAdmissionWebhook',
  mutate: (request, { store }) => dispatch('mutatingwebhookconfigurations', request, store),
};

export const validatingAdmissionWebhook: AdmissionPlugin = {
  name: 'ValidatingAdmissionWebhook',
  validate: (request, { store }) => dispatch('validatingwebhookconfigurations', request, store),
};
