/** StatefulSets: pods with names and claims of their own, made, changed and removed in order. */
import { isPodReady } from '../../api/pods.ts';
import { equal } from '../../api/merge.ts';
import { StatusError } from '../../api/status.ts';
import type { ControllerRevision, Pod, StatefulSet } from '../../api/types.ts';
import { claim, ownerKeys } from '../claim.ts';
import { omitEmpty } from '../conditions.ts';
import type { Again, Controller, ControllerContext } from '../controller.ts';
import { namespacedKey, splitKey } from '../controller.ts';
import { isAvailable, untilAvailable } from '../owned-pods.ts';
import { slowStart } from '../pod-control.ts';
import { ownedRevisions, syncRevisions, trimRevisions, type RevisionNames } from '../revisions.ts';
import { revisionHash } from '../template-hash.ts';
import { firstOrdinal, isInRange, newPod, ordinalOf, revisionNameOf } from './identity.ts';
import { correctPod, createClaims, createPod, deletePod, hasStaleClaim, retainClaims } from './pod-control.ts';

const RESOURCE = 'statefulsets.apps';
const NAMES: RevisionNames<StatefulSet> = {
  label: 'controller.kubernetes.io/hash',
  hashOf: ({ status }, data) => revisionHash(data, status?.collisionCount ?? 0),
};

const owners = ownerKeys<StatefulSet>({
  resource: RESOURCE,
  kind: 'StatefulSet',
  selectorOf: (owner) => owner.spec?.selector,
});

export const statefulset: Controller = {
  name: 'statefulset-controller',
  watches: { [RESOURCE]: ({ object }) => [namespacedKey(object)], pods: owners },
  reconcile(key, context): Again {
    const { client, clock } = context;
    const { namespace, name } = splitKey(key);
    const set = client.get<StatefulSet>(RESOURCE, namespace, name);
    if (set === undefined) return;
    const candidates = client.list<Pod>('pods', namespace).filter((pod) => ordinalOf(set, pod) >= 0);
    const pods = claim(context, 'pods', set, set.spec?.selector, candidates);
    // one that leaves its pods behind would record its template once more; the collector takes that away with it
    const leaves = set.metadata.deletionTimestamp !== undefined && set.metadata.finalizers?.includes('orphan');
    if (leaves && ownedRevisions(context, set).length === 0) return;
    const { current: update, old } = syncRevisions(context, set, NAMES, () => {
      const status = { replicas: 0, ...set.status, collisionCount: (set.status?.collisionCount ?? 0) + 1 };
      client.updateStatus<StatefulSet>(RESOURCE, { ...set, status });
    });
    const current = old.find((revision) => revision.metadata.name === set.status?.currentRevision) ?? update;
    const pass: Pass = { context, set, current, update, now: clock.now() };
    const failure = set.metadata.deletionTimestamp === undefined ? act(pass, pods) : undefined;
    writeStatus(pass);
    const live = new Set([current.metadata.name, update.metadata.name, ...pods.map(revisionNameOf)]);
    trimRevisions(context, set, ownedRevisions(context, set), ({ metadata }) => live.has(metadata.name));
    if (failure !== undefined) throw failure;
    const wait = untilAvailable(pods, set.spec?.minReadySeconds, clock.now());
    return wait === undefined ? undefined : { afterMs: wait };
  },
};

interface Pass {
  context: ControllerContext;
  set: StatefulSet;
  /** What pods that are not to be changed yet are made from. */
  current: ControllerRevision;
  /** The present template. */
  update: ControllerRevision;
  now: number;
}

const isTerminating = (pod: Pod) => pod.metadata.deletionTimestamp !== undefined;
const isUp = (pod: Pod) => pod.status?.phase === 'Running' && isPodReady(pod);
const isFine = ({ set, now }: Pass, pod: Pod) => isAvailable(pod, set.spec?.minReadySeconds, now);
const isOver = (pod: Pod) => pod.status?.phase === 'Failed' || pod.status?.phase === 'Succeeded';
const inOrder = (set: StatefulSet) => set.spec?.podManagementPolicy !== 'Parallel';

/** Returns the refusal that ended the pass. */
function act(pass: Pass, pods: readonly Pod[]): StatusError | undefined {
  try {
    return settle(pass, pods);
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
    return error;
  }
}

/** Calls `action` for each in turn until one says to stop; in parallel for ever more of them, until some are refused. @throws StatusError */
function forAll<T>(set: StatefulSet, items: readonly T[], action: (item: T) => boolean): boolean {
  if (inOrder(set)) return items.some(action);
  let next = 0;
  const failure = slowStart(items.length, () => {
    const item = items[next++];
    if (item !== undefined) action(item);
  });
  if (failure) throw failure;
  return false;
}

function settle(pass: Pass, pods: readonly Pod[]): undefined {
  const { set, context } = pass;
  const start = firstOrdinal(set);
  const byOrdinal = new Map(pods.map((pod) => [ordinalOf(set, pod), pod]));
  const places = Array.from({ length: set.spec?.replicas ?? 1 }, (_, position) => start + position);
  // in order, each waits for those before it to be up
  if (forAll(set, places, (ordinal) => !keepReplica(pass, byOrdinal.get(ordinal), ordinal))) return;
  const condemned = pods
    .filter((pod) => !isInRange(set, pod))
    .toSorted((a, b) => ordinalOf(set, b) - ordinalOf(set, a));
  for (const pod of condemned) retainClaims(context, set, pod);
  const firstUnfit = condemned.findLast((pod) => !isFine(pass, pod) || isTerminating(pod));
  if (forAll(set, condemned, (pod) => removeCondemned(pass, pod, firstUnfit))) return;
  if (set.spec?.updateStrategy?.type !== 'OnDelete') rollOn(pass, places, byOrdinal);
}

/** Whether the pod of this place is there and up. */
function keepReplica(pass: Pass, pod: Pod | undefined, ordinal: number): boolean {
  const { context, set } = pass;
  if (pod === undefined) {
    const made = newPod(set, revisionFor(pass, ordinal), ordinal);
    if (!hasStaleClaim(context, set, made)) createPod(context, set, made);
    return false;
  }
  if (isOver(pod)) {
    // its successor is made when it is gone
    if (!isTerminating(pod)) deletePod(context, set, pod);
    return false;
  }
  if (pod.status?.phase === 'Pending') {
    createClaims(context, set, pod);
    retainClaims(context, set, pod);
  }
  if (inOrder(set) && (isTerminating(pod) || !isUp(pod) || !isFine(pass, pod))) return false;
  correctPod(context, set, pod);
  return true;
}

/** Below the partition pods stay as they are. */
function revisionFor({ set, current, update }: Pass, ordinal: number): ControllerRevision {
  const strategy = set.spec?.updateStrategy;
  if (strategy?.type !== 'RollingUpdate') return update;
  const kept = strategy.rollingUpdate?.partition ?? set.status?.currentReplicas ?? 0;
  return ordinal < firstOrdinal(set) + kept ? current : update;
}

/** From the highest place down; of those that are not up only the lowest may go. Returns whether the pass ends here. */
function removeCondemned(pass: Pass, pod: Pod, firstUnfit: Pod | undefined): boolean {
  const { context, set } = pass;
  if (isTerminating(pod)) return true;
  if (inOrder(set) && (!isUp(pod) || !isFine(pass, pod)) && pod !== firstUnfit) return true;
  deletePod(context, set, pod);
  return true;
}

/** Removes the highest pod of an older revision; one that is not up holds those below it. */
function rollOn(pass: Pass, places: readonly number[], byOrdinal: ReadonlyMap<number, Pod>): void {
  const { context, set, update } = pass;
  const lowest = set.spec?.updateStrategy?.rollingUpdate?.partition ?? 0;
  for (const ordinal of places.slice(lowest).toReversed()) {
    const pod = byOrdinal.get(ordinal);
    // it has only just been made
    if (pod === undefined) return;
    if (revisionNameOf(pod) !== update.metadata.name && !isTerminating(pod)) {
      deletePod(context, set, pod);
      return;
    }
    if (!isFine(pass, pod) || isTerminating(pod)) return;
  }
}

function writeStatus(pass: Pass): void {
  const { context, set, current, update } = pass;
  const pods = context.client
    .list<Pod>('pods', set.metadata.namespace)
    .filter((pod) => pod.metadata.ownerReferences?.some((reference) => reference.uid === set.metadata.uid));
  const of = (revision: ControllerRevision) =>
    pods.filter((pod) => !isTerminating(pod) && revisionNameOf(pod) === revision.metadata.name).length;
  const counts = {
    replicas: pods.length,
    ready: pods.filter(isUp).length,
    available: pods.filter((pod) => isUp(pod) && isFine(pass, pod)).length,
    current: of(current),
    updated: of(update),
  };
  let currentRevision = current.metadata.name;
  const wanted = set.spec?.replicas ?? 1;
  const done = counts.updated === wanted && counts.ready === wanted && counts.replicas === wanted;
  if (done && set.spec?.updateStrategy?.type === 'RollingUpdate') {
    counts.current = counts.updated;
    currentRevision = update.metadata.name;
  }
  const status = {
    ...omitEmpty({
      observedGeneration: set.metadata.generation,
      readyReplicas: counts.ready,
      currentReplicas: counts.current,
      updatedReplicas: counts.updated,
    }),
    replicas: counts.replicas,
    availableReplicas: counts.available,
    currentRevision,
    updateRevision: update.metadata.name,
    collisionCount: set.status?.collisionCount ?? 0,
  };
  const stored = context.client.get<StatefulSet>(RESOURCE, set.metadata.namespace ?? '', set.metadata.name);
  if (stored === undefined || equal(stored.status, status)) return;
  context.client.updateStatus<StatefulSet>(RESOURCE, { ...stored, status });
}
