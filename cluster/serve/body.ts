/** A request's body, whatever it was sent as. */
import { unsupportedMediaType } from '../api/status.ts';
import type { KubeObject } from '../api/types.ts';
import { readCustom } from '../custom-resources/body.ts';
import type { CustomResource } from '../custom-resources/index.ts';
import { bodyOf, type GroupVersionKind } from '../registry/decode.ts';
import type { RequestContext } from '../registry/context.ts';
import type { DeleteOptions } from '../store/client.ts';
import { checkTypeMeta, decodeObject } from '../schema/decode.ts';
import { schemaNameOf } from '../schema/lookup.ts';
import { decodeProtobuf, PROTOBUF } from '../schema/protobuf/protobuf.ts';
import { decodeBody, decodeDeleteOptions } from '../schema/request.ts';
import type { ApiRequest } from './api.ts';
import { MEDIA_TYPES } from './negotiate.ts';

const TEXTS: ReadonlySet<string> = new Set(['application/json', 'application/yaml']);

const TOKEN = String.raw`[!#$%&'*+.^_\x60|~0-9A-Za-z-]+`;
const MEDIA_TYPE = new RegExp(
  String.raw`^\s*(${TOKEN}(?:/${TOKEN})?)\s*(?:;\s*${TOKEN}\s*=\s*(?:${TOKEN}|"(?:[^"\\]|\\.)*")\s*)*;?\s*$`,
);

/** Lower case, without parameters; none is JSON, and '' is what nobody can read. */
export function mediaType(header: string | undefined): string {
  if (!header) return 'application/json';
  return MEDIA_TYPE.exec(header)?.[1]?.toLowerCase() ?? '';
}

const isKnown = ({ group, version, kind }: GroupVersionKind) => schemaNameOf(group, version, kind) !== undefined;

/** The object of a POST or PUT. @throws StatusError 415 for a form that is not read, 400 for one that cannot be */
export function readObject(
  { body, headers }: ApiRequest,
  expected: GroupVersionKind,
  context: RequestContext,
  custom?: CustomResource,
): KubeObject {
  const contentType = mediaType(headers['content-type']);
  if (custom) {
    if (!TEXTS.has(contentType)) throw unsupportedMediaType(MEDIA_TYPES);
    return readCustom(
      { bytes: body, contentType, fieldValidation: context.fieldValidation, warn: context.warn },
      custom,
    );
  }
  if (contentType === PROTOBUF) {
    const { apiVersion, kind, object } = decodeProtobuf(body, expected.kind);
    const json = { ...(object as object), apiVersion, kind };
    const gvk = checkTypeMeta({ json, summary: '' }, expected, isKnown);
    const { schemaName } = bodyOf(expected, { bytes: body, contentType }, context);
    return withMetadata(decodeObject(json, schemaName, gvk).object);
  }
  if (!TEXTS.has(contentType)) throw unsupportedMediaType(MEDIA_TYPES);
  return withMetadata(decodeBody(bodyOf(expected, { bytes: body, contentType }, context)));
}

function withMetadata(object: KubeObject): KubeObject {
  object.metadata ??= { name: '' };
  return object;
}

/** The options in the body of a DELETE; undefined: it has none. */
export function readDeleteOptions({ body, headers }: ApiRequest): DeleteOptions | undefined {
  if (body.length === 0) return undefined;
  const contentType = mediaType(headers['content-type']);
  if (contentType === PROTOBUF) return decodeProtobuf(body, 'DeleteOptions').object;
  if (!TEXTS.has(contentType)) throw unsupportedMediaType(MEDIA_TYPES);
  return decodeDeleteOptions(body, contentType);
}
