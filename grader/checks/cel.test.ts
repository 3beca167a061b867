import { expect, test } from '@jest/globals';
import { EMPTY, object, state } from '../testing.ts';
import { celCheck, type CelOptions } from './cel.ts';

const pod = (name: string, node?: string, app = 'web') =>
  object(
    `{apiVersion: v1, kind: Pod, metadata: {name: ${name}, namespace: shop, labels: {app: ${app}}}, spec: {${node === undefined ? '' : `nodeName: ${node}`}}}`,
  );
const pods = { kind: 'Pod', namespace: 'shop', selector: 'app=web', at: 'now' } as const;
const spread: CelOptions = {
  cel: 'size(pods) == 2 && pods[0].spec.nodeName != pods[1].spec.nodeName',
  with: { pods },
  show: 'pods.map(p, p.metadata.name + " on " + p.spec.nodeName).join(", ")',
};
const failed = (object: string, expected: string, actual: string) => ({
  outcome: 'failed',
  findings: [{ object, path: '', expected, actual }],
});

test.each([
  {
    name: 'holds',
    options: spread,
    now: state(pod('a', 'node01'), pod('b', 'node02'), pod('c', 'node01', 'db')),
    outcome: { outcome: 'passed' },
  },
  {
    name: 'does not hold, and what is there',
    options: spread,
    now: state(pod('a', 'node01'), pod('b', 'node01')),
    outcome: failed(spread.cel, 'true', 'a on node01, b on node01'),
  },
  {
    name: 'a field that is not set does not hold',
    options: spread,
    now: state(pod('a', 'node01'), pod('b')),
    outcome: failed(spread.cel, 'true', 'no such key: nodeName'),
  },
  {
    name: 'null is a field that is not set',
    options: {
      cel: 'slices.exists(s, s.endpoints.exists(e, e.addresses == ["10.0.0.1"]))',
      with: { slices: { kind: 'EndpointSlice', at: 'now' } },
    },
    now: state(object('{apiVersion: discovery.k8s.io/v1, kind: EndpointSlice, metadata: {name: a}, endpoints: null}')),
    outcome: failed(
      'slices.exists(s, s.endpoints.exists(e, e.addresses == ["10.0.0.1"]))',
      'true',
      'no such key: endpoints',
    ),
  },
  {
    name: 'without words of its own',
    options: { cel: 'size(pods) > 0', with: { pods } },
    now: EMPTY,
    outcome: failed('size(pods) > 0', 'true', 'false'),
  },
  {
    name: 'one object that is not there',
    options: {
      cel: 'web.spec.nodeName == "node01"',
      with: { web: { kind: 'Pod', namespace: 'shop', name: 'web', at: 'now' } },
    },
    now: EMPTY,
    outcome: failed('Pod shop/web', 'Pod shop/web', ''),
  },
  {
    name: 'what was there at the start',
    options: { cel: 'size(pods) == size(old) + 1', with: { pods, old: { ...pods, at: 'start' } } },
    now: state(pod('a', 'node01'), pod('b', 'node01')),
    before: state(pod('a', 'node01')),
    outcome: { outcome: 'passed' },
  },
] as { name: string; options: CelOptions; now: typeof EMPTY; before?: typeof EMPTY; outcome: unknown }[])(
  '$name',
  ({ options, now, before, outcome }) => {
    expect(celCheck.run(options, { now, ...(before ? { before } : {}) })).toEqual(outcome);
  },
);

test('an expression that goes wrong by itself is the check’s fault', () => {
  const options: CelOptions = { cel: '1 / (size(pods) - size(pods)) == 1', with: { pods } };
  expect(() => celCheck.run(options, { now: EMPTY })).toThrow('1 / (size(pods) - size(pods)) == 1: division by zero');
});

test('a start that nobody kept', () => {
  const options: CelOptions = { cel: 'size(old) == 0', with: { old: { ...pods, at: 'start' } } };
  expect(() => celCheck.run(options, { now: EMPTY })).toThrow('how this cluster was at the start is not known');
});

test.each([
  [
    'a field that does not exist',
    { cel: 'pods.all(p, p.spec.nodName == "x")', with: { pods } },
    ['cel'],
    "cel: ERROR: <input>:1:19: undefined field 'nodName'",
  ],
  [
    'a name that is not given',
    { cel: 'size(podz) == 1', with: { pods } },
    ['cel'],
    "cel: ERROR: <input>:1:6: undeclared reference to 'podz' (in container '')",
  ],
  ['a number', { cel: 'size(pods)', with: { pods } }, ['cel'], 'cel: expected a bool, found a int'],
  [
    'shown as a number',
    { cel: 'size(pods) == 1', with: { pods }, show: 'size(pods)' },
    ['show'],
    'show: expected a string, found a int',
  ],
  [
    'an unknown kind',
    { cel: 'true', with: { pods: { ...pods, kind: 'Pot' } } },
    ['with', 'pods', 'kind'],
    'unknown kind "Pot"; did you mean "Pod"?',
  ],
  [
    'name and selector',
    { cel: 'true', with: { pods: { ...pods, name: 'a' } } },
    ['with', 'pods', 'selector'],
    'give either "name" or "selector"',
  ],
] as [string, CelOptions, string[], string][])('%s is a problem', (_, options, path, message) => {
  expect(celCheck.problems(options)).toEqual([{ path, message }]);
});
