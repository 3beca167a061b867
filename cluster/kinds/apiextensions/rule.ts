/** One of x-kubernetes-validations, compiled. */
import type { Node } from '../../cel/ast.ts';
import { declared, mostOf } from '../../cel/declarations-of-size.ts';
import { estimateCost } from '../../cel/estimate.ts';
import { compile, compileProblem, optionalType, schemaType, type Program, type Type } from '../../cel/index.ts';
import type { SchemaProps, ValidationRule } from '../../schema/structural/schema-props.ts';
import { fieldAt } from './field-path.ts';

export interface CompiledRule {
  rule: ValidationRule;
  /** Why it cannot be used: the detail of an error. */
  problem?: string;
  program?: Program;
  usesOldSelf: boolean;
  message?: Program;
  messageProblem?: string;
  /** Below the place of the rule; undefined: the place itself. */
  fieldPath?: string;
}

/** As the real server calls the type of `self`, a number of its own clock behind it. */
const SELF = 'selfType1';

/** Whether a name is used anywhere in an expression. */
function mentions(node: unknown, name: string): boolean {
  if (Array.isArray(node)) return node.some((part) => mentions(part, name));
  if (typeof node !== 'object' || node === null) return false;
  const { kind, name: own } = node as Partial<Extract<Node, { kind: 'ident' }>>;
  if (kind === 'ident' && own === name) return true;
  return Object.entries(node).some(([field, part]) => field !== 'type' && mentions(part, name));
}

/** The type of `self` at a place; undefined: no rule can be about it. */
export const selfType = (schema: SchemaProps, isRoot: boolean): Type | undefined => schemaType(schema, SELF, isRoot);

/** `schema` is that of the place the rule is about. */
export function compileRule(rule: ValidationRule, schema: SchemaProps, self: Type): CompiledRule {
  const compiled: CompiledRule = { rule, usesOldSelf: false };
  if (rule.rule.trim() === '') return compiled;
  const variables = { self, oldSelf: rule.optionalOldSelf ? optionalType(self) : self };
  const made = compile(rule.rule, variables);
  if ('error' in made) return { ...compiled, problem: compileProblem(made) };
  if (made.program.type.kind !== 'bool') return { ...compiled, problem: 'cel expression must evaluate to a bool' };
  compiled.program = made.program;
  compiled.usesOldSelf = mentions(made.program.root, 'oldSelf');
  if (rule.messageExpression) {
    const message = compile(rule.messageExpression, variables);
    if ('error' in message) return { ...compiled, messageProblem: `messageExpression ${compileProblem(message)}` };
    if (message.program.type.kind !== 'string')
      return { ...compiled, messageProblem: 'messageExpression must evaluate to a string' };
    compiled.message = message.program;
  }
  if (rule.fieldPath) {
    const found = fieldAt(rule.fieldPath, schema);
    if ('path' in found) compiled.fieldPath = String(found.path);
  }
  return compiled;
}

export interface RuleCosts {
  /** Of one evaluation, at most. */
  rule: number;
  message: number;
  /** How many values of that kind fit into one request. */
  most: number;
}

/** What a rule may cost, by the sizes that its schema allows. */
export function costsOf({ program, message }: CompiledRule, schema: SchemaProps, isRoot: boolean): RuleCosts {
  const self = declared(schema, isRoot);
  if (!self) return { rule: 0, message: 0, most: 1 };
  const cost = (one: Program | undefined) => (one ? estimateCost(one, { self, oldSelf: self }) : 0);
  return { rule: cost(program), message: cost(message), most: mostOf(self) };
}
