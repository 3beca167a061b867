/** Node selectors of affinity, volumes and topology: terms are alternatives, what is inside a term must all hold. */
import { invalid, notSupported, type FieldError, type Path } from './field.ts';
import { requirementMatches, requirementProblems, type Requirement } from './requirement.ts';
import type { NodeSelector, NodeSelectorTerm } from './types.ts';

interface NodeLike {
  metadata: { name: string; labels?: Record<string, string> };
}
type Expression = NonNullable<NodeSelectorTerm['matchExpressions']>[number];

const OPERATORS = { In: 'in', NotIn: 'notin', Exists: 'exists', DoesNotExist: '!', Gt: 'gt', Lt: 'lt' } as const;

/** undefined: not valid, and then its term matches no node. */
function asRequirement({ key, operator, values = [] }: Expression): Requirement | undefined {
  if (!Object.hasOwn(OPERATORS, operator)) return undefined;
  const known = OPERATORS[operator as keyof typeof OPERATORS];
  const wanted =
    known === 'in' || known === 'notin'
      ? values.length > 0
      : values.length === (known === 'gt' || known === 'lt' ? 1 : 0);
  const requirement = { key, operator: known, values: [...values] };
  return wanted && requirementProblems(requirement).length === 0 ? requirement : undefined;
}

function fieldMatches({ key, operator, values = [] }: Expression, node: NodeLike): boolean {
  const [value] = values;
  if (values.length !== 1 || value === undefined) return false;
  const actual = key === 'metadata.name' ? node.metadata.name : '';
  return operator === 'In' ? actual === value : operator === 'NotIn' && actual !== value;
}

/** An empty term matches no node. */
export function nodeSelectorTermMatches(term: NodeSelectorTerm, node: NodeLike): boolean {
  const { matchExpressions = [], matchFields = [] } = term;
  if (matchExpressions.length === 0 && matchFields.length === 0) return false;
  return (
    matchExpressions.every((expression) => {
      const requirement = asRequirement(expression);
      return requirement !== undefined && requirementMatches(requirement, node.metadata.labels);
    }) && matchFields.every((expression) => fieldMatches(expression, node))
  );
}

/** undefined asks for nothing: every node matches. */
export const nodeSelectorMatches = (selector: NodeSelector | undefined, node: NodeLike): boolean =>
  !selector || selector.nodeSelectorTerms.some((term) => nodeSelectorTermMatches(term, node));

/** What Go finds wrong with a term when it reads it for matching; the API takes more. An empty term has no problems. */
export function nodeSelectorTermProblems(term: NodeSelectorTerm, at: Path): FieldError[] {
  const labels = (term.matchExpressions ?? []).flatMap(({ key, operator, values = [] }, i): FieldError[] => {
    const place = at.child('matchExpressions').index(i);
    if (!Object.hasOwn(OPERATORS, operator)) {
      return [notSupported(place.child('operator'), operator, Object.keys(OPERATORS))];
    }
    const known = OPERATORS[operator as keyof typeof OPERATORS];
    return requirementProblems({ key, operator: known, values: [...values] }, place).slice(0, 1);
  });
  const fields = (term.matchFields ?? []).flatMap(({ operator, values = [] }, i): FieldError[] => {
    const place = at.child('matchFields').index(i);
    if (operator !== 'In' && operator !== 'NotIn') {
      return [notSupported(place.child('operator'), operator, ['In', 'NotIn'])];
    }
    return values.length === 1 ? [] : [invalid(place.child('values'), values, 'must have one element')];
  });
  return [...labels, ...fields];
}
