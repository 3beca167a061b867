/** What a solution did to the cluster: objects that the learner made, changed or deleted, without what the cluster made of it. */
import type { KubeObject } from '#cluster/api/types.ts';
import type { ClusterState } from '#grader/types.ts';
import { same } from './places.ts';

export interface ObjectChange {
  resource: string;
  /** As it is without the solution; undefined: it was made. */
  was: KubeObject | undefined;
  /** undefined: it was deleted. */
  is: KubeObject | undefined;
}

/** Resources of which the cluster alone keeps the objects. */
const CLUSTERS_OWN: ReadonlySet<string> = new Set([
  'events',
  'events.events.k8s.io',
  'endpoints',
  'endpointslices.discovery.k8s.io',
  'leases.coordination.k8s.io',
  'controllerrevisions.apps',
  'volumeattachments.storage.k8s.io',
  'csinodes.storage.k8s.io',
  'podmetrics.metrics.k8s.io',
]);

/** Components of the cluster: what only they wrote is a consequence. */
const COMPONENT = /^(kube-|kubelet$|kubeadm$|system:|cloud-|csi-|.*-controller$|.*-provisioner$|etcd|coredns)/;

/** Parts of the metadata that people write; the rest is the server's. */
const WRITTEN_METADATA = ['labels', 'annotations', 'finalizers', 'ownerReferences'] as const;
/** Annotations and labels that tools and controllers keep for themselves. */
const KEPT_BY_TOOLS = [
  'kubectl.kubernetes.io/last-applied-configuration',
  'kubectl.kubernetes.io/restartedAt',
  'deployment.kubernetes.io/revision',
  'kubernetes.io/change-cause',
  'kubernetes.io/metadata.name',
  'pv.kubernetes.io/bind-completed',
  'pv.kubernetes.io/bound-by-controller',
  'volume.kubernetes.io/selected-node',
  'volume.kubernetes.io/storage-provisioner',
  'volume.beta.kubernetes.io/storage-provisioner',
  'deprecated.daemonset.template.generation',
  'node.kubernetes.io/unschedulable',
];
/** Fields that the server and its controllers fill in. */
const FILLED_IN: Readonly<Record<string, readonly string[]>> = {
  services: ['clusterIP', 'clusterIPs', 'ipFamilies', 'ipFamilyPolicy', 'healthCheckNodePort'],
  pods: ['nodeName', 'tolerations', 'serviceAccount', 'priority', 'preemptionPolicy'],
  persistentvolumes: ['claimRef'],
  namespaces: ['finalizers'],
  certificatesigningrequests: ['username', 'groups', 'extra', 'uid'],
};

/** What people write of an object, to be compared and altered. */
export function written(resource: string, object: KubeObject): Record<string, unknown> {
  const { apiVersion: _version, kind: _kind, metadata, ...rest } = object as KubeObject & Record<string, unknown>;
  const fields = { ...rest };
  delete fields['status'];
  const meta: Record<string, unknown> = {};
  for (const field of WRITTEN_METADATA) {
    if (field === 'finalizers' || field === 'ownerReferences') continue;
    const entries = Object.entries(metadata[field] ?? {}).filter(([key]) => !KEPT_BY_TOOLS.includes(key));
    if (entries.length > 0) meta[field] = Object.fromEntries(entries);
  }
  const { spec } = fields as { spec?: Record<string, unknown> };
  if (spec) {
    const own = { ...spec };
    for (const field of FILLED_IN[resource.split('.')[0] ?? ''] ?? []) delete own[field];
    if (resource === 'nodes') own['taints'] = ownTaints(own['taints']);
    fields['spec'] = own;
  }
  return { metadata: meta, ...fields };
}

/** Taints that node controllers set by what they see. */
const ownTaints = (taints: unknown): unknown =>
  Array.isArray(taints)
    ? (taints as { key?: string }[]).filter(({ key = '' }) => !key.startsWith('node.kubernetes.io/'))
    : taints;

const keyOf = ({ metadata: { namespace = '', name } }: KubeObject): string => `${namespace}/${name}`;

/** What every namespace gets. */
const IN_EVERY_NAMESPACE: ReadonlySet<string> = new Set(['ConfigMap kube-root-ca.crt', 'ServiceAccount default']);

const isConsequence = ({ kind, metadata }: KubeObject): boolean =>
  IN_EVERY_NAMESPACE.has(`${kind ?? ''} ${metadata.name}`) ||
  (metadata.ownerReferences ?? []).some(({ controller }) => controller === true) ||
  (metadata.managedFields ?? []).every(({ manager = '' }) => COMPONENT.test(manager));

export function changesOf(idle: ClusterState, solved: ClusterState): ObjectChange[] {
  const changes: ObjectChange[] = [];
  for (const resource of new Set([...Object.keys(idle.resources), ...Object.keys(solved.resources)])) {
    if (CLUSTERS_OWN.has(resource)) continue;
    const before = new Map((idle.resources[resource] ?? []).map((object) => [keyOf(object), object]));
    const after = new Map((solved.resources[resource] ?? []).map((object) => [keyOf(object), object]));
    for (const [key, is] of after) {
      const was = before.get(key);
      if (is.metadata.deletionTimestamp !== undefined) continue;
      if (was === undefined ? isConsequence(is) : same(written(resource, was), written(resource, is))) continue;
      if (was !== undefined && isConsequence(is)) continue;
      changes.push({ resource, was, is });
    }
    for (const [key, was] of before) {
      const is = after.get(key);
      if ((is === undefined || is.metadata.deletionTimestamp !== undefined) && !isConsequence(was)) {
        changes.push({ resource, was, is: undefined });
      }
    }
  }
  const gone = new Set(
    changes.flatMap(({ resource, was, is }) => (resource === 'namespaces' && was && !is ? [was.metadata.name] : [])),
  );
  // what a namespace takes with it was not deleted by itself
  return changes.filter(
    ({ resource, was, is }) =>
      is !== undefined || resource === 'namespaces' || !gone.has(was?.metadata.namespace ?? ''),
  );
}
