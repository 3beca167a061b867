/** x-kubernetes-validations of a custom resource: compiled once for its definition, evaluated at every write. */
import {
  duplicate,
  forbidden,
  invalid,
  OMITTED,
  path,
  printFieldError,
  required,
  Path,
  type FieldError,
} from '../api/field.ts';
import type { Json } from '../api/types.ts';
import { evaluate, Optional, RUNTIME_BUDGET, schemaValue, type Type, type Value } from '../cel/index.ts';
import { compileRule, selfType, type CompiledRule } from '../kinds/apiextensions/rule.ts';
import { Correlation, counterpart } from '../schema/structural/correlation.ts';
import { goValue } from '../schema/structural/go-value.ts';
import {
  entriesOf,
  isEmbedded,
  isMap,
  itemsOf,
  own,
  someSchema,
  valuesOf,
  type SchemaProps,
  type ValidationRule,
} from '../schema/structural/schema-props.ts';

/** All broken rules of an object; `old` is undefined for a new one. What was broken before and has not changed is only told. */
export type Rules = (object: Json, old: Json | undefined, warn: (sentence: string) => void) => FieldError[];

interface Place {
  schema: SchemaProps;
  isRoot: boolean;
  rules: CompiledRule[];
  items: Place | undefined;
  values: Place | undefined;
  properties: ReadonlyMap<string, Place>;
  allOf: readonly Place[];
}

/** `rules` says which rules there are, `schema` what the values at the place are. */
function compilePlace(rules: SchemaProps, schema: SchemaProps, isRoot: boolean): Place | undefined {
  const self: Type | undefined = selfType(schema, isRoot);
  const written = rules['x-kubernetes-validations'] ?? [];
  const inside = (of: SchemaProps | undefined, part: SchemaProps | undefined) =>
    of && part && compilePlace(of, part, isEmbedded(part));
  const properties = new Map<string, Place>();
  for (const [name, of] of entriesOf(rules.properties)) {
    const place = inside(of, own(schema.properties, name));
    if (place) properties.set(name, place);
  }
  const allOf = (rules.allOf ?? [])
    .map((of) => compilePlace(of, schema, isRoot))
    .filter((place) => place !== undefined);
  const place: Place = {
    schema,
    isRoot,
    rules: self ? written.map((rule) => compileRule(rule, schema, self)) : [],
    items: inside(itemsOf(rules), itemsOf(schema)),
    values: inside(valuesOf(rules), valuesOf(schema)),
    properties,
    allOf,
  };
  const empty =
    place.rules.length === 0 && !place.items && !place.values && properties.size === 0 && allOf.length === 0;
  return empty ? undefined : place;
}

/** What is compared with what at a place. */
interface Ratchet {
  here: Correlation | undefined;
  /** The nearest place around that could be compared. */
  around: Correlation | undefined;
}
const unchanged = ({ here, around }: Ratchet): boolean => (here ?? around)?.unchanged ?? false;

function inside(ratchet: Ratchet, key: string | number): Ratchet {
  const { here } = ratchet;
  if (!here) return ratchet;
  if (ratchet.around === undefined && (key === 'apiVersion' || key === 'kind'))
    return { here: undefined, around: undefined };
  return { here: typeof key === 'number' ? here.index(key) : here.key(key), around: here };
}

class Evaluation {
  readonly errors: FieldError[] = [];
  readonly #warn: (sentence: string) => void;
  #budget = RUNTIME_BUDGET;
  constructor(warn: (sentence: string) => void) {
    this.#warn = warn;
  }

  /** @returns false when the budget is used up and nothing more may be evaluated */
  visit(place: Place, at: Path | undefined, value: Json, old: Json | undefined, ratchet: Ratchet): boolean {
    if (value === null) return true;
    if (!this.#rules(place, at, value, old, ratchet)) return false;
    for (const one of place.allOf) {
      if (!this.visit(one, at, value, old, { here: undefined, around: ratchet.around })) return false;
    }
    if (Array.isArray(value)) {
      if (!place.items) return true;
      for (const [i, item] of value.entries()) {
        const before = counterpart(item, old, place.schema);
        const here = (at ?? new Path('')).index(i);
        if (!this.visit(place.items, here, item, before, inside(ratchet, i))) return false;
      }
      return true;
    }
    if (!isMap(value)) return true;
    const before = isMap(old) ? old : undefined;
    for (const [key, part] of entriesOf(value)) {
      const was = own(before, key);
      if (place.values && !this.visit(place.values, (at ?? new Path('')).key(key), part, was, inside(ratchet, key)))
        return false;
      const field = place.properties.get(key);
      if (field && !this.visit(field, at ? at.child(key) : new Path(key), part, was, inside(ratchet, key)))
        return false;
    }
    return true;
  }

  #rules(place: Place, at: Path | undefined, value: Json, old: Json | undefined, ratchet: Ratchet): boolean {
    const { schema, isRoot } = place;
    const here = at ?? path();
    const type = schema.type ?? '';
    const say = (sentence: string) => this.errors.push(invalid(here, type, sentence));
    if (place.rules.length === 0) return true;
    const self = schemaValue(value, schema, isRoot);
    const before: Value | undefined = old === undefined || old === null ? undefined : schemaValue(old, schema, isRoot);
    for (const compiled of place.rules) {
      const { rule, program, problem, usesOldSelf } = compiled;
      if (problem !== undefined) {
        say(`rule compile error: ${problem}`);
        continue;
      }
      if (!program) continue;
      const optional = rule.optionalOldSelf === true;
      if (usesOldSelf && before === undefined && !optional) continue;
      const variables: Record<string, Value> = { self };
      if (optional) variables['oldSelf'] = new Optional(before);
      else if (before !== undefined) variables['oldSelf'] = before;
      const result = evaluate(program, variables);
      if (result.cost > this.#budget) {
        say('validation failed due to running out of cost budget, no further validation rules will be run');
        return false;
      }
      this.#budget -= result.cost;
      if ('error' in result) {
        const { error } = result;
        if (error.startsWith('no such overload')) {
          say(
            `'${error}': call arguments did not match a supported operator, function or macro signature for rule: ${named(rule)}`,
          );
        } else if (result.exceeded) {
          say(
            `'${error}': no further validation rules will be run due to call cost exceeds limit for rule: ${named(rule)}`,
          );
          return false;
        } else say(`${error} evaluating rule: ${named(rule)}`);
        continue;
      }
      if (result.value === true) continue;
      const detail = this.#message(compiled, { ...variables }) ?? messageOf(rule);
      const shown = type === 'object' || type === 'array' ? OMITTED : goValue(value);
      const error = errorFor(
        rule,
        compiled.fieldPath === undefined ? here : below(at, compiled.fieldPath),
        shown,
        detail,
      );
      if (!usesOldSelf && unchanged(ratchet)) this.#warn(printFieldError(error));
      else this.errors.push(error);
    }
    return true;
  }

  /** undefined: there is none, or it says nothing. */
  #message({ message }: CompiledRule, variables: Record<string, Value>): string | undefined {
    if (!message) return undefined;
    const result = evaluate(message, variables);
    this.#budget -= Math.min(result.cost, this.#budget);
    if ('error' in result || typeof result.value !== 'string') return undefined;
    const text = result.value.trim();
    return text === '' || text.includes('\n') || Buffer.byteLength(text) > MAX_MESSAGE_BYTES ? undefined : text;
  }
}

/** What a messageExpression may say. */
const MAX_MESSAGE_BYTES = 5 * 1024;

/** A path as it was written, behind the place: `spec` and `.size`. */
function below(at: Path | undefined, fieldPath: string): Path {
  const written = fieldPath.replace(/^\./, '');
  return at ? at.child(written) : new Path(written);
}

const named = ({ message, rule }: ValidationRule): string => (message ? message.trim() : rule.trim());
const messageOf = ({ message, rule }: ValidationRule): string =>
  message ? message.trim() : `failed rule: ${rule.trim()}`;

function errorFor({ reason }: ValidationRule, at: Path, value: unknown, detail: string): FieldError {
  switch (reason) {
    case 'FieldValueForbidden':
      return forbidden(at, detail);
    case 'FieldValueRequired':
      return required(at, detail);
    case 'FieldValueDuplicate':
      return duplicate(at, value);
    default:
      return invalid(at, value, detail);
  }
}

/** undefined: the schema has no rules. */
export function rulesOf(schema: SchemaProps | undefined): Rules | undefined {
  if (!schema || !someSchema(schema, (one) => (one['x-kubernetes-validations'] ?? []).length > 0)) return undefined;
  let place: Place | undefined | null = null;
  return (object, old, warn) => {
    if (place === null) place = compilePlace(schema, schema, true);
    if (!place) return [];
    const evaluation = new Evaluation(warn);
    const here = old === undefined ? undefined : new Correlation(object, old, schema);
    evaluation.visit(place, undefined, object, old, { here, around: undefined });
    return evaluation.errors;
  };
}
