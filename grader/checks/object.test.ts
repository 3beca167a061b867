import { expect, test } from '@jest/globals';
import type { ClusterState, Outcome } from '../types.ts';
import { EMPTY, object, state } from '../testing.ts';
import { objectCheck, type ObjectOptions } from './object.ts';

const quota = (namespace: string, name: string, hard: string) =>
  object(
    `{apiVersion: v1, kind: ResourceQuota, metadata: {name: ${name}, namespace: ${namespace}}, spec: {hard: ${hard}}}`,
  );
const node = (name: string, spec: string) =>
  object(`{apiVersion: v1, kind: Node, metadata: {name: ${name}}, spec: ${spec}}`);

const wanted: ObjectOptions = {
  object: { kind: 'ResourceQuota', name: 'compute', namespace: 'blue' },
  expect: { spec: { hard: { 'requests.memory': '2Gi', pods: 4 } } },
};
const tainted: ObjectOptions = {
  object: { kind: 'Node', name: 'node02' },
  expect: { spec: { taints: [{ key: 'gpu', effect: 'NoSchedule' }] } },
};
const absent = { object: 'ResourceQuota blue/compute', path: '', expected: 'ResourceQuota blue/compute', actual: '' };
const untainted = {
  object: 'Node node02',
  path: 'spec.taints',
  expected: '{key: gpu, effect: NoSchedule}',
  actual: '',
};
const open: ObjectOptions = {
  object: { kind: 'Node', name: 'node02' },
  absent: ['spec.unschedulable', 'spec.taints[key=gpu]'],
};
const gpu = '{taints: [{key: gpu, effect: NoSchedule}]}';

interface Row {
  name: string;
  options: ObjectOptions;
  now: ClusterState;
  before?: ClusterState;
  outcome: Outcome;
}

const rows: Row[] = [
  {
    name: 'there',
    options: wanted,
    now: state(quota('blue', 'compute', '{requests.memory: 2048Mi, pods: "4", services: "1"}')),
    outcome: { outcome: 'passed' },
  },
  {
    name: 'there, without expectations',
    options: { object: wanted.object },
    now: state(quota('blue', 'compute', '{}')),
    outcome: { outcome: 'passed' },
  },
  { name: 'not there', options: wanted, now: EMPTY, outcome: { outcome: 'failed', findings: [absent] } },
  {
    name: 'in the wrong namespace',
    options: wanted,
    now: state(quota('default', 'compute', '{}')),
    outcome: {
      outcome: 'failed',
      findings: [absent],
      nearMiss: {
        en: 'ResourceQuota "compute" is in namespace "default"; it belongs in "blue".',
        ko: 'ResourceQuota "compute": 네임스페이스가 다릅니다. 지금은 "default"에 있고, "blue"에 있어야 합니다.',
      },
    },
  },
  {
    name: 'in another namespace since the start',
    options: wanted,
    now: state(quota('red', 'compute', '{}')),
    before: state(quota('red', 'compute', '{}')),
    outcome: { outcome: 'failed', findings: [absent] },
  },
  {
    name: 'name one letter off',
    options: wanted,
    now: state(quota('blue', 'computes', '{}')),
    outcome: {
      outcome: 'failed',
      findings: [absent],
      nearMiss: {
        en: 'There is a ResourceQuota "computes"; its name has to be "compute".',
        ko: '비슷한 이름의 ResourceQuota "computes" 발견: 올바른 이름은 "compute"입니다.',
      },
    },
  },
  {
    name: 'name and namespace off',
    options: wanted,
    now: state(quota('default', 'compuet', '{}')),
    outcome: {
      outcome: 'failed',
      findings: [absent],
      nearMiss: {
        en: 'There is a ResourceQuota "compuet" in namespace "default"; its name has to be "compute", its namespace "blue".',
        ko: '비슷한 이름의 ResourceQuota "compuet" (네임스페이스 "default") 발견: 올바른 이름은 "compute", 올바른 네임스페이스는 "blue"입니다.',
      },
    },
  },
  {
    name: 'wrong unit',
    options: wanted,
    now: state(quota('blue', 'compute', '{requests.memory: 2G, pods: "4"}')),
    outcome: {
      outcome: 'failed',
      findings: [
        { object: 'ResourceQuota blue/compute', path: 'spec.hard["requests.memory"]', expected: '2Gi', actual: '2G' },
      ],
      nearMiss: {
        en: 'The number in spec.hard["requests.memory"] is right, its unit is not: "2G" should be "2Gi".',
        ko: 'spec.hard["requests.memory"]: 숫자는 맞지만 단위가 다릅니다. "2G" 대신 "2Gi" 값이어야 합니다.',
      },
    },
  },
  {
    name: 'two fields wrong',
    options: wanted,
    now: state(quota('blue', 'compute', '{requests.memory: 3Gi}')),
    outcome: {
      outcome: 'failed',
      findings: [
        { object: 'ResourceQuota blue/compute', path: 'spec.hard["requests.memory"]', expected: '2Gi', actual: '3Gi' },
        { object: 'ResourceQuota blue/compute', path: 'spec.hard.pods', expected: '4', actual: '' },
      ],
    },
  },
  {
    name: 'the right taint on the wrong node',
    options: tainted,
    now: state(node('node01', gpu), node('node02', '{}')),
    before: state(node('node01', '{}'), node('node02', '{}')),
    outcome: {
      outcome: 'failed',
      findings: [untainted],
      nearMiss: {
        en: 'Node "node01" has what Node "node02" should have.',
        ko: 'Node "node01"에 되어 있습니다. "node02"에 되어 있어야 합니다.',
      },
    },
  },
  {
    name: 'another node had it before',
    options: tainted,
    now: state(node('node01', gpu), node('node02', '{}')),
    before: state(node('node01', gpu), node('node02', '{}')),
    outcome: { outcome: 'failed', findings: [untainted] },
  },
  {
    name: 'absent is absent',
    options: open,
    now: state(node('node02', '{unschedulable: false, taints: [{key: other, effect: NoSchedule}]}')),
    outcome: { outcome: 'passed' },
  },
  {
    name: 'absent is there',
    options: open,
    now: state(node('node02', '{unschedulable: true, taints: [{key: gpu, effect: NoSchedule}]}')),
    outcome: {
      outcome: 'failed',
      findings: [
        { object: 'Node node02', path: 'spec.unschedulable', expected: '', actual: 'true' },
        { object: 'Node node02', path: 'spec.taints[key=gpu]', expected: '', actual: '{key: gpu, effect: NoSchedule}' },
      ],
    },
  },
  {
    name: 'on its way out',
    options: { object: wanted.object },
    now: state(
      object('{apiVersion: v1, kind: ResourceQuota, metadata: {name: compute, namespace: blue, deletionTimestamp: x}}'),
    ),
    outcome: {
      outcome: 'failed',
      findings: [absent],
      nearMiss: {
        en: 'ResourceQuota blue/compute was deleted and is on its way out; something may still hold it.',
        ko: 'ResourceQuota blue/compute: 삭제 명령을 받아 정리되는 중입니다. 아직 무언가가 붙잡고 있을 수 있습니다.',
      },
    },
  },
];

test.each(rows)('$name', ({ options, now, before = EMPTY, outcome }) => {
  expect(objectCheck.run(options, { now, before })).toEqual(outcome);
});

test('custom resources: known by their apiVersion, in a namespace or not, with fields of their own', () => {
  const crd = (name: string, namespace: string | undefined, size: number) =>
    object(
      `apiVersion: example.com/v1\nkind: Backup\nmetadata: { name: ${name}${namespace === undefined ? '' : `, namespace: ${namespace}`} }\nspec: { size: ${size}, days: [Mon, Fri] }\n`,
    );
  const now: ClusterState = {
    now: 0,
    resources: { 'backups.example.com': [crd('nightly', 'shop', 3), crd('weekly', undefined, 5)] },
  };
  const run = (ref: { name: string; namespace?: string }, spec: object, kind = 'Backup') => {
    const options = {
      object: { apiVersion: 'example.com/v1', kind, ...ref },
      expect: { spec },
      absent: ['spec.paused'],
    };
    expect(objectCheck.problems(options)).toEqual([]);
    return objectCheck.run(options, { now }).outcome;
  };
  expect(run({ name: 'nightly', namespace: 'shop' }, { size: 3, days: ['Fri', 'Mon'] })).toBe('passed');
  expect(run({ name: 'nightly', namespace: 'shop' }, { size: 4 })).toBe('failed');
  expect(run({ name: 'nightly' }, { size: 3 })).toBe('failed');
  expect(run({ name: 'weekly' }, { size: 5 })).toBe('passed');
  expect(run({ name: 'weekly' }, { size: 5 }, 'Restore')).toBe('failed');
});
