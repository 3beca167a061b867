/** What a namespace says while it goes: five conditions, and what is still in it. */
import type { Namespace } from '../../api/types.ts';
import type { Clock, ResourceName } from '../../store/client.ts';
import { conditionOf, timestamp, withConditionInPlace } from '../conditions.ts';

export interface Remains {
  /** How many objects of a resource are left. */
  resources: Map<ResourceName, number>;
  /** How many objects a finalizer holds. */
  finalizers: Map<string, number>;
  /** Sentences: why a resource could not be emptied. */
  refusals: string[];
}

/** In this order; the words are those for "nothing wrong". */
const FINE = [
  ['NamespaceDeletionDiscoveryFailure', 'ResourcesDiscovered', 'All resources successfully discovered'],
  ['NamespaceDeletionGroupVersionParsingFailure', 'ParsedGroupVersions', 'All legacy kube types successfully parsed'],
  [
    'NamespaceDeletionContentFailure',
    'ContentDeleted',
    'All content successfully deleted, may be waiting on finalization',
  ],
  ['NamespaceContentRemaining', 'ContentRemoved', 'All content successfully removed'],
  ['NamespaceFinalizersRemaining', 'ContentHasNoFinalizers', 'All content-preserving finalizers finished'],
] as const;

/** Resources are named with a dot before their group, the core group's too. */
const dotted = (resource: ResourceName) => (resource.includes('.') ? resource : `${resource}.`);

function problems({ resources, finalizers, refusals }: Remains): Map<string, { reason: string; message: string }> {
  const found = new Map<string, { reason: string; message: string }>();
  if (refusals.length > 0) {
    const list = refusals.toSorted();
    const message = `Failed to delete all resource types, ${list.length} remaining: ${list.join(', ')}`;
    found.set('NamespaceDeletionContentFailure', { reason: 'ContentDeletionFailed', message });
  }
  if (resources.size > 0) {
    const list = [...resources].map(([name, count]) => `${dotted(name)} has ${count} resource instances`).toSorted();
    const message = `Some resources are remaining: ${list.join(', ')}`;
    found.set('NamespaceContentRemaining', { reason: 'SomeResourcesRemain', message });
  }
  if (finalizers.size > 0) {
    const list = [...finalizers].map(([name, count]) => `${name} in ${count} resource instances`).toSorted();
    const message = `Some content in the namespace has finalizers remaining: ${list.join(', ')}`;
    found.set('NamespaceFinalizersRemaining', { reason: 'SomeFinalizersRemain', message });
  }
  return found;
}

export function namespaceConditions(namespace: Namespace, remains: Remains, clock: Clock) {
  const found = problems(remains);
  let conditions = namespace.status?.conditions ?? [];
  for (const [type, fineReason, fineMessage] of FINE) {
    const problem = found.get(type);
    const next = {
      type,
      status: problem ? 'True' : 'False',
      reason: problem?.reason ?? fineReason,
      message: problem?.message ?? fineMessage,
      lastTransitionTime: timestamp(clock),
    };
    const current = conditionOf(conditions, type);
    const same = current?.status === next.status && current.reason === next.reason && current.message === next.message;
    if (!same) conditions = withConditionInPlace(conditions, next);
  }
  return { conditions };
}
