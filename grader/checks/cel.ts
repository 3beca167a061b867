/** `cel`: an expression over objects, for what no partial object can say. */
import type { Json } from '#cluster/api/types.ts';
import { matches, parseLabelSelector } from '#cluster/api/selector.ts';
import {
  compile,
  dynValue,
  DYN,
  evaluate,
  kindType,
  listType,
  valueText,
  type Type,
  type Value,
} from '#cluster/cel/index.ts';
import type { ManifestProblem } from '../manifest.ts';
import type { ClusterState, Finding } from '../types.ts';
import type { Check, CheckInput } from './check.ts';
import { all, find, infoOf, isLeaving, nameOf, refProblems } from './find.ts';
import { otherName } from './near-miss.ts';

interface Named {
  apiVersion?: string;
  kind: string;
  namespace?: string;
  selector?: string;
  /** One object; left out: a list. */
  name?: string;
  at: 'now' | 'start';
}
export interface CelOptions {
  cel: string;
  with: Record<string, Named>;
  show?: string;
}

function typeOf(named: Named): Type {
  const type = kindType(infoOf(named)) ?? DYN;
  return named.name === undefined ? listType(type) : type;
}

const typesOf = (options: CelOptions): Record<string, Type> =>
  Object.fromEntries(Object.entries(options.with).map(([name, named]) => [name, typeOf(named)]));

/** First line of what the compiler says, without the drawing below it. */
const firstLine = (text: string): string => text.split('\n')[0] ?? '';

function stateAt({ at }: Named, { now, before }: CheckInput): ClusterState {
  if (at === 'now') return now;
  if (!before) throw new Error('how this cluster was at the start is not known');
  return before;
}

function valueOf(named: Named, input: CheckInput): Json | undefined {
  const state = stateAt(named, input);
  if (named.name !== undefined) {
    const object = find(state, { ...named, name: named.name });
    return object && !isLeaving(object) ? withoutNulls(object as unknown as Json) : undefined;
  }
  const requirements = named.selector === undefined ? [] : parseLabelSelector(named.selector);
  return all(state, infoOf(named))
    .filter(
      (object) =>
        (named.namespace === undefined || object.metadata.namespace === named.namespace) &&
        matches(requirements, object.metadata.labels ?? {}) &&
        !isLeaving(object),
    )
    .map((object) => withoutNulls(object as unknown as Json));
}

/** A list that was left empty is stored as null by some of Kubernetes' own controllers: to an expression it is a field that is not set. */
function withoutNulls(value: Json): Json {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== 'object' || value === null) return value;
  const set = Object.entries(value).filter(([, inner]) => inner !== null && inner !== undefined);
  return Object.fromEntries(set.map(([key, inner]) => [key, withoutNulls(inner)]));
}

const textOf = (value: Value): string => (typeof value === 'string' ? value : valueText(value));

function evaluated(expression: string, types: Record<string, Type>, values: Record<string, Value>) {
  const compiled = compile(expression, types);
  if ('error' in compiled) throw new Error(`${expression}: ${firstLine(compiled.error)}`);
  return evaluate(compiled.program, values);
}

/** A field that a learner has not set is no mistake of the check: it does not hold. */
const isLearners = (error: string): boolean =>
  error.startsWith('no such key') || error.startsWith('index out of bounds');

export const celCheck: Check<CelOptions> = {
  kind: 'cel',
  reads: (options) => Object.values(options.with),
  problems(options) {
    const problems: ManifestProblem[] = [];
    for (const [name, named] of Object.entries(options.with)) {
      for (const { path, message } of refProblems(named)) problems.push({ path: ['with', name, ...path], message });
      if (named.name !== undefined && named.selector !== undefined) {
        problems.push({ path: ['with', name, 'selector'], message: 'give either "name" or "selector"' });
      }
      if (named.selector === undefined) continue;
      try {
        parseLabelSelector(named.selector);
      } catch (error) {
        problems.push({ path: ['with', name, 'selector'], message: `selector: ${(error as Error).message}` });
      }
    }
    if (problems.length > 0) return problems;
    const types = typesOf(options);
    for (const [key, expression, wanted] of [
      ['cel', options.cel, 'bool'],
      ['show', options.show, 'string'],
    ] as const) {
      if (expression === undefined) continue;
      const compiled = compile(expression, types);
      if ('error' in compiled) problems.push({ path: [key], message: `${key}: ${firstLine(compiled.error)}` });
      else if (compiled.program.type !== DYN && compiled.program.type.name !== wanted) {
        problems.push({ path: [key], message: `${key}: expected a ${wanted}, found a ${compiled.program.type.name}` });
      }
    }
    return problems;
  },
  run(options, input) {
    const types = typesOf(options);
    const values: Record<string, Value> = {};
    for (const [name, named] of Object.entries(options.with)) {
      const value = valueOf(named, input);
      if (value === undefined) {
        const object = nameOf({ ...named, name: named.name ?? '' });
        const nearMiss = otherName({ ...named, name: named.name ?? '' }, input);
        const findings = [{ object, path: '', expected: object, actual: '' }];
        return { outcome: 'failed', findings, ...(nearMiss ? { nearMiss } : {}) };
      }
      values[name] = dynValue(value);
    }
    const result = evaluated(options.cel, types, values);
    if ('error' in result && !isLearners(result.error)) throw new Error(`${options.cel}: ${result.error}`);
    if ('value' in result && result.value === true) return { outcome: 'passed' };
    const shown = options.show === undefined ? undefined : evaluated(options.show, types, values);
    const actual = shown && 'value' in shown ? textOf(shown.value) : 'error' in result ? result.error : 'false';
    const finding: Finding = { object: options.cel, path: '', expected: 'true', actual };
    return { outcome: 'failed', findings: [finding] };
  },
};
