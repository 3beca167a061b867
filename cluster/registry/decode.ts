/** From parsed JSON to an object of a kind, with what fieldValidation makes of unknown and repeated fields. */
import { badRequest } from '../api/status.ts';
import type { KubeObject } from '../api/types.ts';
import { decodeObject, strictError } from '../schema/decode.ts';
import { schemaNameOf } from '../schema/lookup.ts';
import { groupVersion, type ResourceInfo } from '../schema/resources.ts';
import type { RequestContext } from './context.ts';

/** `problems`: what parsing the text has found already (repeated keys). @throws StatusError */
export function decode(
  info: Pick<ResourceInfo, 'group' | 'version' | 'kind'>,
  json: unknown,
  context: Pick<RequestContext, 'fieldValidation' | 'warn'>,
  problems: readonly string[] = [],
): KubeObject {
  const expected = { apiVersion: groupVersion(info), kind: info.kind };
  const { apiVersion, kind } = (json ?? {}) as Partial<KubeObject>;
  const mismatch =
    (apiVersion ?? expected.apiVersion) !== expected.apiVersion || (kind ?? expected.kind) !== expected.kind;
  if (mismatch) {
    const described = (of: { apiVersion?: string; kind?: string }) => {
      const [version = '', group = ''] = (of.apiVersion ?? expected.apiVersion).split('/').reverse();
      return { group, text: `${group}/${version}, Kind=${of.kind ?? expected.kind}` };
    };
    const got = described({ apiVersion, kind });
    throw badRequest(
      `${kind ?? expected.kind} in version "${(apiVersion ?? expected.apiVersion).split('/').at(-1) ?? ''}" cannot be handled as a ${info.kind}: no kind "${kind ?? expected.kind}" is registered for version "${apiVersion ?? expected.apiVersion}" in scheme (${got.text})`,
    );
  }
  const decoded = decodeObject({ ...(json as object), ...expected }, schemaNameOf(info.group, info.version, info.kind));
  decoded.object.metadata ??= { name: '' };
  const all = [...problems, ...decoded.problems];
  if (all.length > 0 && context.fieldValidation === 'Strict') throw strictError(expected, all);
  if (context.fieldValidation === 'Warn') for (const problem of all) context.warn(problem);
  return decoded.object;
}
