/**
 * Owners after a write through the scale subresource. The real server tracks it on a Scale, where 0 replicas are none: who
 * scales to 0 ends up owning nothing, and takes spec.replicas from everybody else.
 */
import type { KubeObject } from '../../api/types.ts';
import { decodeAs, type GroupVersionKind } from '../decode.ts';
import { FieldSet } from './field-set.ts';
import { trackUpdate } from './index.ts';
import { decodeManagers, encodeManagers, identityOf, type ManagedFields, type Managers } from './managers.ts';

const SCALE = 'io.k8s.api.autoscaling.v1.Scale';
const SCALE_GVK: GroupVersionKind = { group: 'autoscaling', version: 'v1', kind: 'Scale' };
const REPLICAS = ['f:spec', 'f:replicas'];
const ONLY_REPLICAS = FieldSet.of([REPLICAS]);

export interface TrackScale {
  /** The workload as stored. */
  before: KubeObject;
  gvk: GroupVersionKind;
  /** Replicas before and after. */
  from: number;
  to: number;
  manager: string;
  /** Where the workload has its replicas, when not in spec.replicas. */
  replicasPath?: readonly string[];
  /** Milliseconds since 1970. */
  now: number;
}

const scaleWith = (replicas: number, managedFields: ManagedFields): KubeObject =>
  decodeAs({ metadata: { name: 'scale', uid: 'scale', managedFields }, spec: { replicas } }, SCALE, SCALE_GVK).object;

const pathOf = (replicasPath: readonly string[] | undefined): readonly string[] =>
  replicasPath?.map((field) => `f:${field}`) ?? REPLICAS;

/** Who owns the replicas of a workload, as its Scale shows it. */
export function ownersOfScale(
  managedFields: ManagedFields | undefined,
  replicasPath?: readonly string[],
): ManagedFields {
  const own = pathOf(replicasPath);
  const onScale: Managers = new Map();
  for (const owned of decodeManagers(managedFields)?.values() ?? []) {
    if (!owned.set.has(own)) continue;
    const seen = { ...owned, apiVersion: 'autoscaling/v1', set: ONLY_REPLICAS };
    onScale.set(identityOf(seen), seen);
  }
  return encodeManagers(onScale);
}

/**
 * The workload's managedFields after a write that left `scale` on its Scale. Updates are told apart by their version, and the
 * Scale's is another one: so the entry that a create left splits in two at the first write through scale, even when that
 * changes nothing, and what comes back from the Scale has no time. The real server's quirk; kubectl's "(no change)" depends on it.
 */
export function ownersAfterScale(
  managedFields: ManagedFields | undefined,
  scale: ManagedFields | undefined,
  { group, version }: Pick<GroupVersionKind, 'group' | 'version'>,
  replicasPath?: readonly string[],
): ManagedFields {
  const own = pathOf(replicasPath);
  const onlyOwn = FieldSet.of([own]);
  const apiVersion = group === '' ? version : `${group}/${version}`;
  const owners: Managers = decodeManagers(managedFields) ?? new Map();
  const fromScale: Managers = decodeManagers(scale) ?? new Map();
  for (const [identity, owned] of owners) {
    if (!owned.set.has(own) || fromScale.delete(identity)) continue;
    const set = owned.set.difference(onlyOwn);
    if (set.isEmpty()) owners.delete(identity);
    else owners.set(identity, { ...owned, set });
  }
  for (const [identity, owned] of fromScale) {
    if (owned.set.has(REPLICAS)) owners.set(identity, { ...owned, apiVersion, time: undefined, set: onlyOwn });
  }
  return encodeManagers(owners);
}

/** The workload's managedFields after an update of its Scale. */
export function trackScale({ before, gvk, from, to, manager, now, replicasPath }: TrackScale): ManagedFields {
  const write = { schemaName: SCALE, gvk: SCALE_GVK, subresource: 'scale', manager, now };
  const entries = ownersOfScale(before.metadata.managedFields, replicasPath);
  const tracked = trackUpdate({ ...write, before: scaleWith(from, entries), after: scaleWith(to, entries) });
  return ownersAfterScale(before.metadata.managedFields, tracked, gvk, replicasPath);
}
