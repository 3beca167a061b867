/** A typed view of facts/schema.json: the fields of every schema Kubernetes publishes, without prose. */
import facts from '../facts/schema.json' with { type: 'json' };

/** The type of a value: one of `type`, `ref`, `items` and `map`. `any` and `int-or-string` are types too. */
export interface TypeFact {
  type?: string;
  format?: string;
  ref?: string;
  items?: TypeFact;
  map?: TypeFact;
  default?: unknown;
  enum?: string[];
}

export interface FieldFact extends TypeFact {
  /** Field number on the wire; absent when the field is reached through an inlined message, or has no protobuf form. */
  proto?: number;
  patchMergeKey?: string;
  patchStrategy?: string;
  listType?: string;
  listMapKeys?: string[];
  mapType?: string;
}

export interface SchemaFact {
  type?: string;
  format?: string;
  fields?: Record<string, FieldFact>;
  required?: string[];
  mapType?: string;
  /** [group, version, kind] each. DeleteOptions and WatchEvent belong to every group. */
  gvk?: 'every group' | [group: string, version: string, kind: string][];
  unions?: Record<string, unknown>[];
  /** Messages whose fields JSON shows in the parent; now and then a field whose JSON name is spelt another way. */
  inline?: Record<string, { message: string; proto: number }>;
}

export interface InlinedField {
  label: string;
  proto: number;
  type: string;
}

const view = facts as unknown as {
  schemas: Record<string, SchemaFact>;
  inlinedMessages: Record<string, Record<string, InlinedField>>;
};

/** By OpenAPI name: `io.k8s.api.core.v1.Pod`. */
export const schemas: Readonly<Record<string, SchemaFact>> = view.schemas;
/** By protobuf name: `k8s.io.api.core.v1.VolumeSource`. */
export const inlinedMessages: Readonly<Record<string, Record<string, InlinedField>>> = view.inlinedMessages;

const META = 'io.k8s.apimachinery.pkg.apis.meta.v1.';
const byKind = new Map<string, string>();
const everyGroup = new Map<string, string>();
for (const [name, { gvk }] of Object.entries(schemas)) {
  if (gvk === 'every group') everyGroup.set(name.slice(name.lastIndexOf('.') + 1), name);
  else for (const [group, version, kind] of gvk ?? []) byKind.set(`${group}/${version}/${kind}`, name);
}

/** The schema of a kind, or undefined for one that Kubernetes itself does not have. */
export function kindSchema(group: string, version: string, kind: string): string | undefined {
  return byKind.get(`${group}/${version}/${kind}`) ?? everyGroup.get(kind);
}

/** Of the meta/v1 types. */
export const metaSchema = (type: string): string => `${META}${type}`;
