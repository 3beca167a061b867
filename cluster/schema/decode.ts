/**
 * What Go's decoding makes of a body: unknown fields dropped and reported, nulls dropped, wrong types refused in its words,
 * zero values dropped or filled in as the stored object prints them. Empty lists and maps are kept for who asks for them
 * (empties.ts).
 */
import { goTypeOf } from '../api/patch/go-text.ts';
import type { StatusError } from '../api/status.ts';
import type { Json, JsonObject, KubeObject } from '../api/types.ts';
import { numberText } from './json-text.ts';
import { decodeBase64, DecodeError, decodeLeaf, isLeaf, kindOf, zeroLeaf } from './leaves.ts';
import { goStruct, schema, type GoField, type ValueSchema } from './lookup.ts';
import { apiVersionOf, cannotHandle, type GroupVersionKind } from './type-meta.ts';

export { DecodeError } from './leaves.ts';
export { checkTypeMeta, type GroupVersionKind } from './type-meta.ts';

export interface Decoded {
  object: KubeObject;
  /** As strict decoding lists them: `unknown field "spec.foo"`. At most 100, each once. */
  problems: string[];
}

/** As in Go: what more there is, is not told. */
const MAX_PROBLEMS = 100;

interface Place {
  /** Name of the innermost struct, for errors: `PodSpec`. */
  struct: string;
  /** Fields from the root, embedded structs included, positions and keys of maps not. */
  fields: readonly string[];
  /** Path for strict problems, positions and keys included. */
  path: string;
}

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export interface DecodeOptions {
  /** Default: json. */
  wording?: Wording;
  /** Lists and maps that are written but empty stay, for who drops them later with `takeEmpties`. Default: false. */
  keepsEmpties?: boolean;
}

/** Whose words are used for wrong types: those of JSON decoding, or those of the conversion that strategic patches go through. */
export type Wording = 'json' | 'unstructured';

class Decoder {
  readonly problems = new Set<string>();
  readonly #wording: Wording;
  readonly #keepsEmpties: boolean;
  constructor({ wording = 'json', keepsEmpties = false }: DecodeOptions) {
    this.#wording = wording;
    this.#keepsEmpties = keepsEmpties;
  }

  #mismatch(value: Json, goType: string, { struct, fields }: Place): never {
    if (this.#wording === 'unstructured') throw new DecodeError(unstructuredMismatch(value, goType));
    const target = struct === '' ? 'Go value' : `Go struct field ${struct}.${fields.join('.')}`;
    throw new DecodeError(`json: cannot unmarshal ${kindOf(value)} into ${target} of type ${goType}`);
  }

  struct(name: string, value: Json, place: Place): JsonObject {
    const struct = goStruct(name);
    if (!struct) return isObject(value) ? value : {};
    const short = struct.name.slice(struct.name.lastIndexOf('.') + 1);
    const fields = schema(name).fields ?? {};
    const decoded: JsonObject = {};
    if (isObject(value)) {
      for (const [key, part] of Object.entries(value)) {
        const field = struct.byName.get(key);
        const fieldSchema = fields[key];
        const path = place.path === '' ? key : `${place.path}.${key}`;
        if (!field || !fieldSchema) {
          if (this.problems.size < MAX_PROBLEMS) this.problems.add(`unknown field ${JSON.stringify(path)}`);
        } else if (part !== null) {
          const inside = { struct: short, fields: [...place.fields, ...field.embedded, key], path };
          this.#checkWritten(value, key, fieldSchema, field.type, inside);
          decoded[key] = this.value(part, fieldSchema, field.type, inside);
        }
      }
    } else if (value !== null) {
      if (this.#wording === 'unstructured') throw new DecodeError(`cannot restore struct from: ${reflectKind(value)}`);
      this.#mismatch(value, struct.name, place);
    }
    const printed: JsonObject = {};
    for (const field of struct.fields) {
      const fieldSchema = fields[field.name];
      if (!fieldSchema) continue;
      const kept = this.#printed(decoded[field.name], field, fieldSchema);
      if (kept !== undefined) printed[field.name] = kept;
    }
    return printed;
  }

  /** What Go prints for a field: undefined when it is left out. */
  #printed(value: Json | undefined, field: GoField, of: ValueSchema): Json | undefined {
    if (field.pointer) return value ?? (field.omitEmpty ? undefined : null);
    if (value === undefined) {
      if (field.omitZero) return undefined;
      if (of.ref !== undefined) return isLeaf(of.ref) ? zeroLeaf(of.ref) : this.struct(of.ref, null, NOWHERE);
      return field.omitEmpty ? undefined : zeroOf(of);
    }
    // Stored as protobuf, an empty list or map is no list or map.
    if (
      Array.isArray(value) ? value.length === 0 : of.map !== undefined && Object.keys(value as JsonObject).length === 0
    ) {
      if (this.#keepsEmpties) return value;
      return field.omitEmpty ? undefined : null;
    }
    return field.omitEmpty && (value === '' || value === 0 || value === false) && of.ref === undefined
      ? undefined
      : value;
  }

  value(value: Json, of: ValueSchema, goType: string, place: Place): Json {
    if (of.ref !== undefined) {
      if (!isLeaf(of.ref)) return this.struct(of.ref, value, place);
      return this.#leaf(of.ref, value, place);
    }
    if (of.items) return this.#list(value, of.items, goType, place);
    if (of.map) return this.#map(value, of.map, goType, place);
    if (value === null) return zeroOf(of);
    switch (of.type) {
      case 'string':
        if (of.format === 'byte' && Array.isArray(value)) return this.#bytes(value, place);
        if (typeof value !== 'string') this.#mismatch(value, goType, place);
        return of.format === 'byte' ? this.#base64(value) : value;
      case 'boolean':
        if (typeof value !== 'boolean') this.#mismatch(value, goType, place);
        return value;
      case 'integer':
      case 'number':
        this.#checkNumber(value, of, goType, place);
        return value;
      default:
        return value;
    }
  }

  #base64(text: string): string {
    try {
      return decodeBase64(text);
    } catch (error) {
      if (this.#wording === 'json' || !(error instanceof DecodeError)) throw error;
      throw new DecodeError(`error decoding from json: ${error.message}`);
    }
  }

  /** Bytes may be a list of numbers, too. */
  #bytes(list: Json[], place: Place): string {
    const bytes = list.map((item) => {
      if (item === null) return 0;
      if (typeof item === 'number' && Number.isInteger(item) && item >= 0 && item < 256) return item;
      if (typeof item !== 'number' || this.#wording === 'unstructured') this.#mismatch(item, 'uint8', place);
      const target = `Go struct field ${place.struct}.${place.fields.join('.')}`;
      throw new DecodeError(`json: cannot unmarshal number ${item} into ${target} of type uint8`);
    });
    return Buffer.from(bytes).toString('base64');
  }

  /** A whole number has to be written as one: not `1.0`, not `1e2`, and not beyond what fits. */
  #checkWritten(holder: JsonObject, key: string, { type, format }: ValueSchema, goType: string, place: Place): void {
    if (type !== 'integer' || this.#wording === 'unstructured') return;
    const text = numberText(holder, key);
    if (text === undefined) return;
    const most = 2n ** (format === 'int32' ? 31n : 63n);
    if (/^-?[0-9]+$/.test(text) && BigInt(text) < most && BigInt(text) >= -most) return;
    const target = `Go struct field ${place.struct}.${place.fields.join('.')}`;
    throw new DecodeError(`json: cannot unmarshal number ${text} into ${target} of type ${goType}`);
  }

  #checkNumber(value: Json, { type, format }: ValueSchema, goType: string, place: Place): void {
    if (typeof value !== 'number') this.#mismatch(value, goType, place);
    if (type === 'number') return;
    const bits = format === 'int32' ? 31 : 63;
    // the largest whole number is not one that JavaScript has
    const most = 2 ** bits;
    if (Number.isInteger(value) && value >= -most && (value < most || (bits === 63 && value === most))) return;
    if (this.#wording === 'unstructured') throw new DecodeError(`cannot convert ${goTypeOf(value)} to ${goType}`);
    const target = `Go struct field ${place.struct}.${place.fields.join('.')}`;
    throw new DecodeError(`json: cannot unmarshal number ${value} into ${target} of type ${goType}`);
  }

  #leaf(name: string, value: Json, place: Place): Json {
    try {
      const decoded = decodeLeaf(name, value);
      return name.endsWith('.JSONSchemaPropsOrArray') || name.endsWith('.JSONSchemaPropsOrBool')
        ? this.#orSchema(name, decoded, place)
        : decoded;
    } catch (error) {
      // A leaf that wanted another JSON type names the field around it.
      if (error instanceof DecodeError && error.wanted) {
        if (this.#wording === 'unstructured') {
          throw new DecodeError(`json: cannot unmarshal ${kindOf(value)} into Go value of type ${error.wanted}`);
        }
        const shown = typeof value === 'number' && error.wanted === 'int32' ? `number ${value}` : kindOf(value);
        const target = `Go struct field ${place.struct}.${place.fields.join('.')}`;
        throw new DecodeError(`json: cannot unmarshal ${shown} into ${target} of type ${error.wanted}`);
      }
      throw error;
    }
  }
  /** In a CustomResourceDefinition's schema: a boolean or list in place of a schema. */
  #orSchema(name: string, value: Json, place: Place): Json {
    const props = name.replace(/Or(?:Array|Bool)$/, '');
    if (Array.isArray(value)) return value.map((item) => this.struct(props, item, place));
    return isObject(value) ? this.struct(props, value, place) : value;
  }

  #list(value: Json, items: ValueSchema, goType: string, place: Place): Json {
    if (value === null) return [];
    if (!Array.isArray(value)) return this.#mismatch(value, goType, place);
    const itemType = goType.startsWith('[]') ? goType.slice(2) : goType;
    return value.map((item, i) => this.value(item, items, itemType, { ...place, path: `${place.path}[${i}]` }));
  }

  /** Entries sorted by key, as Go prints maps. */
  #map(value: Json, entries: ValueSchema, goType: string, place: Place): Json {
    if (value === null) return {};
    if (!isObject(value)) return this.#mismatch(value, goType, place);
    const entryType = /^map\[[^\]]*\](.*)$/.exec(goType)?.[1] ?? 'string';
    const decoded = Object.entries(value).map(([key, part]): [string, Json] => [
      key,
      this.value(part, entries, entryType, { ...place, path: `${place.path}.${key}` }),
    ]);
    return Object.fromEntries(decoded.sort(([a], [b]) => (a < b ? -1 : Number(a > b))));
  }
}

/** The conversion's sentence. Numbers count as convertible to text, which Go refuses only after having asked. */
function unstructuredMismatch(value: Json, goType: string): string {
  if (goType.startsWith('[]')) return `cannot restore slice from ${reflectKind(value)}`;
  // amounts by name are a map with a name of its own
  if (/^map\[|\bResourceList$/.test(goType)) return `cannot restore map from ${reflectKind(value)}`;
  if (/^(?:u?int(?:8|16|32|64)?|bool|float64)$/.test(goType)) return `unrecognized type: ${goType}`;
  return goTypeOf(value) === 'int64' ? `cannot convert int64 to ${goType}` : 'unrecognized type: string';
}

/** reflect.Kind of a value read without a schema. */
function reflectKind(value: Json): string {
  if (Array.isArray(value)) return 'slice';
  return isObject(value) ? 'map' : goTypeOf(value);
}

const NOWHERE: Place = { struct: '', fields: [], path: '' };

function zeroOf(of: ValueSchema): Json {
  if (of.items || of.map) return null;
  if (of.type === 'string') return '';
  return of.type === 'boolean' ? false : of.type === 'integer' || of.type === 'number' ? 0 : null;
}

/** Decodes a value of a schema. @throws DecodeError with Go's sentence */
export function decodeValue(
  json: unknown,
  schemaName: string,
  options: DecodeOptions = {},
): { value: JsonObject; problems: string[] } {
  const decoder = new Decoder(options);
  const value = decoder.struct(schemaName, json as Json, NOWHERE);
  return { value, problems: [...decoder.problems] };
}

/** Decodes an object; apiVersion and kind are set. @throws DecodeError with Go's sentence */
export function decodeAs(
  json: unknown,
  schemaName: string,
  gvk: GroupVersionKind,
  options: DecodeOptions = {},
): Decoded {
  const { value, problems } = decodeValue(json, schemaName, options);
  const { kind: _kind, apiVersion: _apiVersion, ...rest } = value;
  // The facts make it an object with metadata; a kind without any (Binding's options) reads as if it had.
  const object = { kind: gvk.kind, apiVersion: apiVersionOf(gvk), ...rest } as unknown as KubeObject;
  // told apart from no list at all: an empty one asks to forget who owns what
  const sent = (json as { metadata?: { managedFields?: unknown } } | null)?.metadata?.managedFields;
  if (Array.isArray(sent) && sent.length === 0 && object.metadata) object.metadata.managedFields = [];
  return { object, problems };
}

/** Decodes an object of a kind; apiVersion and kind are set. @throws StatusError BadRequest when it cannot be */
export function decodeObject(
  json: unknown,
  schemaName: string,
  as?: GroupVersionKind,
  options: DecodeOptions = {},
): Decoded {
  const [[group, version, kind] = ['', '', '']] = schema(schemaName).gvk ?? [];
  const gvk = as ?? { group, version, kind };
  try {
    return decodeAs(json, schemaName, gvk, options);
  } catch (error) {
    if (error instanceof DecodeError) throw cannotHandle(gvk.kind, gvk.version, gvk.kind, error.message);
    throw error;
  }
}

export const strictSentence = (problems: readonly string[]): string => `strict decoding error: ${problems.join(', ')}`;

/** The refusal under fieldValidation=Strict. */
export const strictError = ({ kind, version }: GroupVersionKind, problems: readonly string[]): StatusError =>
  cannotHandle(kind, version, kind, strictSentence(problems));
