/** Which waiting pods a change gives a new chance. */
import { equal } from '../api/merge.ts';
import { isTerminal } from '../api/pods.ts';
import { findUntolerated } from '../api/taints.ts';
import type { KubeObject, Node, Pod } from '../api/types.ts';
import { namespacedKey, type Change, type Controller, type ControllerContext } from '../controllers/controller.ts';
import type { Reader } from '../store/client.ts';
import { priorityOf, taintsOf, tolerationsOf } from './framework.ts';
import { nodeAffinityMatches } from './plugins/node-affinity.ts';
import { allocatableOf, requestsOf } from './requests.ts';
import { claimNamesOf } from './volumes.ts';

export const SCHEDULER_NAME = 'default-scheduler';

/** Waits for this scheduler to find it a node. */
export const isWaiting = (pod: Pod): boolean =>
  !pod.spec?.nodeName &&
  (pod.spec?.schedulerName ?? SCHEDULER_NAME) === SCHEDULER_NAME &&
  (pod.spec?.schedulingGates ?? []).length === 0 &&
  !isTerminal(pod) &&
  !pod.metadata.deletionTimestamp;

/** Higher priority first, then the one that waits longer. */
const byPriority = (a: Pod, b: Pod) =>
  priorityOf(b) - priorityOf(a) ||
  Date.parse(a.metadata.creationTimestamp ?? '') - Date.parse(b.metadata.creationTimestamp ?? '');

const waitingKeys = (reader: Reader, wanted: (pod: Pod) => boolean = () => true): string[] =>
  reader
    .list<Pod>('pods')
    .filter((pod) => isWaiting(pod) && wanted(pod))
    .toSorted(byPriority)
    .map(namespacedKey);

const usesClaims = (pod: Pod) => claimNamesOf(pod).length > 0;
const looksAtPods = ({ spec }: Pod) =>
  spec?.affinity?.podAffinity !== undefined ||
  spec?.affinity?.podAntiAffinity !== undefined ||
  (spec?.topologySpreadConstraints ?? []).length > 0;

const sameLabels = (a: KubeObject, b: KubeObject) => equal(a.metadata.labels ?? {}, b.metadata.labels ?? {});

function podChanged({ type, object, old }: Change, { client }: ControllerContext): readonly string[] {
  const pod = object as Pod;
  const before = old && (old as Pod);
  const gone = type === 'DELETED' || isTerminal(pod);
  if (!pod.spec?.nodeName) {
    // a promise of room that is withdrawn is room for others
    if (before?.status?.nominatedNodeName && (gone || !pod.status?.nominatedNodeName)) return waitingKeys(client);
    if (!isWaiting(pod) || gone) return [];
    return type === 'ADDED' || !before || !equal(before.spec, pod.spec) || !sameLabels(before, pod)
      ? [namespacedKey(pod)]
      : [];
  }
  if (gone) return before && isTerminal(before) ? [] : waitingKeys(client);
  if (!before) return [];
  const moved = before.spec?.nodeName !== pod.spec.nodeName || !sameLabels(before, pod);
  if (moved) return waitingKeys(client, looksAtPods);
  return equal(before.spec, pod.spec) ? [] : waitingKeys(client);
}

const untolerated = (node: Node, pod: Pod) =>
  findUntolerated(taintsOf(node), tolerationsOf(pod), ['NoSchedule', 'NoExecute']) !== undefined;

/** Whether the node may take the pod now and would not before. Only what became better counts. */
function helps(pod: Pod, before: Node, node: Node): boolean {
  if (before.spec?.unschedulable && !node.spec?.unschedulable) return true;
  if (untolerated(before, pod) && !untolerated(node, pod)) return true;
  if (!nodeAffinityMatches(pod, before) && nodeAffinityMatches(pod, node)) return true;
  const had = allocatableOf(before);
  const wanted = Object.keys(requestsOf(pod)).concat('pods');
  if (wanted.some((name) => (allocatableOf(node)[name] ?? 0) > (had[name] ?? 0))) return true;
  // topologies are labels
  return !sameLabels(before, node) && (looksAtPods(pod) || usesClaims(pod));
}

function nodeChanged({ type, object, old }: Change, { client }: ControllerContext): readonly string[] {
  if (type === 'DELETED') return [];
  const node: Node = object;
  const before: Node | undefined = old;
  if (!before) return waitingKeys(client);
  // a heartbeat changes nothing that matters here
  if (
    equal(before.spec, node.spec) &&
    sameLabels(before, node) &&
    equal(before.status?.allocatable, node.status?.allocatable)
  ) {
    return [];
  }
  return waitingKeys(client, (pod) => helps(pod, before, node));
}

function claimChanged({ object }: Change, { client }: ControllerContext): readonly string[] {
  const { name, namespace } = object.metadata;
  return waitingKeys(
    client,
    (pod) => pod.metadata.namespace === namespace && claimNamesOf(pod).some((claim) => claim.name === name),
  );
}

const storageChanged = ({ type }: Change, { client }: ControllerContext): readonly string[] =>
  type === 'DELETED' ? [] : waitingKeys(client, usesClaims);

export const watches: Controller['watches'] = {
  pods: podChanged,
  nodes: nodeChanged,
  persistentvolumeclaims: claimChanged,
  persistentvolumes: storageChanged,
  'storageclasses.storage.k8s.io': storageChanged,
};
