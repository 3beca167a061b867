/** `object` and `expect`: one object is there, with fields of a given meaning. */
import type { KubeObject } from '#cluster/api/types.ts';
import { parseQuantity } from '#cluster/api/quantity.ts';
import { compare, show, valueAt } from '../compare.ts';
import { checkValue, resourceOf, schemaOf } from '../manifest.ts';
import type { Finding, Outcome, Text } from '../types.ts';
import type { Check, CheckInput } from './check.ts';
import { all, find, infoOf, nameOf, nearMiss, refProblems, type Ref } from './find.ts';

export interface ObjectOptions {
  object: Ref;
  expect?: Record<string, unknown>;
  absent?: string[];
}

function findingsFor({ object: ref, expect = {}, absent = [] }: ObjectOptions, object: KubeObject): Finding[] {
  const differences = compare(expect, object, schemaOf(infoOf(ref)));
  const present = absent
    .map((path) => ({ path, expected: '', actual: show(valueAt(object, path)) }))
    .filter(({ actual }) => actual !== '' && actual !== 'false');
  return [...differences, ...present].map((finding) => ({ object: nameOf(ref), ...finding }));
}

/** Another object of the kind has what this one lacks: the right taint on the wrong node. */
function satisfiedElsewhere(options: ObjectOptions, { now, before }: CheckInput): Text | undefined {
  const info = infoOf(options.object);
  const others = all(now, info).filter(({ metadata }) => metadata.name !== options.object.name);
  const other = others.find((candidate) => {
    if (findingsFor(options, candidate).length > 0) return false;
    const earlier = all(before, info).find(({ metadata }) => metadata.uid === candidate.metadata.uid);
    return !earlier || findingsFor(options, earlier).length > 0;
  });
  if (!other) return undefined;
  const { kind, name } = options.object;
  return {
    en: `${kind} "${other.metadata.name}" has this; expected on "${name}".`,
    ko: `${kind} "${other.metadata.name}"에 되어 있습니다. "${name}"에 해야 합니다.`,
  };
}

/** 100m for 100Mi, 1G for 1Gi: the number is right, the unit is not. */
function unitMistake(findings: readonly Finding[]): Text | undefined {
  const number = /^[+-]?[0-9.]+/;
  const mistaken = findings.find(({ expected, actual }) => {
    const sameNumber = number.exec(expected)?.[0] === number.exec(actual)?.[0] && number.test(expected);
    return sameNumber && parseQuantity(expected) !== undefined && parseQuantity(actual) !== undefined;
  });
  if (!mistaken) return undefined;
  const { path, expected, actual } = mistaken;
  return {
    en: `The number in ${path} is right, the unit is not: "${actual}" is not "${expected}".`,
    ko: `${path}의 숫자는 맞지만 단위가 다릅니다. "${actual}"은(는) "${expected}"이(가) 아닙니다.`,
  };
}

export const objectCheck: Check<ObjectOptions> = {
  kind: 'object',
  problems({ object: ref, expect }) {
    const problems = refProblems(ref).map(({ path, message }) => ({ path: ['object', ...path], message }));
    const info = resourceOf(ref.kind, ref.apiVersion);
    if (!info || !expect) return problems;
    const inside = checkValue(expect, schemaOf(info)).map(({ path, message }) => ({
      path: ['expect', ...path],
      message,
    }));
    return [...problems, ...inside];
  },
  run(options, input): Outcome {
    const { object: ref } = options;
    const object = find(input.now, ref);
    if (!object) {
      const near = nearMiss(input.now, input.before, ref);
      const finding = { object: nameOf(ref), path: '', expected: nameOf(ref), actual: '' };
      return { outcome: 'failed', findings: [finding], ...(near ? { nearMiss: near } : {}) };
    }
    const findings = findingsFor(options, object);
    if (findings.length === 0) return { outcome: 'passed' };
    const near = unitMistake(findings) ?? satisfiedElsewhere(options, input);
    return { outcome: 'failed', findings, ...(near ? { nearMiss: near } : {}) };
  },
};
