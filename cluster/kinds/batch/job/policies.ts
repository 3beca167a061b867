/** When a Job counts as failed or as done before all its pods are: podFailurePolicy and successPolicy. */
import { qualifiedName } from '../../../api/names.ts';
import {
  duplicate,
  invalid,
  notSupported,
  required,
  tooLong,
  tooMany,
  type FieldError,
  type Path,
} from '../../../api/field.ts';
import type { Job } from '../../../api/types.ts';
import { each, nonNegative } from '../../pod-spec/scalars.ts';
import { countIndexes } from './indexes.ts';

type JobSpec = NonNullable<Job['spec']>;
type FailurePolicy = NonNullable<JobSpec['podFailurePolicy']>;

const MAX_RULES = 20;
const MAX_PATTERNS = 20;

const quotedList = (choices: readonly string[]) => `[${choices.map((choice) => JSON.stringify(choice)).join(' ')}]`;

const ACTIONS = ['Count', 'FailIndex', 'FailJob', 'Ignore'];
const STATUSES = ['False', 'True', 'Unknown'];
const withoutValue = (at: Path, detail: string): FieldError => ({
  type: 'Invalid value',
  field: String(at),
  body: `Invalid value: ${detail}`,
});

function validateExitCodes(
  codes: NonNullable<FailurePolicy['rules'][number]['onExitCodes']>,
  containers: readonly string[],
  at: Path,
): FieldError[] {
  const errors: FieldError[] = [];
  const operators = ['In', 'NotIn'];
  if (!codes.operator) errors.push(required(at.child('operator'), `valid values: ${quotedList(operators)}`));
  else if (!operators.includes(codes.operator))
    errors.push(notSupported(at.child('operator'), codes.operator, operators));
  if (codes.containerName !== undefined && !containers.includes(codes.containerName))
    errors.push(
      invalid(
        at.child('containerName'),
        codes.containerName,
        'must be one of the container or initContainer names in the pod template',
      ),
    );
  const values = codes.values ?? [];
  const valuesPath = at.child('values');
  if (values.length === 0) errors.push(invalid(valuesPath, codes.values ?? null, 'at least one value is required'));
  else if (values.length > 255) errors.push(tooMany(valuesPath, values.length, 255));
  const seen = new Set<number>();
  for (const [position, value] of values.entries()) {
    if (codes.operator === 'In' && value === 0)
      errors.push(invalid(valuesPath.index(position), value, 'must not be 0 for the In operator'));
    if (seen.has(value)) errors.push(duplicate(valuesPath.index(position), value));
    seen.add(value);
  }
  if (values.some((value, position) => position > 0 && value < (values[position - 1] ?? value)))
    errors.push(invalid(valuesPath, values, 'must be ordered'));
  return errors;
}

/** A list that the API always shows is null when it was left out. */
const rulesOf = (policy: { rules?: FailurePolicy['rules'] | null }): FailurePolicy['rules'] => policy.rules ?? [];

export function validateFailurePolicy(spec: JobSpec, policy: FailurePolicy, at: Path): FieldError[] {
  const rules = rulesOf(policy);
  const path = at.child('rules');
  const { containers = [], initContainers = [] } = spec.template.spec ?? {};
  const names = [...containers, ...initContainers].map(({ name }) => name);
  const errors = rules.length > MAX_RULES ? [tooMany(path, rules.length, MAX_RULES)] : [];
  for (const [position, { action, onExitCodes, onPodConditions = [] }] of rules.entries()) {
    const here = path.index(position);
    if (!action) errors.push(required(here.child('action'), `valid values: ${quotedList(ACTIONS)}`));
    else if (!ACTIONS.includes(action)) errors.push(notSupported(here.child('action'), action, ACTIONS));
    else if (action === 'FailIndex' && spec.backoffLimitPerIndex === undefined)
      errors.push(invalid(here.child('action'), action, 'requires the backoffLimitPerIndex to be set'));
    if (onExitCodes) errors.push(...validateExitCodes(onExitCodes, names, here.child('onExitCodes')));
    if (onPodConditions.length > MAX_PATTERNS)
      errors.push(tooMany(here.child('onPodConditions'), onPodConditions.length, MAX_PATTERNS));
    for (const [which, { type, status }] of onPodConditions.entries()) {
      const pattern = here.child('onPodConditions').index(which);
      errors.push(...each(pattern.child('type'), type, qualifiedName));
      if (!status) errors.push(required(pattern.child('status'), `valid values: ${quotedList(STATUSES)}`));
      else if (!STATUSES.includes(status)) errors.push(notSupported(pattern.child('status'), status, STATUSES));
    }
    if (onExitCodes && onPodConditions.length > 0)
      errors.push(withoutValue(here, 'specifying both OnExitCodes and OnPodConditions is not supported'));
    if (!onExitCodes && onPodConditions.length === 0)
      errors.push(withoutValue(here, 'specifying one of OnExitCodes and OnPodConditions is required'));
  }
  return errors;
}

/** The longest text of indexes. */
const MOST_INDEXES_TEXT = 64 * 1024;

type SuccessRules = NonNullable<JobSpec['successPolicy']>['rules'];
/** Policies as the server prints its own structs. */
const shownSuccessPolicy = ({ rules }: { rules?: SuccessRules | null }) => ({
  Rules: !rules
    ? null
    : rules.map(({ succeededIndexes, succeededCount }) => ({
        SucceededIndexes: succeededIndexes ?? null,
        SucceededCount: succeededCount ?? null,
      })),
});
const shownFailurePolicy = (policy: { rules?: FailurePolicy['rules'] | null }) => ({
  Rules:
    policy.rules?.map(({ action, onExitCodes: codes, onPodConditions }) => ({
      Action: action,
      OnExitCodes: codes
        ? { ContainerName: codes.containerName ?? null, Operator: codes.operator, Values: codes.values ?? null }
        : null,
      OnPodConditions: onPodConditions?.map(({ type, status }) => ({ Type: type, Status: status })) ?? null,
    })) ?? null,
});

export function shownField(spec: JobSpec, field: keyof JobSpec): unknown {
  if (field === 'podFailurePolicy' && spec.podFailurePolicy) return shownFailurePolicy(spec.podFailurePolicy);
  if (field === 'successPolicy' && spec.successPolicy) return shownSuccessPolicy(spec.successPolicy);
  return spec[field];
}

export function validateSuccessPolicy(spec: JobSpec, at: Path): FieldError[] {
  const policy = spec.successPolicy;
  if (!policy) return [];
  const here = at.child('successPolicy');
  if (spec.completionMode !== 'Indexed') {
    return [invalid(here, shownSuccessPolicy(policy), 'requires indexed completion mode')];
  }
  const rules = policy.rules ?? [];
  if (rules.length === 0)
    return [required(here.child('rules'), 'at least one rules must be specified when the successPolicy is specified')];
  const errors = rules.length > MAX_RULES ? [tooMany(here.child('rules'), rules.length, MAX_RULES)] : [];
  for (const [position, { succeededIndexes, succeededCount }] of rules.entries()) {
    const rule = here.child('rules').index(position);
    if (succeededIndexes === undefined && succeededCount === undefined)
      errors.push(required(rule, 'at least one of succeededCount or succeededIndexes must be specified'));
    const all = spec.completions ?? 0;
    let named = 0;
    if (succeededIndexes !== undefined) {
      const here = rule.child('succeededIndexes');
      if (succeededIndexes.length > MOST_INDEXES_TEXT) errors.push(tooLong(here, MOST_INDEXES_TEXT));
      const { total, problem } = countIndexes(succeededIndexes, all);
      if (problem !== undefined)
        errors.push(invalid(here, succeededIndexes, `error parsing succeededIndexes: ${problem}`));
      named = total;
    }
    if (succeededCount === undefined) continue;
    errors.push(...nonNegative(succeededCount, rule.child('succeededCount')));
    if (succeededCount > all)
      errors.push(
        invalid(
          rule.child('succeededCount'),
          succeededCount,
          `must be less than or equal to ${all} (the number of specified completions)`,
        ),
      );
    if (succeededIndexes !== undefined && succeededCount > named)
      errors.push(
        invalid(
          rule.child('succeededCount'),
          succeededCount,
          `must be less than or equal to ${named} (the number of indexes in the specified succeededIndexes field)`,
        ),
      );
  }
  return errors;
}
