import type { Backend, RequestContext, Target } from './context.ts';
import { schemaFor } from './decode.ts';

/** What the owners of fields are worked out from, besides the objects. */
export const trackedWrite = (
  { clock }: Backend,
  { info }: Target,
  { fieldManager }: RequestContext,
  subresource: string,
) => ({
  schemaName: schemaFor(info),
  gvk: { group: info.group, version: info.version, kind: info.kind },
  manager: fieldManager,
  subresource,
  now: clock.now(),
});
