import { expect, test } from '@jest/globals';
import { printFieldError } from '../../../api/field.ts';
import { binding } from './index.ts';

const bound = (target: { kind?: string; name?: string }) => ({
  apiVersion: 'v1',
  kind: 'Binding',
  metadata: { name: 'p' },
  target,
});
const context = {
  store: { get: () => undefined, list: () => [] },
  clock: { now: () => 0 },
  random: { next: () => 0, suffix: () => '', uuid: () => '' },
};

test.each([
  ['a node', { kind: 'Node', name: 'node01' }, []],
  ['no kind', { name: 'node01' }, []],
  ['no name', { kind: 'Node' }, ['target.name: Required value']],
  [
    'another kind',
    { kind: 'Pod', name: 'p' },
    ['target.kind: Unsupported value: "Pod": supported values: "Node", "<empty>"'],
  ],
])('a binding to %s', (_name, target, problems) => {
  expect(binding.validate?.(bound(target), context).map(printFieldError)).toEqual(problems);
});
