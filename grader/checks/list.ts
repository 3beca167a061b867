/** `list` and `count`: so many objects of a kind, with these labels, of which this holds. */
import type { KubeObject } from '#cluster/api/types.ts';
import { matches, parseLabelSelector } from '#cluster/api/selector.ts';
import { compare, holds } from '../compare.ts';
import { checkValue, resourceOf, schemaOf } from '../manifest.ts';
import type { Outcome } from '../types.ts';
import type { Check, CheckInput } from './check.ts';
import { bounds, boundsProblems, countDemands, countText, type Count } from './count.ts';
import { all, infoOf, isLeaving, refProblems, shortName } from './find.ts';
import { onItsWay } from './near-miss-fields.ts';
import { newObjects, otherLabels, otherNamespace } from './near-miss.ts';

export interface ListOptions {
  list: { apiVersion?: string; kind: string; namespace?: string; selector?: string; where?: Record<string, unknown> };
  count: Count;
}

/** Names told when the count is wrong. */
const NAMES_SHOWN = 8;

/** `Pod (team-blue, app=api)` */
function scopeText({ kind, namespace, selector }: ListOptions['list']): string {
  const scope = [namespace, selector].filter((part) => part !== undefined && part !== '');
  return scope.length === 0 ? kind : `${kind} (${scope.join(', ')})`;
}

function foundText(found: readonly KubeObject[], namespace: string | undefined): string {
  const names = found
    .slice(0, NAMES_SHOWN)
    .map((object) => (namespace === undefined ? shortName(object) : object.metadata.name));
  if (found.length > NAMES_SHOWN) names.push('…');
  return names.length === 0 ? '0' : `${found.length}: ${names.join(', ')}`;
}

const isThere = ({ namespace }: ListOptions['list'], object: KubeObject): boolean =>
  (namespace === undefined || object.metadata.namespace === namespace) && !isLeaving(object);

function search(list: ListOptions['list'], { now }: CheckInput) {
  const info = infoOf(list);
  const labels = list.selector === undefined ? [] : parseLabelSelector(list.selector);
  const of = schemaOf(info);
  const where = list.where ?? {};
  const differences = (object: KubeObject) => compare(where, object, of);
  const fits = (object: KubeObject) => holds(where, object, of);
  const isMeant = ({ metadata }: KubeObject) => matches(labels, metadata.labels ?? {});
  const inScope = all(now, info).filter(
    (object) =>
      (list.namespace === undefined || object.metadata.namespace === list.namespace) &&
      isMeant(object) &&
      !isLeaving(object),
  );
  return { info, differences, fits, isMeant, inScope, found: inScope.filter(fits) };
}

export const listCheck: Check<ListOptions> = {
  kind: 'list',
  reads: ({ list }) => [list],
  problems({ list, count }) {
    const problems = refProblems(list).map(({ path, message }) => ({ path: ['list', ...path], message }));
    problems.push(...boundsProblems(count));
    if (list.selector !== undefined) {
      try {
        parseLabelSelector(list.selector);
      } catch (error) {
        problems.push({ path: ['list', 'selector'], message: `selector: ${(error as Error).message}` });
      }
    }
    const info = resourceOf(list.kind, list.apiVersion);
    if (!info) return problems;
    const inside = checkValue(list.where ?? {}, schemaOf(info)).map(({ path, message }) => ({
      path: ['list', 'where', ...path],
      message,
    }));
    return [...problems, ...inside];
  },
  /** Objects that are on their way out count no more. */
  run({ list, count }, input): Outcome {
    const { info, differences, fits, isMeant, inScope, found } = search(list, input);
    const { min, max } = bounds(count);
    if (found.length >= min && found.length <= max) return { outcome: 'passed' };
    const finding = {
      object: scopeText(list),
      path: '',
      expected: countText({ min, max }, list.kind),
      actual: foundText(found, list.namespace),
    };
    if (found.length > max) return { outcome: 'failed', findings: [finding] };
    // told about the one that is nearly counted: why it is not
    const [nearly] = inScope
      .filter((object) => !found.includes(object))
      .map((object) => ({ object, why: differences(object) }))
      .sort((a, b) => a.why.length - b.why.length);
    const why = (nearly?.why ?? []).map((difference) => ({
      object: `${list.kind} ${nearly ? shortName(nearly.object) : ''}`,
      ...difference,
    }));
    const elsewhere = newObjects(info, input).filter((object) => isMeant(object) && fits(object));
    const unlabelled =
      inScope.length > 0 ? [] : all(input.now, info).filter((object) => isThere(list, object) && fits(object));
    const nearMiss =
      (list.namespace === undefined ? undefined : otherNamespace(list.kind, elsewhere, list.namespace)) ??
      otherLabels(list.kind, list, unlabelled.length) ??
      (nearly && onItsWay(why[0]?.object ?? '', why));
    return { outcome: 'failed', findings: [finding, ...why], ...(nearMiss ? { nearMiss } : {}) };
  },
  demands: ({ list, count }, input) => countDemands(search(list, input).found.length, bounds(count)),
};
