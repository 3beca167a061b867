/** DaemonSets: one pod on every node that fits. */
import { equal } from '../../api/merge.ts';
import { controllerOf, isPodReady } from '../../api/pods.ts';
import type { StatusError } from '../../api/status.ts';
import type { ControllerRevision, DaemonSet, Node, Pod } from '../../api/types.ts';
import { podsOn, type Reader } from '../../store/client.ts';
import { claim, ownerKeys, type OwnerKind } from '../claim.ts';
import { omitEmpty } from '../conditions.ts';
import type { Again, Change, Controller, ControllerContext } from '../controller.ts';
import { namespacedKey, splitKey } from '../controller.ts';
import { isAvailable, untilAvailable } from '../owned-pods.ts';
import { createPod, deletePod, podFromTemplate, slowStart } from '../pod-control.ts';
import { REVISION_HASH_LABEL, syncRevisions, trimRevisions, type RevisionNames } from '../revisions.ts';
import { templateHash } from '../template-hash.ts';
import { COMPONENT, byAge, manageSteps } from './manage.ts';
import { fits, isUpdated, targetNode, templateFor } from './nodes.ts';
import { rollingSteps, type Steps } from './rolling.ts';

const BURST = 250;
const OWNERS: OwnerKind<DaemonSet> = {
  resource: 'daemonsets.apps',
  kind: 'DaemonSet',
  selectorOf: (owner) => owner.spec?.selector,
};

export const daemonset: Controller = {
  name: 'daemonset-controller',
  watches: {
    'daemonsets.apps': ({ object }) => [namespacedKey(object)],
    'controllerrevisions.apps': ownerKeys(OWNERS),
    pods: ownerKeys(OWNERS),
    // of nodes that go nothing is heard: their pods will go, too
    nodes: (change, { client }) =>
      concernsDaemons(change)
        ? client
            .list<DaemonSet>('daemonsets.apps')
            .filter((set) => isMovedBy(set, change.object, client))
            .map(namespacedKey)
        : [],
  },
  reconcile,
};

/** Whether a pod is to be made or removed on the node, or one may belong there again. A taint that only keeps new pods away moves nothing. */
function isMovedBy(set: DaemonSet, node: Node, client: Reader): boolean {
  const { run, stay } = fits(set, node);
  const placed = podsOn(client, node.metadata.name).some((pod) => {
    const owner = controllerOf(pod);
    return owner?.kind === 'DaemonSet' && owner.name === set.metadata.name && isIn(pod, set);
  });
  return placed ? !stay || (set.status?.numberMisscheduled ?? 0) > 0 : run;
}
const isIn = (pod: Pod, set: DaemonSet): boolean => pod.metadata.namespace === set.metadata.namespace;

/** Heartbeats do not: only what selectors and taints look at. */
function concernsDaemons({ type, object, old }: Change): boolean {
  if (type === 'DELETED') return false;
  if (type !== 'MODIFIED' || old === undefined) return true;
  const [now, before] = [object as Node, old as Node];
  return !equal(now.metadata.labels, before.metadata.labels) || !equal(now.spec?.taints, before.spec?.taints);
}

const NAMES: RevisionNames<DaemonSet> = {
  label: REVISION_HASH_LABEL,
  hashOf: ({ spec, status }) => templateHash(spec?.template ?? {}, status?.collisionCount),
};

function reconcile(key: string, context: ControllerContext): Again {
  const { client, clock } = context;
  const { namespace, name } = splitKey(key);
  const set = client.get<DaemonSet>('daemonsets.apps', namespace, name);
  if (set === undefined) return;
  if (equal(set.spec?.selector, {})) {
    const message = 'This daemon set is selecting all pods. A non-empty selector is required.';
    context.events.event(COMPONENT, { regarding: set, type: 'Warning', reason: 'SelectingAll', message });
    return;
  }
  // Its revisions and pods may be gone in any order: there is no status to tell.
  if (set.metadata.deletionTimestamp !== undefined) return;
  const history = syncRevisions(context, set, NAMES, () => {
    const collisionCount = (set.status?.collisionCount ?? 0) + 1;
    client.updateStatus<DaemonSet>('daemonsets.apps', { ...set, status: { ...emptyStatus(set), collisionCount } });
  });
  const hash = history.current.metadata.labels?.[REVISION_HASH_LABEL] ?? '';
  const nodes = client.list<Node>('nodes');

  let podsByNode = ownedPods(context, set);
  const steps = manageSteps(context, set, nodes, podsByNode, hash);
  let failure = apply(context, set, hash, steps);
  if (failure === undefined && set.spec?.updateStrategy?.type === 'RollingUpdate') {
    podsByNode = ownedPods(context, set);
    failure = apply(context, set, hash, rollingSteps(set, nodes, podsByNode, hash, clock.now()));
  }
  podsByNode = ownedPods(context, set);
  if (failure === undefined) {
    const live = new Set([...podsByNode.values()].flat().map((pod) => pod.metadata.labels?.[REVISION_HASH_LABEL]));
    const isLive = ({ metadata }: ControllerRevision) => live.has(metadata.labels?.[REVISION_HASH_LABEL]);
    // those that pods still run are kept, but count towards the limit
    const kept = history.old.filter(isLive).length;
    trimRevisions(context, set, history.old, isLive, kept);
  }
  const status = statusOf(set, nodes, podsByNode, hash, clock.now());
  client.updateStatus<DaemonSet>('daemonsets.apps', { ...set, status });
  if (failure !== undefined) throw failure;
  const all = [...podsByNode.values()].flat();
  return soonest(steps.retryMs, untilAvailable(all, set.spec?.minReadySeconds, clock.now()));
}

function soonest(...waits: readonly (number | undefined)[]): Again {
  const known = waits.filter((wait) => wait !== undefined);
  return known.length === 0 ? undefined : { afterMs: Math.min(...known) };
}

/** Pods of the set by the node they are on or meant for, those on their way out included. */
function ownedPods(context: ControllerContext, set: DaemonSet): Map<string, Pod[]> {
  const pods = claim(
    context,
    'pods',
    set,
    set.spec?.selector,
    context.client.list<Pod>('pods', set.metadata.namespace),
  );
  const byNode = new Map<string, Pod[]>();
  for (const pod of pods) {
    // a finished pod that is being removed no longer takes the node's place
    const finished = pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed';
    if (finished && pod.metadata.deletionTimestamp !== undefined) continue;
    const node = targetNode(pod);
    if (node !== undefined) byNode.set(node, [...(byNode.get(node) ?? []), pod]);
  }
  return byNode;
}

function apply(context: ControllerContext, set: DaemonSet, hash: string, steps: Steps): StatusError | undefined {
  const waiting = steps.create.slice(0, BURST);
  const failure = slowStart(waiting.length, () => {
    const node = waiting.shift() ?? '';
    createPod(context, COMPONENT, set, podFromTemplate(templateFor(set, node, hash), set));
  });
  let refused: StatusError | undefined;
  for (const pod of steps.remove.slice(0, BURST)) {
    refused ??= slowStart(1, () => {
      deletePod(context, COMPONENT, set, pod);
    });
  }
  return failure ?? refused;
}

type Status = NonNullable<DaemonSet['status']>;
const emptyStatus = (set: DaemonSet): Status =>
  set.status ?? { currentNumberScheduled: 0, desiredNumberScheduled: 0, numberMisscheduled: 0, numberReady: 0 };

function statusOf(
  set: DaemonSet,
  nodes: readonly Node[],
  podsByNode: ReadonlyMap<string, readonly Pod[]>,
  hash: string,
  now: number,
): Status {
  const count = { desired: 0, current: 0, misscheduled: 0, ready: 0, available: 0, updated: 0 };
  for (const node of nodes) {
    const [oldest] = [...(podsByNode.get(node.metadata.name) ?? [])].toSorted(byAge);
    if (!fits(set, node).run) {
      if (oldest !== undefined) count.misscheduled++;
      continue;
    }
    count.desired++;
    if (oldest === undefined) continue;
    count.current++;
    if (isPodReady(oldest)) count.ready++;
    if (isAvailable(oldest, set.spec?.minReadySeconds, now)) count.available++;
    if (isUpdated(set, oldest, hash)) count.updated++;
  }
  return {
    ...omitEmpty({
      observedGeneration: set.metadata.generation,
      updatedNumberScheduled: count.updated,
      numberAvailable: count.available,
      numberUnavailable: count.desired - count.available,
    }),
    ...(set.status?.collisionCount === undefined ? {} : { collisionCount: set.status.collisionCount }),
    currentNumberScheduled: count.current,
    desiredNumberScheduled: count.desired,
    numberMisscheduled: count.misscheduled,
    numberReady: count.ready,
  };
}
