/** `any`: several ways of having done it, one of which has to be there. */
import type { ManifestProblem } from '../manifest.ts';
import type { Outcome } from '../types.ts';
import type { Check, CheckInput, Demands, KindRef } from './check.ts';

/** How the alternatives, which are checks of other kinds, are looked at. */
interface Alternatives<Body> {
  reads(body: Body): readonly KindRef[];
  problems(body: Body): ManifestProblem[];
  run(body: Body, input: CheckInput): Outcome;
  files(body: Body): readonly string[];
  demands(body: Body, input: CheckInput): Demands;
}

export const anyCheck = <Body>(alternatives: Alternatives<Body>): Check<{ any: Body[] }> => ({
  kind: 'any',
  reads: ({ any }) => any.flatMap((body) => alternatives.reads(body)),
  files: ({ any }) => any.flatMap((body) => alternatives.files(body)),
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
  /** Of the alternative of which the largest share holds. */
  demands({ any }, input) {
    const shares = any.map((body) => alternatives.demands(body, input));
    const [best] = shares.sort((a, b) => b.held / b.of - a.held / a.of);
    return best ?? { held: 0, of: 1 };
  },
});
