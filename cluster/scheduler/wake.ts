/** Which waiting pods a change gives a new chance. */
import { equal } from '../api/merge.ts';
import { isTerminal } from '../api/pods.ts';
import { findUntolerated } from '../api/taints.ts';
import type { KubeObject, Node, Pod } from '../api/types.ts';
import {
  namespacedKey,
  splitKey,
  type Change,
  type Controller,
  type ControllerContext,
} from '../controllers/controller.ts';
import { priorityOf, taintsOf, tolerationsOf } from './framework.ts';
import { waitingPods } from './memory.ts';
import { nodeAffinityMatches } from './plugins/node-affinity.ts';
import { isSchedulerPod, noteSchedulerPod } from './schedulers.ts';
import { allocatableOf, requestsOf } from '../api/requests.ts';
import { claimNamesOf } from './volumes.ts';

/** Waits for its scheduler to find it a node. */
export const isWaiting = (pod: Pod): boolean =>
  !pod.spec?.nodeName &&
  (pod.spec?.schedulingGates ?? []).length === 0 &&
  !isTerminal(pod) &&
  !pod.metadata.deletionTimestamp;

/** Higher priority first, then the one that waits longer. */
export const byPriority = (a: Pod, b: Pod) =>
  priorityOf(b) - priorityOf(a) ||
  Date.parse(a.metadata.creationTimestamp ?? '') - Date.parse(b.metadata.creationTimestamp ?? '');

/** Plugins whose verdict may change when a pod goes, when pods come or change, and when volumes and claims change. */
const ROOM = ['NodeResourcesFit', 'NodePorts', 'InterPodAffinity', 'PodTopologySpread', 'VolumeRestrictions'];
const NEIGHBOURS = ['InterPodAffinity', 'PodTopologySpread'];
const STORAGE = ['VolumeBinding', 'VolumeZone'];
const NEW_CLAIM = [...STORAGE, 'VolumeRestrictions'];
const LABELS = [...NEIGHBOURS, 'VolumeBinding', 'VolumeZone'];

type Wanted = (pod: Pod, rejectedBy: (plugins: readonly string[]) => boolean) => boolean;

/** Of pods that were tried before: one that was not stands in the queue already. */
function waitingKeys(context: ControllerContext, wanted: Wanted): string[] {
  const waiting = waitingPods(context);
  return [...waiting.keys()]
    .sort()
    .flatMap((key) => {
      const { namespace, name } = splitKey(key);
      const pod = context.client.get<Pod>('pods', namespace, name);
      if (!pod || !isWaiting(pod)) return [];
      const names = waiting.get(key)?.rejectedBy;
      return wanted(pod, (plugins) => names === undefined || plugins.some((one) => names.has(one))) ? [pod] : [];
    })
    .toSorted(byPriority)
    .map(namespacedKey);
}

const allWaiting = ({ client }: ControllerContext): readonly string[] =>
  client.list<Pod>('pods').filter(isWaiting).toSorted(byPriority).map(namespacedKey);

const sameLabels = (a: KubeObject, b: KubeObject) => equal(a.metadata.labels ?? {}, b.metadata.labels ?? {});

function podChanged({ type, object, old }: Change, context: ControllerContext): readonly string[] {
  const pod: Pod = object;
  const before: Pod | undefined = old;
  const gone = type === 'DELETED' || isTerminal(pod);
  if (isSchedulerPod(pod)) {
    noteSchedulerPod(pod, type === 'DELETED', context);
    // when it starts it sees all pods for the first time; when it ends there is nobody to look
    if (before && !equal(before.status?.containerStatuses, pod.status?.containerStatuses)) return allWaiting(context);
  }
  const room = () => waitingKeys(context, (_, rejectedBy) => rejectedBy(ROOM));
  if (!pod.spec?.nodeName) {
    // a promise of room that is withdrawn is room for others
    if (before?.status?.nominatedNodeName && (gone || !pod.status?.nominatedNodeName)) return room();
    if (!isWaiting(pod) || gone) return [];
    return type === 'ADDED' || !before || !equal(before.spec, pod.spec) || !sameLabels(before, pod)
      ? [namespacedKey(pod)]
      : [];
  }
  if (gone) return before && isTerminal(before) ? [] : room();
  if (!before) return [];
  const moved = before.spec?.nodeName !== pod.spec.nodeName || !sameLabels(before, pod);
  if (moved) return waitingKeys(context, (_, rejectedBy) => rejectedBy(NEIGHBOURS));
  return equal(before.spec, pod.spec) ? [] : room();
}

const untolerated = (node: Node, pod: Pod) =>
  findUntolerated(taintsOf(node), tolerationsOf(pod), ['NoSchedule', 'NoExecute']) !== undefined;

/** Whether what stood in the pod's way on this node is gone. Only what became better counts. */
function helps(before: Node, node: Node): Wanted {
  const relabelled = !sameLabels(before, node);
  return (pod, rejectedBy) => {
    if (before.spec?.unschedulable && !node.spec?.unschedulable && rejectedBy(['NodeUnschedulable'])) return true;
    if (untolerated(before, pod) && !untolerated(node, pod) && rejectedBy(['TaintToleration'])) return true;
    const fitsNow = relabelled && !nodeAffinityMatches(pod, before) && nodeAffinityMatches(pod, node);
    if (fitsNow && rejectedBy(['NodeAffinity'])) return true;
    const had = allocatableOf(before);
    const wanted = Object.keys(requestsOf(pod)).concat('pods');
    const grown = wanted.some((name) => (allocatableOf(node)[name] ?? 0) > (had[name] ?? 0));
    // topologies are labels
    return (grown && rejectedBy(['NodeResourcesFit'])) || (relabelled && rejectedBy(LABELS));
  };
}

function nodeChanged({ type, object, old }: Change, context: ControllerContext): readonly string[] {
  if (type === 'DELETED') return [];
  const node: Node = object;
  const before: Node | undefined = old;
  if (!before) return waitingKeys(context, () => true);
  // a heartbeat changes nothing that matters here
  const same =
    equal(before.spec, node.spec) &&
    sameLabels(before, node) &&
    equal(before.status?.allocatable, node.status?.allocatable);
  return same ? [] : waitingKeys(context, helps(before, node));
}

/** A pod whose volumes are being bound waits for exactly this. */
const waitsForStorage: Wanted = (pod, rejectedBy) => claimNamesOf(pod).length > 0 && rejectedBy(STORAGE);

function claimChanged({ type, object }: Change, context: ControllerContext): readonly string[] {
  if (type === 'DELETED') return [];
  const { name, namespace } = object.metadata;
  return waitingKeys(
    context,
    (pod, rejectedBy) =>
      rejectedBy(type === 'ADDED' ? NEW_CLAIM : STORAGE) &&
      pod.metadata.namespace === namespace &&
      claimNamesOf(pod).some((claim) => claim.name === name),
  );
}

const storageChanged = ({ type }: Change, context: ControllerContext): readonly string[] =>
  type === 'DELETED' ? [] : waitingKeys(context, waitsForStorage);

const claimedResource = ({ type }: Change, context: ControllerContext): readonly string[] =>
  type === 'DELETED' ? [] : waitingKeys(context, (_, rejectedBy) => rejectedBy(['DynamicResources']));

export const watches: Controller['watches'] = {
  pods: podChanged,
  nodes: nodeChanged,
  persistentvolumeclaims: claimChanged,
  persistentvolumes: storageChanged,
  'storageclasses.storage.k8s.io': storageChanged,
  'resourceclaims.resource.k8s.io': claimedResource,
  'deviceclasses.resource.k8s.io': claimedResource,
};
