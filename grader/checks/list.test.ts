import { expect, test } from '@jest/globals';
import type { ClusterState, Outcome } from '../types.ts';
import { EMPTY, object, state } from '../testing.ts';
import { listCheck, type ListOptions } from './list.ts';

const pod = (name: string, rest: { namespace?: string; app?: string; node?: string; leaving?: boolean } = {}) =>
  object(
    `{apiVersion: v1, kind: Pod, metadata: {name: ${name}, namespace: ${rest.namespace ?? 'shop'}, labels: {app: ${rest.app ?? 'web'}}${rest.leaving ? ', deletionTimestamp: x' : ''}}, spec: {nodeName: ${rest.node ?? 'node01'}}}`,
  );
const onNode02: ListOptions = {
  list: { kind: 'Pod', namespace: 'shop', selector: 'app=web', where: { spec: { nodeName: 'node02' } } },
  count: 2,
};
const failed = (actual: string, expected = '2 × Pod', object = 'Pod (shop, app=web)') => ({
  object,
  path: '',
  expected,
  actual,
});

const rows: { name: string; options: ListOptions; now: ClusterState; outcome: Outcome }[] = [
  {
    name: 'as many',
    options: onNode02,
    now: state(pod('a', { node: 'node02' }), pod('b', { node: 'node02' }), pod('c', { app: 'db', node: 'node02' })),
    outcome: { outcome: 'passed' },
  },
  {
    name: 'too few, and why the next one does not count',
    options: onNode02,
    now: state(pod('a', { node: 'node02' }), pod('b')),
    outcome: {
      outcome: 'failed',
      findings: [failed('1: a'), { object: 'Pod shop/b', path: 'spec.nodeName', expected: 'node02', actual: 'node01' }],
    },
  },
  { name: 'none at all', options: onNode02, now: EMPTY, outcome: { outcome: 'failed', findings: [failed('0')] } },
  {
    name: 'too many',
    options: { ...onNode02, count: { max: 0 } },
    now: state(pod('a', { node: 'node02' }), pod('b')),
    outcome: { outcome: 'failed', findings: [failed('1: a', '0 × Pod')] },
  },
  {
    name: 'one on its way out counts no more',
    options: { ...onNode02, count: 0 },
    now: state(pod('a', { node: 'node02', leaving: true })),
    outcome: { outcome: 'passed' },
  },
  {
    name: 'within bounds',
    options: { list: { kind: 'Pod' }, count: { min: 1, max: 2 } },
    now: state(pod('a'), pod('b', { namespace: 'x' })),
    outcome: { outcome: 'passed' },
  },
  {
    name: 'over bounds, in all namespaces',
    options: { list: { kind: 'Pod' }, count: { min: 0, max: 1 } },
    now: state(pod('a'), pod('b', { namespace: 'x' })),
    outcome: { outcome: 'failed', findings: [failed('2: shop/a, x/b', '≤ 1 × Pod', 'Pod')] },
  },
  {
    name: 'under bounds',
    options: { list: { kind: 'Pod' }, count: { min: 3 } },
    now: state(pod('a')),
    outcome: { outcome: 'failed', findings: [failed('1: shop/a', '≥ 3 × Pod', 'Pod')] },
  },
  {
    name: 'a range',
    options: { list: { kind: 'Pod' }, count: { min: 2, max: 3 } },
    now: state(pod('a')),
    outcome: { outcome: 'failed', findings: [failed('1: shop/a', '2–3 × Pod', 'Pod')] },
  },
  {
    name: 'in the wrong namespace',
    options: { ...onNode02, count: 1 },
    now: state(pod('a', { namespace: 'default', node: 'node02' })),
    outcome: {
      outcome: 'failed',
      findings: [failed('0', '1 × Pod')],
      nearMiss: {
        en: 'What is looked for is in namespace "default" (Pod); it belongs in "shop".',
        ko: 'Pod: 조건에 맞는 것이 네임스페이스 "default"에 있습니다. "shop"에 있어야 합니다.',
      },
    },
  },
];

test.each(rows)('$name', ({ options, now, outcome }) => {
  expect(listCheck.run(options, { now, before: EMPTY })).toEqual(outcome);
});

test('names are told up to eight', () => {
  const now = state(...Array.from({ length: 10 }, (_, index) => pod(`p${index}`)));
  expect(listCheck.run({ list: { kind: 'Pod', namespace: 'shop' }, count: 0 }, { now, before: EMPTY })).toMatchObject({
    findings: [{ actual: '10: p0, p1, p2, p3, p4, p5, p6, p7, …' }],
  });
});
