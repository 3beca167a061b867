/**
 * A loop that brings one kind of object closer to what it should be. Store changes become keys; `reconcile(key)` reads,
 * treats "gone" as done, decides, does at most one action, writes the status last, and is safe to run twice. Controllers
 * never import each other: they meet in the store. The scheduler and the kubelet are controllers too.
 */
import type { KubeObject } from '../api/types.ts';
import type { Client, Clock, EventRecorder, Random, ResourceName } from '../store/client.ts';

export interface ControllerContext {
  /** Acts as this controller's own user. */
  client: Client;
  events: EventRecorder;
  clock: Clock;
  random: Random;
}

export interface Change {
  type: 'ADDED' | 'MODIFIED' | 'DELETED';
  object: KubeObject;
  /** What was there before, for MODIFIED and DELETED. */
  old?: KubeObject;
}

/** Look at the key again after this time even if nothing changes; undefined: not before something changes. */
export type Again = { afterMs: number } | undefined | void;

export interface Controller {
  /** As the controller manager names it (`replicaset-controller`); also its ServiceAccount's name where there is one. */
  name: string;
  /** The user its requests come from. Default: system:serviceaccount:kube-system:<name>. */
  user?: string;
  /** Which keys a change of an object of that resource wakes. Keys are free text; `namespace/name` by custom. Must be cheap. */
  watches: Record<ResourceName, (change: Change, context: ControllerContext) => readonly string[]>;
  /** The same for custom resources, whichever there are. */
  watchesCustom?(resource: ResourceName, change: Change, context: ControllerContext): readonly string[];
  /** The order in which keys that wait are looked at. Default: that in which they came. */
  sorted?(keys: readonly string[], context: ControllerContext): readonly string[];
  /** @throws StatusError: the key is tried again after a backoff (5 ms doubling to 1000 s, as client-go's default limiter). */
  reconcile(key: string, context: ControllerContext): Again;
}

export const namespacedKey = (object: KubeObject): string =>
  `${object.metadata.namespace ?? ''}/${object.metadata.name}`;
export function splitKey(key: string): { namespace: string; name: string } {
  const slash = key.indexOf('/');
  return { namespace: key.slice(0, Math.max(slash, 0)), name: key.slice(slash + 1) };
}
