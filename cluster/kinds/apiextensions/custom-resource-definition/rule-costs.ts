/** What the rules of a schema may cost together: a definition must not be able to slow the server down. */
import { forbidden, type FieldError, type Path } from '../../../api/field.ts';
import type { SchemaProps } from '../../../schema/structural/schema-props.ts';

/** Of one rule, and of all rules of a schema, in the units of CEL's costs. */
const RULE_LIMIT = 10_000_000;
const SCHEMA_LIMIT = 100_000_000;
/** What counts as expensive: a hundredth of all. */
const EXPENSIVE = SCHEMA_LIMIT / 100;
const NAMED = 4;
/** Go's largest uint64: more is not counted. */
const MOST = 2 ** 64;

export const times = (cost: number, count: number): number => Math.min(cost * count, MOST);

function exceeds(what: string, cost: number, limit: number): string {
  const factor = cost / limit;
  const shown = factor > 100 ? 'more than 100x' : factor < 1.5 ? `${factor.toFixed(6)}x` : `${factor.toFixed(1)}x`;
  return `${what} exceeds budget by factor of ${shown} (try simplifying the rule, or adding maxItems, maxProperties, and maxLength where arrays, maps, and strings are declared)`;
}

/** How often a schema's parts can be there for each time that it is; undefined: nobody knows. */
export function mostParts({ type, additionalProperties, maxProperties, maxItems }: SchemaProps): number | undefined {
  if (type === 'array') return maxItems === undefined ? undefined : Math.max(maxItems, 0);
  if (type !== 'object' || additionalProperties === undefined) return 1;
  return maxProperties === undefined ? undefined : Math.max(maxProperties, 0);
}

export class RuleCosts {
  #total = 0;
  #expensive: { at: Path; cost: number }[] = [];

  /** Counts an expression. @returns the refusal of one that is too expensive by itself */
  count(at: Path, what: 'rule' | 'messageExpression', cost: number): FieldError[] {
    this.#total = Math.min(this.#total + cost, MOST);
    if (cost >= EXPENSIVE) {
      this.#expensive.push({ at: at.child(what), cost });
      this.#expensive = this.#expensive.sort((a, b) => b.cost - a.cost).slice(0, NAMED);
    }
    return cost > RULE_LIMIT ? [forbidden(at.child(what), exceeds(`estimated ${what} cost`, cost, RULE_LIMIT))] : [];
  }

  /** The refusal of a schema whose rules are too expensive together. */
  problems(at: Path): FieldError[] {
    if (this.#total <= SCHEMA_LIMIT) return [];
    const why = 'contributed to estimated rule cost total exceeding cost limit for entire OpenAPIv3 schema';
    const what = 'x-kubernetes-validations estimated rule cost total for entire OpenAPIv3 schema';
    return [
      ...this.#expensive.map((one) => forbidden(one.at, why)),
      forbidden(at, exceeds(what, this.#total, SCHEMA_LIMIT)),
    ];
  }
}
