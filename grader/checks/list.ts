/** `list` and `count`: so many objects of a kind, with these labels, of which this holds. */
import { matches, parseLabelSelector } from '#cluster/api/selector.ts';
import { compare } from '../compare.ts';
import { checkValue, resourceOf, schemaOf } from '../manifest.ts';
import type { Outcome } from '../types.ts';
import type { Check } from './check.ts';
import { all, infoOf, refProblems } from './find.ts';

export interface ListOptions {
  list: { apiVersion?: string; kind: string; namespace?: string; selector?: string; where?: Record<string, unknown> };
  count: number | { min?: number; max?: number };
}

/** Names told when the count is wrong. */
const NAMES_SHOWN = 8;

function countText(count: ListOptions['count'], kind: string): string {
  if (typeof count === 'number') return `${count} × ${kind}`;
  const { min, max } = count;
  if (min !== undefined && max !== undefined) return `${min}–${max} × ${kind}`;
  return min === undefined ? `≤ ${max ?? 0} × ${kind}` : `≥ ${min} × ${kind}`;
}

const fits = (found: number, count: ListOptions['count']) =>
  typeof count === 'number' ? found === count : found >= (count.min ?? 0) && found <= (count.max ?? Infinity);

export const listCheck: Check<ListOptions> = {
  kind: 'list',
  problems({ list }) {
    const problems = refProblems(list).map(({ path, message }) => ({ path: ['list', ...path], message }));
    const info = resourceOf(list.kind, list.apiVersion);
    if (!info) return problems;
    const inside = checkValue(list.where ?? {}, schemaOf(info)).map(({ path, message }) => ({
      path: ['list', 'where', ...path],
      message,
    }));
    if (list.selector !== undefined) {
      try {
        parseLabelSelector(list.selector);
      } catch (error) {
        problems.push({ path: ['list', 'selector'], message: (error as Error).message });
      }
    }
    return [...problems, ...inside];
  },
  run({ list, count }, { now }): Outcome {
    const info = infoOf(list);
    const labels = list.selector === undefined ? [] : parseLabelSelector(list.selector);
    const inScope = all(now, info).filter(
      ({ metadata }) =>
        (list.namespace === undefined || metadata.namespace === list.namespace) &&
        matches(labels, metadata.labels ?? {}),
    );
    const found = inScope.filter((object) => compare(list.where ?? {}, object, schemaOf(info)).length === 0);
    if (fits(found.length, count)) return { outcome: 'passed' };
    const names = found.slice(0, NAMES_SHOWN).map(({ metadata }) => metadata.name);
    const more = found.length > NAMES_SHOWN ? ', …' : '';
    const actual = `${found.length}${names.length > 0 ? `: ${names.join(', ')}${more}` : ''}`;
    const scope = [list.namespace, list.selector].filter((part) => part !== undefined).join(' ');
    // told about the first that is nearly counted: why it is not
    const nearly = inScope.find((object) => !found.includes(object));
    const why = nearly ? compare(list.where ?? {}, nearly, schemaOf(info)) : [];
    return {
      outcome: 'failed',
      findings: [
        {
          object: `${list.kind}${scope === '' ? '' : ` (${scope})`}`,
          path: '',
          expected: countText(count, list.kind),
          actual,
        },
        ...(found.length < inScope.length && nearly
          ? why.slice(0, 1).map((difference) => ({ object: `${list.kind} ${nearly.metadata.name}`, ...difference }))
          : []),
      ],
    };
  },
};
