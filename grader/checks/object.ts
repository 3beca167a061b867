/** `object`, `expect`, `absent`: one object is there, with fields of a given meaning and without others. */
import type { KubeObject } from '#cluster/api/types.ts';
import { compare, demandsIn, holds, isNothing, missedDemands } from '../compare.ts';
import { checkValue, resourceOf, schemaOf } from '../manifest.ts';
import { pathProblem, valueAt } from '../paths.ts';
import { show } from '../show.ts';
import type { Finding, Outcome } from '../types.ts';
import type { Check } from './check.ts';
import { find, infoOf, isLeaving, nameOf, refProblems, type Ref } from './find.ts';
import { onItsWay, otherField, selectsNothing } from './near-miss-fields.ts';
import { leaving, otherCluster, otherName, otherObject, otherUnit } from './near-miss.ts';

export interface ObjectOptions {
  object: Ref;
  expect?: Record<string, unknown>;
  absent?: string[];
}

/** `false` is how the API says that a switch was never set. */
const isUnset = (value: unknown) => isNothing(value) || value === false || value === '';

function findingsFor({ object: ref, expect = {}, absent = [] }: ObjectOptions, object: KubeObject): Finding[] {
  const differences = compare(expect, object, schemaOf(infoOf(ref)));
  const present = absent
    .map((path) => ({ path, value: valueAt(object, path) }))
    .filter(({ value }) => !isUnset(value))
    .map(({ path, value }) => ({ path, expected: '', actual: show(value) }));
  return [...differences, ...present].map((finding) => ({ object: nameOf(ref), ...finding }));
}

const isSo = ({ object: ref, expect = {}, absent = [] }: ObjectOptions, object: KubeObject): boolean =>
  holds(expect, object, schemaOf(infoOf(ref))) && absent.every((path) => isUnset(valueAt(object, path)));

export const objectCheck: Check<ObjectOptions> = {
  kind: 'object',
  reads: ({ object }) => [object],
  problems({ object: ref, expect = {}, absent = [] }) {
    const problems = refProblems(ref).map(({ path, message }) => ({ path: ['object', ...path], message }));
    const info = resourceOf(ref.kind, ref.apiVersion);
    if (!info) return problems;
    const inside = checkValue(expect, schemaOf(info)).map(({ path, message }) => ({
      path: ['expect', ...path],
      message,
    }));
    const paths = absent.flatMap((path, index) => {
      const message = pathProblem(path, schemaOf(info));
      return message === undefined ? [] : [{ path: ['absent', index], message }];
    });
    return [...problems, ...inside, ...paths];
  },
  run(options, input): Outcome {
    const { object: ref } = options;
    const object = find(input.now, ref);
    if (!object || isLeaving(object)) {
      const name = nameOf(ref);
      const nearMiss = object ? leaving(name) : (otherName(ref, input) ?? otherCluster(ref, input));
      const finding = { object: name, path: '', expected: name, actual: '' };
      return { outcome: 'failed', findings: [finding], ...(nearMiss ? { nearMiss } : {}) };
    }
    const findings = findingsFor(options, object);
    if (findings.length === 0) return { outcome: 'passed' };
    const earlier = input.before && find(input.before, ref);
    const nearMiss =
      otherUnit(findings) ??
      otherObject(ref, object, (other) => isSo(options, other), input) ??
      otherField(findings, object, earlier) ??
      selectsNothing(object, input) ??
      onItsWay(nameOf(ref), findings);
    return { outcome: 'failed', findings, ...(nearMiss ? { nearMiss } : {}) };
  },
  /** Each field and each path that has to be empty. */
  demands({ object: ref, expect = {}, absent = [] }, { now }) {
    const of = (Object.keys(expect).length === 0 ? 0 : demandsIn(expect)) + absent.length;
    const object = find(now, ref);
    if (of === 0 || !object || isLeaving(object)) return { held: 0, of: Math.max(1, of) };
    const present = absent.filter((path) => !isUnset(valueAt(object, path))).length;
    return { held: Math.max(0, of - present - missedDemands(expect, object, schemaOf(infoOf(ref)))), of };
  },
};
