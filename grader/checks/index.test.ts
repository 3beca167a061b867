import { expect, test } from '@jest/globals';
import { existsSync } from 'node:fs';
import { CHECK_KINDS } from '../schema-checks.ts';
import { EMPTY } from '../testing.ts';
import { makeCheck, runCheck } from './index.ts';

test.each(CHECK_KINDS)('%s has its file and its test', (kind) => {
  const there = ['', '.test'].map((suffix) => existsSync(new URL(`./${kind}${suffix}.ts`, import.meta.url)));
  expect(there).toEqual([true, true]);
});

test('a check is made from its source, and says what is wrong in it', () => {
  const sentence = { en: 'x', ko: 'y' };
  const made = makeCheck({ id: 'a', points: 2, sentence, missing: { kind: 'Nod', name: 'x' } });
  expect(made).toEqual({
    spec: { id: 'a', points: 2, sentence, run: { kind: 'missing', options: { missing: { kind: 'Nod', name: 'x' } } } },
    problems: [{ path: ['missing', 'kind'], message: 'unknown kind "Nod"; did you mean "Node"?' }],
  });
});

test('what a check throws is no outcome of the learner', () => {
  const options = { unchanged: { kind: 'Node', name: 'x' } };
  const spec = { id: 'a', points: 1, sentence: { en: 'x', ko: 'y' }, run: { kind: 'unchanged', options } };
  expect(runCheck(spec, { now: EMPTY, before: EMPTY })).toEqual({
    outcome: 'unknown',
    reason: 'Node x was not there at the start, so there is nothing to compare with',
  });
});
