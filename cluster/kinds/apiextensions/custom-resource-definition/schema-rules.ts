/** What the schemas of a definition may say, besides being structural. */
import { forbidden, invalid, notSupported, required, type FieldError, type Path } from '../../../api/field.ts';
import {
  entriesOf,
  isEmbedded,
  itemsOf,
  own,
  valuesOf,
  type SchemaProps,
} from '../../../schema/structural/schema-props.ts';
import { goValue } from '../../../schema/structural/go-value.ts';
import type { Type } from '../../../cel/index.ts';
import { fieldAt } from '../field-path.ts';
import { compileRule, costsOf, selfType } from '../rule.ts';
import { printedRule } from './internal-json.ts';
import { mostParts, RuleCosts, times } from './rule-costs.ts';

const TYPES = ['array', 'boolean', 'integer', 'number', 'object', 'string'];
const META: ReadonlySet<string> = new Set(['metadata', 'kind', 'apiVersion']);
const REASONS = ['FieldValueDuplicate', 'FieldValueForbidden', 'FieldValueInvalid', 'FieldValueRequired'];

export interface Where {
  isRoot: boolean;
  /** Why defaults are not allowed here; undefined: they are. */
  noDefaults: string | undefined;
  insideMeta: boolean;
  /** From where on old and new cannot be told to be the same thing; undefined: they can. */
  uncorrelatable: Path | undefined;
  /** Whether rules are compiled: only in a schema that is structural. */
  withRules: boolean;
  /** How often the value can be there in one object; undefined: nobody knows. */
  cardinality: number | undefined;
  costs: RuleCosts;
}

interface Problems {
  schema: FieldError[];
  rules: FieldError[];
}

const SCHEMA_ROOT: Omit<Where, 'costs'> = {
  isRoot: true,
  noDefaults: undefined,
  insideMeta: false,
  uncorrelatable: undefined,
  withRules: true,
  cardinality: 1,
};

export function schemaProblems(schema: SchemaProps, at: Path, withRules: boolean): FieldError[] {
  const costs = new RuleCosts();
  const { schema: errors, rules } = check(schema, at, { ...SCHEMA_ROOT, withRules, costs });
  return [...errors, ...rules, ...costs.problems(at)];
}

function check(schema: SchemaProps | undefined, at: Path, where: Where): Problems {
  const found: Problems = { schema: [], rules: [] };
  if (!schema) return found;
  found.schema.push(...standard(schema, at, where));
  if (schema.uniqueItems) {
    const why = 'uniqueItems cannot be set to true since the runtime complexity becomes quadratic';
    found.schema.push(forbidden(at.child('uniqueItems'), why));
  }
  const parts = mostParts(schema);
  const cardinality =
    where.cardinality === undefined || parts === undefined ? undefined : times(where.cardinality, parts);
  const into = (part: SchemaProps | undefined, path: Path, changes: Partial<Where> = {}) => {
    const inside = check(part, path, { ...where, isRoot: false, cardinality, ...changes });
    found.schema.push(...inside.schema);
    found.rules.push(...inside.rules);
  };
  const { additionalProperties } = schema;
  if (additionalProperties !== undefined) {
    const named = Object.keys(schema.properties ?? {}).length > 0;
    if (named && additionalProperties !== true) {
      const why = 'additionalProperties and properties are mutual exclusive';
      found.schema.push(forbidden(at.child('additionalProperties'), why));
    }
    const changes = where.insideMeta ? { noDefaults: 'inside additionalProperties applying to object metadata' } : {};
    into(valuesOf(schema), at.child('additionalProperties'), changes);
  }
  const mapType = schema['x-kubernetes-map-type'];
  const oldIsKnown = mapType === undefined || mapType === 'granular' || mapType === 'atomic';
  for (const [name, part] of entriesOf(schema.properties)) {
    const changes: Partial<Where> = oldIsKnown ? {} : { uncorrelatable: where.uncorrelatable ?? at };
    if ((where.isRoot || isEmbedded(schema)) && META.has(name)) {
      changes.insideMeta = true;
      if (where.isRoot) changes.noDefaults = `in top-level ${name}`;
    }
    into(part, at.child('properties').key(name), changes);
  }
  into(schema.not, at.child('not'), { withRules: false });
  for (const field of ['allOf', 'oneOf', 'anyOf'] as const)
    for (const [i, one] of (schema[field] ?? []).entries()) into(one, at.child(field).index(i), { withRules: false });
  for (const [name, one] of entriesOf(schema.definitions))
    into(one, at.child('definitions').key(name), { withRules: false });
  if (schema.items !== undefined) {
    const known = schema['x-kubernetes-list-type'] === 'map';
    const changes = known ? {} : { uncorrelatable: where.uncorrelatable ?? at };
    if (Array.isArray(schema.items))
      for (const [i, one] of schema.items.entries()) into(one, at.child('items').index(i), changes);
    else into(schema.items, at.child('items'), changes);
  }
  for (const [name, one] of entriesOf(schema.dependencies))
    if (!Array.isArray(one)) into(one, at.child('dependencies').key(name), { withRules: false });
  found.schema.push(...extensions(schema, at), ...keysOfLists(schema, at));
  const rules = schema['x-kubernetes-validations'] ?? [];
  if (rules.length === 0) return found;
  found.schema.push(...ruleTexts(schema, at));
  if (found.schema.length === 0 && where.withRules) found.rules.push(...compiled(schema, at, where));
  return found;
}

function standard(schema: SchemaProps, at: Path, { noDefaults, insideMeta }: Where): FieldError[] {
  const errors: FieldError[] = [];
  const refuse = (field: string, set: boolean, why = `${field} is not supported`) => {
    if (set) errors.push(forbidden(at.child(field), why));
  };
  const filled = (value: object | undefined) => Object.keys(value ?? {}).length > 0;
  if (schema.type && !TYPES.includes(schema.type)) errors.push(notSupported(at.child('type'), schema.type, TYPES));
  refuse(
    'default',
    schema.default !== undefined && schema.default !== null && noDefaults !== undefined,
    `must not be set ${noDefaults ?? ''}`,
  );
  refuse('id', Boolean(schema.id));
  refuse('additionalItems', schema.additionalItems !== undefined);
  refuse('patternProperties', filled(schema.patternProperties));
  refuse('definitions', filled(schema.definitions));
  refuse('dependencies', schema.dependencies !== undefined);
  refuse('$ref', schema.$ref !== undefined);
  refuse('type', schema.type === 'null', 'type cannot be set to null, use nullable as an alternative');
  refuse(
    'items',
    Array.isArray(schema.items) && schema.items.length > 0,
    'items must be a schema object and not an array',
  );
  refuse(
    'x-kubernetes-embedded-resource',
    insideMeta && isEmbedded(schema),
    'must not be used inside of resource meta',
  );
  return errors;
}

const LIST_TYPE = 'x-kubernetes-list-type';
const MAP_TYPE = 'x-kubernetes-map-type';
const MAP_KEYS = 'x-kubernetes-list-map-keys';

function extensions(schema: SchemaProps, at: Path): FieldError[] {
  const errors: FieldError[] = [];
  const { type = '' } = schema;
  const [listType, mapType, keys = []] = [schema[LIST_TYPE], schema[MAP_TYPE], schema[MAP_KEYS]];
  const typed = (wanted: string, by: string) => {
    const why = `must be ${wanted} if ${by} is specified`;
    errors.push(type === '' ? required(at.child('type'), why) : invalid(at.child('type'), type, why));
  };
  if (schema['x-kubernetes-preserve-unknown-fields'] === false)
    errors.push(invalid(at.child('x-kubernetes-preserve-unknown-fields'), false, 'must be true or undefined'));
  if (mapType !== undefined && type !== 'object') typed('object', MAP_TYPE);
  if (mapType !== undefined && mapType !== 'atomic' && mapType !== 'granular')
    errors.push(notSupported(at.child(MAP_TYPE), mapType, ['atomic', 'granular']));
  const items = itemsOf(schema);
  if (listType !== undefined && type !== 'array') typed('array', LIST_TYPE);
  else if (listType === 'set' && items) {
    const why = 'must be atomic as item of a list with x-kubernetes-list-type=set';
    const itemType = items[LIST_TYPE];
    const printed = itemType ?? null;
    if (items.type === 'array' && itemType !== undefined && itemType !== 'atomic')
      errors.push(invalid(at.child('items').child(LIST_TYPE), printed, why));
    if (items.type === 'object' && items[MAP_TYPE] !== 'atomic')
      errors.push(invalid(at.child('items').child(MAP_TYPE), printed, why));
  }
  if (listType !== undefined && !['atomic', 'set', 'map'].includes(listType))
    errors.push(notSupported(at.child(LIST_TYPE), listType, ['atomic', 'set', 'map']));
  if (keys.length > 0 && listType !== 'map') {
    const why = `must be map if ${MAP_KEYS} is non-empty`;
    errors.push(
      listType === undefined ? required(at.child(LIST_TYPE), why) : invalid(at.child(LIST_TYPE), listType, why),
    );
  }
  if (listType === 'map') errors.push(...listMap(schema, items, keys, at));
  return errors;
}

function listMap(schema: SchemaProps, items: SchemaProps | undefined, keys: readonly string[], at: Path): FieldError[] {
  const errors: FieldError[] = [];
  if (keys.length === 0) errors.push(required(at.child(MAP_KEYS), `must not be empty if ${LIST_TYPE} is map`));
  if (schema.items === undefined) errors.push(required(at.child('items'), `must have a schema if ${LIST_TYPE} is map`));
  if (!items) return errors;
  if (items.type !== 'object') {
    const why = `must be object if parent array's ${LIST_TYPE} is map`;
    return [...errors, invalid(at.child('items').child('type'), items.type ?? '', why)];
  }
  const seen = new Set<string>();
  for (const key of keys) {
    const field = own(items.properties, key);
    if (!field) errors.push(invalid(at.child(MAP_KEYS), goValue(keys), 'entries must all be names of item properties'));
    else if (field.type === 'array' || field.type === 'object') {
      const why = `must be a scalar type if parent array's ${LIST_TYPE} is map`;
      errors.push(invalid(at.child('items').child('properties').key(key).child('type'), items.type, why));
    }
    if (seen.has(key)) errors.push(invalid(at.child(MAP_KEYS), goValue(keys), 'must not contain duplicate entries'));
    seen.add(key);
  }
  return errors;
}

function keysOfLists(schema: SchemaProps, at: Path): FieldError[] {
  const listType = schema[LIST_TYPE];
  const items = itemsOf(schema);
  if (!items || (listType !== 'set' && listType !== 'map')) return [];
  const errors: FieldError[] = [];
  if (items.nullable)
    errors.push(forbidden(at.child('items').child('nullable'), `cannot be nullable when ${LIST_TYPE} is ${listType}`));
  if (listType === 'set') return errors;
  const always = new Set(items.required);
  for (const key of schema[MAP_KEYS] ?? []) {
    const field = own(items.properties, key);
    if (!field) continue;
    const here = at.child('items').child('properties').key(key);
    const why = `this property is in ${MAP_KEYS}, so it`;
    if (!always.has(key) && (field.default ?? null) === null)
      errors.push(required(here.child('default'), `${why} must have a default or be a required property`));
    if (field.nullable) errors.push(forbidden(here.child('nullable'), `${why} cannot be nullable`));
  }
  return errors;
}

const hasNewlines = (text: string): boolean => /[\n\r]/.test(text);

/** The texts around rules; what the rules themselves say is looked at later. */
function ruleTexts(schema: SchemaProps, at: Path): FieldError[] {
  return (schema['x-kubernetes-validations'] ?? []).flatMap((one, i): FieldError[] => {
    const errors: FieldError[] = [];
    const here = at.child('x-kubernetes-validations').index(i);
    const { rule, message = '', messageExpression = '', reason, fieldPath = '' } = one;
    const said = message.trim();
    if (rule.trim() === '') errors.push(required(here.child('rule'), 'rule is not specified'));
    else if (message !== '' && said === '')
      errors.push(invalid(here.child('message'), message, 'must be non-empty if specified'));
    else if (hasNewlines(said)) errors.push(invalid(here.child('message'), message, 'must not contain line breaks'));
    else if (hasNewlines(rule.trim()) && said === '')
      errors.push(required(here.child('message'), 'message must be specified if rule contains line breaks'));
    if (messageExpression !== '' && messageExpression.trim() === '')
      errors.push(required(here.child('messageExpression'), 'messageExpression must be non-empty if specified'));
    if (reason !== undefined && !REASONS.includes(reason))
      errors.push(notSupported(here.child('reason'), reason, REASONS));
    if (fieldPath === '') return errors;
    const path = here.child('fieldPath');
    if (fieldPath.trim() === '') errors.push(invalid(path, fieldPath, 'must be non-empty if specified'));
    if (hasNewlines(fieldPath)) errors.push(invalid(path, fieldPath, 'must not contain line breaks'));
    if ('problem' in fieldAt(fieldPath, schema)) errors.push(invalid(path, fieldPath, 'must be a valid path'));
    return errors;
  });
}

function compiled(schema: SchemaProps, at: Path, where: Where): FieldError[] {
  const { isRoot, uncorrelatable, cardinality, costs } = where;
  const self: Type | undefined = selfType(schema, isRoot || isEmbedded(schema));
  if (!self) return [];
  return (schema['x-kubernetes-validations'] ?? []).flatMap((one, i): FieldError[] => {
    const errors: FieldError[] = [];
    const here = at.child('x-kubernetes-validations').index(i);
    const rule = compileRule(one, schema, self);
    const cost = costsOf(rule, schema, isRoot || isEmbedded(schema));
    errors.push(...costs.count(here, 'rule', times(cost.rule, cardinality ?? cost.most)));
    if (rule.problem !== undefined) errors.push(invalid(here.child('rule'), printedRule(one), rule.problem));
    if (rule.messageProblem !== undefined)
      errors.push(invalid(here.child('messageExpression'), printedRule(one), rule.messageProblem));
    else if (rule.message) errors.push(...costs.count(here, 'messageExpression', cost.message));
    if (rule.usesOldSelf && uncorrelatable) {
      const why = `oldSelf cannot be used on the uncorrelatable portion of the schema within ${String(uncorrelatable)}`;
      errors.push(invalid(here.child('rule'), one.rule, why));
    }
    if (!rule.usesOldSelf && one.optionalOldSelf !== undefined) {
      const why = 'may not be set if oldSelf is not used in rule';
      errors.push(invalid(here.child('optionalOldSelf'), one.optionalOldSelf, why));
    }
    return errors;
  });
}
