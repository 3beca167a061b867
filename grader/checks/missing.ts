/** `missing`: one object is not there. */
import type { Check } from './check.ts';
import { find, nameOf, refProblems, type Ref } from './find.ts';

export const missingCheck: Check<{ missing: Ref }> = {
  kind: 'missing',
  problems: ({ missing }) => refProblems(missing).map(({ path, message }) => ({ path: ['missing', ...path], message })),
  run({ missing }, { now }) {
    const object = find(now, missing);
    if (!object) return { outcome: 'passed' };
    const actual = object.metadata.deletionTimestamp ? `${nameOf(missing)} (Terminating)` : nameOf(missing);
    return { outcome: 'failed', findings: [{ object: nameOf(missing), path: '', expected: '', actual }] };
  },
};
