/** Expressions that decide beforehand whether a webhook is called or a policy looks at a request. */
import { duplicate, invalid, required, tooMany, type FieldError, type Path } from '../../api/field.ts';
import { validateLabelName } from '../../api/names.ts';
import { compileAdmission } from '../../cel/admission.ts';
import type { MatchCondition } from '../../api/admission-registration.ts';

const MOST = 64;

export function matchConditionErrors(
  conditions: readonly MatchCondition[] = [],
  { params }: { params: boolean },
  at: Path,
): FieldError[] {
  const errors: FieldError[] = conditions.length > MOST ? [tooMany(at, conditions.length, MOST)] : [];
  const names = new Set<string>();
  for (const [i, { name = '', expression = '' }] of conditions.entries()) {
    const here = at.index(i);
    const trimmed = expression.trim();
    if (trimmed === '') errors.push(required(here.child('expression')));
    else {
      const compiled = compileAdmission(trimmed, { params, authorizer: true }, 'condition');
      if ('problem' in compiled) errors.push(invalid(here.child('expression'), trimmed, compiled.problem));
    }
    if (name === '') errors.push(required(here.child('name')));
    else {
      errors.push(...validateLabelName(name, here.child('name')));
      if (names.has(name)) errors.push(duplicate(here.child('name'), name));
      names.add(name);
    }
  }
  return errors;
}
