/** Evicts pods from nodes with NoExecute taints that they don't tolerate, or tolerate for a time only. The key is the pod. */
import { equal } from '../../api/merge.ts';
import { tolerates } from '../../api/taints.ts';
import type { KubeObject, Node, Pod, Taint, Toleration } from '../../api/types.ts';
import {
  namespacedKey,
  splitKey,
  type Again,
  type Change,
  type Controller,
  type ControllerContext,
} from '../controller.ts';
import { evictPod } from './evict.ts';

const COMPONENT = 'taint-eviction-controller';

interface Eviction {
  /** Milliseconds since 1970. */
  createdAt: number;
  fireAt: number;
}
/** Evictions to come, by pod. Lost with the process: after a restart tolerated times begin anew, as they really do. */
const planned = new WeakMap<ControllerContext, Map<string, Eviction>>();
function plannedIn(context: ControllerContext): Map<string, Eviction> {
  const known = planned.get(context);
  if (known) return known;
  const none = new Map<string, Eviction>();
  planned.set(context, none);
  return none;
}

const noExecute = (node: Node | undefined): Taint[] =>
  (node?.spec?.taints ?? []).filter(({ effect }) => effect === 'NoExecute');

function nodeChanged({ type, object, old }: Change, { client }: ControllerContext): readonly string[] {
  if (type === 'DELETED') return [];
  const before: Node | undefined = old;
  const taints = noExecute(object);
  if (equal(taints, noExecute(before))) return [];
  const onNode = (pod: Pod) => pod.spec?.nodeName === object.metadata.name;
  return client.list<Pod>('pods').filter(onNode).map(namespacedKey);
}

function podChanged({ type, object, old }: Change): readonly string[] {
  const pod: Pod = object;
  const before: Pod | undefined = old;
  const same =
    type === 'MODIFIED' &&
    before?.spec?.nodeName === pod.spec?.nodeName &&
    equal(before?.spec?.tolerations, pod.spec?.tolerations);
  return same ? [] : [namespacedKey(pod)];
}

/** Events name the pod and nothing more: it may be gone already. */
function tell(key: string, what: string, { events }: ControllerContext): void {
  const regarding: KubeObject = { apiVersion: 'v1', kind: 'Pod', metadata: splitKey(key) };
  events.event(COMPONENT, { regarding, type: 'Normal', reason: 'TaintManagerEviction', message: `${what} Pod ${key}` });
}

/** The first toleration for each taint, or undefined when one is not tolerated. */
function usedTolerations(taints: readonly Taint[], pod: Pod): Toleration[] | undefined {
  const used: Toleration[] = [];
  for (const taint of taints) {
    const toleration = pod.spec?.tolerations?.find((one) => tolerates(one, taint));
    if (!toleration) return undefined;
    used.push(toleration);
  }
  return used;
}

/** The shortest time that the tolerations give; Infinity when none sets a limit. */
const toleratedMs = (tolerations: readonly Toleration[]): number =>
  Math.min(
    ...tolerations.map(({ tolerationSeconds: seconds }) =>
      seconds === undefined ? Infinity : Math.max(0, seconds * 1000),
    ),
  );

function reconcile(key: string, context: ControllerContext): Again {
  const { client, clock } = context;
  const { namespace, name } = splitKey(key);
  const now = clock.now();
  const evictions = plannedIn(context);
  const eviction = evictions.get(key);
  const cancel = () => {
    if (evictions.delete(key)) tell(key, 'Cancelling deletion of', context);
  };
  const evict = (pod: Pod) => {
    evictions.delete(key);
    // its end has begun already
    if (pod.metadata.deletionTimestamp) return;
    tell(key, 'Marking for deletion', context);
    evictPod(pod, context);
  };

  const pod = client.get<Pod>('pods', namespace, name);
  const node = client.get<Node>('nodes', '', pod?.spec?.nodeName ?? '');
  const taints = noExecute(node);
  if (!pod || taints.length === 0) {
    cancel();
    return undefined;
  }
  if (eviction && eviction.fireAt <= now) {
    evict(pod);
    return undefined;
  }
  const used = usedTolerations(taints, pod);
  if (!used) {
    cancel();
    evict(pod);
    return undefined;
  }
  const tolerated = toleratedMs(used);
  if (tolerated === Infinity) {
    cancel();
    return undefined;
  }
  if (tolerated === 0) {
    evict(pod);
    return undefined;
  }
  // what was planned earlier stays, even if the pod now tolerates the taint for a shorter time
  if (eviction && eviction.createdAt < now) return { afterMs: eviction.fireAt - now };
  evictions.set(key, { createdAt: now, fireAt: now + tolerated });
  return { afterMs: tolerated };
}

export const taintEviction: Controller = {
  name: 'taint-eviction-controller',
  // it has no account of its own and shares the node controller's
  user: 'system:serviceaccount:kube-system:node-controller',
  watches: { nodes: nodeChanged, pods: podChanged },
  reconcile,
};
