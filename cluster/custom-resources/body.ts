/** Bodies of custom resources: read without Go types, with what the definition's schema says. */
import { invalid, path } from '../api/field.ts';
import { undecodableResult } from '../api/patch/errors.ts';
import { applyJsonPatch } from '../api/patch/json.ts';
import { applyMergePatch } from '../api/patch/merge.ts';
import { undecodableText } from '../api/patch/strategic.ts';
import { badRequest, invalidError, type StatusError } from '../api/status.ts';
import type { JsonObject, KubeObject } from '../api/types.ts';
import type { CustomType } from '../schema/apply/index.ts';
import { BodySyntaxError, parseBody, type ParsedBody } from '../schema/body.ts';
import { DecodeError, strictError, strictSentence } from '../schema/decode.ts';
import { patchProblems } from '../schema/patch.ts';
import { apiVersionOf, cannotHandle, unrecognized, type GroupVersionKind } from '../schema/type-meta.ts';
import { applyDefaults } from '../schema/structural/default.ts';
import { readEmbedded, readObjectMeta } from '../schema/structural/object-meta.ts';
import { prune, pruneNulls } from '../schema/structural/prune.ts';
import { goJson, isMap } from '../schema/structural/schema-props.ts';
import type { CustomResource } from './definition.ts';

export interface CustomBody {
  bytes: Uint8Array;
  contentType: string;
  /** '' means Warn. */
  fieldValidation: string;
  warn(sentence: string): void;
}

/** A body that has the form of an object but cannot be one; the caller says it in its own sentence. */
class Unreadable extends Error {}

function report(problems: readonly string[], { fieldValidation, warn }: CustomBody, refuse: () => StatusError): void {
  if (problems.length === 0 || fieldValidation === 'Ignore') return;
  if (fieldValidation === 'Strict') throw refuse();
  for (const problem of problems) warn(problem);
}

/** Keys by name at every depth: how Go prints what has no type. */
export function sortedDeep<T>(value: T): T {
  if (Array.isArray(value)) return value.map(sortedDeep) as T;
  if (typeof value !== 'object' || value === null) return value;
  const keys = Object.keys(value).sort();
  return Object.fromEntries(keys.map((key) => [key, sortedDeep((value as Record<string, unknown>)[key])])) as T;
}

/** Takes out what the schema does not know; `json` changes. Returns the strict problems. @throws Unreadable */
function coerce(json: JsonObject, { schema, preservesUnknown, info }: CustomResource): string[] {
  const unknown: string[] = [];
  let meta: JsonObject | undefined;
  if (Object.hasOwn(json, 'metadata')) {
    try {
      const read = readObjectMeta(json['metadata'] ?? null, 'metadata');
      meta = read.meta;
      unknown.push(...read.unknown);
    } catch (error) {
      if (error instanceof DecodeError) throw new Unreadable(error.message, { cause: error });
      throw error;
    }
  }
  const isOurs = json['apiVersion'] === apiVersionOf(info) && json['kind'] === info.kind;
  if (isOurs) {
    if (!preservesUnknown) {
      unknown.push(...prune(json, schema, true));
      pruneNulls(json, schema);
    }
    const embedded = readEmbedded(json, schema);
    if (embedded.refusal) throw new Unreadable(`${embedded.refusal.field}: ${embedded.refusal.body}`);
    unknown.push(...embedded.unknown);
  }
  if (meta) json['metadata'] = meta;
  if (isOurs) applyDefaults(json, schema);
  return unknown.map((field) => `unknown field ${JSON.stringify(field)}`);
}

/** An object of the version, its fields in the order in which they are shown. */
function finished(json: JsonObject): KubeObject {
  const object = sortedDeep(json) as unknown as KubeObject;
  object.metadata ??= { name: '' };
  return object;
}

/** What the body says it is. @throws StatusError */
function typeMeta({ json, summary }: ParsedBody, text: string, expected: GroupVersionKind): GroupVersionKind {
  const refuse = (why: string) => unrecognized(expected.kind, why, summary);
  if (!isMap(json)) {
    const shown = Array.isArray(json)
      ? 'array'
      : json === null
        ? 'null'
        : typeof json === 'boolean'
          ? 'bool'
          : typeof json;
    const shape = String.raw`struct { APIVersion string "json:\"apiVersion,omitempty\""; Kind string "json:\"kind,omitempty\"" }`;
    if (json === null) throw refuse(`Object 'Kind' is missing in '${text}'`);
    throw refuse(
      `couldn't get version/kind; json parse error: json: cannot unmarshal ${shown} into Go value of type ${shape}`,
    );
  }
  for (const field of ['apiVersion', 'kind'] as const) {
    const value = json[field];
    if (value === undefined || value === null || typeof value === 'string') continue;
    const shown = Array.isArray(value) ? 'array' : typeof value === 'boolean' ? 'bool' : typeof value;
    throw refuse(
      `couldn't get version/kind; json parse error: json: cannot unmarshal ${shown} into Go struct field .${field} of type string`,
    );
  }
  const { apiVersion, kind } = json as { apiVersion?: string; kind?: string };
  const parts = (apiVersion ?? '').split('/');
  if (parts.length > 2) throw refuse(`unexpected GroupVersion string: ${apiVersion ?? ''}`);
  if (!kind) throw refuse(`Object 'Kind' is missing in '${text}'`);
  const [group, version] = parts.length === 2 ? parts : ['', parts[0]];
  return { group: group ?? '', version: version ?? '', kind };
}

/** The refusal of an object of another kind. */
export function checkKind(object: KubeObject, { info }: CustomResource): void {
  const errors = [];
  const wanted = apiVersionOf(info);
  if (object.kind !== info.kind) errors.push(invalid(path('kind'), object.kind, `must be ${info.kind}`));
  if (object.apiVersion !== wanted) errors.push(invalid(path('apiVersion'), object.apiVersion, `must be ${wanted}`));
  if (errors.length > 0)
    throw invalidError({ group: info.group, kind: object.kind }, object.metadata.name ?? '', errors);
}

/** The object of a POST or PUT. @throws StatusError */
export function readCustom(body: CustomBody, custom: CustomResource): KubeObject {
  const { info } = custom;
  const { group, version, kind } = info;
  const expected = { group, version, kind };
  let parsed: ParsedBody;
  try {
    parsed = parseBody(body.bytes, body.contentType);
  } catch (error) {
    if (!(error instanceof BodySyntaxError)) throw error;
    const yaml = /ya?ml/.test(body.contentType);
    const why = yaml ? error.message : `couldn't get version/kind; json parse error: ${error.message}`;
    throw unrecognized(kind, why, error.summary);
  }
  const text = /ya?ml/.test(body.contentType)
    ? JSON.stringify(sortedDeep(parsed.json))
    : new TextDecoder().decode(body.bytes);
  const actual = typeMeta(parsed, text, expected);
  const json = parsed.json as JsonObject;
  let problems: string[];
  try {
    problems = [...parsed.problems, ...coerce(json, custom)];
  } catch (error) {
    if (error instanceof Unreadable) throw cannotHandle(actual.kind, actual.version, kind, error.message);
    throw error;
  }
  report(problems, body, () => strictError(actual, problems));
  if (actual.group !== group || actual.version !== version) {
    throw badRequest(
      `the API version in the data (${apiVersionOf(actual)}) does not match the expected API version (${apiVersionOf(expected)})`,
    );
  }
  const object = finished(json);
  checkKind(object, custom);
  return object;
}

/** What a JSON or merge patch makes of `current`. @throws StatusError */
export function patchCustom(
  type: 'json' | 'merge',
  body: CustomBody,
  custom: CustomResource,
  current: KubeObject,
): KubeObject {
  let parsed: ParsedBody;
  try {
    parsed = parseBody(body.bytes, 'application/json');
  } catch (error) {
    if (error instanceof BodySyntaxError) throw undecodableText(type, error.message);
    throw error;
  }
  const before = structuredClone(current) as unknown as JsonObject;
  const result = type === 'json' ? applyJsonPatch(before, parsed.json) : applyMergePatch(before, parsed.json);
  const shown = goJson(result);
  const json = structuredClone(result);
  const kind = json['kind'];
  if (typeof kind !== 'string' || kind === '') throw undecodableResult(shown, `Object 'Kind' is missing in '${shown}'`);
  let problems: string[];
  try {
    problems = [...patchProblems(type, parsed), ...coerce(json, custom)];
  } catch (error) {
    if (error instanceof Unreadable) throw undecodableResult(shown, error.message);
    throw error;
  }
  report(problems, body, () =>
    invalidError({ group: '', kind: '' }, '', [invalid(path('patch'), shown, strictSentence(problems))]),
  );
  const object = finished(json);
  checkKind(object, custom);
  return object;
}

/** How server-side apply and the tracking of owners see a custom resource. */
export const customType = (custom: CustomResource): CustomType => ({
  of: custom.fields,
  empty: { apiVersion: apiVersionOf(custom.info), kind: custom.info.kind, metadata: {} } as unknown as KubeObject,
  finish(value) {
    const copy = structuredClone(value);
    if (copy['metadata'] !== undefined) copy['metadata'] = readObjectMeta(copy['metadata'], 'metadata').meta;
    applyDefaults(copy, custom.schema);
    return finished(copy);
  },
});

export const CUSTOM_PATCH_TYPES: readonly string[] = [
  'application/json-patch+json',
  'application/merge-patch+json',
  'application/apply-patch+yaml',
];
