/** Nobody hands out more than they hold: which rules a list of rules does not cover. */
import type { PolicyRule } from '../api/types.ts';

type Lists = 'apiGroups' | 'resources' | 'nonResourceURLs' | 'resourceNames' | 'verbs';
/** In the order in which a rule is told. */
const TOLD: readonly [Lists, string][] = [
  ['apiGroups', 'APIGroups'],
  ['resources', 'Resources'],
  ['nonResourceURLs', 'NonResourceURLs'],
  ['resourceNames', 'ResourceNames'],
  ['verbs', 'Verbs'],
];

/** Go's `%q` of a list. */
export const quotedList = (texts: readonly string[]): string =>
  `[${texts.map((text) => JSON.stringify(text)).join(' ')}]`;

const ruleText = (rule: PolicyRule): string =>
  `{${TOLD.flatMap(([field, name]) => (rule[field]?.length ? [`${name}:${quotedList(rule[field])}`] : [])).join(', ')}}`;

/** A rule as many small ones: one verb, one group, one resource and at most one name each. */
function brokenDown({ apiGroups, resources, resourceNames, nonResourceURLs, ...rule }: PolicyRule): PolicyRule[] {
  // what is not validated yet may have none
  const verbs = (rule.verbs as string[] | null) ?? [];
  const named = (small: PolicyRule): PolicyRule[] =>
    resourceNames?.length ? resourceNames.map((name) => ({ ...small, resourceNames: [name] })) : [small];
  return [
    ...(apiGroups ?? []).flatMap((group) =>
      (resources ?? []).flatMap((resource) =>
        verbs.flatMap((verb) => named({ apiGroups: [group], resources: [resource], verbs: [verb] })),
      ),
    ),
    ...(nonResourceURLs ?? []).flatMap((url) => verbs.map((verb) => ({ nonResourceURLs: [url], verbs: [verb] }))),
  ];
}

const hasAll = (held: readonly string[] | undefined, wanted: readonly string[] | undefined, any?: string) =>
  (any !== undefined && held?.includes(any)) || (wanted ?? []).every((one) => held?.includes(one));

function resourceCovered(held: readonly string[], wanted: string): boolean {
  if (held.includes('*') || held.includes(wanted)) return true;
  const slash = wanted.indexOf('/');
  return slash >= 0 && held.includes(`*/${wanted.slice(slash + 1)}`);
}

const urlCovered = (held: readonly string[], wanted: string) =>
  held.some((one) => one === wanted || (one.endsWith('*') && wanted.startsWith(one.replace(/\*+$/, ''))));

/** `small` is a rule broken down. */
function covers(held: PolicyRule, small: PolicyRule): boolean {
  const names = held.resourceNames ?? [];
  return (
    hasAll(held.verbs, small.verbs, '*') &&
    hasAll(held.apiGroups, small.apiGroups, '*') &&
    (small.resources ?? []).every((one) => resourceCovered(held.resources ?? [], one)) &&
    (small.nonResourceURLs ?? []).every((one) => urlCovered(held.nonResourceURLs ?? [], one)) &&
    (names.length === 0 || (!!small.resourceNames?.length && hasAll(names, small.resourceNames)))
  );
}

/** What `wanted` allows and `held` does not, as sentences in order, verbs of one resource together; [] when all is held. */
export function missingRules(held: readonly PolicyRule[], wanted: readonly PolicyRule[]): string[] {
  const missing = wanted.flatMap(brokenDown).filter((small) => !held.some((one) => covers(one, small)));
  const together = new Map<string, PolicyRule>();
  for (const small of missing) {
    const { verbs, ...what } = small;
    const key = JSON.stringify(what);
    const there = together.get(key);
    if (there && small.apiGroups) there.verbs.push(...verbs);
    else together.set(small.apiGroups ? key : JSON.stringify(small), { ...what, verbs: [...verbs] });
  }
  return [...new Set(Array.from(together.values(), ruleText))].sort();
}
