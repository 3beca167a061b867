import { expect, test } from '@jest/globals';
import { findUntolerated, tolerates, toleratesAll } from './taints.ts';
import type { Taint, Toleration } from './types.ts';

const gpu: Taint = { key: 'gpu', value: 'a100', effect: 'NoSchedule' };

test.each<[string, Toleration, boolean]>([
  ['same key and value', { key: 'gpu', operator: 'Equal', value: 'a100', effect: 'NoSchedule' }, true],
  ['no operator means Equal', { key: 'gpu', value: 'a100' }, true],
  ['another value', { key: 'gpu', value: 'h100' }, false],
  ['Exists asks for no value', { key: 'gpu', operator: 'Exists' }, true],
  ['Exists without a key covers all', { operator: 'Exists' }, true],
  ['another effect', { key: 'gpu', operator: 'Exists', effect: 'NoExecute' }, false],
  ['another key', { key: 'fpga', operator: 'Exists' }, false],
  ['a comparison is off in 1.35', { key: 'gpu', operator: 'Gt', value: '1' }, false],
])('%s', (_, toleration, expected) => {
  expect(tolerates(toleration, gpu)).toBe(expected);
});

test('an empty value of a taint equals none', () => {
  expect(tolerates({ key: 'a', operator: 'Equal' }, { key: 'a', effect: 'NoExecute' })).toBe(true);
});

test('only the effects asked for count', () => {
  const soft: Taint = { key: 'soft', effect: 'PreferNoSchedule' };
  expect(toleratesAll([], [soft], ['NoSchedule', 'NoExecute'])).toBe(true);
  expect(findUntolerated([soft, gpu], undefined, ['NoSchedule'])).toEqual(gpu);
  expect(findUntolerated([soft, gpu], undefined)).toEqual(soft);
});
