/** Patches over objects of a kind: what the schema adds to cluster/api/patch. */
import { invalid, path } from '../api/field.ts';
import { undecodableResult } from '../api/patch/errors.ts';
import { goText } from '../api/patch/go-text.ts';
import { leftOver } from '../api/patch/left-over.ts';
import { strategicMerge, type PatchSchema } from '../api/patch/strategic.ts';
import { invalidError } from '../api/status.ts';
import type { Json, JsonObject } from '../api/types.ts';
import { DecodeError, decodeAs, strictSentence, type Decoded, type GroupVersionKind } from './decode.ts';
import type { ParsedBody } from './body.ts';
import { schema, type ValueSchema } from './lookup.ts';

export { applyJsonPatch } from '../api/patch/json.ts';
export { applyMergePatch } from '../api/patch/merge.ts';

class SchemaOfPatch implements PatchSchema {
  readonly #of: ValueSchema;
  constructor(of: ValueSchema) {
    this.#of = of;
  }
  listProblem(name: string): string | undefined {
    const { ref } = this.#of;
    const fields = ref === undefined ? undefined : schema(ref).fields;
    if (!fields) return undefined;
    const field = fields[name];
    if (field) return field.items ? undefined : 'expected slice or array type, but got: struct';
    const struct = ref?.slice(ref.lastIndexOf('.') + 1) ?? '';
    return `unable to find api field in struct ${struct} for the json field ${JSON.stringify(name)}`;
  }
  field(name: string) {
    const field = this.#of.ref === undefined ? undefined : schema(this.#of.ref).fields?.[name];
    return {
      ...(field?.patchMergeKey === undefined ? {} : { mergeKey: field.patchMergeKey }),
      strategies: field?.patchStrategy?.split(',') ?? [],
      // A map of plain values has no schema of its own: its entries merge as they come.
      inner: new SchemaOfPatch(field?.items ?? field?.map ?? field ?? {}),
    };
  }
}

/** A changed copy, not yet decoded. @throws StatusError */
export const applyStrategicPatch = (object: JsonObject, patch: Json, schemaName: string): JsonObject =>
  strategicMerge(object, patch, new SchemaOfPatch({ ref: schemaName }));

export type PatchType = 'json' | 'merge' | 'strategic';

interface PatchedBody {
  type: PatchType;
  /** What was patched. */
  current: JsonObject;
  patch: Json;
  patched: JsonObject;
  schemaName: string;
  gvk: GroupVersionKind;
}

/**
 * Decodes what a patch made. The problems are for fieldValidation; those of `patchProblems` come before them.
 * @throws StatusError Invalid, quoting the patched object or the patch as the real server does
 */
export function decodePatched(body: PatchedBody): Decoded {
  const { type, patched, schemaName, gvk } = body;
  try {
    const wording = type === 'strategic' ? 'unstructured' : 'json';
    const { object, problems } = decodeAs(patched, schemaName, gvk, { wording, keepsEmpties: true });
    return { object, problems: type === 'strategic' ? problems.toSorted() : problems };
  } catch (error) {
    if (error instanceof DecodeError) throw undecodableResult(shown(body), error.message);
    throw error;
  }
}

/** What a refusal of the result quotes: the patched object, or what is left of the patch. */
export const shown = ({ type, current, patch, patched, schemaName }: PatchedBody): string =>
  type === 'strategic'
    ? goText(leftOver(current, patch, new SchemaOfPatch({ ref: schemaName })))
    : JSON.stringify(sorted(patched));

/** The patched object as the real server prints it: the fields of the object itself by name. */
const sorted = (object: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(object).sort(([a], [b]) => (a < b ? -1 : Number(a > b))));

const OPERATION_FIELDS = new Set(['op', 'path', 'from', 'value']);

/** What is wrong with the text of the patch itself, for fieldValidation; comes before the problems of its result. */
export function patchProblems(
  type: PatchType,
  { json, problems, order }: Pick<ParsedBody, 'json' | 'problems' | 'order'>,
): string[] {
  if (type !== 'json') return problems;
  const unknown = (Array.isArray(json) ? json : []).flatMap((operation, i) =>
    Object.keys(operation ?? {})
      .filter((field) => !OPERATION_FIELDS.has(field))
      .map((field) => `unknown field ${JSON.stringify(`[${i}].${field}`)}`),
  );
  return order(unknown).map((problem) => `json patch ${problem}`);
}

/** The refusal of a patch under fieldValidation=Strict. */
export const strictPatchError = (body: PatchedBody, problems: readonly string[]) =>
  invalidError({ group: '', kind: '' }, '', [invalid(path('patch'), shown(body), strictSentence(problems))]);
