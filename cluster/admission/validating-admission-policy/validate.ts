/** One policy over one request, with one set of parameters. */
import { compileAdmission, type AdmissionCompiled } from '../../cel/admission.ts';
import type { PolicySpec, ValidatingAdmissionPolicy } from '../../api/admission-registration.ts';
import {
  compileVariables,
  Evaluation,
  matchConditionsMeet,
  OutOfBudget,
  type CompiledVariable,
  type Result,
  type Subject,
} from '../evaluation.ts';

/** Why a request is refused. `reason` '': because an expression failed, which counts as invalid. */
export interface Denial {
  message: string;
  reason: string;
}
export interface Verdict {
  /** Subject to the binding's actions. */
  denials: Denial[];
  /** An audit annotation that failed refuses whatever the actions. */
  annotationErrors: Denial[];
}

/** What messages may be at most, in bytes. */
const LONGEST_MESSAGE = 5 * 1024;

interface Compiled {
  variables: readonly CompiledVariable[];
  validations: readonly { expression: AdmissionCompiled; message: AdmissionCompiled | undefined }[];
  annotations: readonly AdmissionCompiled[];
}

const compiledPolicies = new WeakMap<PolicySpec, Compiled>();

function compilePolicy(spec: PolicySpec): Compiled {
  const known = compiledPolicies.get(spec);
  if (known) return known;
  const params = spec.paramKind !== undefined;
  const names = { params, authorizer: true };
  const { compiled, types } = compileVariables(spec.variables ?? [], names);
  const all = { ...names, variables: types };
  const made: Compiled = {
    variables: compiled,
    validations: (spec.validations ?? []).map(({ expression = '', messageExpression = '' }) => ({
      expression: compileAdmission(expression, all, 'condition'),
      message:
        messageExpression === ''
          ? undefined
          : compileAdmission(messageExpression, { ...all, authorizer: false }, 'message'),
    })),
    annotations: (spec.auditAnnotations ?? []).map(({ valueExpression = '' }) =>
      compileAdmission(valueExpression.trim(), all, 'annotation'),
    ),
  };
  compiledPolicies.set(spec, made);
  return made;
}

/** The message an expression makes, if it is one that can be shown. */
function messageOf(result: Result | undefined): string {
  if (!result || 'error' in result || typeof result.value !== 'string') return '';
  const message = result.value.trim();
  return Buffer.byteLength(message) > LONGEST_MESSAGE || message.includes('\n') ? '' : message;
}

export function validatePolicy({ spec = {} }: ValidatingAdmissionPolicy, subject: Subject): Verdict {
  const ignores = spec.failurePolicy === 'Ignore';
  const failed = (message: string): Verdict => ({
    denials: ignores ? [] : [{ message, reason: '' }],
    annotationErrors: [],
  });
  const meets = matchConditionsMeet(spec.matchConditions ?? [], spec.failurePolicy, subject);
  if (meets === 'skip') return { denials: [], annotationErrors: [] };
  if (meets !== 'met') return failed(meets.error);
  const compiled = compilePolicy(spec);
  const { validations = [], auditAnnotations = [] } = spec;
  const denials: Denial[] = [];
  const annotationErrors: Denial[] = [];
  try {
    const evaluation = new Evaluation(subject, compiled.variables, true);
    const results = validations.map(({ expression = '' }, i) => {
      const program = compiled.validations[i]?.expression;
      return program && evaluation.run(expression, program);
    });
    const words = new Evaluation(subject, compiled.variables, false);
    for (const [i, { expression = '', message = '', messageExpression = '', reason }] of validations.entries()) {
      const result = results[i];
      if (!result || ('value' in result && result.value === true)) continue;
      if ('error' in result) {
        if (!ignores) denials.push({ message: result.error, reason: '' });
        continue;
      }
      const program = compiled.validations[i]?.message;
      const said = messageOf(program && words.run(messageExpression, program));
      denials.push({
        message: said || message.trim() || `failed expression: ${expression.trim()}`,
        reason: reason ?? 'Invalid',
      });
    }
    const notes = new Evaluation(subject, compiled.variables, false);
    for (const [i, { valueExpression = '' }] of auditAnnotations.entries()) {
      const program = compiled.annotations[i];
      const result = program && notes.run(valueExpression.trim(), program);
      if (result && 'error' in result && !ignores) annotationErrors.push({ message: result.error, reason: '' });
    }
  } catch (problem) {
    if (!(problem instanceof OutOfBudget)) throw problem;
    return failed(problem.message);
  }
  return { denials, annotationErrors };
}
