/** Parts of a definition as errors print them: Go's internal types, which have no JSON names of their own. */
import { Printed } from '../../../api/field.ts';
import type { Json } from '../../../api/types.ts';
import type { DefinitionVersion } from '../../../schema/structural/custom-resource-definition.ts';
import { entriesOf, goJson, type SchemaProps, type ValidationRule } from '../../../schema/structural/schema-props.ts';

type Writer<T> = (value: T) => string;

const json: Writer<unknown> = (value) => goJson((value ?? null) as Json);
const text: Writer<string | undefined> = (value) => goJson(value ?? '');
const flag: Writer<boolean | undefined> = (value) => String(value ?? false);
const list =
  <T>(write: Writer<T>): Writer<readonly T[] | undefined> =>
  (values) =>
    values === undefined || values === null ? 'null' : `[${values.map(write).join(',')}]`;
const map =
  <T>(write: Writer<T>): Writer<Record<string, T> | undefined> =>
  (values) =>
    values === undefined || values === null
      ? 'null'
      : `{${entriesOf(values)
          .map(([key, value]) => `${goJson(key)}:${write(value)}`)
          .join(',')}}`;
const optional =
  <T>(write: Writer<T>): Writer<T | undefined> =>
  (value) =>
    value === undefined || value === null ? 'null' : write(value);
const struct = (fields: readonly (readonly [string, string])[]): string =>
  `{${fields.map(([name, value]) => `"${name}":${value}`).join(',')}}`;

const rule: Writer<ValidationRule> = (one) =>
  struct([
    ['Rule', text(one.rule)],
    ['Message', text(one.message)],
    ['MessageExpression', text(one.messageExpression)],
    ['Reason', json(one.reason)],
    ['FieldPath', text(one.fieldPath)],
    ['OptionalOldSelf', json(one.optionalOldSelf)],
  ]);

const orBool: Writer<SchemaProps | boolean> = (value) =>
  typeof value === 'boolean'
    ? struct([
        ['Allows', String(value)],
        ['Schema', 'null'],
      ])
    : struct([
        ['Allows', 'true'],
        ['Schema', schema(value)],
      ]);
const orArray: Writer<SchemaProps | SchemaProps[]> = (value) =>
  Array.isArray(value)
    ? struct([
        ['Schema', 'null'],
        ['JSONSchemas', list(schema)(value)],
      ])
    : struct([
        ['Schema', schema(value)],
        ['JSONSchemas', 'null'],
      ]);
const orTexts: Writer<SchemaProps | string[]> = (value) =>
  Array.isArray(value)
    ? struct([
        ['Schema', 'null'],
        ['Property', json(value)],
      ])
    : struct([
        ['Schema', schema(value)],
        ['Property', 'null'],
      ]);

function schema(one: SchemaProps): string {
  return struct([
    ['ID', text(one.id)],
    ['Schema', text(one.$schema)],
    ['Ref', json(one.$ref)],
    ['Description', text(one.description)],
    ['Type', text(one.type)],
    ['Nullable', flag(one.nullable)],
    ['Format', text(one.format)],
    ['Title', text(one.title)],
    ['Default', json(one.default)],
    ['Maximum', json(one.maximum)],
    ['ExclusiveMaximum', flag(one.exclusiveMaximum)],
    ['Minimum', json(one.minimum)],
    ['ExclusiveMinimum', flag(one.exclusiveMinimum)],
    ['MaxLength', json(one.maxLength)],
    ['MinLength', json(one.minLength)],
    ['Pattern', text(one.pattern)],
    ['MaxItems', json(one.maxItems)],
    ['MinItems', json(one.minItems)],
    ['UniqueItems', flag(one.uniqueItems)],
    ['MultipleOf', json(one.multipleOf)],
    ['Enum', json(one.enum)],
    ['MaxProperties', json(one.maxProperties)],
    ['MinProperties', json(one.minProperties)],
    ['Required', json(one.required)],
    ['Items', optional(orArray)(one.items)],
    ['AllOf', list(schema)(one.allOf)],
    ['OneOf', list(schema)(one.oneOf)],
    ['AnyOf', list(schema)(one.anyOf)],
    ['Not', optional(schema)(one.not)],
    ['Properties', map(schema)(one.properties)],
    ['AdditionalProperties', optional(orBool)(one.additionalProperties)],
    ['PatternProperties', map(schema)(one.patternProperties)],
    ['Dependencies', map(orTexts)(one.dependencies)],
    ['AdditionalItems', optional(orBool)(one.additionalItems)],
    ['Definitions', map(schema)(one.definitions)],
    [
      'ExternalDocs',
      one.externalDocs
        ? struct([
            ['Description', json(one.externalDocs['description'] ?? '')],
            ['URL', json(one.externalDocs['url'] ?? '')],
          ])
        : 'null',
    ],
    ['Example', json(one.example)],
    ['XPreserveUnknownFields', json(one['x-kubernetes-preserve-unknown-fields'])],
    ['XEmbeddedResource', flag(one['x-kubernetes-embedded-resource'])],
    ['XIntOrString', flag(one['x-kubernetes-int-or-string'])],
    ['XListMapKeys', json(one['x-kubernetes-list-map-keys'])],
    ['XListType', json(one['x-kubernetes-list-type'])],
    ['XMapType', json(one['x-kubernetes-map-type'])],
    ['XValidations', list(rule)(one['x-kubernetes-validations'])],
  ]);
}

const version: Writer<DefinitionVersion> = (one) =>
  struct([
    ['Name', text(one.name)],
    ['Served', flag(one.served)],
    ['Storage', flag(one.storage)],
    ['Deprecated', flag(one.deprecated)],
    ['DeprecationWarning', json(one.deprecationWarning)],
    ['Schema', one.schema ? struct([['OpenAPIV3Schema', optional(schema)(one.schema.openAPIV3Schema)]]) : 'null'],
    [
      'Subresources',
      one.subresources
        ? struct([
            ['Status', one.subresources.status ? '{}' : 'null'],
            [
              'Scale',
              one.subresources.scale
                ? struct([
                    ['SpecReplicasPath', text(one.subresources.scale.specReplicasPath)],
                    ['StatusReplicasPath', text(one.subresources.scale.statusReplicasPath)],
                    ['LabelSelectorPath', json(one.subresources.scale.labelSelectorPath)],
                  ])
                : 'null',
            ],
          ])
        : 'null',
    ],
    [
      'AdditionalPrinterColumns',
      list<NonNullable<DefinitionVersion['additionalPrinterColumns']>[number]>((column) =>
        struct([
          ['Name', text(column.name)],
          ['Type', text(column.type)],
          ['Format', text(column.format)],
          ['Description', text(column.description)],
          ['Priority', json(column.priority ?? 0)],
          ['JSONPath', text(column.jsonPath)],
        ]),
      )(one.additionalPrinterColumns),
    ],
    [
      'SelectableFields',
      list<{ jsonPath: string }>(({ jsonPath }) => struct([['JSONPath', text(jsonPath)]]))(one.selectableFields),
    ],
  ]);

export const printedRule = (one: ValidationRule): Printed => new Printed(rule(one));
export const printedSchema = (one: SchemaProps): Printed => new Printed(schema(one));
export const printedVersions = (versions: readonly DefinitionVersion[]): Printed =>
  new Printed(list(version)(versions));
