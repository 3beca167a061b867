/** `any`: several ways of having done it, one of which has to be there. */
import type { ManifestProblem } from '../manifest.ts';
import type { Outcome } from '../types.ts';
import type { Check, CheckInput, KindRef } from './check.ts';

/** How the alternatives, which are checks of other kinds, are looked at. */
interface Alternatives<Body> {
  reads(body: Body): readonly KindRef[];
  problems(body: Body): ManifestProblem[];
  run(body: Body, input: CheckInput): Outcome;
}

export const anyCheck = <Body>(alternatives: Alternatives<Body>): Check<{ any: Body[] }> => ({
  kind: 'any',
  reads: ({ any }) => any.flatMap((body) => alternatives.reads(body)),
  problems: ({ any }) =>
    any.flatMap((body, index) =>
      alternatives.problems(body).map(({ path, message }) => ({ path: ['any', index, ...path], message })),
    ),
  /** Failed: told by the alternative that comes closest. One that cannot be checked might have passed. */
  run({ any }, input) {
    const outcomes = any.map((body) => alternatives.run(body, input));
    const passed = outcomes.find(({ outcome }) => outcome === 'passed');
    const unknown = outcomes.find(({ outcome }) => outcome === 'unknown');
    const [closest] = outcomes
      .flatMap((one) => (one.outcome === 'failed' ? [one] : []))
      .sort((a, b) => a.findings.length - b.findings.length);
    const result = passed ?? unknown ?? closest;
    if (!result) throw new Error('there is no alternative to check');
    return result;
  },
});
