/** From a parsed body to an object of a kind, with what fieldValidation makes of unknown and repeated fields. */
import type { Json, KubeObject } from '../api/types.ts';
import type { ParsedBody } from '../schema/body.ts';
import { checkTypeMeta, decodeObject, strictError } from '../schema/decode.ts';
import { schemaNameOf } from '../schema/lookup.ts';
import type { ResourceInfo } from '../schema/resources.ts';
import type { RequestContext } from './context.ts';

type GroupVersionKind = Pick<ResourceInfo, 'group' | 'version' | 'kind'>;

/** A value that was not read from text: an object worked out by a patch. */
export const unwritten = (json: Json): ParsedBody => ({
  json,
  problems: [],
  order: (problems) => [...problems],
  summary: '',
});

export function schemaFor({ group, version, kind }: GroupVersionKind): string {
  const name = schemaNameOf(group, version, kind);
  if (name === undefined) throw new Error(`no schema for ${group}/${version} ${kind}`);
  return name;
}

/** @throws StatusError for another kind, wrong types, and under Strict for fields that are not there */
export function decode(
  expected: GroupVersionKind,
  body: ParsedBody,
  context: Pick<RequestContext, 'fieldValidation' | 'warn'>,
): KubeObject {
  const gvk = checkTypeMeta(
    body,
    expected,
    ({ group, version, kind }) => schemaNameOf(group, version, kind) !== undefined,
  );
  const { object, problems } = decodeObject(body.json, schemaFor(expected), gvk);
  object.metadata ??= { name: '' };
  const all = body.order(problems);
  if (all.length > 0 && context.fieldValidation === 'Strict') throw strictError(gvk, all);
  if (context.fieldValidation === 'Warn') for (const problem of all) context.warn(problem);
  return object;
}
