/** What most plugins ask of a request. */
import { forbiddenError, type StatusError } from '../api/status.ts';
import type { KubeObject } from '../api/types.ts';
import { resourceName } from '../schema/resources.ts';
import type { AdmissionRequest } from './plugin.ts';

/** A name still to be generated is known by its prefix. */
const nameOf = ({ name, object }: AdmissionRequest) =>
  name || object?.metadata.name || object?.metadata.generateName || 'Unknown';

export const refuse = (request: AdmissionRequest, why: string): StatusError =>
  forbiddenError(request.resource, nameOf(request), why);

/** The object of a write to `resource` itself (not to a subresource) by one of `operations`. */
export function objectOf<T extends KubeObject>(
  request: AdmissionRequest,
  resource: string,
  ...operations: AdmissionRequest['operation'][]
): T | undefined {
  if (request.subresource !== '' || !operations.includes(request.operation)) return undefined;
  if (resourceName(request.resource) !== resource) return undefined;
  return request.object as T | undefined;
}
