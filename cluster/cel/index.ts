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
import { validateLiterals } from './validators.ts';
import { isError, type Value } from './values.ts';

export interface Program {
  root: Node;
  /** What it evaluates to. */
  type: Type;
}
export type Compiled = { program: Program } | { error: string };

/**
 * `variables` are the names that the expression may use besides functions, with their types. `error` is what follows
 * "compilation failed: ", lines and pointers included.
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
  return literals.length > 0 ? problem(literals) : { program: { root, type: root.type ?? DYN } };
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

export { escapeName, unescapeName } from './escaping.ts';
export { dynValue, schemaValue } from './json-values.ts';
export { schemaType } from './schema-types.ts';
export { PER_CALL_LIMIT, RUNTIME_BUDGET } from './cost.ts';
export * from './types.ts';
export { Optional, type Value } from './values.ts';
