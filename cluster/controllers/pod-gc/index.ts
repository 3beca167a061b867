/** Removes pods whose node is gone, and pods that are to go and were never placed; finished pods it leaves alone. */
import { isTerminal } from '../../api/pods.ts';
import type { Pod } from '../../api/types.ts';
import type { Client } from '../../store/client.ts';
import { timestamp, withConditionInPlace } from '../conditions.ts';
import type { Again, Controller, ControllerContext } from '../controller.ts';
import { namespacedKey, splitKey } from '../controller.ts';

/** Milliseconds that a node may be missing before its pods go: it may only have been registered anew. */
const QUARANTINE = 40_000;
const NODE = 'node|';

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
      return client.get('nodes', '', nodeName) === undefined ? [NODE + nodeName] : [];
    },
    nodes: ({ object }) => [NODE + object.metadata.name],
  },
  reconcile(key, context) {
    if (key.startsWith(NODE)) return lookForNode(key.slice(NODE.length), context);
    const { namespace, name } = splitKey(key);
    const pod = context.client.get<Pod>('pods', namespace, name);
    if (pod !== undefined && !pod.spec?.nodeName && pod.metadata.deletionTimestamp !== undefined) remove(pod, context);
    return;
  },
};

function lookForNode(nodeName: string, context: ControllerContext): Again {
  const { client, clock } = context;
  const known = missingIn(client);
  if (client.get('nodes', '', nodeName) !== undefined) {
    known.delete(nodeName);
    return;
  }
  const pods = client.list<Pod>('pods').filter((pod) => pod.spec?.nodeName === nodeName);
  const since = known.get(nodeName) ?? clock.now();
  if (pods.length === 0) {
    known.delete(nodeName);
    return;
  }
  known.set(nodeName, since);
  const wait = since + QUARANTINE - clock.now();
  if (wait > 0) return { afterMs: wait };
  for (const pod of pods) remove(orphaned(pod, context), context);
  return;
}

function orphaned(pod: Pod, { client, clock }: ControllerContext): Pod {
  if (isTerminal(pod)) return pod;
  const conditions = withConditionInPlace(pod.status?.conditions, {
    type: 'DisruptionTarget',
    status: 'True',
    reason: 'DeletionByPodGC',
    message: 'PodGC: node no longer exists',
    lastTransitionTime: timestamp(clock),
  });
  return client.updateStatus<Pod>('pods', { ...pod, status: { ...pod.status, phase: 'Failed', conditions } });
}

function remove(pod: Pod, { client }: ControllerContext): void {
  const { namespace = '', name, uid = '' } = pod.metadata;
  client.delete('pods', namespace, name, { gracePeriodSeconds: 0, preconditions: { uid } });
}
