/** JSONSchemaProps of apiextensions.k8s.io/v1, as stored: what a CustomResourceDefinition says of its objects. */
import type { Json, JsonObject } from '../../api/types.ts';

export { goJson } from '../go-json.ts';

export interface ValidationRule {
  rule: string;
  message?: string;
  messageExpression?: string;
  reason?: string;
  fieldPath?: string;
  optionalOldSelf?: boolean;
}

export interface SchemaProps {
  id?: string;
  $schema?: string;
  $ref?: string;
  description?: string;
  type?: string;
  format?: string;
  title?: string;
  default?: Json;
  maximum?: number;
  exclusiveMaximum?: boolean;
  minimum?: number;
  exclusiveMinimum?: boolean;
  maxLength?: number;
  minLength?: number;
  pattern?: string;
  maxItems?: number;
  minItems?: number;
  uniqueItems?: boolean;
  multipleOf?: number;
  enum?: Json[];
  maxProperties?: number;
  minProperties?: number;
  required?: string[];
  items?: SchemaProps | SchemaProps[];
  allOf?: SchemaProps[];
  oneOf?: SchemaProps[];
  anyOf?: SchemaProps[];
  not?: SchemaProps;
  properties?: Record<string, SchemaProps>;
  additionalProperties?: SchemaProps | boolean;
  patternProperties?: Record<string, SchemaProps>;
  dependencies?: Record<string, SchemaProps | string[]>;
  additionalItems?: SchemaProps | boolean;
  definitions?: Record<string, SchemaProps>;
  externalDocs?: JsonObject;
  example?: Json;
  nullable?: boolean;
  'x-kubernetes-preserve-unknown-fields'?: boolean;
  'x-kubernetes-embedded-resource'?: boolean;
  'x-kubernetes-int-or-string'?: boolean;
  'x-kubernetes-list-map-keys'?: string[];
  'x-kubernetes-list-type'?: string;
  'x-kubernetes-map-type'?: string;
  'x-kubernetes-validations'?: ValidationRule[];
}

export const isMap = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Own properties only: a body may name a field `constructor`. */
export const own = <T>(record: Record<string, T> | undefined, key: string): T | undefined =>
  record !== undefined && Object.hasOwn(record, key) ? record[key] : undefined;

/** Entries by name. Go ranges over maps in a random order: any fixed one is as true. */
export const entriesOf = <T>(record: Record<string, T> | undefined): [string, T][] =>
  Object.entries(record ?? {}).sort(([a], [b]) => (a < b ? -1 : Number(a > b)));

/** The schema of a list's items; of several (which no structural schema has) none. */
export const itemsOf = ({ items }: SchemaProps): SchemaProps | undefined =>
  items === undefined || Array.isArray(items) ? undefined : items;

/** The schema of a map's values. */
export const valuesOf = ({ additionalProperties }: SchemaProps): SchemaProps | undefined =>
  typeof additionalProperties === 'object' ? additionalProperties : undefined;

export const preserves = (schema: SchemaProps | undefined): boolean =>
  schema?.['x-kubernetes-preserve-unknown-fields'] === true;
export const isEmbedded = (schema: SchemaProps | undefined): boolean =>
  schema?.['x-kubernetes-embedded-resource'] === true;

/** The schema of a whole object: its apiVersion, kind and metadata are what every object has. */
export const atRoot = (schema: SchemaProps | undefined): SchemaProps =>
  isEmbedded(schema) && schema ? schema : { ...schema, 'x-kubernetes-embedded-resource': true };

/** Whether any schema in this one is as asked. Visits parents before children. */
export function someSchema(schema: SchemaProps | undefined, test: (schema: SchemaProps) => boolean): boolean {
  if (schema === undefined) return false;
  if (test(schema)) return true;
  const parts: (SchemaProps | undefined)[] = [
    ...(Array.isArray(schema.items) ? schema.items : [schema.items]),
    ...(schema.allOf ?? []),
    ...(schema.anyOf ?? []),
    ...(schema.oneOf ?? []),
    schema.not,
    ...entriesOf(schema.properties).map(([, part]) => part),
    valuesOf(schema),
    ...entriesOf(schema.patternProperties).map(([, part]) => part),
    typeof schema.additionalItems === 'object' ? schema.additionalItems : undefined,
    ...entriesOf(schema.definitions).map(([, part]) => part),
    ...entriesOf(schema.dependencies).map(([, part]) => (Array.isArray(part) ? undefined : part)),
  ];
  return parts.some((part) => someSchema(part, test));
}
