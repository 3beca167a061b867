import { expect, test } from '@jest/globals';
import { printFieldError } from '../../api/field.ts';
import type { PriorityClass } from '../../api/types.ts';
import type { UpdateContext } from '../kind.ts';
import { priorityClass } from './priority-class.ts';

const context = {} as unknown as UpdateContext;
const made = (rest: Partial<PriorityClass>): PriorityClass => {
  const object = {
    apiVersion: 'scheduling.k8s.io/v1',
    kind: 'PriorityClass',
    metadata: { name: 'high' },
    value: 1000,
    ...rest,
  };
  priorityClass.defaults?.(object);
  return object;
};

test.each<[string, Partial<PriorityClass>, string[]]>([
  ['fine', {}, []],
  [
    'too high, and wavering',
    { value: 2_000_000_000, preemptionPolicy: 'Sometimes' },
    [
      'value: Forbidden: maximum allowed value of a user defined priority is 1000000000',
      'preemptionPolicy: Unsupported value: "Sometimes": supported values: "PreemptLowerPriority", "Never"',
    ],
  ],
  ["the system's own", { metadata: { name: 'system-node-critical' }, value: 2_000_001_000 }, []],
  [
    'posing as the system',
    { metadata: { name: 'system-mine' } },
    [
      "metadata.name: Forbidden: priority class names with 'system-' prefix are reserved for system use only. " +
        'error: system-mine is not a known system priority class',
    ],
  ],
])('%s', (_case, rest, sentences) => {
  expect(priorityClass.validate?.(made(rest), context).map(printFieldError)).toEqual(sentences);
});

test('the value stays', () => {
  expect(priorityClass.validateUpdate?.(made({ value: 5 }), made({}), context).map(printFieldError)).toEqual([
    'value: Forbidden: may not be changed in an update.',
  ]);
  expect(priorityClass.cells?.(made({}), context)).toEqual(['high', 1000, false, null, 'PreemptLowerPriority']);
});
