/** Whether a schema is structural: what it must say of every field, and what it may not say inside anyOf and the like. */
import { forbidden, invalid, required, type FieldError, type Path } from '../../api/field.ts';
import { equal } from '../../api/merge.ts';
import { entriesOf, isEmbedded, itemsOf, own, preserves, valuesOf, type SchemaProps } from './schema-props.ts';
import { compilePattern } from './validate-value.ts';

type Level = 'root' | 'item' | 'field';
const PLACES: Record<Level, string> = {
  root: 'at the root',
  item: 'for specified array items',
  field: 'for specified object fields',
};

const INT_OR_STRING = [{ type: 'integer' }, { type: 'string' }];
const isIntOrString = (anyOf: readonly SchemaProps[] | undefined): boolean => equal(anyOf ?? [], INT_OR_STRING);

/** All problems, by their text. */
export function structuralProblems(schema: SchemaProps, at: Path): FieldError[] {
  const text = (error: FieldError) => `${error.field}: ${error.body}`;
  return [...invariants(schema, 'root', at), ...completeness(schema, schema, at, at)].sort((a, b) =>
    text(a) < text(b) ? -1 : Number(text(a) > text(b)),
  );
}

function invariants(schema: SchemaProps | undefined, level: Level, at: Path): FieldError[] {
  if (!schema) return [];
  const errors: FieldError[] = [];
  const { type = '', additionalProperties } = schema;
  const items = itemsOf(schema);
  if (type === 'array' && !items) errors.push(required(at.child('items'), 'must be specified'));
  errors.push(...invariants(items, 'item', at.child('items')));
  for (const [name, part] of entriesOf(schema.properties))
    errors.push(...invariants(part, 'field', at.child('properties').key(name)));
  if (additionalProperties !== undefined) {
    if (level === 'root') errors.push(forbidden(at.child('additionalProperties'), 'must not be used at the root'));
    errors.push(...invariants(valuesOf(schema), 'field', at.child('additionalProperties')));
  }
  const intOrString = schema['x-kubernetes-int-or-string'] === true;
  const embedded = isEmbedded(schema);
  if (intOrString && preserves(schema)) {
    const field = at.child('x-kubernetes-preserve-unknown-fields');
    errors.push(invalid(field, true, 'must be false if x-kubernetes-int-or-string is true'));
  }
  if (intOrString && embedded) {
    const field = at.child('x-kubernetes-embedded-resource');
    errors.push(invalid(field, true, 'must be false if x-kubernetes-int-or-string is true'));
  }
  const skip = { anyOf: isIntOrString(schema.anyOf), firstAllOf: isIntOrString(schema.allOf?.[0]?.anyOf) };
  errors.push(...valueRules(schema, skip, at, false));

  if (embedded && type !== 'object') {
    const why = 'must be object if x-kubernetes-embedded-resource is true';
    errors.push(type === '' ? required(at.child('type'), why) : invalid(at.child('type'), type, why));
  } else if (type === '' && !intOrString && !preserves(schema)) {
    errors.push(required(at.child('type'), `must not be empty ${PLACES[level]}`));
  }
  if (embedded && additionalProperties !== undefined) {
    const why = 'must not be used if x-kubernetes-embedded-resource is set';
    errors.push(forbidden(at.child('additionalProperties'), why));
  }
  if (level === 'root' && type !== '' && type !== 'object')
    errors.push(invalid(at.child('type'), type, 'must be object at the root'));
  errors.push(...identity(schema, level, at));
  if (embedded && !preserves(schema) && Object.keys(schema.properties ?? {}).length === 0) {
    const why =
      'must not be empty if x-kubernetes-embedded-resource is true without x-kubernetes-preserve-unknown-fields';
    errors.push(required(at.child('properties'), why));
  }
  return errors;
}

/** apiVersion, kind and metadata are given: little may be said of them. */
function identity(schema: SchemaProps, level: Level, at: Path): FieldError[] {
  const errors: FieldError[] = [];
  const checked = level === 'root' || isEmbedded(schema);
  for (const name of ['kind', 'apiVersion']) {
    const field = own(schema.properties, name);
    if (field && checked && field.type !== 'string')
      errors.push(invalid(at.child('properties').key(name).child('type'), field.type ?? '', 'must be string'));
  }
  const metadata = own(schema.properties, 'metadata');
  if (!metadata) return errors;
  const here = at.child('properties').key('metadata');
  if (checked && metadata.type !== 'object')
    errors.push(invalid(here.child('type'), metadata.type ?? '', 'must be object'));
  if (level === 'root') {
    const { type: _type, default: _default, properties = {}, ...rest } = metadata;
    const names = Object.keys(properties);
    const allowed = names.length > 0 && names.every((name) => name === 'name' || name === 'generateName');
    if ((!allowed && names.length > 0) || Object.values(rest).some((value) => value !== undefined)) {
      const why = 'must not specify anything other than name and generateName, but metadata is implicitly specified';
      errors.push(forbidden(here, why));
    }
  }
  return errors;
}

interface Skip {
  anyOf: boolean;
  firstAllOf: boolean;
}
const NOTHING: Skip = { anyOf: false, firstAllOf: false };

function valueRules(schema: SchemaProps, skip: Skip, at: Path, rulesAllowed: boolean): FieldError[] {
  const errors: FieldError[] = [];
  if (!skip.anyOf)
    for (const [i, one] of (schema.anyOf ?? []).entries())
      errors.push(...nested(one, NOTHING, at.child('anyOf').index(i), false));
  for (const [i, one] of (schema.allOf ?? []).entries()) {
    const first = skip.firstAllOf && i === 0;
    errors.push(...nested(one, { anyOf: first, firstAllOf: false }, at.child('allOf').index(i), rulesAllowed));
  }
  for (const [i, one] of (schema.oneOf ?? []).entries())
    errors.push(...nested(one, NOTHING, at.child('oneOf').index(i), false));
  if (schema.not) errors.push(...nested(schema.not, NOTHING, at.child('not'), false));
  if (schema.pattern) {
    try {
      compilePattern(schema.pattern);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      const sentence = `must be a valid regular expression, but isn't: ${why}`;
      errors.push(invalid(at.child('pattern'), schema.pattern, sentence));
    }
  }
  return errors;
}

/** Inside anyOf, allOf, oneOf and not a schema may only narrow values. */
function nested(schema: SchemaProps, skip: Skip, at: Path, rulesAllowed: boolean): FieldError[] {
  const errors = valueRules(schema, skip, at, rulesAllowed);
  const items = itemsOf(schema);
  if (items) errors.push(...nested(items, NOTHING, at.child('items'), rulesAllowed));
  for (const [name, part] of entriesOf(schema.properties))
    errors.push(...nested(part, NOTHING, at.child('properties').key(name), rulesAllowed));
  const refuse = (field: string, set: boolean, why: string) => {
    if (set) errors.push(forbidden(at.child(field), `must be ${why} to be structural`));
  };
  refuse('type', Boolean(schema.type), 'empty');
  const { additionalProperties } = schema;
  refuse('additionalProperties', additionalProperties !== undefined && additionalProperties !== false, 'undefined');
  refuse('default', schema.default !== undefined && schema.default !== null, 'undefined');
  refuse('title', Boolean(schema.title), 'empty');
  refuse('description', Boolean(schema.description), 'empty');
  refuse('nullable', schema.nullable === true, 'false');
  refuse('x-kubernetes-preserve-unknown-fields', preserves(schema), 'false');
  refuse('x-kubernetes-embedded-resource', isEmbedded(schema), 'false');
  refuse('x-kubernetes-int-or-string', schema['x-kubernetes-int-or-string'] === true, 'false');
  refuse('x-kubernetes-list-map-keys', (schema['x-kubernetes-list-map-keys'] ?? []).length > 0, 'empty');
  refuse('x-kubernetes-list-type', schema['x-kubernetes-list-type'] !== undefined, 'undefined');
  refuse('x-kubernetes-map-type', schema['x-kubernetes-map-type'] !== undefined, 'undefined');
  refuse('x-kubernetes-validations', (schema['x-kubernetes-validations'] ?? []).length > 0 && !rulesAllowed, 'empty');
  if (own(schema.properties, 'metadata'))
    errors.push(forbidden(at.child('properties').key('metadata'), 'must not be specified in a nested context'));
  return errors;
}

/** What is narrowed inside must be there outside. `vAt`: where it is narrowed. */
function completeness(rules: SchemaProps, schema: SchemaProps | undefined, at: Path, vAt: Path): FieldError[] {
  if (!schema) return [required(at, `because it is defined in ${String(vAt)}`)];
  const inside = (one: SchemaProps, where: Path) => nestedCompleteness(one, schema, at, where);
  return [
    ...(rules.not ? inside(rules.not, vAt.child('not')) : []),
    ...(['allOf', 'anyOf', 'oneOf'] as const).flatMap((field) =>
      (rules[field] ?? []).flatMap((one, i) => inside(one, vAt.child(field).index(i))),
    ),
  ];
}

function nestedCompleteness(rules: SchemaProps, schema: SchemaProps | undefined, at: Path, vAt: Path): FieldError[] {
  if (!schema) return [required(at, `because it is defined in ${String(vAt)}`)];
  const errors = completeness(rules, schema, at, vAt);
  const items = itemsOf(rules);
  if (items) errors.push(...nestedCompleteness(items, itemsOf(schema), at.child('items'), vAt.child('items')));
  for (const [name, part] of entriesOf(rules.properties)) {
    const here = at.child('properties').key(name);
    const there = vAt.child('properties').key(name);
    const field = own(schema.properties, name);
    if (field) errors.push(...nestedCompleteness(part, field, here, there));
    else errors.push(required(here, `because it is defined in ${String(there)}`));
  }
  return errors;
}

/** Why a schema cannot even be read as a structural one. */
export function unsupportedIn(schema: SchemaProps | undefined): string | undefined {
  if (!schema) return undefined;
  const named = (field: string) => `OpenAPIV3Schema '${field}' is not supported`;
  if (schema.id) return named('id');
  if (schema.$schema) return named('schema');
  if (schema.$ref) return named('$ref');
  for (const field of ['patternProperties', 'dependencies'] as const)
    if (Object.keys(schema[field] ?? {}).length > 0) return named(field);
  if (schema.additionalItems !== undefined) return named('additionalItems');
  if (Object.keys(schema.definitions ?? {}).length > 0) return named('definitions');
  if (schema['x-kubernetes-preserve-unknown-fields'] === false)
    return "internal error: 'x-kubernetes-preserve-unknown-fields' must be true or undefined";
  if (Array.isArray(schema.items)) return "OpenAPIV3Schema 'items' must be a schema, but is an array";
  const parts = [
    schema.not,
    ...(schema.allOf ?? []),
    ...(schema.anyOf ?? []),
    ...(schema.oneOf ?? []),
    itemsOf(schema),
    ...entriesOf(schema.properties).map(([, part]) => part),
    valuesOf(schema),
  ];
  for (const part of parts) {
    const found = unsupportedIn(part);
    if (found !== undefined) return found;
  }
  return undefined;
}
