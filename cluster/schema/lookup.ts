/** The shapes of Kubernetes' objects: facts/schema.json (OpenAPI and protobuf) joined with facts/go-fields.json (what Go does with them). */
import { readFileSync } from 'node:fs';

/** The value of a field, of a list's item or of a map's entry. Exactly one of `type`, `ref`, `items`, `map`, `fields` says what it is. */
export interface ValueSchema {
  type?: 'string' | 'integer' | 'number' | 'boolean' | 'object' | 'any' | 'int-or-string';
  format?: string;
  /** Another schema's name. */
  ref?: string;
  items?: ValueSchema;
  map?: ValueSchema;
  /** Custom resources only: the fields of an object that has no schema of its own name; `map` is then what others hold. */
  fields?: Record<string, FieldSchema>;
}

export interface FieldSchema extends ValueSchema {
  default?: unknown;
  enum?: string[];
  /** Protobuf field number. */
  proto?: number;
  patchMergeKey?: string;
  /** Comma separated: `merge`, `replace`, `retainKeys`. */
  patchStrategy?: string;
  listType?: 'atomic' | 'set' | 'map';
  listMapKeys?: string[];
  mapType?: 'atomic' | 'granular';
}

/** A schema without `fields` is a leaf: Time, Quantity and the like. */
export interface Schema {
  fields?: Record<string, FieldSchema>;
  type?: ValueSchema['type'];
  format?: string;
  required?: string[];
  /** Group, version, kind. */
  gvk?: [string, string, string][];
  mapType?: 'atomic' | 'granular';
}

export interface GoField {
  name: string;
  /** As Go names it in errors, without the pointer: `int32`, `[]v1.Container`. */
  type: string;
  pointer: boolean;
  omitEmpty: boolean;
  omitZero: boolean;
  /** Names of the embedded structs around it, as errors list them: `VolumeSource`. */
  embedded: string[];
}
export interface GoStruct {
  /** `v1.PodSpec` */
  name: string;
  /** In Go's order. */
  fields: GoField[];
  byName: ReadonlyMap<string, GoField>;
}

/** [name, type, flags, embedded]: see scripts/facts/go-fields.go. */
type GoRow = [string, string, string, string?];

const read = (file: string): unknown => JSON.parse(readFileSync(new URL(`./facts/${file}`, import.meta.url), 'utf8'));

const { schemas } = read('schema.json') as { schemas: Record<string, Schema> };
const { types } = read('go-fields.json') as { types: Record<string, { go: string; fields: GoRow[] }> };

// A body may name a field `constructor`: what every object of JavaScript has is no field.
for (const { fields } of Object.values(schemas)) if (fields) Object.setPrototypeOf(fields, null);

export const schemaNames: readonly string[] = Object.keys(schemas);

const byKind = new Map<string, string>();
for (const [name, { gvk = [] }] of Object.entries(schemas)) {
  // DeleteOptions and WatchEvent are listed for every group.
  for (const [group, version, kind] of gvk) byKind.set(`${group}/${version}/${kind}`, name);
}

/** undefined: no such kind. */
export const schemaNameOf = (group: string, version: string, kind: string): string | undefined =>
  byKind.get(`${group}/${version}/${kind}`);

/** @throws Error for a name that is not there: our own mistake */
export function schema(name: string): Schema {
  const found = schemas[name];
  if (!found) throw new Error(`no schema ${name}`);
  return found;
}

const structs = new Map<string, GoStruct>();

/** undefined: a leaf. */
export function goStruct(name: string): GoStruct | undefined {
  const known = structs.get(name);
  if (known) return known;
  const facts = types[name];
  if (!facts) return undefined;
  const fields = facts.fields.map(([field, type, flags, embedded]) => ({
    name: field,
    type,
    pointer: flags.includes('p'),
    omitEmpty: flags.includes('o'),
    omitZero: flags.includes('z'),
    embedded: embedded?.split('.') ?? [],
  }));
  const struct = { name: facts.go, fields, byName: new Map(fields.map((field) => [field.name, field])) };
  structs.set(name, struct);
  return struct;
}

/** What a value holds under a key (of an object or a map) or at a position (of a list); undefined when the facts do not say. */
export function childSchema(parent: ValueSchema, key: string | number): FieldSchema | undefined {
  if (typeof key === 'number') return parent.items;
  if (parent.map) return parent.map;
  return parent.ref === undefined ? undefined : schemas[parent.ref]?.fields?.[key];
}

/**
 * Calls `visit` for a value and everything in it that the facts know, outside in. `visit` returns false to leave a part out.
 */
export function walk(
  value: unknown,
  of: ValueSchema,
  visit: (value: unknown, of: FieldSchema, path: readonly (string | number)[]) => boolean | void,
  path: readonly (string | number)[] = [],
): void {
  if (visit(value, of, path) === false || typeof value !== 'object' || value === null) return;
  const entries: [string | number, unknown][] = Array.isArray(value)
    ? value.map((item, i) => [i, item])
    : Object.entries(value);
  for (const [key, part] of entries) {
    const child = childSchema(of, key);
    if (child) walk(part, child, visit, [...path, key]);
  }
}
