/** DELETE of a CustomResourceDefinition: it is only marked. Its controller deletes the objects and then lets go of it. */
import { conflict, notFoundError } from '../api/status.ts';
import { timeText } from '../api/time.ts';
import {
  DEFINITIONS,
  type Condition,
  type CustomResourceDefinition,
} from '../schema/structural/custom-resource-definition.ts';
import type { Clock, DeleteOptions, Reader } from '../store/client.ts';

const CLEANUP = 'customresourcecleanup.apiextensions.k8s.io';
const OF = { group: 'apiextensions.k8s.io', resource: 'customresourcedefinitions' };

/** The marked definition, not yet stored; undefined: it is marked already. @throws StatusError */
export function markedForDeletion(
  store: Reader,
  clock: Clock,
  name: string,
  options: DeleteOptions,
): CustomResourceDefinition | undefined {
  const old = store.get<CustomResourceDefinition>(DEFINITIONS, '', name);
  if (!old) throw notFoundError(OF, name);
  const { uid, resourceVersion } = options.preconditions ?? {};
  const failed = (what: string, asked: string, is: string | undefined) =>
    conflict(OF, name, `Precondition failed: ${what} in precondition: ${asked}, ${what} in object meta: ${is}`);
  if (uid !== undefined && uid !== old.metadata.uid) throw failed('UID', uid, old.metadata.uid);
  if (resourceVersion !== undefined && resourceVersion !== old.metadata.resourceVersion)
    throw failed('ResourceVersion', resourceVersion, old.metadata.resourceVersion);
  if (old.metadata.deletionTimestamp) return undefined;
  const now = timeText(clock.now());
  const marked = structuredClone(old);
  marked.metadata.deletionTimestamp = now;
  const finalizers = marked.metadata.finalizers ?? [];
  marked.metadata.finalizers = finalizers.includes(CLEANUP) ? finalizers : [...finalizers, CLEANUP];
  const condition: Condition = {
    lastTransitionTime: now,
    message: 'CustomResourceDefinition marked for deletion; CustomResource deletion will begin soon',
    reason: 'InstanceDeletionPending',
    status: 'True',
    type: 'Terminating',
  };
  const conditions = (marked.status?.conditions ?? []).filter(({ type }) => type !== 'Terminating');
  marked.status = { ...marked.status, conditions: [...conditions, condition] };
  return marked;
}
