/**
 * Removes pods whose node is gone or out of service, and pods that are to go and were never placed; finished pods it leaves
 * alone: no cluster of ours has 12,500 of them.
 */
import { isTerminal } from '../../api/pods.ts';
import type { Node, Pod } from '../../api/types.ts';
import type { Client } from '../../store/client.ts';
import { conditionOf, millisecondsOf, timestamp, withConditionInPlace } from '../conditions.ts';
import type { Again, Controller, ControllerContext } from '../controller.ts';
import { namespacedKey, splitKey } from '../controller.ts';

/** Milliseconds that a node may be missing before its pods go: it may only have been registered anew. */
const QUARANTINE = 40_000;
/** Milliseconds between two looks at all pods. */
const PERIOD = 20_000;
const NODE = 'node|';
const OUT_OF_SERVICE = 'node.kubernetes.io/out-of-service';

/** Since when (milliseconds since 1970) each cluster has missed a node. */
const missing = new WeakMap<Client, Map<string, number>>();
function missingIn(client: Client): Map<string, number> {
  const known = missing.get(client) ?? new Map<string, number>();
  missing.set(client, known);
  return known;
}

export const podGc: Controller = {
  name: 'pod-garbage-collector-controller',
  user: 'system:serviceaccount:kube-system:pod-garbage-collector',
  watches: {
    pods: ({ type, object }, { client }) => {
      const nodeName = (object as Pod).spec?.nodeName;
      if (type === 'DELETED') return [];
      if (!nodeName) return object.metadata.deletionTimestamp === undefined ? [] : [namespacedKey(object)];
      const node = client.get<Node>('nodes', '', nodeName);
      return node === undefined || isOutOfService(node) ? [NODE + nodeName] : [];
    },
    nodes: ({ object }) => [NODE + object.metadata.name],
  },
  reconcile(key, context) {
    if (key.startsWith(NODE)) return lookForNode(key.slice(NODE.length), context);
    const { namespace, name } = splitKey(key);
    const pod = context.client.get<Pod>('pods', namespace, name);
    if (pod === undefined || pod.spec?.nodeName || pod.metadata.deletionTimestamp === undefined) return;
    const wait = untilLook(pod, context);
    // a finalizer may hold it for longer: it is marked once
    if (wait > 0) return { afterMs: wait };
    remove(isTerminal(pod) ? pod : failed(pod, context), context);
    return;
  },
};

const isOutOfService = ({ spec, status }: Node): boolean =>
  conditionOf(status?.conditions, 'Ready')?.status !== 'True' &&
  (spec?.taints ?? []).some(({ key }) => key === OUT_OF_SERVICE);

/** Milliseconds until the first look after the pod was told to go. */
function untilLook({ metadata }: Pod, { clock }: ControllerContext): number {
  const told = millisecondsOf(metadata.deletionTimestamp) ?? 0;
  return Math.ceil((told + 1) / PERIOD) * PERIOD - clock.now();
}

function lookForNode(nodeName: string, context: ControllerContext): Again {
  const { client, clock } = context;
  const known = missingIn(client);
  const node = client.get<Node>('nodes', '', nodeName);
  const pods = client.list<Pod>('pods').filter((pod) => pod.spec?.nodeName === nodeName);
  if (node !== undefined) {
    known.delete(nodeName);
    if (!isOutOfService(node)) return;
    for (const pod of pods.filter(({ metadata }) => metadata.deletionTimestamp !== undefined))
      remove(isTerminal(pod) ? pod : failed(pod, context), context);
    return;
  }
  const since = known.get(nodeName) ?? clock.now();
  if (pods.length === 0) {
    known.delete(nodeName);
    return;
  }
  known.set(nodeName, since);
  const wait = since + QUARANTINE - clock.now();
  if (wait > 0) return { afterMs: wait };
  for (const pod of pods) remove(isTerminal(pod) ? pod : orphaned(pod, context), context);
  return;
}

/** Nobody else says that it has ended. `status` adds to what it says now. */
function failed(pod: Pod, { client }: ControllerContext, status: Pod['status'] = {}): Pod {
  const observedGeneration = pod.metadata.generation ?? 0;
  return client.updateStatus<Pod>('pods', {
    ...pod,
    status: { ...pod.status, ...status, phase: 'Failed', observedGeneration },
  });
}

function orphaned(pod: Pod, context: ControllerContext): Pod {
  const conditions = withConditionInPlace(pod.status?.conditions, {
    type: 'DisruptionTarget',
    status: 'True',
    observedGeneration: pod.metadata.generation ?? 0,
    reason: 'DeletionByPodGC',
    message: 'PodGC: node no longer exists',
    lastTransitionTime: timestamp(context.clock),
  });
  return failed(pod, context, { conditions });
}

function remove(pod: Pod, { client }: ControllerContext): void {
  const { namespace = '', name, uid = '' } = pod.metadata;
  client.delete('pods', namespace, name, { gracePeriodSeconds: 0, preconditions: { uid } });
}
