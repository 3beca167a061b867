/** Which waiting pods a change gives a new chance: those that were rejected by a plugin that sees hope in it. */
import { equal } from '../api/merge.ts';
import { isTerminal } from '../api/pods.ts';
import type { KubeObject, Node, Pod } from '../api/types.ts';
import {
  namespacedKey,
  splitKey,
  type Change,
  type Controller,
  type ControllerContext,
} from '../controllers/controller.ts';
import { DEFAULT_SCHEDULER } from './configuration/profiles.ts';
import { priorityOf, taintsOf, type Happening, type Hint, type Hints, type Plugin } from './framework.ts';
import { waitingPods } from './memory.ts';
import { isSchedulerPod, noteSchedulerPod, profileFor } from './schedulers.ts';
import { claimNamesOf } from './volumes.ts';

type Resource = Exclude<keyof Hints, 'hearsTaints'>;

/** Waits for its scheduler to find it a node. */
export const isWaiting = (pod: Pod): boolean =>
  !pod.spec?.nodeName &&
  (pod.spec?.schedulingGates ?? []).length === 0 &&
  !isTerminal(pod) &&
  !pod.metadata.deletionTimestamp;

/** Higher priority first, then the one that waits longer. */
export const byPriority = (a: Pod, b: Pod) => priorityOf(b) - priorityOf(a) || byAge(a, b);

function byAge({ metadata: { creationTimestamp: a = '' } }: Pod, { metadata: { creationTimestamp: b = '' } }: Pod) {
  return a === b ? 0 : Date.parse(a) - Date.parse(b);
}

/** The plugins that stood in a pod's way; undefined: what did is not known, and anything may help. */
function rejectorsOf(pod: Pod, key: string, context: ControllerContext): Plugin[] | undefined {
  const names = waitingPods(context).get(key)?.rejectedBy;
  const profile = profileFor(pod.spec?.schedulerName ?? DEFAULT_SCHEDULER, context);
  if (!names || !profile) return undefined;
  const plugins = new Set([...profile.preEnqueue, ...profile.preFilter, ...profile.filter]);
  return [...plugins].filter(({ name }) => names.has(name));
}

function hasOtherTaints({ before, after }: Happening<Node>): boolean {
  if (!before || !after) return false;
  const uncordoned = before.spec?.unschedulable === true && !after.spec?.unschedulable;
  return uncordoned || !equal(taintsOf(before), taintsOf(after));
}

function isWoken(pod: Pod, key: string, resource: Resource, happening: Happening, context: ControllerContext) {
  // it has its place, and only waits for its volumes
  if (waitingPods(context).get(key)?.bindingSince !== undefined) return false;
  const plugins = rejectorsOf(pod, key, context);
  const retainted = resource === 'nodes' && hasOtherTaints(happening);
  return (
    plugins === undefined ||
    // as the real queue does, for nodes that come with taints which then go
    (retainted && plugins.some(({ hints }) => hints?.nodes && !hints.hearsTaints)) ||
    // a plugin hears of objects of one resource under that resource's name
    plugins.some(({ hints }) => (hints?.[resource] as Hint | undefined)?.(pod, happening, context.client) ?? false)
  );
}

/** Of pods that were tried before: one that was not stands in the queue already. */
function woken(resource: Resource, happening: Happening, context: ControllerContext): string[] {
  const pods: Pod[] = [];
  for (const key of waitingPods(context).keys()) {
    const { namespace, name } = splitKey(key);
    const pod = context.client.get<Pod>('pods', namespace, name);
    if (pod && isWaiting(pod) && isWoken(pod, key, resource, happening, context)) pods.push(pod);
  }
  return pods.toSorted(byPriority).map(namespacedKey);
}

const allWaiting = ({ client }: ControllerContext): readonly string[] =>
  client.list<Pod>('pods').filter(isWaiting).toSorted(byPriority).map(namespacedKey);

/** A waiting pod itself has changed: a new one, or one that lost its last gate, enters the queue; else plugins say whether it helps. */
function ownChange(pod: Pod, before: Pod | undefined, context: ControllerContext): readonly string[] {
  if (!isWaiting(pod)) return [];
  const key = namespacedKey(pod);
  if (!before || !isWaiting(before) || !waitingPods(context).has(key)) return [key];
  if (equal(before.spec, pod.spec) && equal(before.metadata.labels, pod.metadata.labels)) {
    const claims = (one: Pod) => one.status?.resourceClaimStatuses ?? [];
    if (equal(claims(before), claims(pod))) return [];
  }
  return isWoken(pod, key, 'pods', { before, after: pod }, context) ? [key] : [];
}

const sameAmounts = (a: Pod, b: Pod): boolean =>
  equal(a.spec, b.spec) && equal(a.status?.containerStatuses, b.status?.containerStatuses);

function podChanged({ type, object, old }: Change, context: ControllerContext): readonly string[] {
  const pod: Pod = object;
  const before: Pod | undefined = old;
  if (isSchedulerPod(pod)) {
    noteSchedulerPod(pod, type === 'DELETED', context);
    // when it starts it sees all pods for the first time; when it ends there is nobody to look
    if (before && !equal(before.status?.containerStatuses, pod.status?.containerStatuses)) return allWaiting(context);
  }
  const gone = type === 'DELETED' || isTerminal(pod);
  if (!pod.spec?.nodeName) {
    // a promise of room that is withdrawn is room for others
    const promised = before?.status?.nominatedNodeName;
    const others = promised && (gone || !pod.status?.nominatedNodeName) ? woken('pods', { before }, context) : [];
    return [...others.filter((key) => key !== namespacedKey(pod)), ...(gone ? [] : ownChange(pod, before, context))];
  }
  if (gone) return before && isTerminal(before) ? [] : woken('pods', { before: before ?? pod }, context);
  if (!before?.spec?.nodeName) return woken('pods', { after: pod }, context);
  const matters = !equal(before.metadata.labels, pod.metadata.labels) || !sameAmounts(before, pod);
  return matters ? woken('pods', { before, after: pod }, context) : [];
}

const heard =
  (resource: Resource) =>
  ({ type, object, old }: Change, context: ControllerContext): readonly string[] => {
    if (waitingPods(context).size === 0) return [];
    const happening = type === 'DELETED' ? { before: old ?? object } : { before: old, after: object };
    // what nobody has asked for yet is no news
    return [...new Set([...boundFor(resource, object, context), ...woken(resource, happening, context)])];
  };

/** A pod whose volumes are being bound waits for exactly this. */
function boundFor(resource: Resource, object: KubeObject, context: ControllerContext): string[] {
  if (!resource.startsWith('persistentvolume')) return [];
  return [...waitingPods(context)].flatMap(([key, { bindingSince }]) => {
    if (bindingSince === undefined) return [];
    const { namespace, name } = splitKey(key);
    const pod = context.client.get<Pod>('pods', namespace, name);
    const own = resource === 'persistentvolumes' || object.metadata.namespace === namespace;
    return pod && own && claimNamesOf(pod).length > 0 ? [key] : [];
  });
}

function nodeChanged(change: Change, context: ControllerContext): readonly string[] {
  const node: Node = change.object;
  const before: Node | undefined = change.old;
  // a heartbeat changes nothing that matters here
  const same =
    before !== undefined &&
    change.type === 'MODIFIED' &&
    equal(before.spec, node.spec) &&
    equal(before.metadata.labels, node.metadata.labels) &&
    equal(before.status?.allocatable, node.status?.allocatable);
  return same ? [] : heard('nodes')(change, context);
}

export const watches: Controller['watches'] = {
  pods: podChanged,
  nodes: nodeChanged,
  persistentvolumeclaims: heard('persistentvolumeclaims'),
  persistentvolumes: heard('persistentvolumes'),
  'storageclasses.storage.k8s.io': heard('storageclasses.storage.k8s.io'),
  'csinodes.storage.k8s.io': heard('csinodes.storage.k8s.io'),
  'volumeattachments.storage.k8s.io': heard('volumeattachments.storage.k8s.io'),
  'resourceclaims.resource.k8s.io': heard('resourceclaims.resource.k8s.io'),
  'deviceclasses.resource.k8s.io': heard('deviceclasses.resource.k8s.io'),
};
