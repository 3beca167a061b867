/** A request's body as parsed JSON, whatever it was sent as. */
import { badRequest, unsupportedMediaType } from '../api/status.ts';
import { unwritten } from '../registry/decode.ts';
import { BodySyntaxError, parseBody, type ParsedBody } from '../schema/body.ts';
import { unrecognized } from '../schema/decode.ts';
import { decodeProtobuf, PROTOBUF } from '../schema/protobuf/protobuf.ts';
import { MEDIA_TYPES } from './negotiate.ts';

const TEXTS: ReadonlySet<string> = new Set(['application/json', 'application/yaml']);

export const mediaType = (header: string | undefined): string =>
  (header ?? 'application/json').split(';', 1)[0]?.trim().toLowerCase() || 'application/json';

/**
 * An object's body. `kind` is what the path expects.
 * @throws StatusError 415 for a form we do not read, 400 for a text that is none
 */
export function readBody(bytes: Uint8Array, contentType: string | undefined, kind: string): ParsedBody {
  const type = mediaType(contentType);
  if (type === PROTOBUF) {
    const { apiVersion, kind: actual, object } = decodeProtobuf(bytes, kind);
    return unwritten({ ...(object as object), apiVersion, kind: actual });
  }
  if (!TEXTS.has(type)) throw unsupportedMediaType(MEDIA_TYPES);
  try {
    return parseBody(bytes, type);
  } catch (error) {
    if (error instanceof BodySyntaxError) throw unrecognized(kind, error.message, error.summary);
    throw error;
  }
}

/** A patch's body: YAML for apply, JSON for the others. @throws StatusError 400 */
export function readPatch(bytes: Uint8Array, type: string): ParsedBody {
  try {
    return parseBody(bytes, type);
  } catch (error) {
    if (error instanceof BodySyntaxError) throw badRequest(`error decoding patch: ${error.message}`);
    throw error;
  }
}
