/** Jobs: what they may ask for and what may change once they exist. */
import { dns1123Label, dns1123Subdomain, validateImmutable, validateLabelSelector } from '../../../api/names.ts';
import { equal } from '../../../api/merge.ts';
import { invalid, notSupported, path, required, tooLong, type FieldError, type Path } from '../../../api/field.ts';
import { labelSelectorMatches } from '../../../api/selector.ts';
import type { Job, PodTemplateSpec } from '../../../api/types.ts';
import { isUsable, validateMatch } from '../../apps/pod-template.ts';
import { shownPodTemplate } from '../../pod-spec/internal-values.ts';
import { each, nonNegative } from '../../pod-spec/scalars.ts';
import { validatePodTemplateSpec } from '../../pod-spec/validation.ts';
import { CONTROLLER_UID, JOB_NAME, OLD_CONTROLLER_UID, OLD_JOB_NAME } from './labels.ts';
import { shownField, validateFailurePolicy, validateSuccessPolicy } from './policies.ts';

export type JobSpec = NonNullable<Job['spec']>;

const SPEC = path('spec');
/** The controller keeps the indexes of an indexed job in its status: beyond this they would not fit. */
const MANY = 100_000;
const MANY_AT_ONCE = 10_000;
function validateIndexed(spec: JobSpec, at: Path): FieldError[] {
  const { completions, parallelism = 0, maxFailedIndexes: maxFailed } = spec;
  const errors: FieldError[] = [];
  const most = (field: 'parallelism' | 'maxFailedIndexes', max: number, when: string) => {
    const value = spec[field];
    if (value !== undefined && value > max)
      errors.push(invalid(at.child(field), value, `must be less than or equal to ${max}${when}`));
  };
  if (completions === undefined) errors.push(required(at.child('completions'), 'when completion mode is Indexed'));
  if (parallelism > MANY) most('parallelism', MANY, ' when completion mode is Indexed');
  if (completions !== undefined && maxFailed !== undefined && maxFailed > completions)
    errors.push(invalid(at.child('maxFailedIndexes'), maxFailed, 'must be less than or equal to completions'));
  most('maxFailedIndexes', MANY, '');
  if ((completions ?? 0) > MANY && spec.backoffLimitPerIndex !== undefined) {
    if (maxFailed === undefined)
      errors.push(required(at.child('maxFailedIndexes'), `must be specified when completions is above ${MANY}`));
    const when = ` when completions are above ${MANY} and used with backoff limit per index`;
    most('parallelism', MANY_AT_ONCE, when);
    most('maxFailedIndexes', MANY_AT_ONCE, when);
  }
  return errors;
}

function validateRestartPolicy(spec: JobSpec, at: Path): FieldError[] {
  const path = at.child('template', 'spec', 'restartPolicy');
  const policy = spec.template.spec?.restartPolicy;
  if (!policy || policy === 'Always') return [required(path, 'valid values: "OnFailure", "Never"')];
  if (policy !== 'OnFailure' && policy !== 'Never') return [notSupported(path, policy, ['OnFailure', 'Never'])];
  return spec.podFailurePolicy && policy !== 'Never'
    ? [invalid(path, policy, 'only "Never" is supported when podFailurePolicy is specified')]
    : [];
}

function validateReplacement({ podReplacementPolicy: policy, podFailurePolicy }: JobSpec, at: Path): FieldError[] {
  const choices = podFailurePolicy ? ['Failed'] : ['Failed', 'TerminatingOrFailed'];
  return policy !== undefined && !choices.includes(policy)
    ? [notSupported(at.child('podReplacementPolicy'), policy, choices)]
    : [];
}

const MODES = ['NonIndexed', 'Indexed'];
const HTTP_PATH = "[A-Za-z0-9/\\-._~%!$&'()*+,;=:]+";

/** `example.com/manager` */
function validateManager(name: string, at: Path): FieldError[] {
  const slash = name.indexOf('/');
  const [domain, rest] = [name.slice(0, Math.max(slash, 0)), name.slice(slash + 1)];
  if (domain === '' || rest === '')
    return [invalid(at, name, 'must be a domain-prefixed path (such as "acme.io/foo")')];
  const errors = each(at, domain, dns1123Subdomain);
  if (!new RegExp(`^${HTTP_PATH}$`).test(rest))
    errors.push(invalid(at, rest, `Invalid path (regex used for validation is '${HTTP_PATH}')`));
  return errors;
}

/** What Jobs and the templates of CronJobs have in common. */
export function validateJobTemplate(spec: JobSpec, at: Path): FieldError[] {
  const errors: FieldError[] = [];
  for (const field of [
    'parallelism',
    'completions',
    'activeDeadlineSeconds',
    'backoffLimit',
    'ttlSecondsAfterFinished',
    'backoffLimitPerIndex',
    'maxFailedIndexes',
  ] as const)
    errors.push(...nonNegative(spec[field], at.child(field)));
  if (spec.maxFailedIndexes !== undefined && spec.backoffLimitPerIndex === undefined)
    errors.push(required(at.child('backoffLimitPerIndex'), 'when maxFailedIndexes is specified'));
  const { managedBy, completionMode: mode } = spec;
  if (managedBy !== undefined) {
    if (managedBy === '') errors.push(required(at.child('managedBy')));
    else errors.push(...validateManager(managedBy, at.child('managedBy')));
    if (managedBy.length > 63) errors.push(tooLong(at.child('managedBy'), 63));
  }
  if (mode !== undefined && !MODES.includes(mode)) errors.push(notSupported(at.child('completionMode'), mode, MODES));
  if (mode === 'Indexed') errors.push(...validateIndexed(spec, at));
  if (mode === undefined || mode === 'NonIndexed')
    for (const field of ['backoffLimitPerIndex', 'maxFailedIndexes'] as const)
      if (spec[field] !== undefined)
        errors.push(invalid(at.child(field), spec[field], 'requires indexed completion mode'));
  if (spec.podFailurePolicy)
    errors.push(...validateFailurePolicy(spec, spec.podFailurePolicy, at.child('podFailurePolicy')));
  return [
    ...errors,
    ...validateSuccessPolicy(spec, at),
    ...validateReplacement(spec, at),
    ...validatePodTemplateSpec(spec.template, at.child('template')),
    ...validateRestartPolicy(spec, at),
  ];
}

/** Unless the selector is given by hand, it and the template's labels are the server's own. */
function validateGenerated(job: Job, spec: JobSpec, withPrefix: boolean): FieldError[] {
  if (spec.manualSelector || !spec.selector) return [];
  const { name, uid = '' } = job.metadata;
  const labels = spec.template.metadata?.labels ?? {};
  const at = SPEC.child('template', 'metadata', 'labels');
  const expected: Record<string, string> = { [OLD_CONTROLLER_UID]: uid, [OLD_JOB_NAME]: name };
  if (withPrefix) Object.assign(expected, { [CONTROLLER_UID]: uid, [JOB_NAME]: name });
  const errors = Object.entries(expected).flatMap(([key, value]) => {
    if (labels[key] === undefined) return [required(at.key(key), `must be '${value}'`)];
    return labels[key] === value ? [] : [invalid(at.key(key), labels, `must be '${value}'`)];
  });
  if (isUsable(spec.selector) && !labelSelectorMatches(spec.selector, expected))
    errors.push(invalid(SPEC.child('selector'), spec.selector, '`selector` not auto-generated'));
  return errors;
}

function validateSpec(spec: JobSpec): FieldError[] {
  const errors = validateJobTemplate(spec, SPEC);
  if (!spec.selector) errors.push(required(SPEC.child('selector')));
  errors.push(...validateLabelSelector(spec.selector, SPEC.child('selector')));
  if (isUsable(spec.selector)) errors.push(...validateMatch(spec.selector, spec.template, SPEC.child('template')));
  return errors;
}

export function validateJob(job: Job, old?: Job): FieldError[] {
  const spec = job.spec ?? { template: {} };
  const before = old?.spec?.template.metadata?.labels ?? {};
  const withPrefix = !old || (before[JOB_NAME] !== undefined && before[CONTROLLER_UID] !== undefined);
  const errors = [...validateGenerated(job, spec, withPrefix), ...validateSpec(spec)];
  if (spec.completionMode === 'Indexed' && (spec.completions ?? 0) > 0) {
    const host = `${job.metadata.name}-${(spec.completions ?? 0) - 1}`;
    if (dns1123Label(host).length > 0)
      errors.push(
        invalid(
          path('metadata', 'name'),
          job.metadata.name,
          `will not able to create pod with invalid DNS label: ${host}`,
        ),
      );
  }
  return errors;
}

/** A suspended job that never started can still be told where to run. */
function withSchedulingOf(old: PodTemplateSpec, now: PodTemplateSpec): PodTemplateSpec {
  const nodeAffinity = now.spec?.affinity?.nodeAffinity;
  const affinity = { ...old.spec?.affinity, nodeAffinity };
  const isEmpty = !affinity.nodeAffinity && !affinity.podAffinity && !affinity.podAntiAffinity;
  const { labels, annotations } = now.metadata ?? {};
  return {
    ...old,
    metadata: { ...old.metadata, labels, annotations },
    spec: {
      ...(old.spec ?? { containers: [] }),
      affinity: isEmpty && !now.spec?.affinity ? undefined : affinity,
      nodeSelector: now.spec?.nodeSelector,
      tolerations: now.spec?.tolerations,
      schedulingGates: now.spec?.schedulingGates,
    },
  };
}

function validateTemplateUpdate(spec: JobSpec, old: Job): FieldError[] {
  const before = old.spec?.template ?? {};
  const isOpen = old.spec?.suspend === true && old.status?.startTime === undefined;
  const allowed = isOpen ? withSchedulingOf(before, spec.template) : before;
  return equal(spec.template, allowed)
    ? []
    : [invalid(SPEC.child('template'), shownPodTemplate(spec.template), 'field is immutable')];
}

function validateCompletionsUpdate(spec: JobSpec, old: JobSpec): FieldError[] {
  const at = SPEC.child('completions');
  if (spec.completionMode !== 'Indexed') return validateImmutable(spec.completions, old.completions, at);
  return spec.completions !== old.completions && spec.completions !== undefined && spec.completions !== spec.parallelism
    ? [invalid(at, spec.completions, 'can only be modified in tandem with spec.parallelism')]
    : [];
}

export function validateJobUpdate(job: Job, old: Job): FieldError[] {
  const spec = job.spec ?? { template: {} };
  const before = old.spec ?? { template: {} };
  return [
    ...validateJob(job, old),
    ...validateSpec(spec),
    ...validateCompletionsUpdate(spec, before),
    ...validateImmutable(spec.selector, before.selector, SPEC.child('selector')),
    ...validateTemplateUpdate(spec, old),
    ...(['completionMode', 'podFailurePolicy', 'backoffLimitPerIndex', 'managedBy', 'successPolicy'] as const)
      .filter((field) => !equal(spec[field] ?? null, before[field] ?? null))
      .map((field) => invalid(SPEC.child(field), shownField(spec, field), 'field is immutable')),
  ];
}
