/** `missing`: one object is not there. */
import type { Check } from './check.ts';
import { find, isLeaving, nameOf, refProblems, type Ref } from './find.ts';
import { leaving } from './near-miss.ts';

export const missingCheck: Check<{ missing: Ref }> = {
  kind: 'missing',
  reads: ({ missing }) => [missing],
  problems: ({ missing }) => refProblems(missing).map(({ path, message }) => ({ path: ['missing', ...path], message })),
  run({ missing }, { now }) {
    const object = find(now, missing);
    if (!object) return { outcome: 'passed' };
    const name = nameOf(missing);
    return {
      outcome: 'failed',
      findings: [{ object: name, path: '', expected: '', actual: name }],
      ...(isLeaving(object) ? { nearMiss: leaving(name) } : {}),
    };
  },
};
