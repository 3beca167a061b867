/**
 * The Common Expression Language as Kubernetes 1.35 speaks it: `compile` once, `evaluate` as often as wanted. Synchronous,
 * without side effects, and never longer than its limit of cost allows.
 */
import type { Node } from './ast.ts';
import { check } from './checker.ts';
import { CostExceeded, PER_CALL_LIMIT } from './cost.ts';
import { Interpreter, type Variables } from './interpreter.ts';
import { LIBRARY } from './library/index.ts';
import { parse } from './parser.ts';
import { printIssues, type Issue } from './source.ts';
import { syntaxErrors } from './syntax-errors.ts';
import { DYN, type Type } from './types.ts';
import { precompute, validateLiterals } from './validators.ts';
import { isError, type Value } from './values.ts';

export interface Program {
  root: Node;
  /** What it evaluates to. */
  type: Type;
}
/** `instantiation`: the text compiles, but what could be computed beforehand failed. */
export type Compiled = { program: Program } | { error: string; instantiation?: true };

/** The whole sentence of what is wrong. */
export const compileProblem = ({ error, instantiation }: { error: string; instantiation?: true }): string =>
  `${instantiation ? 'program instantiation' : 'compilation'} failed: ${error}`;

/**
 * `variables` are the names that the expression may use besides functions, with their types. `error` is what follows
 * "compilation failed: ", lines and pointers included (compileProblem puts that in front).
 */
export function compile(expression: string, variables: Record<string, Type>): Compiled {
  const problem = (issues: readonly Issue[]): Compiled => ({ error: printIssues(expression, issues) });
  const parsed = parse(expression);
  if ('syntax' in parsed) return problem(syntaxErrors(expression));
  if ('issues' in parsed) return problem(parsed.issues);
  const { root } = parsed;
  const issues = check(root, { functions: LIBRARY, variables: new Map(Object.entries(variables)) });
  if (issues.length > 0) return problem(issues);
  const literals = validateLiterals(root);
  if (literals.length > 0) return problem(literals);
  const nothing = new Interpreter(LIBRARY, () => undefined, PER_CALL_LIMIT);
  const failed = precompute(root, (node) => nothing.evaluate(node));
  return failed === undefined ? { program: { root, type: root.type ?? DYN } } : { error: failed, instantiation: true };
}

export type Evaluated = { value: Value; cost: number } | { error: string; cost: number; exceeded?: boolean };

/** `exceeded`: the cost limit stopped it. Nothing is thrown. */
export function evaluate(
  { root }: Program,
  variables: Record<string, Value> | Variables,
  limit: number = PER_CALL_LIMIT,
): Evaluated {
  const named: Variables =
    typeof variables === 'function'
      ? variables
      : (name) => (Object.hasOwn(variables, name) ? variables[name] : undefined);
  const interpreter = new Interpreter(LIBRARY, named, limit);
  try {
    const value = interpreter.evaluate(root);
    const { cost } = interpreter;
    return isError(value) ? { error: value.message, cost } : { value, cost };
  } catch (fault) {
    if (fault instanceof CostExceeded) return { error: fault.message, cost: interpreter.cost, exceeded: true };
    throw fault;
  }
}

export { dynValue, schemaValue } from './json-values.ts';
export { kindType, type GroupVersionKind } from './kind-types.ts';
export { schemaType } from './schema-types.ts';
export { PER_CALL_LIMIT, RUNTIME_BUDGET } from './cost.ts';
export * from './types.ts';
export { valueText } from './print.ts';
export { Optional, type Value } from './values.ts';
