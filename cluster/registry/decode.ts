/** How a request's body is to be read: what the path expects, and what happens to fields that are not there. */
import { customType } from '../custom-resources/body.ts';
import type { CustomResource } from '../custom-resources/index.ts';
import type { Body } from '../schema/request.ts';
import { schemaNameOf } from '../schema/lookup.ts';
import type { ResourceInfo } from '../schema/resources.ts';
import type { RequestContext } from './context.ts';

export type GroupVersionKind = Pick<ResourceInfo, 'group' | 'version' | 'kind'>;

/** Bytes as they came, and what their header calls them. */
export interface Content {
  bytes: Uint8Array;
  contentType: string;
}

export function schemaFor({ group, version, kind }: GroupVersionKind): string {
  const name = schemaNameOf(group, version, kind);
  if (name === undefined) throw new Error(`no schema for ${group}/${version} ${kind}`);
  return name;
}

export const bodyOf = (
  expected: GroupVersionKind,
  content: Content,
  context: RequestContext,
  custom?: CustomResource,
): Body => ({
  ...content,
  ...(custom ? { schemaName: '', custom: customType(custom) } : { schemaName: schemaFor(expected) }),
  gvk: { group: expected.group, version: expected.version, kind: expected.kind },
  fieldValidation: context.fieldValidation,
  warn: context.warn,
});
