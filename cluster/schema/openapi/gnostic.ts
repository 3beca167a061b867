/** Writes an OpenAPI v2 document in gnostic's protobuf form (openapiv2/OpenAPIv2.proto), as far as ours use it. */
import type { Writer } from 'protobufjs';
import protobuf from 'protobufjs/minimal.js';
import type { Json, JsonObject } from '../../api/types.ts';

type Write = (writer: Writer, value: Json) => void;

const COUNTED = 2;
const message = (writer: Writer, field: number, write: () => void) => {
  writer.uint32((field << 3) | COUNTED).fork();
  write();
  writer.ldelim();
};
const text =
  (field: number): Write =>
  (writer, value) =>
    void writer.uint32((field << 3) | COUNTED).string(typeof value === 'string' ? value : JSON.stringify(value));
const texts =
  (field: number): Write =>
  (writer, value) => {
    for (const one of list(value)) text(field)(writer, one);
  };
const flag =
  (field: number): Write =>
  (writer, value) =>
    void writer.uint32(field << 3).bool(value === true);
const whole =
  (field: number): Write =>
  (writer, value) =>
    void writer.uint32(field << 3).int64(Number(value));
const double =
  (field: number): Write =>
  (writer, value) =>
    void writer.uint32((field << 3) | 1).double(Number(value));
const nested =
  (field: number, write: Write): Write =>
  (writer, value) =>
    message(writer, field, () => write(writer, value));
const each =
  (field: number, write: Write): Write =>
  (writer, value) => {
    for (const one of list(value)) message(writer, field, () => write(writer, one));
  };
/** Maps are lists of {name = 1, value = 2}. */
const named =
  (field: number, write: Write): Write =>
  (writer, value) => {
    for (const [name, one] of Object.entries(object(value)))
      message(writer, field, () => {
        text(1)(writer, name);
        message(writer, 2, () => write(writer, one));
      });
  };

const list = (value: Json): Json[] => (Array.isArray(value) ? value : [value]);
const object = (value: Json): JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};

/** Any values travel as YAML, which JSON is. */
const any: Write = (writer, value) => text(2)(writer, JSON.stringify(value));

/** A message whose JSON fields have these writers; what starts with x- goes to the list of extensions. */
const fields =
  (writers: Record<string, Write>, extensions?: number): Write =>
  (writer, value) => {
    for (const [name, one] of Object.entries(object(value))) {
      const write = writers[name];
      if (write) write(writer, one);
      else if (extensions !== undefined && name.startsWith('x-')) named(extensions, any)(writer, { [name]: one });
    }
  };

const schema: Write = (writer, value) => schemaFields(writer, value);
const schemaFields = fields(
  {
    $ref: text(1),
    format: text(2),
    title: text(3),
    description: text(4),
    default: nested(5, any),
    multipleOf: double(6),
    maximum: double(7),
    exclusiveMaximum: flag(8),
    minimum: double(9),
    exclusiveMinimum: flag(10),
    maxLength: whole(11),
    minLength: whole(12),
    pattern: text(13),
    maxItems: whole(14),
    minItems: whole(15),
    uniqueItems: flag(16),
    maxProperties: whole(17),
    minProperties: whole(18),
    required: texts(19),
    enum: each(20, any),
    additionalProperties: nested(21, (writer, value) =>
      typeof value === 'boolean' ? flag(2)(writer, value) : nested(1, schema)(writer, value),
    ),
    type: nested(22, texts(1)),
    items: nested(23, each(1, schema)),
    properties: nested(25, named(1, schema)),
  },
  31,
);

const body = fields({ description: text(1), name: text(2), in: text(3), required: flag(4), schema: nested(5, schema) });
const query = fields({
  required: flag(1),
  in: text(2),
  description: text(3),
  name: text(4),
  type: text(6),
  uniqueItems: flag(20),
});
const path = fields({
  required: flag(1),
  in: text(2),
  description: text(3),
  name: text(4),
  type: text(5),
  uniqueItems: flag(19),
});

/** ParametersItem.parameter, then one of body and the others, then which of the others. */
const parameter: Write = nested(1, (writer, value) => {
  const where = object(value).in;
  if (where === 'body') nested(1, body)(writer, value);
  else nested(2, where === 'path' ? nested(4, path) : nested(3, query))(writer, value);
});

const response = nested(1, fields({ description: text(1), schema: nested(2, nested(1, schema)) }));
const operation = fields(
  {
    tags: texts(1),
    description: text(3),
    operationId: text(5),
    produces: texts(6),
    consumes: texts(7),
    parameters: each(8, parameter),
    responses: nested(9, named(1, response)),
    schemes: texts(10),
  },
  13,
);
const pathItem = fields({
  get: nested(2, operation),
  put: nested(3, operation),
  post: nested(4, operation),
  delete: nested(5, operation),
  patch: nested(8, operation),
  parameters: each(9, parameter),
});
const apiKey = nested(2, fields({ type: text(1), name: text(2), in: text(3), description: text(4) }));
const document = fields({
  swagger: text(1),
  info: nested(2, fields({ title: text(1), version: text(2) })),
  paths: nested(8, named(2, pathItem)),
  definitions: nested(9, named(1, schema)),
  security: each(12, named(1, texts(1))),
  securityDefinitions: nested(13, named(1, apiKey)),
});

export function documentProtobuf(json: JsonObject): Uint8Array {
  const writer = protobuf.Writer.create();
  document(writer, json);
  return writer.finish();
}
