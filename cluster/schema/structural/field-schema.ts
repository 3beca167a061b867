/** A custom resource's schema as server-side apply and the tracking of owners see it. */
import type { FieldSchema } from '../lookup.ts';
import { entriesOf, isEmbedded, itemsOf, preserves, valuesOf, type SchemaProps } from './schema-props.ts';

const META = 'io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta';
const DEDUCED: FieldSchema = { type: 'any' };
const SCALARS: ReadonlySet<string> = new Set(['string', 'integer', 'number', 'boolean']);
const TYPED: Record<string, FieldSchema> = {
  apiVersion: { type: 'string' },
  kind: { type: 'string' },
  metadata: { ref: META },
};

const listTypes: ReadonlySet<string> = new Set(['atomic', 'set', 'map']);

function fieldOf(schema: SchemaProps, inherited: boolean): FieldSchema {
  const unknown = inherited || preserves(schema);
  const extra = schema.default === undefined ? {} : { default: schema.default };
  const { type = '' } = schema;
  if (SCALARS.has(type)) return { type: type as 'string', ...extra };
  if (type === 'array') {
    const items = itemsOf(schema);
    const listType = schema['x-kubernetes-list-type'];
    return {
      items: items ? fieldOf(items, unknown) : DEDUCED,
      listType: listType !== undefined && listTypes.has(listType) ? (listType as 'atomic') : 'atomic',
      ...(schema['x-kubernetes-list-map-keys'] ? { listMapKeys: schema['x-kubernetes-list-map-keys'] } : {}),
      ...extra,
    };
  }
  if (type !== 'object' && schema.properties === undefined) return { ...DEDUCED, ...extra };
  return { ...mapOf(schema, unknown), ...extra };
}

function mapOf(schema: SchemaProps, unknown: boolean): FieldSchema {
  const { additionalProperties } = schema;
  const fields: Record<string, FieldSchema> = Object.create(null) as Record<string, FieldSchema>;
  for (const [name, part] of entriesOf(schema.properties)) fields[name] = fieldOf(part, unknown);
  if (isEmbedded(schema)) Object.assign(fields, TYPED);
  const values = valuesOf(schema);
  let element: FieldSchema | undefined;
  if (values) element = fieldOf(values, unknown);
  else if (additionalProperties === true) element = DEDUCED;
  else if (additionalProperties === undefined && (unknown || Object.keys(fields).length === 0)) element = DEDUCED;
  return {
    fields,
    ...(element ? { map: element } : {}),
    ...(schema['x-kubernetes-map-type'] === 'atomic' ? { mapType: 'atomic' } : {}),
  };
}

/** Of a whole object. Without a schema everything is deduced from the value. */
export function fieldSchemaOf(schema: SchemaProps | undefined): FieldSchema {
  const root = mapOf(schema ?? {}, preserves(schema));
  return { ...root, fields: Object.assign(root.fields ?? {}, TYPED) };
}
