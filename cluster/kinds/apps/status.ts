/** Checks of the counters in the status of controllers. */
import { invalid, path, type FieldError } from '../../api/field.ts';
import { nonNegative } from '../pod-spec/scalars.ts';

type Counters = Readonly<Record<string, unknown>>;

const STATUS = path('status');
const count = (status: Counters, name: string): number => {
  const value = status[name];
  return typeof value === 'number' ? value : 0;
};

export const validateCounters = (status: Counters, names: readonly string[]): FieldError[] =>
  names.flatMap((name) => nonNegative(count(status, name), STATUS.child(name)));

/** None of `names` may exceed the number of replicas, nor the available ones the ready ones. */
export function validateParts(status: Counters, names: readonly string[], ready = 'readyReplicas'): FieldError[] {
  const errors = names
    .filter((name) => count(status, name) > count(status, 'replicas'))
    .map((name) => invalid(STATUS.child(name), count(status, name), 'cannot be greater than status.replicas'));
  if (count(status, 'availableReplicas') > count(status, 'readyReplicas'))
    errors.push(
      invalid(STATUS.child('availableReplicas'), count(status, 'availableReplicas'), `cannot be greater than ${ready}`),
    );
  return errors;
}

export const validateCollisions = (status: Counters, old: Counters): FieldError[] =>
  count(status, 'collisionCount') < count(old, 'collisionCount')
    ? [invalid(STATUS.child('collisionCount'), count(status, 'collisionCount'), 'cannot be decremented')]
    : [];
