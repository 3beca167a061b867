import { expect, test } from '@jest/globals';
import type { Pod, PodSpec, PriorityClass } from '../../api/types.ts';
import { admit } from '../testing.ts';
import { priority } from './index.ts';

const priorityClass = (name: string, value: number, globalDefault = false): PriorityClass => ({
  apiVersion: 'scheduling.k8s.io/v1',
  kind: 'PriorityClass',
  metadata: { name },
  value,
  globalDefault,
  preemptionPolicy: 'PreemptLowerPriority',
});
const pod = (spec: Partial<PodSpec>): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'p', namespace: 'dev' },
  spec: { containers: [], ...spec },
});
const enter = (spec: Partial<PodSpec>, ...classes: PriorityClass[]) =>
  admit(priority, 'pods', { object: pod(spec) }, { 'priorityclasses.scheduling.k8s.io': classes });

test.each<[string, Partial<PodSpec>, PriorityClass[], Partial<PodSpec>]>([
  ['no class', {}, [], { priority: 0, preemptionPolicy: 'PreemptLowerPriority' }],
  ['its class', { priorityClassName: 'high' }, [priorityClass('high', 1000)], { priority: 1000 }],
  ['the default', {}, [priorityClass('mid', 5, true)], { priorityClassName: 'mid', priority: 5 }],
])('a pod of %s', (_case, spec, classes, expected) => {
  expect((enter(spec, ...classes).object as Pod).spec).toMatchObject(expected);
});

test.each<[string, Partial<PodSpec>, string]>([
  ['an unknown class', { priorityClassName: 'nope' }, 'no PriorityClass with name nope was found'],
  [
    'a number of its own',
    { priorityClassName: 'high', priority: 7 },
    'the integer value of priority (7) must not be provided in pod spec; ' +
      'priority admission controller computed 1000 from the given PriorityClass name',
  ],
])('a pod with %s', (_case, spec, why) => {
  expect(enter(spec, priorityClass('high', 1000)).refusal).toBe(`pods "p" is forbidden: ${why}`);
});

test('one default', () => {
  const classes = { 'priorityclasses.scheduling.k8s.io': [priorityClass('mid', 5, true)] };
  const create = (object: PriorityClass) =>
    admit(priority, 'priorityclasses.scheduling.k8s.io', { object }, classes).refusal;
  expect(create(priorityClass('low', 1))).toBeUndefined();
  expect(create(priorityClass('low', 1, true))).toBe(
    'priorityclasses.scheduling.k8s.io "low" is forbidden: ' +
      'PriorityClass mid is already marked as default. Only one default can exist',
  );
});
