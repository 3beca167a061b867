/**
 * Request and answer bodies of type application/vnd.kubernetes.protobuf: `k8s\0`, then a runtime.Unknown (typeMeta 1, raw 2,
 * contentEncoding 3, contentType 4) around the object's own message.
 */
import type { Writer } from 'protobufjs';
import { badRequest } from '../../api/status.ts';
import type { Json, JsonObject } from '../../api/types.ts';
import { kindSchema, metaSchema, schemas } from '../openapi/schema-facts.ts';
import { hasPrefix, newWriter, PREFIX, readerOf, WireError } from './codec.ts';
import { Messages } from './message.ts';

export const PROTOBUF = 'application/vnd.kubernetes.protobuf';

export interface Decoded {
  apiVersion: string;
  kind: string;
  /**
   * As JSON, apiVersion and kind included. Go writes zero values of plain fields to the wire, so empty strings and empty
   * messages are here that JSON would have left out: `decodeObject` drops them, as it does for JSON bodies.
   */
  object: JsonObject;
  /** What the envelope says about `raw`; clients leave both empty. */
  contentEncoding: string;
  contentType: string;
}

interface Envelope {
  apiVersion: string;
  kind: string;
  raw: Uint8Array;
  contentEncoding: string;
  contentType: string;
}

const messages = new Messages((body) => {
  const envelope = readEnvelope(body);
  return readObject(envelope, schemaOf(envelope));
});

/**
 * `into` is the kind that the path expects, for the sentences of refusals.
 * @throws StatusError badRequest, worded as the real server does
 */
export function decodeProtobuf(body: Uint8Array, into = 'Object'): Decoded {
  let envelope: Envelope;
  try {
    envelope = readEnvelope(body);
  } catch (error) {
    const shown = body.length === 0 ? '<empty>' : Buffer.from(body).toString('hex');
    throw badRequest(`the object provided is unrecognized (must be of type ${into}): ${sentence(error)} (${shown})`);
  }
  const { apiVersion, kind, contentEncoding, contentType } = envelope;
  try {
    return { apiVersion, kind, object: readObject(envelope, schemaOf(envelope)), contentEncoding, contentType };
  } catch (error) {
    throw badRequest(
      `${kind} in version ${JSON.stringify(apiVersion)} cannot be handled as a ${into}: ${sentence(error)}`,
    );
  }
}

/** A whole body. `object` must hold its apiVersion and kind; fields the schema does not know are left out. */
export function encodeProtobuf(object: JsonObject, schemaName?: string): Uint8Array {
  const apiVersion = typeof object.apiVersion === 'string' ? object.apiVersion : '';
  const kind = typeof object.kind === 'string' ? object.kind : '';
  const name = schemaName ?? schemaOf({ apiVersion, kind });
  return enveloped(apiVersion, kind, (writer) => messages.write(name, writer, object));
}

function enveloped(apiVersion: string, kind: string, write: (writer: Writer) => void): Uint8Array {
  const writer = newWriter();
  writer.uint32(10).fork().uint32(10).string(apiVersion).uint32(18).string(kind).ldelim();
  writer.uint32(18).fork();
  write(writer);
  writer.ldelim();
  return Buffer.concat([PREFIX, writer.uint32(26).string('').uint32(34).string('').finish()]);
}

/** A PartialObjectMetadata of the one item, or with `list` (its metadata) a list of them. */
export function encodeMetadataOnly(of: { apiVersion: string; list?: JsonObject; items: JsonObject[] }): Uint8Array {
  const metadataOf = (writer: Writer, item: JsonObject) => {
    writer.uint32(10).fork();
    messages.write(metaSchema('ObjectMeta'), writer, item['metadata'] as JsonObject);
    writer.ldelim();
  };
  const { apiVersion, list, items } = of;
  const [first] = items;
  if (!list) return enveloped(apiVersion, 'PartialObjectMetadata', (writer) => first && metadataOf(writer, first));
  return enveloped(apiVersion, 'PartialObjectMetadataList', (writer) => {
    writer.uint32(10).fork();
    messages.write(metaSchema('ListMeta'), writer, list);
    writer.ldelim();
    for (const item of items) {
      writer.uint32(18).fork();
      metadataOf(writer, item);
      writer.ldelim();
    }
  });
}

/** A watch's frame: its length in four bytes, then a WatchEvent around a whole body. */
export function encodeWatchEvent(type: string, body: Uint8Array): Uint8Array {
  const writer = newWriter().uint32(10).string(type).uint32(18).fork();
  const event = writer.uint32(10).bytes(body).ldelim().finish();
  const length = Buffer.alloc(4);
  length.writeUInt32BE(event.length);
  return Buffer.concat([length, event]);
}

function readEnvelope(body: Uint8Array): Envelope {
  if (body.length === 0) throw new WireError('empty data');
  if (!hasPrefix(body))
    throw new WireError(
      `provided data does not appear to be a protobuf message, expected prefix [${[...PREFIX].join(' ')}]`,
    );
  if (body.length === PREFIX.length) throw new WireError('empty body');
  const reader = readerOf(body.subarray(PREFIX.length));
  const found: Envelope = {
    apiVersion: '',
    kind: '',
    raw: new Uint8Array(),
    contentEncoding: '',
    contentType: '',
  };
  while (reader.pos < reader.len) {
    const tag = reader.uint32();
    if (tag === 10) {
      const typeMeta = readerOf(reader.bytes());
      while (typeMeta.pos < typeMeta.len) {
        const inner = typeMeta.uint32();
        if (inner === 10) found.apiVersion = typeMeta.string();
        else if (inner === 18) found.kind = typeMeta.string();
        else typeMeta.skipType(inner & 7);
      }
    } else if (tag === 18) found.raw = reader.bytes();
    else if (tag === 26) found.contentEncoding = reader.string();
    else if (tag === 34) found.contentType = reader.string();
    else reader.skipType(tag & 7);
  }
  return found;
}

function schemaOf({ apiVersion, kind }: { apiVersion: string; kind: string }): string {
  const slash = apiVersion.indexOf('/');
  const name = kindSchema(apiVersion.slice(0, Math.max(slash, 0)), apiVersion.slice(slash + 1), kind);
  if (name === undefined || schemas[name] === undefined)
    throw new WireError(
      `no kind ${JSON.stringify(kind)} is registered for version ${JSON.stringify(apiVersion)} in scheme "pkg/runtime/scheme.go:111"`,
    );
  return name;
}

function readObject({ apiVersion, kind, raw }: Envelope, schemaName: string): JsonObject {
  const reader = readerOf(raw);
  return { apiVersion, kind, ...messages.read(schemaName, reader, reader.len) } satisfies Record<string, Json>;
}

/** protobufjs tells of bytes that end too early with a RangeError. */
function sentence(error: unknown): string {
  if (error instanceof RangeError) return 'unexpected EOF';
  if (error instanceof Error) return error.message;
  return String(error);
}
