/** `unchanged`: an object is as it was at the start. */
import { isDeepStrictEqual } from 'node:util';
import type { KubeObject } from '#cluster/api/types.ts';
import { show, valueAt } from '../compare.ts';
import type { Check } from './check.ts';
import { find, nameOf, refProblems, type Ref } from './find.ts';

export interface UnchangedOptions {
  unchanged: Ref & { fields?: string[] };
}

/** Everything a person writes; the rest belongs to the cluster. */
const NOT_WRITTEN: ReadonlySet<string> = new Set(['apiVersion', 'kind', 'metadata', 'status']);

const writtenFields = (object: KubeObject): string[] => [
  'metadata.labels',
  ...Object.keys(object).filter((field) => !NOT_WRITTEN.has(field)),
];

export const unchangedCheck: Check<UnchangedOptions> = {
  kind: 'unchanged',
  problems: ({ unchanged }) =>
    refProblems(unchanged).map(({ path, message }) => ({ path: ['unchanged', ...path], message })),
  run({ unchanged: { fields, ...ref } }, { now, before }) {
    const earlier = find(before, ref);
    if (!earlier) throw new Error(`${nameOf(ref)} was not there at the start: the check has nothing to compare with`);
    const object = find(now, ref);
    if (!object || object.metadata.uid !== earlier.metadata.uid) {
      const actual = object ? 'created again' : '';
      return { outcome: 'failed', findings: [{ object: nameOf(ref), path: '', expected: nameOf(ref), actual }] };
    }
    const paths = fields ?? [...new Set([...writtenFields(earlier), ...writtenFields(object)])];
    const findings = paths
      .map((path) => ({ path, was: valueAt(earlier, path), is: valueAt(object, path) }))
      .filter(({ was, is }) => !isDeepStrictEqual(was, is))
      .map(({ path, was, is }) => ({ object: nameOf(ref), path, expected: show(was), actual: show(is) }));
    return findings.length === 0 ? { outcome: 'passed' } : { outcome: 'failed', findings };
  },
};
