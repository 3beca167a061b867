import { customType } from '../custom-resources/body.ts';
import type { KubeObject } from '../api/types.ts';
import type { Backend, RequestContext, Target } from './context.ts';
import { schemaFor } from './decode.ts';
import { resetPaths } from './subresource-writes.ts';

/** An object in the version of the request: owners own fields of that. */
export const seenAs = <T extends KubeObject>({ served }: Target, object: T): T =>
  served ? (served.fromStored(object) as T) : object;

/** What the owners of fields are worked out from, besides the objects. */
export function trackedWrite(
  { clock }: Backend,
  target: Target,
  { fieldManager }: RequestContext,
  subresource: string,
) {
  const { custom } = target;
  const info = target.served?.info ?? target.info;
  const reset = resetPaths(target, subresource);
  return {
    ...(custom ? { schemaName: '', custom: customType(custom) } : { schemaName: schemaFor(info) }),
    gvk: { group: info.group, version: info.version, kind: info.kind },
    manager: fieldManager,
    subresource,
    now: clock.now(),
    ...(reset ? { reset } : {}),
  };
}
