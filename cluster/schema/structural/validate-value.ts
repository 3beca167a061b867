/**
 * A value against a schema, as kube-openapi's validator sees it: what is wrong, in its words and order. On updates, what was
 * wrong before and has not changed is let pass.
 */
import { RE2JS } from 're2js';
import {
  invalid,
  notSupported,
  path,
  Path,
  required,
  tooLong,
  tooMany,
  typeInvalid,
  type FieldError,
} from '../../api/field.ts';
import { equal } from '../../api/merge.ts';
import type { Json } from '../../api/types.ts';
import { fitsFormat, isKnownFormat } from './formats.ts';
import { goFloat, goValue } from './go-value.ts';
import { entriesOf, goJson, isMap, itemsOf, own, valuesOf, type SchemaProps } from './schema-props.ts';
import type { Correlation } from './correlation.ts';

/** A problem: what identifies it among others (the same sentence is said once), and how it is told. */
interface Problem {
  sentence: string;
  error(at: Path | undefined): FieldError;
}

class Result {
  readonly problems: Problem[] = [];
  /** How well the value fitted: of several alternatives, the best one's problems are told. */
  matches = 0;
  add(...problems: Problem[]): void {
    for (const problem of problems) {
      if (!this.problems.some(({ sentence }) => sentence === problem.sentence)) this.problems.push(problem);
    }
  }
  merge(other: Result): void {
    this.add(...other.problems);
    this.matches += other.matches;
  }
  get ok(): boolean {
    return this.problems.length === 0;
  }
}

const fieldAt = (name: string, at: Path | undefined): Path => {
  const inside = name.replace(/^\./, '');
  if (inside === '') return at ?? path();
  return at ? at.child(inside) : new Path(inside);
};

/** About a place; `make` says what. */
const about = (name: string, sentence: string, make: (field: Path) => FieldError): Problem => ({
  sentence,
  error: (at) => make(fieldAt(name, at)),
});
const simple = (name: string, value: unknown, sentence: string): Problem =>
  about(name, sentence, (field) => invalid(field, goValue(value), sentence));
/** About how schemas are joined: such problems name no field. */
const joined = (sentence: string): Problem => ({
  sentence,
  error: (at) => invalid(at ?? path(), '', sentence),
});
const wrongType = (name: string, wanted: string, got: string): Problem => {
  const sentence = `${name} in body must be of type ${wanted}: ${JSON.stringify(got)}`;
  return about(name, sentence, (field) => typeInvalid(field, got, sentence));
};

const typeOf = (value: Json): string => {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  return typeof value;
};

const typesOf = (schema: SchemaProps): string[] =>
  schema['x-kubernetes-int-or-string'] ? ['integer', 'string'] : schema.type ? [schema.type] : [];
const formatOf = ({ format = '' }: SchemaProps): string => (isKnownFormat(format) ? format : '');

function checkType(value: Json, schema: SchemaProps, name: string): Result {
  const result = new Result();
  const types = typesOf(schema);
  const format = formatOf(schema);
  if (types.length === 0 && format === '' && value !== null) return result;
  const got = typeOf(value);
  const wanted = types.join(',');
  if (value === null) {
    if (types.length > 0 && schema.nullable !== true) result.add(wrongType(name, wanted, 'null'));
    else result.matches++;
    return result;
  }
  const fits = types.includes(got) || (got === 'integer' && types.includes('number'));
  const texts = got === 'string' || got === 'array';
  if (!texts && format !== '' && !fits) {
    result.add(wrongType(name, format, got === 'number' ? 'double' : got === 'integer' ? 'int64' : ''));
    return result;
  }
  const numeric = types.includes('number') || types.includes('integer');
  if (!numeric && format !== '' && texts) result.matches++;
  else if (fits) result.matches++;
  else result.add(wrongType(name, wanted, got));
  return result;
}

const patterns = new Map<string, RE2JS>();
/** Patterns come from strangers: their matching takes time linear in the text. */
const PATTERNS_KEPT = 500;

/** @throws an Error with Go's sentence: `error parsing regexp: ...` */
export function compilePattern(pattern: string): RE2JS {
  let compiled = patterns.get(pattern);
  if (!compiled) {
    compiled = RE2JS.compile(pattern);
    if (patterns.size >= PATTERNS_KEPT) patterns.clear();
    patterns.set(pattern, compiled);
  }
  return compiled;
}

function checkText(value: string, schema: SchemaProps, name: string): Problem | undefined {
  const { maxLength, minLength, pattern } = schema;
  const length = maxLength === undefined && minLength === undefined ? 0 : Array.from(value).length;
  if (maxLength !== undefined && length > maxLength) {
    const sentence = `${name} in body should be at most ${maxLength} chars long`;
    return about(name, sentence, (field) => tooLong(field, maxLength));
  }
  if (minLength !== undefined && length < minLength)
    return simple(name, value, `${name} in body should be at least ${minLength} chars long`);
  if (pattern) {
    let fits: boolean;
    try {
      fits = compilePattern(pattern).matcher(value).find();
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      return simple(name, value, `${name} in body should match '${pattern}, but pattern is invalid: ${why}'`);
    }
    if (!fits) return simple(name, value, `${name} in body should match '${pattern}'`);
  }
  return undefined;
}

function checkNumber(value: number, schema: SchemaProps, name: string): Problem[] {
  const problems: Problem[] = [];
  const whole = Number.isInteger(value);
  // Go compares whole numbers with the whole part of a boundary, and prints that
  const bound = (limit: number) => (whole ? Math.trunc(limit) : limit);
  const say = (what: string) => problems.push(simple(name, value, `${name} in body should be ${what}`));
  const { multipleOf, maximum, exclusiveMaximum, minimum, exclusiveMinimum } = schema;
  if (multipleOf !== undefined) {
    const factor = bound(multipleOf);
    if (factor <= 0) {
      problems.push(
        simple(name, factor, `factor MultipleOf declared for ${name} must be positive: ${goFloat(factor)}`),
      );
    } else {
      const times = !whole && factor < 1 ? (1 / factor) * value : value / factor;
      const exact = whole
        ? value % factor === 0
        : Math.abs(times - Math.round(times)) < 1e-9 * Math.max(1, Math.abs(times));
      if (!exact) say(`a multiple of ${goFloat(factor)}`);
    }
  }
  if (maximum !== undefined) {
    const limit = bound(maximum);
    if (exclusiveMaximum ? value >= limit : value > limit)
      say(`less than ${exclusiveMaximum ? '' : 'or equal to '}${goFloat(limit)}`);
  }
  if (minimum !== undefined) {
    const limit = bound(minimum);
    if (exclusiveMinimum ? value <= limit : value < limit)
      say(`greater than ${exclusiveMinimum ? '' : 'or equal to '}${goFloat(limit)}`);
  }
  return problems;
}

function checkEnum(value: Json, choices: readonly Json[] | undefined, name: string): Problem | undefined {
  if (!choices || choices.length === 0 || choices.some((choice) => choice !== null && equal(choice, value)))
    return undefined;
  const shown = choices.map((choice) => (typeof choice === 'string' ? choice : JSON.stringify(choice)));
  return about(name, `${name} in body should be one of ${goJson([...choices])}`, (field) =>
    notSupported(field, goValue(value), shown),
  );
}

function checkObject(
  value: Record<string, Json>,
  schema: SchemaProps,
  name: string,
  old: Correlation | undefined,
): Result {
  const result = new Result();
  const { minProperties, maxProperties, additionalProperties } = schema;
  const size = Object.keys(value).length;
  if (minProperties !== undefined && size < minProperties)
    result.add(simple(name, size, `${name} in body should have at least ${minProperties} properties`));
  if (maxProperties !== undefined && size > maxProperties) {
    const sentence = `${name} in body should have at most ${maxProperties} properties`;
    result.add(about(name, sentence, (field) => tooMany(field, size, maxProperties)));
  }
  const values = valuesOf(schema);
  for (const [key, part] of entriesOf(value)) {
    if (own(schema.properties, key)) continue;
    if (additionalProperties === false) result.add(simple(name, key, `${name}.${key} in body is a forbidden property`));
    else if (values) result.merge(checkField(part, values, `${name}.${key}`, old, key));
  }
  for (const [key, field] of entriesOf(schema.properties)) {
    if (!Object.hasOwn(value, key)) continue;
    result.merge(checkField(value[key] ?? null, field, name === '' ? key : `${name}.${key}`, old, key));
  }
  for (const key of schema.required ?? []) {
    if (Object.hasOwn(value, key)) continue;
    result.add(about(`${name}.${key}`, `${name}.${key} in body is required`, (field) => required(field)));
  }
  return result;
}

function checkField(value: Json, schema: SchemaProps, name: string, old: Correlation | undefined, key: string): Result {
  // the type of the object itself is never let pass
  const before = old?.isRoot && (key === 'kind' || key === 'apiVersion') ? undefined : old?.key(key);
  return checkCorrelated(value, schema, name, before);
}

function checkList(value: readonly Json[], schema: SchemaProps, name: string, old: Correlation | undefined): Result {
  const result = new Result();
  const items = itemsOf(schema);
  if (items)
    for (const [i, item] of value.entries()) result.merge(checkCorrelated(item, items, `${name}[${i}]`, old?.index(i)));
  const { minItems, maxItems } = schema;
  if (minItems !== undefined && value.length < minItems)
    result.add(simple(name, value.length, `${name} in body should have at least ${minItems} items`));
  if (maxItems !== undefined && value.length > maxItems) {
    const sentence = `${name} in body should have at most ${maxItems} items`;
    result.add(about(name, sentence, (field) => tooMany(field, value.length, maxItems)));
  }
  if (schema.uniqueItems && value.some((item, i) => value.slice(0, i).some((other) => equal(other, item))))
    result.add(simple(name, '', `${name} in body shouldn't contain duplicates`));
  result.matches++;
  return result;
}

/** anyOf, oneOf, allOf and not. */
function checkJoined(value: Json, schema: SchemaProps, name: string, old: Correlation | undefined): Result {
  const result = new Result();
  const quoted = JSON.stringify(name);
  const alternatives = (schemas: readonly SchemaProps[]) => schemas.map((one) => check(value, one, name, old));
  const best = (results: readonly Result[]) =>
    results.reduce<Result | undefined>(
      (most, one) => (most === undefined || one.matches > most.matches ? one : most),
      undefined,
    );
  if (schema.anyOf && schema.anyOf.length > 0) {
    const results = alternatives(schema.anyOf);
    const fitting = results.find(({ ok }) => ok);
    if (!fitting) result.add(joined(`${quoted} must validate at least one schema (anyOf)`));
    const told = fitting ?? best(results);
    if (told) result.merge(told);
  }
  if (schema.oneOf && schema.oneOf.length > 0) {
    const results = alternatives(schema.oneOf);
    const fitting = results.filter(({ ok }) => ok);
    if (fitting.length === 1 && fitting[0]) result.merge(fitting[0]);
    else {
      const why = fitting.length === 0 ? 'Found none valid' : `Found ${fitting.length} valid alternatives`;
      result.add(joined(`${quoted} must validate one and only one schema (oneOf). ${why}`));
      const told = fitting.length === 0 ? best(results) : undefined;
      if (told) result.merge(told);
    }
  }
  if (schema.allOf && schema.allOf.length > 0) {
    const results = alternatives(schema.allOf);
    for (const one of results) result.merge(one);
    const fitting = results.filter(({ ok }) => ok).length;
    if (fitting !== results.length)
      result.add(joined(`${quoted} must validate all the schemas (allOf)${fitting === 0 ? '. None validated' : ''}`));
  }
  if (schema.not && check(value, schema.not, name, old).ok)
    result.add(joined(`${quoted} must not validate the schema (not)`));
  result.matches++;
  return result;
}

function check(value: Json, schema: SchemaProps, name: string, old: Correlation | undefined): Result {
  const result = new Result();
  const take = (one: Result | Problem | readonly Problem[] | undefined) => {
    if (one instanceof Result) result.merge(one);
    else if (Array.isArray(one)) result.add(...(one as readonly Problem[]));
    else if (one) result.add(one as Problem);
    result.matches++;
  };
  if (value === null) {
    result.merge(checkType(null, schema, name));
    const problem = checkEnum(null, schema.enum, name);
    if (problem) result.add(problem);
    return result;
  }
  const format = formatOf(schema);
  if (typesOf(schema).length > 0 || format !== '') take(checkType(value, schema, name));
  take(checkJoined(value, schema, name, old));
  if (typeof value === 'string') {
    take(checkText(value, schema, name));
    if (format !== '') take(fitsFormat(format, value) ? undefined : wrongType(name, format, value));
  }
  if (typeof value === 'number') {
    const numbers = new Result();
    numbers.add(...checkNumber(value, schema, name));
    numbers.matches++;
    take(numbers);
  }
  if (Array.isArray(value)) take(checkList(value, schema, name, old));
  take(checkEnum(value, schema.enum, name));
  if (isMap(value)) take(checkObject(value, schema, name, old));
  result.matches++;
  return result;
}

/** A place that has not changed is not complained about. */
function checkCorrelated(value: Json, schema: SchemaProps, name: string, old: Correlation | undefined): Result {
  const result = check(value, schema, name, old);
  if (!result.ok && old?.unchanged) result.problems.length = 0;
  return result;
}

/**
 * All problems of a value. `old` says what the value was before; without, everything is told. `at`: where the value is.
 */
export function validateValue(
  value: Json,
  schema: SchemaProps | undefined,
  { at, old }: { at?: Path; old?: Correlation | undefined } = {},
): FieldError[] {
  if (!schema) return [];
  return checkCorrelated(value, schema, '', old).problems.map((problem) => problem.error(at));
}
