/** `unchanged`: an object is as it was at the start. */
import type { KubeObject } from '#cluster/api/types.ts';
import { changes } from '../changes.ts';
import { resourceOf, schemaOf } from '../manifest.ts';
import { pathProblem, valueAt } from '../paths.ts';
import type { Check } from './check.ts';
import { find, isLeaving, nameOf, refProblems, type Ref } from './find.ts';
import { leaving, replaced } from './near-miss.ts';

export interface UnchangedOptions {
  /** `recreated`: another object of the name will do, if it is the same. */
  unchanged: Ref & { fields?: string[]; recreated?: boolean };
}

/** Everything a person writes; the rest belongs to the cluster. */
const NOT_WRITTEN: ReadonlySet<string> = new Set(['apiVersion', 'kind', 'metadata', 'status']);
/** Findings told: an object that was turned upside down needs no list of all its fields. */
const MOST_FINDINGS = 5;

const writtenFields = (object: KubeObject): string[] => [
  'metadata.labels',
  ...Object.keys(object).filter((field) => !NOT_WRITTEN.has(field)),
];

export const unchangedCheck: Check<UnchangedOptions> = {
  kind: 'unchanged',
  reads: ({ unchanged }) => [unchanged],
  problems({ unchanged }) {
    const problems = refProblems(unchanged).map(({ path, message }) => ({ path: ['unchanged', ...path], message }));
    const info = resourceOf(unchanged.kind, unchanged.apiVersion);
    if (!info) return problems;
    const paths = (unchanged.fields ?? []).flatMap((path, index) => {
      const message = pathProblem(path, schemaOf(info));
      return message === undefined ? [] : [{ path: ['unchanged', 'fields', index], message }];
    });
    return [...problems, ...paths];
  },
  run({ unchanged: { fields, recreated = false, ...ref } }, { now, before }) {
    const name = nameOf(ref);
    if (!before) throw new Error(`how ${name} was at the start of this cluster is not known`);
    const earlier = find(before, ref);
    if (!earlier) throw new Error(`${name} was not there at the start, so there is nothing to compare with`);
    const object = find(now, ref);
    if (!object || isLeaving(object) || (!recreated && object.metadata.uid !== earlier.metadata.uid)) {
      const nearMiss = object && (isLeaving(object) ? leaving(name) : replaced(name));
      const finding = { object: name, path: '', expected: name, actual: '' };
      return { outcome: 'failed', findings: [finding], ...(nearMiss ? { nearMiss } : {}) };
    }
    const paths = fields ?? [...new Set([...writtenFields(earlier), ...writtenFields(object)])];
    const findings = paths
      .flatMap((path) => changes(valueAt(earlier, path), valueAt(object, path), path))
      .slice(0, MOST_FINDINGS)
      .map((difference) => ({ object: name, ...difference }));
    return findings.length === 0 ? { outcome: 'passed' } : { outcome: 'failed', findings };
  },
  /** Of the fields that are named, those that are as they were. */
  demands({ unchanged: { fields = [], recreated = false, ...ref } }, { now, before }) {
    const [object, earlier] = [find(now, ref), before && find(before, ref)];
    const of = Math.max(1, fields.length);
    if (!object || isLeaving(object) || (!recreated && object.metadata.uid !== earlier?.metadata.uid))
      return { held: 0, of };
    const same = fields.filter((path) => changes(valueAt(earlier, path), valueAt(object, path), path).length === 0);
    return { held: same.length, of };
  },
};
