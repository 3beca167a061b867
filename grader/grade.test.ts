import { expect, test } from '@jest/globals';
import { grade } from './grade.ts';
import { EMPTY, object, state } from './testing.ts';
import type { CheckSpec, Trial } from './types.ts';

const quota = object('{apiVersion: v1, kind: ResourceQuota, metadata: {name: q, namespace: a}}');
const guarded = object('{apiVersion: v1, kind: Namespace, metadata: {name: keep}}');
const check = (id: string, points: number, kind: string, options: unknown): CheckSpec => ({
  id,
  points,
  sentence: { en: id, ko: id },
  run: { kind, options },
});
const made = check('made', 3, 'object', { object: { kind: 'ResourceQuota', name: 'q', namespace: 'a' } });
const kept = check('kept', 2, 'unchanged', { unchanged: { kind: 'Namespace', name: 'keep' } });
const broken = check('broken', 4, 'unchanged', { unchanged: { kind: 'Namespace', name: 'never-there' } });
const points = (checks: CheckSpec[], now: typeof EMPTY) => {
  const report = grade({ id: 'p/s', checks }, { now, before: state(guarded) });
  return {
    scored: report.scored,
    possible: report.possible,
    outcomes: report.results.map(({ result, scored }) => `${result.outcome} ${scored}`),
  };
};

test('nothing done scores nothing, though what had to stay stayed', () => {
  expect(points([made, kept], state(guarded))).toEqual({ scored: 0, possible: 5, outcomes: ['failed 0', 'passed 0'] });
});

test('what had to stay counts together with something done', () => {
  expect(points([made, kept], state(guarded, quota))).toEqual({
    scored: 5,
    possible: 5,
    outcomes: ['passed 3', 'passed 2'],
  });
});

test('what had to stay and did not costs its points', () => {
  expect(points([made, kept], state(quota))).toEqual({ scored: 3, possible: 5, outcomes: ['passed 3', 'failed 0'] });
});

test('a check that cannot run costs nothing', () => {
  expect(points([made, broken], state(guarded, quota))).toEqual({
    scored: 3,
    possible: 3,
    outcomes: ['passed 3', 'unknown 0'],
  });
});

test('a check of an unknown kind cannot run', () => {
  const report = grade({ id: 'p/s', checks: [check('x', 1, 'dance', {})] }, { now: EMPTY, before: EMPTY });
  expect(report.results[0]?.result).toEqual({ outcome: 'unknown', reason: 'there is no check of the kind dance' });
});

test('of a cluster whose start is not known, what holds in an empty one counts only with something done', () => {
  const gone = check('gone', 1, 'missing', { missing: { kind: 'Namespace', name: 'old' } });
  const scored = (now: typeof EMPTY) => grade({ id: 'p/s', checks: [made, gone, kept] }, { now });
  expect(scored(EMPTY)).toMatchObject({ scored: 0, possible: 4 });
  expect(scored(state(quota, guarded))).toMatchObject({ scored: 4, possible: 4 });
});

test('a trial that came out the same at the start counts only with something done', () => {
  const tried = check('tried', 2, 'probe', { probe: [{ drain: 'node01' }] });
  const done: Trial = { outcomes: [{ kind: 'done' }], now: 0, resources: {} };
  const refused: Trial = { outcomes: [{ kind: 'refused', message: 'no' }], now: 0, resources: {} };
  const scored = (before: Trial) =>
    grade({ id: 'p/s', checks: [tried] }, { now: EMPTY, before: EMPTY, trials: { tried: { now: done, before } } })
      .scored;
  expect(scored(refused)).toBe(2);
  expect(scored(done)).toBe(0);
});

const tasks = object(
  '{apiVersion: v1, kind: ResourceQuota, metadata: {name: q, namespace: a}, spec: {hard: {pods: 4}}}',
);
const hard = (amounts: Record<string, number>) => ({
  object: { kind: 'ResourceQuota', name: 'q', namespace: 'a' },
  expect: { spec: { hard: amounts } },
});
const outcome = (checks: CheckSpec[], now: typeof EMPTY, before = EMPTY) =>
  grade({ id: 'p/s', checks }, { now, before }).results.map(({ scored, result }) =>
    result.outcome === 'failed' && result.waitsFor
      ? `waits for ${result.waitsFor.join(', ')}`
      : `${result.outcome} ${scored}`,
  );

test.each<{ name: string; points: number; expect: Record<string, number>; before?: typeof EMPTY; scored: number }>([
  { name: 'one of two things', points: 3, expect: { pods: 4, services: 2 }, scored: 1 },
  { name: 'two of three things of three points', points: 3, expect: { pods: 4, services: 2, secrets: 1 }, scored: 1 },
  { name: 'half, of one point', points: 1, expect: { pods: 4, services: 2 }, scored: 0 },
  {
    name: 'what was so before is nobody’s work',
    points: 4,
    expect: { pods: 4, services: 2 },
    before: state(tasks),
    scored: 0,
  },
  { name: 'all of it', points: 4, expect: { pods: 4 }, scored: 4 },
])('partial points: $name', ({ points: worth, expect: wanted, before, scored }) => {
  const partial = { ...check('quota', worth, 'object', hard(wanted)), partial: true };
  const report = grade({ id: 'p/s', checks: [partial] }, { now: state(tasks), before: before ?? EMPTY });
  expect(report.scored).toBe(scored);
});

test('a check waits for those it needs, and says so', () => {
  const later = { ...check('later', 2, 'object', hard({ pods: 9 })), needs: ['made'] };
  const last = { ...check('last', 2, 'object', hard({ pods: 9 })), needs: ['later', 'kept'] };
  expect(outcome([made, later, last, kept], EMPTY, state(guarded))).toEqual([
    'failed 0',
    'waits for made',
    'waits for later, kept',
    'failed 0',
  ]);
  // once what it needs holds, it says what is wrong itself
  expect(outcome([made, later], state(tasks))).toEqual(['passed 3', 'failed 0']);
});

test('a check that holds waits for nothing', () => {
  const free = { ...check('free', 2, 'object', hard({ pods: 4 })), needs: ['never'] };
  const never = check('never', 1, 'object', { object: { kind: 'Node', name: 'x' } });
  expect(outcome([free, never], state(tasks))).toEqual(['passed 2', 'failed 0']);
});

test('partial points of a check that waits are none', () => {
  const half = { ...check('half', 4, 'object', hard({ pods: 4, services: 1 })), partial: true, needs: ['never'] };
  const never = check('never', 1, 'object', { object: { kind: 'Node', name: 'x' } });
  expect(outcome([half, never], state(tasks))).toEqual(['waits for never', 'failed 0']);
});

test('files are read as they are now; before anything was done there were none', () => {
  const file = check('file', 2, 'file', { file: { path: 'a', lines: ['x'] } });
  const report = grade({ id: 'p/s', checks: [file] }, { now: EMPTY, before: EMPTY, files: { a: { text: 'x\n' } } });
  expect([report.scored, report.possible]).toEqual([2, 2]);
  expect(grade({ id: 'p/s', checks: [file] }, { now: EMPTY }).possible).toBe(0);
});
