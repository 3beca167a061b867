/** What a version of a definition may say: its schema, subresources, columns and selectable fields. */
import { duplicate, forbidden, invalid, required, tooMany, type FieldError, type Path } from '../../../api/field.ts';
import { structuralProblems, unsupportedIn } from '../../../schema/structural/check-structural.ts';
import type {
  DefinitionVersion,
  PrinterColumn,
  SelectableField,
  Subresources,
} from '../../../schema/structural/custom-resource-definition.ts';
import { defaultProblems } from '../../../schema/structural/default-problems.ts';
import type { SchemaProps } from '../../../schema/structural/schema-props.ts';
import { fieldAt } from '../field-path.ts';
import { printedSchema } from './internal-json.ts';
import { schemaProblems } from './schema-rules.ts';

const COLUMN_TYPES = ['boolean', 'date', 'integer', 'number', 'string'];
const COLUMN_FORMATS = ['byte', 'date', 'date-time', 'double', 'float', 'int32', 'int64', 'password'];
const MAX_SELECTABLE = 8;

/** Go's names of the fields that may stand at the root beside a status subresource, and their JSON names. */
const AT_ROOT: Record<string, keyof SchemaProps> = {
  Description: 'description',
  Type: 'type',
  Format: 'format',
  Title: 'title',
  Maximum: 'maximum',
  ExclusiveMaximum: 'exclusiveMaximum',
  Minimum: 'minimum',
  ExclusiveMinimum: 'exclusiveMinimum',
  MaxLength: 'maxLength',
  MinLength: 'minLength',
  Pattern: 'pattern',
  MaxItems: 'maxItems',
  MinItems: 'minItems',
  UniqueItems: 'uniqueItems',
  MultipleOf: 'multipleOf',
  Required: 'required',
  Items: 'items',
  Properties: 'properties',
  ExternalDocs: 'externalDocs',
  Example: 'example',
  XPreserveUnknownFields: 'x-kubernetes-preserve-unknown-fields',
  XValidations: 'x-kubernetes-validations',
};
const allowedAtRoot: ReadonlySet<string> = new Set(Object.values(AT_ROOT));

/** `at` is the path of what holds openAPIV3Schema. */
export function validateSchema(schema: SchemaProps | undefined, hasStatus: boolean, at: Path): FieldError[] {
  if (!schema) return [];
  const errors: FieldError[] = [];
  const here = at.child('openAPIV3Schema');
  if (hasStatus) {
    const set = Object.entries(schema).filter(([, value]) => value !== undefined && value !== false);
    if (schema.type && schema.type !== 'object') {
      const why = 'only "object" is allowed as the type at the root of the schema if the status subresource is enabled';
      errors.push(invalid(here.child('type'), schema.type, why));
    } else if (set.some(([field]) => !allowedAtRoot.has(field))) {
      const why = `only [${Object.keys(AT_ROOT).join(' ')}] fields are allowed at the root of the schema if the status subresource is enabled`;
      errors.push(invalid(here, printedSchema(schema), why));
    }
  }
  if (schema.nullable) errors.push(forbidden(here.child('nullable'), 'nullable cannot be true at the root'));
  const unsupported = unsupportedIn(schema);
  let structural: FieldError[] = [];
  if (unsupported === undefined) {
    structural = structuralProblems(schema, here);
    if (structural.length === 0) structural = defaultProblems(schema, here);
    errors.push(...structural);
  }
  errors.push(...schemaProblems(schema, here, unsupported === undefined && structural.length === 0));
  // what the schema's own problems say better is said only when they say nothing
  if (unsupported !== undefined && errors.length === 0) errors.push(invalid(here, '', unsupported));
  return errors;
}

export function validateSubresources(subresources: Subresources | undefined, at: Path): FieldError[] {
  const scale = subresources?.scale;
  if (!scale) return [];
  const check = (name: string, value: string | undefined, roots: readonly string[], under: string): FieldError[] => {
    const path = at.child(`scale.${name}`);
    if (!value) return [required(path)];
    if (!value.startsWith('.')) return [invalid(path, value, 'must be a simple json path starting with .')];
    return roots.some((root) => value.startsWith(root))
      ? []
      : [invalid(path, value, `should be a json path under ${under}`)];
  };
  return [
    ...check('specReplicasPath', scale.specReplicasPath, ['.spec.'], '.spec'),
    ...check('statusReplicasPath', scale.statusReplicasPath, ['.status.'], '.status'),
    ...(scale.labelSelectorPath
      ? check('labelSelectorPath', scale.labelSelectorPath, ['.spec.', '.status.'], 'either .spec or .status')
      : []),
  ];
}

export function validateColumn({ name, type, format, jsonPath }: PrinterColumn, at: Path): FieldError[] {
  const errors: FieldError[] = [];
  const oneOf = (choices: readonly string[]) => `must be one of ${choices.join(',')}`;
  if (!name) errors.push(required(at.child('name')));
  if (!type) errors.push(required(at.child('type'), oneOf(COLUMN_TYPES)));
  else if (!COLUMN_TYPES.includes(type)) errors.push(invalid(at.child('type'), type, oneOf(COLUMN_TYPES)));
  if (format && !COLUMN_FORMATS.includes(format))
    errors.push(invalid(at.child('format'), format, oneOf(COLUMN_FORMATS)));
  const path = at.child('JSONPath');
  if (!jsonPath) errors.push(required(path));
  else if (!jsonPath.startsWith('.'))
    errors.push(invalid(path, jsonPath, 'must be a simple json path starting with .'));
  return errors;
}

export function validateSelectable(fields: readonly SelectableField[], schema: SchemaProps, at: Path): FieldError[] {
  const errors: FieldError[] = [];
  const seen = new Set<string>();
  for (const [i, { jsonPath }] of fields.entries()) {
    const path = at.index(i).child('jsonPath');
    if (!jsonPath) {
      errors.push(required(path));
      continue;
    }
    const found = fieldAt(jsonPath, schema, false);
    if ('problem' in found) {
      errors.push(invalid(path, jsonPath, `is an invalid path: ${found.problem}`));
      continue;
    }
    if (found.root === 'metadata') errors.push(invalid(path, jsonPath, 'must not point to fields in metadata'));
    if (!['string', 'boolean', 'integer'].includes(found.schema?.type ?? '')) {
      const why =
        'must point to a field of type string, boolean or integer. Enum string fields and strings with formats are allowed.';
      errors.push(invalid(path, jsonPath, why));
    }
    const text = String(found.path);
    if (seen.has(text)) errors.push(duplicate(path, jsonPath));
    seen.add(text);
  }
  if (seen.size > MAX_SELECTABLE) errors.push(tooMany(at, seen.size, MAX_SELECTABLE));
  return errors;
}

function deprecationProblems({ deprecated, deprecationWarning: text }: DefinitionVersion): string[] {
  if (text === undefined) return [];
  if (!deprecated) return ['can only be set for deprecated versions'];
  const problems: string[] = [];
  if (Buffer.byteLength(text) > 256) problems.push('must be <= 256 characters long');
  if (text === '') problems.push('must not be an empty string');
  let at = 0;
  for (const char of text) {
    if (char !== ' ' && /[\p{C}\p{Z}]/u.test(char)) {
      problems.push(`must only contain printable UTF-8 characters; non-printable character found at index ${at}`);
      break;
    }
    at += Buffer.byteLength(char);
  }
  return problems;
}

export function validateVersion(version: DefinitionVersion, hasStatus: boolean, at: Path): FieldError[] {
  const errors = deprecationProblems(version).map((problem) =>
    invalid(at.child('deprecationWarning'), version.deprecationWarning, problem),
  );
  const schema = version.schema?.openAPIV3Schema;
  errors.push(...validateSchema(schema, hasStatus, at.child('schema')));
  errors.push(...validateSubresources(version.subresources, at.child('subresources')));
  for (const [i, column] of (version.additionalPrinterColumns ?? []).entries())
    errors.push(...validateColumn(column, at.child('additionalPrinterColumns').index(i)));
  const { selectableFields = [] } = version;
  if (selectableFields.length === 0) return errors;
  const here = at.child('selectableFields');
  if (!schema) {
    const why = 'may only be set when `version.schema.openAPIV3Schema` is not included';
    return [...errors, invalid(here, '', why)];
  }
  return [...errors, ...validateSelectable(selectableFields, schema, here)];
}
