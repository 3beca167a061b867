/** Messages on the wire, laid out by the field numbers of the schema facts. */
import type { Reader, Writer } from 'protobufjs';
import type { Json, JsonObject } from '../../api/types.ts';
import { inlinedMessages, schemas, type FieldFact, type SchemaFact, type TypeFact } from '../openapi/schema-facts.ts';
import {
  bool,
  bytes,
  double,
  integer,
  intOrString,
  isObject,
  json,
  string,
  time,
  WireError,
  wrapped,
  wrappedList,
  type Codec,
} from './codec.ts';

/** Deeper than any object of Kubernetes; keeps hostile bytes from exhausting the stack. */
const MAX_DEPTH = 200;

interface Entry {
  number: number;
  /** Where the value goes in JSON; '' for an inlined message, whose fields go into the parent. */
  json: string;
  shape: 'one' | 'list' | 'map' | 'inline';
  /** Of the value, or of each item. */
  codec: Codec;
}

interface Plan {
  byNumber: Map<number, Entry>;
  byJson: Map<string, Entry>;
  /** The inlined messages, with the JSON fields each holds. */
  inlined: { entry: Entry; plan: Plan }[];
}

type Embedded = (body: Uint8Array) => Json;

/** Leaf schemas have messages of their own. */
const leaves = (embedded: Embedded): Record<string, Codec> => ({
  'io.k8s.apimachinery.pkg.api.resource.Quantity': wrapped(string, '0'),
  'io.k8s.apimachinery.pkg.util.intstr.IntOrString': intOrString,
  'io.k8s.apimachinery.pkg.apis.meta.v1.Time': time(0),
  'io.k8s.apimachinery.pkg.apis.meta.v1.MicroTime': time(6),
  'io.k8s.apimachinery.pkg.apis.meta.v1.FieldsV1': wrapped(json(), {}),
  'io.k8s.apimachinery.pkg.runtime.RawExtension': wrapped(json(embedded), undefined),
  'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSON': wrapped(json(), undefined),
});

const JSON_SCHEMA = 'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaProps';

export class Messages {
  readonly #plans = new Map<string, Plan>();
  readonly #leaves: Record<string, Codec>;

  /** `embedded` reads a whole protobuf body found inside a RawExtension. */
  constructor(embedded: Embedded) {
    this.#leaves = leaves(embedded);
    const either = this.#eitherSchema.bind(this);
    this.#leaves[`${JSON_SCHEMA}OrArray`] = either('list');
    this.#leaves[`${JSON_SCHEMA}OrBool`] = either('bool');
    this.#leaves[`${JSON_SCHEMA}OrStringArray`] = either('strings');
  }

  /** @throws WireError, RangeError for bytes that end too early */
  read(schemaName: string, reader: Reader, end: number): JsonObject {
    const into: JsonObject = {};
    readMessage(this.#plan(schemaName), reader, end, into, 0);
    return into;
  }

  write(schemaName: string, writer: Writer, object: JsonObject): void {
    writeMessage(this.#plan(schemaName), writer, object);
  }

  #plan(schemaName: string): Plan {
    const known = this.#plans.get(schemaName);
    if (known) return known;
    const plan: Plan = { byNumber: new Map(), byJson: new Map(), inlined: [] };
    this.#plans.set(schemaName, plan);
    const schema = schemas[schemaName] ?? {};
    for (const [name, field] of Object.entries(schema.fields ?? {}))
      if (field.proto !== undefined) add(plan, this.#entry(schemaName, name, field, field.proto));
    for (const [name, { message, proto }] of Object.entries(schema.inline ?? {})) {
      const renamed = sameField(schema, name);
      if (renamed) add(plan, this.#entry(schemaName, renamed[0], renamed[1], proto));
      else this.#inline(plan, schemaName, schema, message, proto);
    }
    return plan;
  }

  /** The parent's JSON fields tell the types; a field that it lacks is one more message inlined in this one. */
  #inline(parent: Plan, schemaName: string, schema: SchemaFact, message: string, number: number): void {
    const plan: Plan = { byNumber: new Map(), byJson: new Map(), inlined: [] };
    const pack = message.slice(0, message.lastIndexOf('.') + 1);
    for (const [name, inner] of Object.entries(inlinedMessages[message] ?? {})) {
      const field = schema.fields?.[name];
      if (field) add(plan, this.#entry(schemaName, name, field, inner.proto));
      else this.#inline(plan, schemaName, schema, `${pack}${inner.type}`, inner.proto);
    }
    const entry: Entry = { number, json: '', shape: 'inline', codec: inlineCodec(plan) };
    parent.byNumber.set(number, entry);
    parent.inlined.push({ entry, plan });
  }

  #entry(schemaName: string, json: string, field: FieldFact, number: number): Entry {
    if (field.items) {
      // Two repeated values of Kubernetes are messages around their lists: the verbs of discovery.
      const verbs = json === 'verbs' && schemaName.endsWith('meta.v1.APIResource');
      return verbs
        ? { number, json, shape: 'one', codec: wrappedList(string) }
        : { number, json, shape: 'list', codec: this.#codec(field.items) };
    }
    if (field.map) {
      const value = field.map.items ? wrappedList(this.#codec(field.map.items)) : this.#codec(field.map);
      return { number, json, shape: 'map', codec: value };
    }
    return { number, json, shape: 'one', codec: this.#codec(field) };
  }

  #codec(type: TypeFact): Codec {
    if (type.ref !== undefined) return this.#leaves[type.ref] ?? this.#nested(type.ref);
    if (type.format === 'byte') return bytes;
    if (type.type === 'boolean') return bool;
    if (type.type === 'integer') return integer;
    if (type.type === 'number') return double;
    if (type.type === 'string') return string;
    return wrapped(json(), undefined);
  }

  #nested(schemaName: string): Codec {
    return {
      wire: 2,
      read: (reader, depth) => {
        const into: JsonObject = {};
        readMessage(this.#plan(schemaName), reader, endOf(reader), into, depth + 1);
        return into;
      },
      write: (writer, value) => {
        writer.fork();
        if (isObject(value)) writeMessage(this.#plan(schemaName), writer, value);
        writer.ldelim();
      },
    };
  }

  /** A schema, or else: a list of them, a boolean, a list of names. */
  #eitherSchema(other: 'list' | 'bool' | 'strings'): Codec {
    const schema = this.#nested(JSON_SCHEMA);
    const schemaNumber = other === 'bool' ? 2 : 1;
    const alternative = { list: schema, bool, strings: string }[other];
    const otherNumber = other === 'bool' ? 1 : 2;
    return {
      wire: 2,
      read(reader, depth) {
        const end = endOf(reader);
        let props: Json | undefined;
        const rest: Json[] = [];
        while (reader.pos < end) {
          const tag = reader.uint32();
          if (tag >>> 3 === schemaNumber) props = schema.read(reader, depth);
          else if (tag >>> 3 === otherNumber) rest.push(alternative.read(reader, depth) ?? null);
          else reader.skipType(tag & 7);
        }
        return props ?? (other === 'bool' ? rest[0] === true : rest);
      },
      write(writer, value) {
        writer.fork();
        if (isObject(value)) schema.write(writer.uint32((schemaNumber << 3) | 2), value);
        else
          for (const item of Array.isArray(value) ? value : [value])
            alternative.write(writer.uint32((otherNumber << 3) | alternative.wire), item);
        writer.ldelim();
      },
    };
  }
}

const inlineCodec = (plan: Plan): Codec => ({
  wire: 2,
  read(reader, depth) {
    const into: JsonObject = {};
    readMessage(plan, reader, endOf(reader), into, depth + 1);
    return into;
  },
  write(writer, value) {
    writer.fork();
    if (isObject(value)) writeMessage(plan, writer, value);
    writer.ldelim();
  },
});

/** `Webhooks`, `aPIGroup` and `xKubernetesListType` are `webhooks`, `apiGroup` and `x-kubernetes-list-type` in JSON. */
function sameField(schema: SchemaFact, protoName: string): [string, FieldFact] | undefined {
  const plain = (name: string) => name.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
  return Object.entries(schema.fields ?? {}).find(([name]) => plain(name) === plain(protoName));
}

function add(plan: Plan, entry: Entry): void {
  plan.byNumber.set(entry.number, entry);
  plan.byJson.set(entry.json, entry);
}

/** Reads the length in front of a message. */
function endOf(reader: Reader): number {
  const length = reader.uint32();
  if (reader.pos + length > reader.len) throw new RangeError('message is longer than what is left');
  return reader.pos + length;
}

const goName = (json: string) => (json === 'metadata' ? 'ObjectMeta' : json.charAt(0).toUpperCase() + json.slice(1));

function readMessage(plan: Plan, reader: Reader, end: number, into: JsonObject, depth: number): void {
  if (depth > MAX_DEPTH) throw new WireError('message is nested too deep');
  while (reader.pos < end) {
    const tag = reader.uint32();
    const wire = tag & 7;
    const entry = plan.byNumber.get(tag >>> 3);
    if (!entry) {
      reader.skipType(wire);
      continue;
    }
    const expected = entry.shape === 'map' ? 2 : entry.codec.wire;
    const packed = wire === 2 && entry.shape === 'list' && expected !== 2;
    if (wire !== expected && !packed)
      throw new WireError(`proto: wrong wireType = ${wire} for field ${goName(entry.json)}`);
    if (entry.shape === 'inline') Object.assign(into, entry.codec.read(reader, depth));
    else if (entry.shape === 'one') {
      const value = entry.codec.read(reader, depth);
      if (value !== undefined) into[entry.json] = value;
    } else if (entry.shape === 'list') {
      const list = listAt(into, entry.json);
      const last = packed ? endOf(reader) : reader.pos + 1;
      while (reader.pos < last) list.push(entry.codec.read(reader, depth) ?? null);
    } else readMapEntry(entry, reader, into, depth);
  }
  if (reader.pos > end) throw new RangeError('field is longer than its message');
}

function listAt(into: JsonObject, name: string): Json[] {
  const present = into[name];
  if (Array.isArray(present)) return present;
  const list: Json[] = [];
  into[name] = list;
  return list;
}

function readMapEntry(entry: Entry, reader: Reader, into: JsonObject, depth: number): void {
  const end = endOf(reader);
  let key = '';
  let value: Json | undefined;
  while (reader.pos < end) {
    const tag = reader.uint32();
    if (tag >>> 3 === 1) key = reader.string();
    else if (tag >>> 3 === 2) value = entry.codec.read(reader, depth + 1);
    else reader.skipType(tag & 7);
  }
  const present = into[entry.json];
  const map = isObject(present) ? present : {};
  into[entry.json] = map;
  // Own property even for a key such as __proto__, which a client may well send as a label.
  Object.defineProperty(map, key, { value: value ?? '', enumerable: true, writable: true, configurable: true });
}

function writeMessage(plan: Plan, writer: Writer, object: JsonObject): void {
  for (const [name, value] of Object.entries(object)) {
    const entry = plan.byJson.get(name);
    if (!entry || value === null || value === undefined) continue;
    if (entry.shape === 'one') entry.codec.write(writer.uint32((entry.number << 3) | entry.codec.wire), value);
    else if (entry.shape === 'list')
      for (const item of Array.isArray(value) ? value : [])
        entry.codec.write(writer.uint32((entry.number << 3) | entry.codec.wire), item);
    else if (isObject(value)) writeMap(entry, writer, value);
  }
  for (const { entry, plan: inner } of plan.inlined)
    if (holdsAny(inner, object)) entry.codec.write(writer.uint32((entry.number << 3) | 2), object);
}

const holdsAny = (plan: Plan, object: JsonObject): boolean =>
  [...plan.byJson.keys()].some((name) => object[name] !== undefined) ||
  plan.inlined.some((inner) => holdsAny(inner.plan, object));

function writeMap(entry: Entry, writer: Writer, map: JsonObject): void {
  for (const [key, value] of Object.entries(map)) {
    writer
      .uint32((entry.number << 3) | 2)
      .fork()
      .uint32(10)
      .string(key);
    if (value !== undefined && value !== null) entry.codec.write(writer.uint32(16 | entry.codec.wire), value);
    writer.ldelim();
  }
}
