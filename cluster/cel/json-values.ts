/** JSON as values of expressions, converted as it is looked at. */
import type { Json, JsonObject } from '../api/types.ts';
import { isEmbedded, isMap, itemsOf, own, valuesOf, type SchemaProps } from '../schema/structural/schema-props.ts';
import { escapeName, unescapeName } from './escaping.ts';
import { parseDuration, parseTimestamp } from './numbers.ts';
import { CelError, Duration, ListValue, Timestamp, type MapValue, type Merge, type Value } from './values.ts';

/** An object or map over JSON. */
class JsonMap implements MapValue {
  readonly isMap = true;
  readonly #object: JsonObject;
  readonly #names: { toJson(key: string): string | undefined; fromJson(key: string): string | undefined };
  readonly #convert: (value: Json, key: string) => Value;
  constructor(
    object: JsonObject,
    convert: (value: Json, key: string) => Value,
    names: { toJson(key: string): string | undefined; fromJson(key: string): string | undefined } = PLAIN,
  ) {
    this.#object = object;
    this.#convert = convert;
    this.#names = names;
  }
  get size(): number {
    return Object.keys(this.#object).length;
  }
  find(key: Value): Value | undefined {
    if (typeof key !== 'string') return undefined;
    const name = this.#names.toJson(key);
    if (name === undefined || !Object.hasOwn(this.#object, name)) return undefined;
    const value = this.#object[name];
    return value === undefined ? undefined : this.#convert(value, name);
  }
  keys(): readonly Value[] {
    return Object.keys(this.#object).flatMap((name) => this.#names.fromJson(name) ?? []);
  }
}
const PLAIN = { toJson: (key: string) => key, fromJson: (key: string) => key };
/** Fields of declared objects are spelt so that expressions can name them. */
const ESCAPED = { toJson: unescapeName, fromJson: (key: string) => escapeName(key) ?? key };

/** JSON of no declared type: whole numbers are ints. */
export function dynValue(json: Json): Value {
  if (typeof json === 'number') return Number.isInteger(json) ? BigInt(json) : json;
  if (Array.isArray(json)) return new ListValue(json.length, (i) => dynValue(json[i] ?? null));
  if (isMap(json)) return new JsonMap(json, dynValue);
  return json;
}

const STRINGS: SchemaProps = { type: 'string' };
const NAMES: SchemaProps = { type: 'object', properties: { name: STRINGS, generateName: STRINGS } };

/** At the root of whole objects these are known, declared or not. */
export function withObjectMeta(schema: SchemaProps): SchemaProps {
  const metadata = own(schema.properties, 'metadata');
  const declared =
    own(schema.properties, 'kind')?.type === 'string' &&
    own(schema.properties, 'apiVersion')?.type === 'string' &&
    own(metadata?.properties, 'name')?.type === 'string' &&
    own(metadata?.properties, 'generateName')?.type === 'string';
  if (declared) return schema;
  return { ...schema, properties: { ...schema.properties, kind: STRINGS, apiVersion: STRINGS, metadata: NAMES } };
}

const wrong = (expected: string) => new CelError(`invalid data, expected ${expected}`);

/** JSON as its structural schema declares it. */
export function schemaValue(json: Json, schema: SchemaProps, isRoot = isEmbedded(schema)): Value {
  if (json === null) {
    return schema.nullable ? null : new CelError('invalid data, got null for schema with nullable=false');
  }
  if (schema['x-kubernetes-int-or-string']) {
    if (typeof json === 'string') return json;
    if (typeof json === 'number' && Number.isInteger(json)) return BigInt(json);
    return wrong('XIntOrString value to be either a string or integer');
  }
  switch (schema.type) {
    case 'object':
      return isMap(json)
        ? objectValue(json, isRoot ? withObjectMeta(schema) : schema)
        : wrong('a map for the provided schema with type=object');
    case 'array': {
      if (!Array.isArray(json)) return wrong('an array for the provided schema with type=array');
      const items = itemsOf(schema);
      if (!items) return new CelError('invalid array type, expected Items with a non-empty Schema');
      return new ListValue(json.length, (i) => schemaValue(json[i] ?? null, items), mergeOf(schema));
    }
    case 'string':
      return typeof json === 'string' ? stringValue(json, schema.format) : wrong('string');
    case 'number':
      return typeof json === 'number' ? json : wrong('float');
    case 'integer':
      return typeof json === 'number' && Number.isInteger(json) ? BigInt(json) : wrong('int');
    case 'boolean':
      return typeof json === 'boolean' ? json : wrong('bool');
    default:
      return dynValue(json);
  }
}

function objectValue(json: JsonObject, schema: SchemaProps): Value {
  if (schema.properties !== undefined) {
    const convert = (value: Json, name: string): Value => {
      const property = own(schema.properties, name);
      return property ? schemaValue(value, property) : dynValue(value);
    };
    return new JsonMap(json, convert, ESCAPED);
  }
  const values = valuesOf(schema);
  return values ? new JsonMap(json, (value) => schemaValue(value, values)) : new JsonMap(json, dynValue);
}

function mergeOf(schema: SchemaProps): Merge | undefined {
  if (schema['x-kubernetes-list-type'] === 'set') return { type: 'set' };
  if (schema['x-kubernetes-list-type'] !== 'map') return undefined;
  return { type: 'map', keys: (schema['x-kubernetes-list-map-keys'] ?? []).map((key) => escapeName(key) ?? key) };
}

function stringValue(text: string, format: string | undefined): Value {
  switch (format) {
    case 'duration': {
      const nanos = parseDuration(text);
      return nanos === undefined ? new CelError(`Invalid duration ${text}`) : new Duration(nanos);
    }
    case 'date': {
      const nanos = parseTimestamp(`${text}T00:00:00Z`);
      return nanos === undefined ? new CelError(`Invalid date formatted string ${text}`) : new Timestamp(nanos);
    }
    case 'date-time': {
      const nanos = parseTimestamp(text);
      return nanos === undefined ? new CelError(`Invalid date-time formatted string ${text}`) : new Timestamp(nanos);
    }
    case 'byte':
      return Buffer.from(text, 'base64');
    default:
      return text;
  }
}
