import { expect, test } from '@jest/globals';
import type { Outcome } from '../types.ts';
import { EMPTY } from '../testing.ts';
import { anyCheck } from './any.ts';

const check = anyCheck<Outcome>({
  reads: (body) => [{ kind: body.outcome }],
  problems: (body) => (body.outcome === 'unknown' ? [{ path: ['kind'], message: body.reason }] : []),
  run: (body) => body,
  files: (body) => [body.outcome],
  demands: ({ outcome }) => ({ held: outcome === 'passed' ? 1 : 0, of: outcome === 'unknown' ? 1 : 2 }),
});
const passed: Outcome = { outcome: 'passed' };
const unknown: Outcome = { outcome: 'unknown', reason: 'no start' };
const finding = { object: 'Pod a', path: '', expected: 'x', actual: 'y' };
const far: Outcome = { outcome: 'failed', findings: [finding, finding] };
const near: Outcome = { outcome: 'failed', findings: [finding] };

test.each([
  ['one passes', [far, passed], passed],
  ['one passes, another cannot be checked', [unknown, passed], passed],
  ['the closest tells', [far, near], near],
  ['one that cannot be checked might have passed', [near, unknown], unknown],
])('%s', (_, any, outcome) => {
  expect(check.run({ any }, { now: EMPTY })).toEqual(outcome);
});

test('problems say in which alternative', () => {
  expect(check.problems({ any: [passed, unknown] })).toEqual([{ path: ['any', 1, 'kind'], message: 'no start' }]);
});

test('the kinds and files of all alternatives are read', () => {
  expect(check.reads({ any: [passed, near] })).toEqual([{ kind: 'passed' }, { kind: 'failed' }]);
  expect(check.files?.({ any: [passed, near] })).toEqual(['passed', 'failed']);
});

test('partial points come from the alternative of which most holds', () => {
  expect(check.demands?.({ any: [unknown, passed] }, { now: EMPTY })).toEqual({ held: 1, of: 2 });
});
