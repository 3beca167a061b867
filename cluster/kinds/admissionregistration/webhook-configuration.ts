/** ValidatingWebhookConfiguration and MutatingWebhookConfiguration: the same but for who may change objects. */
import { duplicate, invalid, notSupported, path, required, type FieldError, type Path } from '../../api/field.ts';
import { parseUrl } from '../../api/go-url.ts';
import { dns1035Label, dns1123Subdomain, portNumber, validateLabelSelector } from '../../api/names.ts';
import type { Kind } from '../kind.ts';
import { matchConditionErrors } from './match-conditions.ts';
import { defaultRules, FAILURE_POLICIES, matchPolicyErrors, ruleErrors } from './rules.ts';
import {
  GROUP,
  type ServiceReference,
  type Webhook,
  type WebhookConfiguration,
} from '../../api/admission-registration.ts';

const SIDE_EFFECTS = ['None', 'NoneOnDryRun'];
const ALL_SIDE_EFFECTS = ['None', 'NoneOnDryRun', 'Some', 'Unknown'];
const REVIEW_VERSIONS = ['v1', 'v1beta1'];
const REINVOCATION = ['IfNeeded', 'Never'];
const SHORTEST_SECONDS = 1;
const LONGEST_SECONDS = 30;

/** What an update may keep because it was there before such things were refused. */
interface Leniency {
  sideEffects: boolean;
  reviewVersions: boolean;
  duplicateNames: boolean;
  matchConditions: boolean;
}
const STRICT: Leniency = { sideEffects: false, reviewVersions: false, duplicateNames: false, matchConditions: false };

function nameErrors(name: string, at: Path): FieldError[] {
  if (name === '') return [required(at)];
  const problems = dns1123Subdomain(name);
  if (problems.length > 0) return [invalid(at, name, problems.join(','))];
  return name.split('.').length < 3
    ? [invalid(at, name, 'should be a domain with at least three segments separated by dots')]
    : [];
}

const FORM = '; desired format: https://host[/path]';

/** A URL as Go's url.Parse takes it apart. */
function urlErrors(text: string, at: Path): FieldError[] {
  const parsed = parseUrl(text);
  if ('problem' in parsed) return [required(at, `url must be a valid URL: ${parsed.problem}${FORM}`)];
  const { scheme, host, user, fragment, query } = parsed.url;
  return [
    ...(scheme === 'https' ? [] : [invalid(at, scheme, `'https' is the only allowed URL scheme${FORM}`)]),
    ...(host === '' ? [invalid(at, host, `host must be specified${FORM}`)] : []),
    ...(user === undefined ? [] : [invalid(at, user, 'user information is not permitted in the URL')]),
    ...(fragment === '' ? [] : [invalid(at, fragment, 'fragments are not permitted in the URL')]),
    ...(query === '' ? [] : [invalid(at, query, 'query parameters are not permitted in the URL')]),
  ];
}

function servicePathErrors(text: string, at: Path): FieldError[] {
  if (text === '' || text === '/') return [];
  if (text === '//') return [invalid(at, text, 'segment[0] may not be empty')];
  const errors = text.startsWith('/') ? [] : [invalid(at, text, "must start with a '/'")];
  const steps = text.slice(1).replace(/\/$/, '').split('/');
  for (const [i, step] of steps.entries()) {
    if (step === '') errors.push(invalid(at, text, `segment[${i}] may not be empty`));
    else for (const problem of dns1123Subdomain(step)) errors.push(invalid(at, text, `segment[${i}]: ${problem}`));
  }
  return errors;
}

function serviceErrors(
  { name = '', namespace = '', path: at, port = 443 }: ServiceReference,
  here: Path,
): FieldError[] {
  // the real server hands the two names over in the wrong order, and so names the wrong one
  const errors: FieldError[] = [];
  if (namespace === '') errors.push(required(here.child('name')));
  if (name === '') errors.push(required(here.child('namespace')));
  const problems = portNumber(port);
  if (problems.length > 0) {
    errors.push(invalid(here.child('port'), port, `port is not valid: ${problems.join(', ')}`));
  }
  return at === undefined ? errors : [...errors, ...servicePathErrors(at, here.child('path'))];
}

function webhookErrors(hook: Webhook, mutating: boolean, lenient: Leniency, at: Path): FieldError[] {
  const { failurePolicy, sideEffects, timeoutSeconds, reinvocationPolicy, clientConfig = {} } = hook;
  const errors = [
    ...nameErrors(hook.name ?? '', at.child('name')),
    ...(hook.rules ?? []).flatMap((rule, i) => ruleErrors(rule, at.child('rules').index(i))),
  ];
  if (failurePolicy !== undefined && !FAILURE_POLICIES.includes(failurePolicy)) {
    errors.push(notSupported(at.child('failurePolicy'), failurePolicy, FAILURE_POLICIES));
  }
  errors.push(...matchPolicyErrors(hook.matchPolicy, at.child('matchPolicy')));
  const classes = lenient.sideEffects ? ALL_SIDE_EFFECTS : SIDE_EFFECTS;
  if (sideEffects === undefined || sideEffects === null) {
    errors.push(required(at.child('sideEffects'), `must specify one of ${classes.join(', ')}`));
  } else if (!classes.includes(sideEffects)) {
    errors.push(notSupported(at.child('sideEffects'), sideEffects, classes));
  }
  if (timeoutSeconds !== undefined && (timeoutSeconds > LONGEST_SECONDS || timeoutSeconds < SHORTEST_SECONDS)) {
    errors.push(
      invalid(at.child('timeoutSeconds'), timeoutSeconds, 'the timeout value must be between 1 and 30 seconds'),
    );
  }
  errors.push(
    ...validateLabelSelector(hook.namespaceSelector, at.child('namespaceSelector')),
    ...validateLabelSelector(hook.objectSelector, at.child('objectSelector')),
  );
  if (mutating && reinvocationPolicy !== undefined && !REINVOCATION.includes(reinvocationPolicy)) {
    errors.push(notSupported(at.child('reinvocationPolicy'), reinvocationPolicy, REINVOCATION));
  }
  const { url, service } = clientConfig;
  const config = at.child('clientConfig');
  if ((url === undefined) === (service === undefined)) {
    errors.push(required(config, 'exactly one of url or service is required'));
  } else if (url !== undefined) errors.push(...urlErrors(url, config.child('url')));
  else if (service) errors.push(...serviceErrors(service, config.child('service')));
  if (!lenient.matchConditions) {
    errors.push(...matchConditionErrors(hook.matchConditions, { params: false }, at.child('matchConditions')));
  }
  return errors;
}

function reviewVersionErrors(versions: readonly string[], lenient: Leniency, at: Path): FieldError[] {
  const known = REVIEW_VERSIONS.join(', ');
  if (versions.length === 0) return [required(at, `must specify one of ${known}`)];
  const errors: FieldError[] = [];
  const seen = new Set<string>();
  for (const [i, version] of versions.entries()) {
    if (seen.has(version)) {
      errors.push(invalid(at.index(i), version, 'duplicate version'));
      continue;
    }
    seen.add(version);
    for (const problem of dns1035Label(version)) errors.push(invalid(at.index(i), version, problem));
  }
  if (!lenient.reviewVersions && !versions.some((version) => REVIEW_VERSIONS.includes(version))) {
    errors.push(invalid(at, versions, `must include at least one of ${known}`));
  }
  return errors;
}

function validate({ webhooks = [] }: WebhookConfiguration, mutating: boolean, lenient: Leniency): FieldError[] {
  const names = new Set<string>();
  return webhooks.flatMap((hook, i) => {
    const at = path('webhooks').index(i);
    const { name = '' } = hook;
    const errors = [
      ...webhookErrors(hook, mutating, lenient, at),
      ...reviewVersionErrors(hook.admissionReviewVersions ?? [], lenient, at.child('admissionReviewVersions')),
    ];
    if (!lenient.duplicateNames && names.has(name)) errors.push(duplicate(at.child('name'), name));
    if (name !== '') names.add(name);
    return errors;
  });
}

function leniencyFor(webhooks: readonly Webhook[], old: readonly Webhook[]): Leniency {
  const conditions = (hooks: readonly Webhook[]) => JSON.stringify(hooks.map((hook) => hook.matchConditions ?? []));
  return {
    sideEffects: old.some(({ sideEffects }) => !SIDE_EFFECTS.includes(sideEffects ?? '')),
    reviewVersions: old.some(
      ({ admissionReviewVersions: versions = [] }) =>
        versions.length > 0 && !versions.some((version) => REVIEW_VERSIONS.includes(version)),
    ),
    duplicateNames: new Set(old.map(({ name }) => name)).size < old.length,
    matchConditions: webhooks.length === old.length && conditions(webhooks) === conditions(old),
  };
}

function defaults({ webhooks = [] }: WebhookConfiguration, mutating: boolean): void {
  for (const hook of webhooks) {
    hook.failurePolicy ??= 'Fail';
    hook.matchPolicy ??= 'Equivalent';
    hook.namespaceSelector ??= {};
    hook.objectSelector ??= {};
    hook.timeoutSeconds ??= 10;
    if (mutating) hook.reinvocationPolicy ??= 'Never';
    defaultRules(hook.rules);
    if (hook.clientConfig?.service) hook.clientConfig.service.port ??= 443;
  }
}

const webhookConfiguration = (resource: string, mutating: boolean): Kind<WebhookConfiguration> => ({
  resource: `${resource}.${GROUP}`,
  defaults: (object) => defaults(object, mutating),
  validate: (object) => validate(object, mutating, STRICT),
  validateUpdate: (object, old) => validate(object, mutating, leniencyFor(object.webhooks ?? [], old.webhooks ?? [])),
  unconditionalUpdate: true,
  cells: (object) => [object.metadata.name, object.webhooks?.length ?? 0, object.metadata.creationTimestamp ?? null],
});

export const mutatingWebhookConfiguration = webhookConfiguration('mutatingwebhookconfigurations', true);
export const validatingWebhookConfiguration = webhookConfiguration('validatingwebhookconfigurations', false);
