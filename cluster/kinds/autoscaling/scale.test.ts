import { expect, test } from '@jest/globals';
import { printFieldError } from '../../api/field.ts';
import { scaleCells, validateScale } from './scale.ts';

const scale = (replicas?: number) => ({
  metadata: { name: 'web', creationTimestamp: '2026-01-01T00:00:00Z' },
  spec: replicas === undefined ? {} : { replicas },
  status: { replicas: 2 },
});

test.each([
  ['none given', undefined, []],
  ['zero', 0, []],
  ['negative', -1, ['spec.replicas: Invalid value: -1: must be greater than or equal to 0']],
])('replicas: %s', (_name, replicas, problems) => {
  expect(validateScale(scale(replicas)).map(printFieldError)).toEqual(problems);
});

test('the row of a scale', () => {
  expect(scaleCells(scale(3))).toEqual(['web', 3, 2, '2026-01-01T00:00:00Z']);
});
