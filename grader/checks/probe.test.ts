import { expect, test } from '@jest/globals';
import type { StepOutcome, Trial } from '#cluster/trial.ts';
import type { Outcome } from '../types.ts';
import { EMPTY, object } from '../testing.ts';
import { probeCheck, stepsOf, type ProbeOptions, type ProbeStep } from './probe.ts';

/** What follows is an outcome by itself. */
const check = probeCheck<Outcome>({
  reads: () => [],
  problems: (body) => (body.outcome === 'unknown' ? [{ path: ['kind'], message: body.reason }] : []),
  run: (body) => body,
});
const pod = object('{apiVersion: v1, kind: Pod, metadata: {name: fifth, namespace: shop}}');
const apply: ProbeStep = { apply: [pod] };
const wget: ProbeStep = { exec: { namespace: 'shop', selector: 'app=client', command: ['wget', '-qO-', 'web'] } };
const trial = (...outcomes: StepOutcome[]): Trial => ({ outcomes, now: 0, resources: {} });
const done: StepOutcome = { kind: 'done' };
const quota: StepOutcome = { kind: 'refused', message: 'pods "fifth" is forbidden: exceeded quota: pods' };
const passed: Outcome = { outcome: 'passed' };
const finding = { object: 'Pod shop/a', path: 'spec', expected: 'x', actual: 'y' };
const failed = (object: string, expected: string, actual: string): Outcome => ({
  outcome: 'failed',
  findings: [{ object, path: '', expected, actual }],
});

const rows: { name: string; probe: ProbeStep[]; after?: Outcome[]; of: Trial; outcome: Outcome }[] = [
  { name: 'done as it has to be', probe: [apply, { advance: 60_000 }], of: trial(done, done), outcome: passed },
  {
    name: 'refused though it should be done',
    probe: [apply],
    of: trial(quota),
    outcome: failed('apply Pod shop/fifth', 'done', 'refused: pods "fifth" is forbidden: exceeded quota: pods'),
  },
  {
    name: 'refused for that reason',
    probe: [{ ...apply, refused: 'exceeded quota' }],
    of: trial(quota),
    outcome: passed,
  },
  { name: 'refused for any reason', probe: [{ ...apply, refused: true }], of: trial(quota), outcome: passed },
  {
    name: 'refused for another reason',
    probe: [{ ...apply, refused: 'must specify limits' }],
    of: trial(quota),
    outcome: failed(
      'apply Pod shop/fifth',
      'refused: must specify limits',
      'refused: pods "fifth" is forbidden: exceeded quota: pods',
    ),
  },
  {
    name: 'done though it should be refused',
    probe: [{ drain: 'node01', refused: true }],
    of: trial(done),
    outcome: failed('drain node01', 'refused', 'done'),
  },
  {
    name: 'a command that succeeds',
    probe: [wget],
    of: trial({ kind: 'ran', exitCode: 0, output: '' }),
    outcome: passed,
  },
  {
    name: 'a command that prints something else',
    probe: [{ ...wget, prints: 'hello' }],
    of: trial({ kind: 'ran', exitCode: 0, output: 'welcome\n' }),
    outcome: failed('exec shop/app=client: wget -qO- web', 'exit 0: hello', 'exit 0: welcome'),
  },
  {
    name: 'a command that fails as it has to',
    probe: [{ ...wget, fails: 'timed out' }],
    of: trial({ kind: 'ran', exitCode: 1, output: 'wget: download timed out\n' }),
    outcome: passed,
  },
  {
    name: 'a command that should fail and does not',
    probe: [{ ...wget, fails: true }],
    of: trial({ kind: 'ran', exitCode: 0, output: '' }),
    outcome: failed('exec shop/app=client: wget -qO- web', 'failed', 'exit 0'),
  },
  {
    name: 'no pod to run it in',
    probe: [{ ...wget, fails: true }],
    of: trial({ kind: 'refused', message: 'no container runs in a pod app=client of namespace shop' }),
    outcome: failed(
      'exec shop/app=client: wget -qO- web',
      'failed',
      'refused: no container runs in a pod app=client of namespace shop',
    ),
  },
  { name: 'all that follows passes', probe: [apply], after: [passed, passed], of: trial(done), outcome: passed },
  {
    name: 'one that follows fails',
    probe: [apply],
    after: [passed, { outcome: 'failed', findings: [finding], nearMiss: { en: 'near', ko: '가깝다' } }],
    of: trial(done),
    outcome: { outcome: 'failed', findings: [finding], nearMiss: { en: 'near', ko: '가깝다' } },
  },
  {
    name: 'one that follows cannot be checked',
    probe: [apply],
    after: [{ outcome: 'unknown', reason: 'no start' }],
    of: trial(done),
    outcome: { outcome: 'unknown', reason: 'no start' },
  },
  {
    name: 'after a step that went another way nothing more is looked at',
    probe: [apply],
    after: [{ outcome: 'failed', findings: [finding] }],
    of: trial(quota),
    outcome: failed('apply Pod shop/fifth', 'done', 'refused: pods "fifth" is forbidden: exceeded quota: pods'),
  },
];

test.each(rows)('$name', ({ probe, after, of, outcome }) => {
  expect(check.run({ probe, ...(after ? { after } : {}) }, { now: EMPTY, trial: of })).toEqual(outcome);
});

test('a cluster that cannot be copied cannot be checked', () => {
  expect(() => check.run({ probe: [apply] }, { now: EMPTY })).toThrow(
    'this cluster cannot be copied, so nothing can be tried on it',
  );
});

test('the steps to try are without what is expected of them', () => {
  expect(
    stepsOf({
      probe: [
        { ...apply, refused: true },
        { ...wget, prints: 'x', fails: 'y' },
      ],
    }),
  ).toEqual([apply, wget]);
});

test.each<[string, ProbeOptions<Outcome>, (string | number)[], string]>([
  [
    'a pod and a selector',
    { probe: [{ exec: { namespace: 'a', pod: 'b', selector: 'c', command: ['d'] } }] },
    ['probe', 0, 'exec'],
    'give either "pod" or "selector"',
  ],
  [
    'prints and fails',
    { probe: [{ ...wget, prints: 'a', fails: 'b' }] },
    ['probe', 0, 'fails'],
    'it either prints or fails',
  ],
  [
    'nothing that can fail',
    { probe: [{ stop: 'node01' }, { advance: 1000 }] },
    ['probe'],
    'nothing can fail here: give "after" with what has to hold',
  ],
  ['what follows', { probe: [apply], after: [{ outcome: 'unknown', reason: 'no' }] }, ['after', 0, 'kind'], 'no'],
])('%s is a problem', (_, options, path, message) => {
  expect(check.problems(options)).toEqual([{ path, message }]);
});
