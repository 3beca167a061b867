/** Readers and writers of single values on the protobuf wire, as the JSON that stands for them. */
import type { Reader, Writer } from 'protobufjs';
import protobuf from 'protobufjs/minimal.js';
import type { Json, JsonObject } from '../../api/types.ts';

/** 0 varint, 1 eight bytes, 2 counted bytes. */
export type WireType = 0 | 1 | 2;

export interface Codec {
  wire: WireType;
  /** undefined: the value is Go's zero and JSON leaves it out. `depth` counts the messages around it. */
  read(reader: Reader, depth: number): Json | undefined;
  write(writer: Writer, value: Json): void;
}

/** Bytes that are no message of the kind they claim to be. */
export class WireError extends Error {
  override name = 'WireError';
}

/** protobufjs gives 64-bit integers as Long objects. */
const asNumber = (value: unknown): number => Number(String(value));
const text = (value: Json): string => (typeof value === 'string' ? value : JSON.stringify(value));

export const string: Codec = {
  wire: 2,
  read: (reader) => reader.string(),
  write: (writer, value) => void writer.string(text(value)),
};
export const bool: Codec = {
  wire: 0,
  read: (reader) => reader.bool(),
  write: (writer, value) => void writer.bool(value === true),
};
export const integer: Codec = {
  wire: 0,
  read: (reader) => asNumber(reader.int64()),
  write: (writer, value) => void writer.int64(Number(value)),
};
export const double: Codec = {
  wire: 1,
  read: (reader) => reader.double(),
  write: (writer, value) => void writer.double(Number(value)),
};
/** JSON has bytes as base64. */
export const bytes: Codec = {
  wire: 2,
  read: (reader) => Buffer.from(reader.bytes()).toString('base64'),
  write: (writer, value) => void writer.bytes(Buffer.from(text(value), 'base64')),
};

/** The fields of a small message, by number; later ones win, unknown ones are skipped. */
function readFields(reader: Reader, visit: (number: number, reader: Reader) => boolean): void {
  const end = reader.uint32() + reader.pos;
  if (end > reader.len) throw new RangeError('unexpected end');
  while (reader.pos < end) {
    const tag = reader.uint32();
    if (!visit(tag >>> 3, reader)) reader.skipType(tag & 7);
  }
}

/** A message that holds one value under field 1 and stands for it in JSON: Quantity, FieldsV1, RawExtension, ... */
export const wrapped = (inner: Codec, empty: Json | undefined): Codec => ({
  wire: 2,
  read(reader, depth) {
    let found: Json | undefined = empty;
    readFields(reader, (number) => {
      if (number !== 1) return false;
      found = inner.read(reader, depth + 1);
      return true;
    });
    return found;
  },
  write(writer, value) {
    writer.fork();
    writer.uint32(8 | inner.wire);
    inner.write(writer, value);
    writer.ldelim();
  },
});

/** A list inside a message of its own, as the values of maps of lists are. */
export const wrappedList = (item: Codec): Codec => ({
  wire: 2,
  read(reader, depth) {
    const list: Json[] = [];
    readFields(reader, (number) => {
      if (number !== 1) return false;
      list.push(item.read(reader, depth + 1) ?? null);
      return true;
    });
    return list;
  },
  write(writer, value) {
    writer.fork();
    for (const one of Array.isArray(value) ? value : []) {
      writer.uint32(8 | item.wire);
      item.write(writer, one);
    }
    writer.ldelim();
  },
});

/** JSON kept as bytes. `embedded` reads what is a whole protobuf body instead. */
export const json = (embedded?: (body: Uint8Array) => Json): Codec => ({
  wire: 2,
  read(reader) {
    const raw = reader.bytes();
    if (raw.length === 0) return undefined;
    if (embedded && hasPrefix(raw)) return embedded(raw);
    try {
      return JSON.parse(Buffer.from(raw).toString('utf8')) as Json;
    } catch (error) {
      throw new WireError(error instanceof Error ? error.message : String(error));
    }
  },
  write: (writer, value) => void writer.bytes(Buffer.from(JSON.stringify(value))),
});

/** `type` 0 is a number under field 2, 1 a string under field 3. */
export const intOrString: Codec = {
  wire: 2,
  read(reader) {
    let isString = false;
    let number = 0;
    let string = '';
    readFields(reader, (field) => {
      if (field === 1) isString = asNumber(reader.int64()) === 1;
      else if (field === 2) number = reader.int32();
      else if (field === 3) string = reader.string();
      else return false;
      return true;
    });
    return isString ? string : number;
  },
  write(writer, value) {
    writer.fork();
    if (typeof value === 'number') writer.uint32(8).int64(0).uint32(16).int32(value);
    else writer.uint32(8).int64(1).uint32(26).string(text(value));
    writer.ldelim();
  },
};

/** RFC 3339 in UTC with `digits` of fraction. An empty message is the zero time, which JSON leaves out. */
export const time = (digits: 0 | 6): Codec => ({
  wire: 2,
  read(reader) {
    let seconds = 0;
    let nanos = 0;
    let empty = true;
    readFields(reader, (field) => {
      if (field === 1) seconds = asNumber(reader.int64());
      else if (field === 2) nanos = reader.int32();
      else return false;
      empty = false;
      return true;
    });
    if (empty) return undefined;
    const date = new Date(seconds * 1000);
    if (Number.isNaN(date.getTime())) throw new WireError(`time out of range: ${seconds}`);
    const whole = date.toISOString().replace(/\.\d+Z$/, '');
    if (digits === 0) return `${whole}Z`;
    return `${whole}.${String(Math.trunc(nanos / 1000)).padStart(digits, '0')}Z`;
  },
  write(writer, value) {
    const [, fraction = ''] = /\.(\d+)/.exec(text(value)) ?? [];
    const seconds = Math.floor(Date.parse(text(value)) / 1000);
    writer.fork().uint32(8).int64(seconds);
    writer.uint32(16).int32(digits === 0 ? 0 : Number(fraction.padEnd(9, '0').slice(0, 9)));
    writer.ldelim();
  },
});

export const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** `k8s` and a zero byte start every body. */
export const PREFIX = Uint8Array.of(0x6b, 0x38, 0x73, 0x00);
export const hasPrefix = (body: Uint8Array): boolean => PREFIX.every((byte, at) => body[at] === byte);
export const readerOf = (body: Uint8Array): Reader => protobuf.Reader.create(body);
export const newWriter = (): Writer => protobuf.Writer.create();
