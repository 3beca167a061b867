/** Selectors inside an access review: what is wrong with them, and what they narrow the question to. */
import { invalid, required, type FieldError, type Path } from '../../api/field.ts';
import { qualifiedName, labelValue } from '../../api/names.ts';
import { parseFieldSelector, parseLabelSelector, type FieldRequirement } from '../../api/selector.ts';
import { StatusError } from '../../api/status.ts';
import type { SelectorAttributes } from './shapes.ts';

const VALUED = ['In', 'NotIn'];
const BARE = ['Exists', 'DoesNotExist'];

/** The rules both selectors share; operators that nobody knows are let through, for newer clients. */
function selectorErrors(
  selector: SelectorAttributes | undefined,
  at: Path,
  more: (requirement: NonNullable<SelectorAttributes['requirements']>[number], at: Path) => FieldError[],
): FieldError[] {
  if (!selector) return [];
  const { rawSelector = '', requirements = [] } = selector;
  const errors: FieldError[] = [];
  if (rawSelector !== '' && requirements.length > 0) {
    errors.push(invalid(at.child('rawSelector'), rawSelector, 'may not specified at the same time as requirements'));
  }
  if (rawSelector === '' && requirements.length === 0) {
    const detail = `when ${String(at)} is specified, requirements or rawSelector is required`;
    errors.push(required(at.child('requirements'), detail));
  }
  return [...errors, ...requirements.flatMap((one, position) => more(one, at.child('requirements').index(position)))];
}

const NEEDS_VALUES = "must be specified when `operator` is 'In' or 'NotIn'";
const NO_VALUES = "may not be specified when `operator` is 'Exists' or 'DoesNotExist'";

function valueErrors(operator: string, values: readonly string[], at: Path): FieldError[] {
  if (VALUED.includes(operator) && values.length === 0) return [required(at.child('values'), NEEDS_VALUES)];
  if (BARE.includes(operator) && values.length > 0) {
    return [{ type: 'Forbidden', field: String(at.child('values')), body: `Forbidden: ${NO_VALUES}` }];
  }
  return [];
}

export const fieldSelectorErrors = (selector: SelectorAttributes | undefined, at: Path): FieldError[] =>
  selectorErrors(selector, at, ({ key = '', operator = '', values = [] }, here) => [
    ...(key === '' ? [required(here.child('key'), 'must be specified')] : []),
    ...valueErrors(operator, values, here),
  ]);

export const labelSelectorErrors = (selector: SelectorAttributes | undefined, at: Path): FieldError[] =>
  selectorErrors(selector, at, ({ key = '', operator = '', values = [] }, here) => [
    ...valueErrors(operator, values, here),
    ...qualifiedName(key).map((detail) => invalid(here.child('key'), key, detail)),
    ...values.flatMap((value, position) =>
      labelValue(value).map((detail) => invalid(here.child('values').index(position), value, detail)),
    ),
  ]);

/** What could be read, and whether some could not. */
export interface Understood {
  requirements: FieldRequirement[];
  count: number;
  broken: boolean;
}

function parsed<T>(parse: () => T[]): { read: T[]; broken: boolean } {
  try {
    return { read: parse(), broken: false };
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
    // said in the review's status, with less detail
    return { read: [], broken: true };
  }
}

export function understandFields({ rawSelector = '', requirements = [] }: SelectorAttributes): Understood {
  if (requirements.length === 0) {
    const { read, broken } = parsed(() => parseFieldSelector(rawSelector));
    return { requirements: read, count: read.length, broken };
  }
  const read = requirements.flatMap(({ key = '', operator = '', values = [] }): FieldRequirement[] => {
    const [value] = values;
    if (values.length !== 1 || value === undefined || !VALUED.includes(operator)) return [];
    return [{ field: key, op: operator === 'In' ? '=' : '!=', value }];
  });
  return { requirements: read, count: read.length, broken: read.length < requirements.length };
}

/** Labels narrow nothing for the authorizers there are: only whether they could be read is told. */
export function understandLabels({
  rawSelector = '',
  requirements = [],
}: SelectorAttributes): Omit<Understood, 'requirements'> {
  if (requirements.length === 0) {
    const { read, broken } = parsed(() => parseLabelSelector(rawSelector));
    return { count: read.length, broken };
  }
  const count = requirements.filter(({ operator = '' }) => VALUED.includes(operator) || BARE.includes(operator)).length;
  return { count, broken: count < requirements.length };
}
