import { expect, test } from '@jest/globals';
import { resourceOf, schemaOf } from './manifest.ts';
import { pathProblem, valueAt } from './paths.ts';

const node = {
  metadata: { labels: { 'example.com/pool': 'a' } },
  spec: {
    taints: [
      { key: 'a', effect: 'NoSchedule' },
      { key: 'example.com/b', effect: 'NoExecute' },
    ],
  },
};

test.each([
  ['metadata.labels["example.com/pool"]', 'a'],
  ['spec.taints[1].effect', 'NoExecute'],
  ['spec.taints[key=a].effect', 'NoSchedule'],
  ['spec.taints[key=example.com/b].effect', 'NoExecute'],
  ['spec.taints[key=c]', undefined],
  ['spec.unschedulable', undefined],
  ['spec.taints[0].effect.more', undefined],
  ['constructor', undefined],
])('value at %s', (path, value) => {
  expect(valueAt(node, path)).toEqual(value);
});

test.each([
  ['spec.unschedulable', undefined],
  ['spec.taints[key=maintenance].effect', undefined],
  ['metadata.labels["a.b/c"]', undefined],
  ['spec.taint', 'spec.taint: unknown field "taint"; did you mean "taints"?'],
  [
    'spec.taints.effect',
    'spec.taints.effect: "effect" is a field of a list\'s entries; say which entry: [name=...] or [0]',
  ],
  ['spec.taints[kee=a]', 'spec.taints[kee=a]: unknown field "kee"; did you mean "key"?'],
  ['spec[0]', 'spec[0]: "[0]" stands where there is no list'],
  [
    'spec..x',
    '"spec..x" is no path; write spec.unschedulable, spec.taints[key=maintenance] or metadata.labels["a.b/c"]',
  ],
])('problem of %s', (path, problem) => {
  const info = resourceOf('Node');
  expect(info && pathProblem(path, schemaOf(info))).toBe(problem);
});
