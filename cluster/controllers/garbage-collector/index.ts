/** The garbage collector: removes what has lost its owners, and keeps owners until their dependents are gone or let go. */
import type { KubeObject } from '../../api/types.ts';
import type { ResourceName } from '../../store/client.ts';
import type { Again, Change, Controller, ControllerContext } from '../controller.ts';
import { resourceName } from '../../schema/resources.ts';
import { OWNABLE, dependentsOf, infoOf, ownerOf, type Dependent } from './owners.ts';

const FOREGROUND = 'foregroundDeletion';
const ORPHAN = 'orphan';

/** Keys: an object to look at, or the dependents of an owner that is gone. A uid has no `|`, nor has any name. */
const objectKey = (resource: ResourceName, object: KubeObject) =>
  `object|${resource}|${object.metadata.namespace ?? ''}|${object.metadata.name}`;
const goneKey = (object: KubeObject) => `gone|${object.metadata.uid ?? ''}|${object.metadata.namespace ?? ''}`;

const has = (object: KubeObject, finalizer: string): boolean =>
  object.metadata.finalizers?.includes(finalizer) === true;
const isWaiting = (object: KubeObject): boolean =>
  object.metadata.deletionTimestamp !== undefined && has(object, FOREGROUND);

function wakes(resource: ResourceName, { type, object, old }: Change, { client }: ControllerContext): string[] {
  const references = object.metadata.ownerReferences ?? [];
  if (type === 'DELETED') {
    const owners = references.flatMap((reference) => {
      const info = infoOf(client, reference);
      if (info === undefined) return [];
      const namespace = info.namespaced ? (object.metadata.namespace ?? '') : '';
      return [`object|${resourceName(info)}|${namespace}|${reference.name}`];
    });
    return [goneKey(object), ...owners];
  }
  const meta = object.metadata;
  const changed =
    type === 'ADDED' ||
    meta.ownerReferences !== old?.metadata.ownerReferences ||
    meta.deletionTimestamp !== old?.metadata.deletionTimestamp ||
    meta.finalizers !== old?.metadata.finalizers;
  if (!changed) return [];
  const leaving = meta.deletionTimestamp !== undefined && (has(object, FOREGROUND) || has(object, ORPHAN));
  return references.length > 0 || leaving ? [objectKey(resource, object)] : [];
}

export const garbageCollector: Controller = {
  name: 'garbage-collector-controller',
  user: 'system:serviceaccount:kube-system:generic-garbage-collector',
  watches: Object.fromEntries(
    OWNABLE.map((resource) => [
      resource,
      (change: Change, context: ControllerContext) => wakes(resource, change, context),
    ]),
  ),
  watchesCustom: wakes,
  reconcile(key, context) {
    const [what, first = '', second = '', name = ''] = key.split('|');
    if (what === 'gone') {
      for (const dependent of dependentsOf(context.client, first, second)) collect(context, dependent);
      return;
    }
    const object = context.client.get(first, second, name);
    if (object !== undefined) look(context, first, object);
  },
};

function look(context: ControllerContext, resource: ResourceName, object: KubeObject): Again {
  const { client } = context;
  if (object.metadata.deletionTimestamp !== undefined) {
    const { uid = '', namespace = '' } = object.metadata;
    if (has(object, ORPHAN)) {
      for (const dependent of dependentsOf(client, uid, namespace)) dropOwners(context, dependent, new Set([uid]));
      dropFinalizer(context, resource, object, ORPHAN);
      return;
    }
    if (!has(object, FOREGROUND)) return;
    // all of them go now; only those that block it does the owner wait for
    const dependents = dependentsOf(client, uid, namespace);
    if (!dependents.some(({ blocks }) => blocks)) dropFinalizer(context, resource, object, FOREGROUND);
    for (const dependent of dependents) collect(context, dependent);
    return;
  }
  warnOfForeigners(context, object);
  collect(context, { resource, object, blocks: false });
}

/** An owner in another namespace owns nothing: that is told before the object goes. */
function warnOfForeigners({ client, events }: ControllerContext, object: KubeObject): void {
  const { ownerReferences = [], namespace = '' } = object.metadata;
  for (const reference of ownerReferences) {
    const { apiVersion, kind, name, uid } = reference;
    const info = infoOf(client, reference);
    if (info === undefined || !info.namespaced || typeof ownerOf(client, object, reference) === 'object') continue;
    const owner = client.list<KubeObject>(resourceName(info)).find(({ metadata }) => metadata.uid === uid);
    if (owner === undefined || owner.metadata.namespace === namespace) continue;
    events.event('garbage-collector-controller', {
      regarding: object,
      type: 'Warning',
      reason: 'OwnerRefInvalidNamespace',
      message: `ownerRef [${apiVersion}/${kind}, namespace: ${namespace}, name: ${name}, uid: ${uid}] does not exist in namespace ${JSON.stringify(namespace)}`,
    });
  }
}

/** Removes the object unless an owner of it is there to stay; of several owners, those that go are dropped. */
function collect(context: ControllerContext, { resource, object }: Dependent): void {
  const { client } = context;
  if (object.metadata.deletionTimestamp !== undefined) return;
  const references = object.metadata.ownerReferences ?? [];
  if (references.length === 0) return;
  const going = new Set<string>();
  let waiting = false;
  let solid = false;
  for (const reference of references) {
    const owner = ownerOf(client, object, reference);
    if (owner === 'unknown') return;
    if (owner === 'absent') going.add(reference.uid);
    else if (isWaiting(owner)) {
      going.add(reference.uid);
      waiting = true;
    } else solid = true;
  }
  if (solid) {
    if (going.size > 0) dropOwners(context, { resource, object, blocks: false }, going);
    return;
  }
  const { uid = '', namespace = '', name } = object.metadata;
  const own = waiting || has(object, FOREGROUND) ? dependentsOf(client, uid, namespace) : [];
  const foreground = has(object, FOREGROUND) || (waiting && own.length > 0);
  client.delete(resource, namespace, name, {
    propagationPolicy: has(object, ORPHAN) ? 'Orphan' : foreground ? 'Foreground' : 'Background',
    preconditions: { uid },
  });
}

function dropOwners({ client }: ControllerContext, { resource, object }: Dependent, uids: ReadonlySet<string>): void {
  const { ownerReferences, ...metadata } = object.metadata;
  const kept = (ownerReferences ?? []).filter((reference) => !uids.has(reference.uid));
  client.update(resource, {
    ...object,
    metadata: kept.length === 0 ? metadata : { ...metadata, ownerReferences: kept },
  });
}

function dropFinalizer(
  { client }: ControllerContext,
  resource: ResourceName,
  object: KubeObject,
  finalizer: string,
): void {
  const current = client.get(resource, object.metadata.namespace ?? '', object.metadata.name);
  if (current === undefined) return;
  const { finalizers, ...metadata } = current.metadata;
  const kept = (finalizers ?? []).filter((one) => one !== finalizer);
  client.update(resource, { ...current, metadata: kept.length === 0 ? metadata : { ...metadata, finalizers: kept } });
}
