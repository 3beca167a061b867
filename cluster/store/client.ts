/**
 * How everything inside the cluster (admission, controllers, scheduler, kubelet) reads and writes objects. Reads come
 * straight from the store; writes walk the same road as a request from outside: admission, defaults, validation, store.
 */
import type { KubeObject, Pod } from '../api/types.ts';

/** A resource by its full name, as in `kubectl api-resources`: `pods`, `deployments.apps`, `roles.rbac.authorization.k8s.io`. */
export type ResourceName = string;

export interface Reader {
  /** The stored object, frozen, or undefined. `namespace` is '' for cluster-scoped resources. */
  get<T extends KubeObject>(resource: ResourceName, namespace: string, name: string): T | undefined;
  /** All objects in key order (namespace, then name), frozen. Without a namespace, or with '': all namespaces. */
  list<T extends KubeObject>(resource: ResourceName, namespace?: string): readonly T[];
  /** All pods with this spec.nodeName, in key order, without a look at the others. Absent: the reader keeps no such index (see podsOn). */
  podsOn?(node: string): readonly Pod[];
  /** All pods that have no node but are promised one, in key order. Absent: see promisedPods. */
  promisedPods?(): readonly Pod[];
}

/** All pods with this spec.nodeName, in key order. */
export const podsOn = (reader: Reader, node: string): readonly Pod[] =>
  reader.podsOn?.(node) ?? reader.list<Pod>('pods').filter(({ spec }) => spec?.nodeName === node);

/** All pods that have no node but are promised one, in key order. */
export const promisedPods = (reader: Reader): readonly Pod[] =>
  reader.promisedPods?.() ??
  reader.list<Pod>('pods').filter(({ spec, status }) => !spec?.nodeName && status?.nominatedNodeName);

/** The store itself, past all rules: for what is in no API, and for who looks at all there is. */
export interface Keep extends Reader {
  /** Counts every change. */
  readonly revision: number;
  /** Names of the resources that have objects. */
  resources(): readonly ResourceName[];
  /** Stores the object as it is. */
  put(resource: ResourceName, object: KubeObject): KubeObject;
}

export interface DeleteOptions {
  gracePeriodSeconds?: number;
  propagationPolicy?: 'Orphan' | 'Background' | 'Foreground';
  /** Deprecated for propagationPolicy, and still obeyed. */
  orphanDependents?: boolean;
  preconditions?: { uid?: string; resourceVersion?: string };
  dryRun?: string[];
}

/** Acts for one of the cluster's own components, as `user` (for example system:serviceaccount:kube-system:replicaset-controller). */
export interface Client extends Reader {
  /** @throws StatusError when refused. Returns the object as stored (frozen). */
  create<T extends KubeObject>(resource: ResourceName, object: T): T;
  /** Replaces all but the status. A resourceVersion in the object must match. @throws StatusError */
  update<T extends KubeObject>(resource: ResourceName, object: T): T;
  /** Replaces the status only. Writing what is already there changes nothing and wakes nobody. @throws StatusError */
  updateStatus<T extends KubeObject>(resource: ResourceName, object: T): T;
  /** Replaces through another subresource: `finalize` of namespaces. @throws StatusError */
  updateSubresource<T extends KubeObject>(resource: ResourceName, subresource: string, object: T): T;
  /** Creates a subresource: `binding` and `eviction` of pods. @throws StatusError */
  createSubresource(
    resource: ResourceName,
    namespace: string,
    name: string,
    subresource: string,
    body: KubeObject,
  ): void;
  /** An object that is not there counts as deleted. @throws StatusError for other refusals */
  delete(resource: ResourceName, namespace: string, name: string, options?: DeleteOptions): void;
  /** Deletes what a namespace has of it, in key order, up to the first that is refused. @throws StatusError */
  deleteCollection(resource: ResourceName, namespace: string, options?: DeleteOptions): void;
}

export interface EventRecord {
  /** The object the event is about. */
  regarding: KubeObject;
  type: 'Normal' | 'Warning';
  reason: string;
  message: string;
  /** Path inside the object, as the kubelet names containers: `spec.containers{nginx}`. */
  fieldPath?: string;
  /** For events.k8s.io style recorders (the scheduler): the `action`; sets reportingComponent and eventTime as those do. */
  action?: string;
}

/** Writes Events, counting repeats as client-go's correlator does. */
export interface EventRecorder {
  /** `component` is the source: `kubelet` (with the host), `default-scheduler`, `deployment-controller`, ... */
  event(component: string, record: EventRecord, host?: string): void;
}

export interface Clock {
  /** Milliseconds since 1970, UTC. */
  now(): number;
}

/** Seeded. */
export interface Random {
  /** A number in [0, 1). */
  next(): number;
  /** Five characters (or `length`) of Kubernetes' alphabet for generated names. */
  suffix(length?: number): string;
  uuid(): string;
}
