/** Whether a learner did anything to a cluster, told from its state before and after. */
import type { ClusterState } from '#grader/types.ts';

type Item = ClusterState['resources'][string][number];

/** What the cluster itself writes all the time. */
const ITS_OWN = new Set([
  'events',
  'events.events.k8s.io',
  'leases.coordination.k8s.io',
  'endpoints',
  'endpointslices.discovery.k8s.io',
]);

/** Whether an object that nobody but a person makes has come, gone or changed in what a person writes. */
export function wasAttempted(before: ClusterState, now: ClusterState): boolean {
  const resources = new Set([...Object.keys(before.resources), ...Object.keys(now.resources)]);
  return [...resources].some((resource) => {
    if (ITS_OWN.has(resource)) return false;
    const was = written(before.resources[resource]);
    const is = written(now.resources[resource]);
    return was.size !== is.size || [...is].some(([key, text]) => was.get(key) !== text);
  });
}

/** Objects without an owner, by identity, as text without what controllers write. */
function written(items: readonly Item[] | undefined): Map<string, string> {
  return new Map(
    (items ?? [])
      .filter(({ metadata }) => (metadata.ownerReferences ?? []).length === 0)
      .map((item) => {
        const { name, namespace = '', uid = '', labels, annotations, deletionTimestamp } = item.metadata;
        const { status: _status, metadata: _metadata, ...rest } = item as Item & { status?: unknown };
        const own = Object.entries(annotations ?? {}).filter(([key]) => !key.startsWith('deployment.kubernetes.io/'));
        return [`${namespace}/${name}/${uid}`, JSON.stringify([labels, own, deletionTimestamp !== undefined, rest])];
      }),
  );
}
