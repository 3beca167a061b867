import { forbidden, invalid, notSupported, path, required, type FieldError } from '../../api/field.ts';
import type { PriorityClass } from '../../api/types.ts';
import type { Kind } from '../kind.ts';

/** Above this only Kubernetes' own classes may go. */
const HIGHEST_USER_PRIORITY = 1_000_000_000;
const SYSTEM_PREFIX = 'system-';
const SYSTEM_CLASSES: Record<string, number> = {
  'system-cluster-critical': 2_000_000_000,
  'system-node-critical': 2_000_001_000,
};

function systemNameErrors({ metadata: { name }, value, globalDefault }: PriorityClass): FieldError[] {
  const known = SYSTEM_CLASSES[name];
  let problem: string;
  if (known === undefined) problem = `${name} is not a known system priority class`;
  else if (value !== known) problem = `value of ${name} PriorityClass must be ${known}`;
  else if (globalDefault) problem = `globalDefault of ${name} PriorityClass must be false`;
  else return [];
  const detail = `priority class names with '${SYSTEM_PREFIX}' prefix are reserved for system use only. error: ${problem}`;
  return [forbidden(path('metadata', 'name'), detail)];
}

export const priorityClass: Kind<PriorityClass> = {
  resource: 'priorityclasses.scheduling.k8s.io',
  defaults(object) {
    object.preemptionPolicy ??= 'PreemptLowerPriority';
  },
  validate(object) {
    const errors: FieldError[] = [];
    if (object.metadata.name.startsWith(SYSTEM_PREFIX)) errors.push(...systemNameErrors(object));
    else if ((object.value ?? 0) > HIGHEST_USER_PRIORITY) {
      const detail = `maximum allowed value of a user defined priority is ${HIGHEST_USER_PRIORITY}`;
      errors.push(forbidden(path('value'), detail));
    }
    const policies = ['PreemptLowerPriority', 'Never'];
    if (object.preemptionPolicy === '') errors.push(required(path('preemptionPolicy')));
    else if (object.preemptionPolicy && !policies.includes(object.preemptionPolicy)) {
      errors.push(notSupported(path('preemptionPolicy'), object.preemptionPolicy, policies));
    }
    return errors;
  },
  validateUpdate(object, old) {
    const errors: FieldError[] = [];
    if (object.value !== old.value) errors.push(forbidden(path('value'), 'may not be changed in an update.'));
    if (object.preemptionPolicy !== old.preemptionPolicy) {
      errors.push(invalid(path('preemptionPolicy'), object.preemptionPolicy, 'field is immutable'));
    }
    return errors;
  },
  keeps: ({ metadata }) =>
    metadata.name in SYSTEM_CLASSES ? 'this is a system priority class and cannot be deleted' : undefined,
  cells: (object) => [
    object.metadata.name,
    object.value ?? 0,
    object.globalDefault ?? false,
    object.metadata.creationTimestamp ?? null,
    object.preemptionPolicy ?? '',
  ],
};
