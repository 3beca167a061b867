import { expect, test } from '@jest/globals';
import { Cluster } from '#cluster/cluster.ts';
import { setUp, type SetupStep } from '#cluster/setup.ts';
import { makeCheck } from '#grader/checks/index.ts';
import { object, someScenario } from '#grader/testing.ts';
import type { ClusterState, FoundFile, Scenario } from '#grader/types.ts';
import { proveMutations } from './index.ts';
import { Jury } from './judge.ts';

const NOW = Date.UTC(2026, 0, 1);
const sentence = { en: 'x', ko: 'y' };
const start = Cluster.create({ now: NOW, nodes: ['controlplane', 'node01'] });
setUp(start, [{ apply: [object('{apiVersion: v1, kind: Namespace, metadata: {name: team}}')] }, { advance: 60_000 }]);
const stateOf = (cluster: Cluster): ClusterState => ({ now: cluster.now, resources: cluster.objects() });

function after(...steps: SetupStep[]): Cluster {
  const copy = start.fork();
  // by the administrator: what the set-up's user writes counts as the cluster's own
  for (const step of steps) {
    if ('apply' in step)
      for (const one of step.apply) copy.client('kubectl').create(`${one.kind.toLowerCase()}s`, structuredClone(one));
    else setUp(copy, [step]);
  }
  copy.advance(60_000);
  return copy;
}

function prove(
  checks: Parameters<typeof makeCheck>[0][],
  solutions: Cluster[],
  more: { harmless?: Scenario['mutations']['harmless']; files?: Record<string, FoundFile>[] } = {},
) {
  const scenario = someScenario('p/s', {
    checks: checks.map((check) => makeCheck(check).spec),
    mutations: { harmless: more.harmless ?? [] },
  });
  const idle = after();
  const [solved = idle] = solutions;
  const files = more.files ?? solutions.map(() => ({}));
  const jury = new Jury({ scenario, solved, start, before: stateOf(start), files: files[0] ?? {} });
  return proveMutations({ scenario, jury, idle: stateOf(idle), solved: solutions.map(stateOf), files });
}

const map = (data: string) =>
  object(`{apiVersion: v1, kind: ConfigMap, metadata: {name: settings, namespace: team, uid: ''}, data: ${data}}`);
const made = (data: string) => {
  const { uid: _uid, ...metadata } = map(data).metadata;
  return after({ apply: [{ ...map(data), metadata }] });
};
const ref = { kind: 'ConfigMap', name: 'settings', namespace: 'team' };
const whole = { id: 'map', points: 2, sentence, object: ref, expect: { data: { a: '1', b: 'x' } } };
const half = { id: 'map', points: 2, sentence, object: ref, expect: { data: { a: '1' } } };
const UNTOLD = 'check it, have a solution that does it otherwise, or list it under mutations.harmless';

test('every part of the solution counts', () => {
  expect(prove([whole], [made('{a: "1", b: x}')])).toEqual({ right: 8, judged: 8, listed: 0, reasons: [] });
});

test('a part that no check looks at is told', () => {
  expect(prove([half], [made('{a: "1", b: x}')])).toEqual({
    right: 6,
    judged: 8,
    listed: 0,
    reasons: [
      `costs nothing: ConfigMap team/settings data.b left out; ${UNTOLD}`,
      `costs nothing: ConfigMap team/settings data.b: "xx"; ${UNTOLD}`,
    ],
  });
});

test('what another solution does otherwise is open', () => {
  expect(prove([half], [made('{a: "1", b: x}'), made('{a: "1", b: z}')]).reasons).toEqual([]);
});

test('what is listed is left alone, and has to be there', () => {
  const harmless = [
    { change: 'ConfigMap */settings data.b', reason: 'any will do' },
    { change: 'ConfigMap */settings data.c', reason: 'there is none' },
  ];
  expect(prove([half], [made('{a: "1", b: x}')], { harmless })).toEqual({
    right: 6,
    judged: 6,
    listed: 2,
    reasons: ['mutations.harmless: there is no mutant at "ConfigMap */settings data.c"'],
  });
});

test('a check that a harmless change fails is told', () => {
  const strict = {
    id: 'strict',
    points: 1,
    sentence,
    cel: '!has(map.metadata.labels) && size(maps) == 2',
    with: { map: { ...ref, at: 'now' as const }, maps: { kind: 'ConfigMap', namespace: 'team', at: 'now' as const } },
  };
  expect(prove([half, strict], [made('{a: "1"}')]).reasons).toEqual([
    'costs points and does no harm: ConfigMap team/settings with another of its labels (strict)',
    'costs points and does no harm: ConfigMap team/drydock-extra besides (strict)',
  ]);
});

test('a change of what was there is undone and altered; defaults are nobody’s demand', () => {
  const cordoned = after({ cordon: 'node01' });
  const check = {
    id: 'node',
    points: 1,
    sentence,
    object: { kind: 'Node', name: 'node01' },
    expect: { spec: { unschedulable: true } },
  };
  expect(prove([check], [cordoned])).toMatchObject({ reasons: [] });
});

test('each line of an answer counts, blank ones do not', () => {
  const file = { id: 'file', points: 1, sentence, file: { path: 'a.txt', lines: ['x', 'y'] } };
  expect(prove([file], [after()], { files: [{ 'a.txt': { text: 'y\nx\n' } }] })).toEqual({
    right: 5,
    judged: 5,
    listed: 0,
    reasons: [],
  });
});

test('a solution that does not score full when it is copied proves nothing', () => {
  expect(prove([whole], [after()]).reasons).toEqual(['the solved cluster does not score full when it is copied: map']);
});
