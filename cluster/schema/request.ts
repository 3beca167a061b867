/** From a request's bytes to an object: one function for each way of writing. What they refuse, they refuse as the real server. */
import { badRequest, StatusError } from '../api/status.ts';
import { broken, undecodableResult } from '../api/patch/errors.ts';
import { undecodableText } from '../api/patch/strategic.ts';
import type { Json, JsonObject, KubeObject } from '../api/types.ts';
import { applyServerSide, type CustomType, type ServerSideApply } from './apply/index.ts';
import { BodySyntaxError, parseBody, type ParsedBody } from './body.ts';
import { DecodeError, decodeObject, decodeValue, strictError } from './decode.ts';
import { checkTypeMeta, typeMetaProblem, unrecognized, type GroupVersionKind } from './type-meta.ts';
import { schemaNameOf } from './lookup.ts';
import {
  applyJsonPatch,
  applyMergePatch,
  applyStrategicPatch,
  decodePatched,
  patchProblems,
  strictPatchError,
  shown,
  type PatchType,
} from './patch.ts';

export interface Body {
  bytes: Uint8Array;
  contentType: string;
  schemaName: string;
  /** Of a CustomResourceDefinition: `schemaName` counts for nothing. Apply only; the others have functions of their own. */
  custom?: CustomType | undefined;
  /** What the path expects. */
  gvk: GroupVersionKind;
  /** '' means Warn, as the server takes it. */
  fieldValidation: string;
  /** Adds a sentence to the Warning headers. */
  warn(sentence: string): void;
}

const isKnown = ({ group, version, kind }: GroupVersionKind): boolean =>
  schemaNameOf(group, version, kind) !== undefined;
const isYaml = (contentType: string): boolean => /ya?ml/.test(contentType);

/** Hands problems to where fieldValidation wants them. */
function report(problems: readonly string[], { fieldValidation, warn }: Body, refuse: () => StatusError): void {
  if (problems.length === 0 || fieldValidation === 'Ignore') return;
  if (fieldValidation === 'Strict') throw refuse();
  for (const problem of problems.flatMap(linesOf)) warn(problem);
}

/** What YAML has to say comes as one sentence of several lines: each is told by itself. */
function linesOf(problem: string): string[] {
  const lines = /^(?:error converting YAML to JSON: )?yaml: unmarshal errors:\n(.*)$/s.exec(problem)?.[1];
  return lines === undefined ? [problem] : lines.split('\n').map((line) => line.trim());
}

function parse(body: Body, refuse: (error: BodySyntaxError) => StatusError): ParsedBody {
  try {
    return parseBody(body.bytes, body.contentType);
  } catch (error) {
    if (error instanceof BodySyntaxError) throw refuse(error);
    throw error;
  }
}

/** The object of a POST or PUT, with what is written but empty. @throws StatusError BadRequest */
export function decodeBody(body: Body): KubeObject {
  const { gvk, schemaName, contentType } = body;
  const parsed = parse(body, ({ message, summary }) => {
    const why = isYaml(contentType) ? message : `couldn't get version/kind; json parse error: ${message}`;
    return unrecognized(gvk.kind, why, summary);
  });
  const actual = checkTypeMeta(parsed, gvk, isKnown);
  const { object, problems } = decodeObject(parsed.json, schemaName, gvk, { keepsEmpties: true });
  const all = parsed.order(problems);
  report(all, body, () => strictError(actual, all));
  return object;
}

/** The options of a DELETE; an empty body has none. @throws StatusError BadRequest */
export function decodeDeleteOptions(bytes: Uint8Array, contentType: string): JsonObject {
  if (bytes.length === 0) return {};
  const body = {
    bytes,
    contentType,
    schemaName: DELETE_OPTIONS,
    gvk: { group: '', version: 'v1', kind: 'DeleteOptions' },
  };
  const parsed = parse({ ...body, fieldValidation: 'Ignore', warn: () => {} }, ({ message }) =>
    badRequest(isYaml(contentType) ? message : `couldn't get version/kind; json parse error: ${message}`),
  );
  const text = (value: unknown, otherwise: string) => (typeof value === 'string' && value !== '' ? value : otherwise);
  const meta = (parsed.json ?? {}) as { kind?: Json; apiVersion?: Json };
  const said = text(meta.kind, 'DeleteOptions');
  if (said !== 'DeleteOptions')
    throw badRequest(typeMetaProblem({ ...body.gvk, kind: said }, text(meta.apiVersion, 'meta.k8s.io/v1')));
  try {
    return decodeValue(parsed.json, DELETE_OPTIONS).value;
  } catch (error) {
    if (error instanceof DecodeError) throw badRequest(error.message);
    throw error;
  }
}
const DELETE_OPTIONS = 'io.k8s.apimachinery.pkg.apis.meta.v1.DeleteOptions';

export const PATCH_TYPES: Readonly<Record<string, PatchType | 'apply'>> = {
  'application/json-patch+json': 'json',
  'application/merge-patch+json': 'merge',
  'application/strategic-merge-patch+json': 'strategic',
  'application/apply-patch+yaml': 'apply',
};

function patched(type: PatchType, current: JsonObject, patch: Json, body: Body): JsonObject {
  const { schemaName, fieldValidation } = body;
  const typed = fieldValidation !== 'Ignore';
  if (type === 'json') return applyJsonPatch(current, patch, typed);
  return type === 'merge' ? applyMergePatch(current, patch, typed) : applyStrategicPatch(current, patch, schemaName);
}

/** What a patch makes of `current`. Names are the caller's to compare. @throws StatusError */
export function patchBody(type: PatchType, body: Body, current: KubeObject): KubeObject {
  const { schemaName, gvk } = body;
  const parsed = parse({ ...body, contentType: 'application/json' }, ({ message }) =>
    undecodableText(type, message, body.fieldValidation !== 'Ignore'),
  );
  const before = current as unknown as JsonObject;
  const result = patched(type, before, parsed.json, body);
  const about = { type, current: before, patch: parsed.json, patched: result, schemaName, gvk };
  if (type !== 'strategic') {
    try {
      checkTypeMeta({ json: result, summary: '' }, gvk, isKnown);
    } catch (error) {
      if (!(error instanceof StatusError)) throw error;
      // The sentence of a patch has no "cannot be handled as a" before the reason.
      throw undecodableResult(shown(about), error.message.replace(/^.* cannot be handled as a \w+: /, ''));
    }
  }
  const { object, problems } = decodePatched(about);
  const all = [...patchProblems(type, parsed), ...problems];
  report(all, body, () => strictPatchError(about, all));
  return object;
}

/** YAML, or JSON: keys written twice are then looked for as in YAML. */
function parseApplied(body: Body): Pick<ParsedBody, 'json' | 'problems'> {
  try {
    const { json, problems } = parseBody(body.bytes, 'application/json');
    return { json, problems: problems.length === 0 ? [] : parseBody(body.bytes, 'application/yaml').problems };
  } catch (error) {
    if (!(error instanceof BodySyntaxError)) throw error;
  }
  return parse({ ...body, contentType: 'application/yaml' }, ({ message }) =>
    badRequest(`error decoding YAML: error converting YAML to JSON: ${message}`),
  );
}

type Apply = Omit<ServerSideApply, 'applied' | 'schemaName' | 'gvk' | 'custom'>;

/** What a server-side apply makes of the live object, managedFields included. @throws StatusError */
export function applyBody(body: Body, apply: Apply): KubeObject {
  const { schemaName, gvk, custom } = body;
  const { json, problems } = parseApplied(body);
  if (json !== null && (typeof json !== 'object' || Array.isArray(json))) {
    const kind = Array.isArray(json) ? 'array' : typeof json === 'boolean' ? 'bool' : typeof json;
    throw badRequest(
      `error decoding YAML: error unmarshaling JSON: while decoding JSON: json: cannot unmarshal ${kind} into Go value of type map[string]interface {}`,
    );
  }
  const twice = problems.map((problem) => `error converting YAML to JSON: ${problem}`);
  report(twice, body, () => badRequest(`error strict decoding YAML: ${twice.join(', ')}`));
  try {
    return applyServerSide({ ...apply, applied: json, schemaName, gvk, custom }).object;
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    const { name, namespace } = ((json ?? {}) as { metadata?: { name?: string; namespace?: string } }).metadata ?? {};
    const versioned = `${gvk.group}/${gvk.version}, Kind=${gvk.kind}`;
    throw broken(
      `failed to convert new object (${namespace ?? ''}/${name ?? ''}; ${versioned}) to proper version: unable to convert unstructured object to ${versioned}: ${error.message}`,
    );
  }
}
