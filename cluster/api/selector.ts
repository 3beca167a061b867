/** Who is meant: selectors over labels and fields, as query parameters and as parts of objects. */
import { parseRequirements, SelectorSyntaxError } from './label-selector-parser.ts';
import {
  requirementMatches,
  requirementProblems,
  requirementsText,
  type Labels,
  type Requirement,
} from './requirement.ts';
import { badRequest } from './status.ts';
import type { LabelSelector } from './types.ts';

export type { Requirement } from './requirement.ts';
export { requirementsText } from './requirement.ts';
export { nodeSelectorMatches, nodeSelectorTermMatches } from './node-selector.ts';

/** `?labelSelector=`: equality and set based. @throws StatusError BadRequest with the server's sentence */
export function parseLabelSelector(text: string): Requirement[] {
  try {
    return parseRequirements(text);
  } catch (error) {
    if (error instanceof SelectorSyntaxError) throw badRequest(error.message);
    throw error;
  }
}

export const matches = (requirements: readonly Requirement[], labels: Labels): boolean =>
  requirements.every((requirement) => requirementMatches(requirement, labels));

const OPERATORS = { In: 'in', NotIn: 'notin', Exists: 'exists', DoesNotExist: '!' } as const;

// Stored selectors never change, and are asked again for every object that they may select.
const known = new WeakMap<LabelSelector, readonly Requirement[] | undefined>();

/** The requirements of a selector in an object, sorted by key; undefined when it is not valid. */
export function requirementsOf(selector: LabelSelector): readonly Requirement[] | undefined {
  if (!Object.isFrozen(selector)) return readRequirements(selector);
  if (!known.has(selector)) known.set(selector, readRequirements(selector));
  return known.get(selector);
}

function readRequirements(selector: LabelSelector): Requirement[] | undefined {
  const requirements: Requirement[] = Object.entries(selector.matchLabels ?? {}).map(([key, value]) => ({
    key,
    operator: '=',
    values: [value],
  }));
  for (const { key, operator, values } of selector.matchExpressions ?? []) {
    if (!Object.hasOwn(OPERATORS, operator)) return undefined;
    const written = OPERATORS[operator as keyof typeof OPERATORS];
    const setBased = written === 'in' || written === 'notin';
    if (setBased !== (values ?? []).length > 0) return undefined;
    requirements.push({ key, operator: written, values: [...(values ?? [])] });
  }
  return requirements.sort((a, b) => (a.key < b.key ? -1 : Number(a.key > b.key)));
}

/** undefined matches nothing, {} everything, one that is not valid nothing. */
export function labelSelectorMatches(selector: LabelSelector | undefined, labels: Labels): boolean {
  if (!selector) return false;
  const requirements = requirementsOf(selector);
  return requirements !== undefined && matches(requirements, labels);
}

/** `app=web,tier in (a,b)`; `<none>` when nothing is asked for, `<error>` when it is not valid. */
export function labelSelectorText(selector: LabelSelector | undefined): string {
  if (!selector) return '<none>';
  const requirements = requirementsOf(selector);
  if (!requirements || requirements.some((requirement) => requirementProblems(requirement).length > 0))
    return '<error>';
  return requirements.length === 0 ? '<none>' : requirementsText(requirements);
}

export interface FieldRequirement {
  field: string;
  op: '=' | '!=';
  value: string;
}

/** Terms between commas; an escaped comma belongs to its term. */
const splitTerms = (text: string): string[] => (text.match(/(?:\\.|[^,\\]|\\$)+/gs) ?? []).sort();

function unescaped(value: string): string {
  let plain = '';
  for (let i = 0; i < value.length; i += 1) {
    const char = value.charAt(i);
    if (char === '\\') {
      i += 1;
      const next = value.charAt(i);
      if (next !== '\\' && next !== ',' && next !== '=') {
        throw badRequest(`invalid field selector: invalid escape sequence: \\${next}`);
      }
      plain += next;
    } else if (char === '=') {
      // Go prints the rune as its number.
      throw badRequest(`invalid field selector: unescaped character in value: ${char.charCodeAt(0)}`);
    } else plain += char;
  }
  return plain;
}

/** `?fieldSelector=`. Which fields a kind has is the caller's to check. @throws StatusError BadRequest */
export function parseFieldSelector(text: string): FieldRequirement[] {
  return splitTerms(text).map((term) => {
    const [, field, operator, value] = /^(.*?)(!=|==|=)(.*)$/s.exec(term) ?? [];
    if (field === undefined || value === undefined) {
      throw badRequest(`invalid selector: '${text}'; can't understand '${term}'`);
    }
    return { field, op: operator === '!=' ? '!=' : '=', value: unescaped(value) };
  });
}

/** A selector as Go prints a *LabelSelector, which some sentences and columns of the real server show. */
export function labelSelectorGoText(selector: LabelSelector | undefined): string {
  if (selector === undefined) return 'nil';
  const { matchLabels = {}, matchExpressions = [] } = selector;
  const labels = Object.keys(matchLabels)
    .toSorted()
    .map((key) => `${key}: ${matchLabels[key] ?? ''},`);
  const expressions = matchExpressions.map(
    ({ key, operator, values = [] }) =>
      `LabelSelectorRequirement{Key:${key},Operator:${operator},Values:[${values.join(' ')}],},`,
  );
  return `&LabelSelector{MatchLabels:map[string]string{${labels.join('')}},MatchExpressions:[]LabelSelectorRequirement{${expressions.join('')}},}`;
}
