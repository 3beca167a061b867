/** One demand on labels: the common part of label selectors and node selectors. */
import { invalid, path, type FieldError, type Path } from './field.ts';
import { labelValue, qualifiedName } from './name-formats.ts';

export type SelectorOperator = '=' | '==' | '!=' | 'in' | 'notin' | 'exists' | '!' | 'gt' | 'lt';
export interface Requirement {
  key: string;
  operator: SelectorOperator;
  values: string[];
}

export type Labels = Readonly<Record<string, string>> | undefined;

export function requirementMatches({ key, operator, values }: Requirement, labels: Labels): boolean {
  const value = labels && Object.hasOwn(labels, key) ? labels[key] : undefined;
  switch (operator) {
    case 'in':
    case '=':
    case '==':
      return value !== undefined && values.includes(value);
    case 'notin':
    case '!=':
      return value === undefined || !values.includes(value);
    case 'exists':
      return value !== undefined;
    case '!':
      return value === undefined;
    default: {
      // gt and lt compare whole numbers; what is no number does not match.
      const [bound] = values;
      if (value === undefined || bound === undefined || !isInteger(value) || !isInteger(bound)) return false;
      return operator === 'gt' ? BigInt(value) > BigInt(bound) : BigInt(value) < BigInt(bound);
    }
  }
}
const isInteger = (text: string) => /^-?[0-9]+$/.test(text);

/** What is wrong with a requirement, for selectors in text and in objects alike. */
export function requirementProblems({ key, operator, values }: Requirement, at: Path = path()): FieldError[] {
  const errors: FieldError[] = [];
  const keyProblems = qualifiedName(key);
  if (keyProblems.length > 0) errors.push(invalid(at.child('key'), key, keyProblems.join('; ')));
  const valuesAt = at.child('values');
  if (operator === 'gt' || operator === 'lt') {
    values.forEach((value, i) => {
      if (!/^[+-]?[0-9]+$/.test(value)) {
        errors.push(invalid(valuesAt.index(i), value, "for 'Gt', 'Lt' operators, the value must be an integer"));
      }
    });
  }
  values.forEach((value, i) => {
    const problems = labelValue(value);
    if (problems.length > 0) errors.push(invalid(valuesAt.index(i).key(key), value, problems.join('; ')));
  });
  return errors;
}

function requirementText({ key, operator, values }: Requirement): string {
  if (operator === 'exists') return key;
  if (operator === '!') return `!${key}`;
  const list = [...values].sort().join(',');
  if (operator === 'in' || operator === 'notin') return `${key} ${operator} (${list})`;
  const sign = operator === 'gt' ? '>' : operator === 'lt' ? '<' : operator;
  return `${key}${sign}${list}`;
}
export const requirementsText = (requirements: readonly Requirement[]): string =>
  requirements.map(requirementText).join(',');
