/** `missing`: one object is not there. */
import type { Check } from './check.ts';
import { find, isLeaving, nameOf, refProblems, type Ref } from './find.ts';
import { leaving, otherGone } from './near-miss.ts';

export const missingCheck: Check<{ missing: Ref }> = {
  kind: 'missing',
  reads: ({ missing }) => [missing],
  problems: ({ missing }) => refProblems(missing).map(({ path, message }) => ({ path: ['missing', ...path], message })),
  run({ missing }, input) {
    const object = find(input.now, missing);
    if (!object) return { outcome: 'passed' };
    const name = nameOf(missing);
    const nearMiss = isLeaving(object) ? leaving(name) : otherGone(missing, input);
    return {
      outcome: 'failed',
      findings: [{ object: name, path: '', expected: '', actual: name }],
      ...(nearMiss ? { nearMiss } : {}),
    };
  },
};
