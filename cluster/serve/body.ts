/** A request's body as parsed JSON, whatever it was sent as. */
import { unsupportedMediaType } from '../api/status.ts';
import { parseBody } from '../schema/decode.ts';
import { decodeProtobuf } from '../schema/protobuf/index.ts';
import { MEDIA_TYPES } from './negotiate.ts';

export interface ParsedBody {
  json: unknown;
  /** What the text itself had wrong: repeated keys. */
  problems: string[];
}

const PROTOBUF = 'application/vnd.kubernetes.protobuf';
/** kubectl sends YAML only as an apply patch; other clients may post it. */
const TEXTS: ReadonlySet<string> = new Set([
  'application/json',
  'application/yaml',
  'application/json-patch+json',
  'application/merge-patch+json',
  'application/strategic-merge-patch+json',
  'application/apply-patch+yaml',
]);

export const mediaType = (header: string | undefined): string =>
  (header ?? 'application/json').split(';', 1)[0]?.trim().toLowerCase() || 'application/json';

/** @throws StatusError 415 for a form we do not read, 400 for a text that is none */
export function readBody(bytes: Uint8Array, contentType: string | undefined): ParsedBody {
  const type = mediaType(contentType);
  if (type === PROTOBUF) return { json: decodeProtobuf(bytes).object, problems: [] };
  if (!TEXTS.has(type)) throw unsupportedMediaType(MEDIA_TYPES);
  return parseBody(bytes, type);
}
