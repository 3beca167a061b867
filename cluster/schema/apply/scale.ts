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
  /** Milliseconds since 1970. */
  now: number;
}

const scaleWith = (replicas: number, managedFields: ManagedFields): KubeObject =>
  decodeAs({ metadata: { name: 'scale', uid: 'scale', managedFields }, spec: { replicas } }, SCALE, SCALE_GVK).object;

/**
 * The workload's managedFields. Updates are told apart by their version, and the Scale's is another one: so the entry that a
 * create left splits in two at the first write through scale, even when that changes nothing, and what comes back from the
 * Scale has no time. The real server's quirk; kubectl's "(no change)" depends on it.
 */
export function trackScale({ before, gvk, from, to, manager, now }: TrackScale): ManagedFields {
  const apiVersion = gvk.group === '' ? gvk.version : `${gvk.group}/${gvk.version}`;
  const owners: Managers = decodeManagers(before.metadata.managedFields) ?? new Map();
  const onScale: Managers = new Map();
  for (const owned of owners.values()) {
    if (!owned.set.has(REPLICAS)) continue;
    const seen = { ...owned, apiVersion: 'autoscaling/v1', set: ONLY_REPLICAS };
    onScale.set(identityOf(seen), seen);
  }
  const write = { schemaName: SCALE, gvk: SCALE_GVK, subresource: 'scale', manager, now };
  const entries = encodeManagers(onScale);
  const tracked = trackUpdate({ ...write, before: scaleWith(from, entries), after: scaleWith(to, entries) });
  const fromScale: Managers = decodeManagers(tracked) ?? new Map();
  for (const [identity, owned] of owners) {
    if (fromScale.delete(identity)) continue;
    const set = owned.set.difference(ONLY_REPLICAS);
    if (set.isEmpty()) owners.delete(identity);
    else owners.set(identity, { ...owned, set });
  }
  for (const [identity, owned] of fromScale) {
    if (owned.set.has(REPLICAS)) owners.set(identity, { ...owned, apiVersion, time: undefined, set: ONLY_REPLICAS });
  }
  return encodeManagers(owners);
}
