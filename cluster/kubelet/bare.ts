/**
 * A node that only pretends: every container starts at once and never fails, pods of Jobs then succeed, a pod that is being
 * deleted goes at once, and nothing is told in events. The conformance cases were recorded against nodes like this.
 */
import { controllerOf } from '../api/pods.ts';
import type { ContainerStatus, Node, Pod, PodCondition } from '../api/types.ts';
import { timeText } from '../api/time.ts';
import type { Controller, ControllerContext } from '../controllers/controller.ts';
import { namespacedKey, splitKey } from '../controllers/controller.ts';

type PodStatus = NonNullable<Pod['status']>;

export const bareKubelet: Controller = {
  name: 'kubelet',
  user: 'system:kubelet',
  watches: {
    pods: ({ type, object }) => (type !== 'DELETED' && (object as Pod).spec?.nodeName ? [namespacedKey(object)] : []),
    // a pod may be bound to a node that is registered later
    nodes: ({ type, object }, { client }) =>
      type === 'ADDED'
        ? client
            .list<Pod>('pods')
            .filter((pod) => pod.spec?.nodeName === object.metadata.name)
            .map(namespacedKey)
        : [],
  },
  reconcile(key, context) {
    const { namespace, name } = splitKey(key);
    const pod = context.client.get<Pod>('pods', namespace, name);
    if (pod?.spec?.nodeName === undefined || pod.spec.nodeName === '') return;
    const { uid = '' } = pod.metadata;
    if (pod.metadata.deletionTimestamp !== undefined) {
      // it has been let go already, and waits for its finalizers
      if (pod.metadata.deletionGracePeriodSeconds === 0) return;
      context.client.delete('pods', namespace, name, { gracePeriodSeconds: 0, preconditions: { uid } });
      return;
    }
    const phase = pod.status?.phase ?? 'Pending';
    if (phase === 'Pending') start(pod, context);
    else if (phase === 'Running' && controllerOf(pod)?.kind === 'Job') succeed(pod, context);
  },
};

function start(pod: Pod, { client, clock }: ControllerContext): void {
  const node = client.get<Node>('nodes', '', pod.spec?.nodeName ?? '');
  const hostIP = node?.status?.addresses?.[0]?.address;
  if (hostIP === undefined) return;
  const now = timeText(clock.now());
  const condition = (type: string): PodCondition => ({
    type,
    status: 'True',
    lastProbeTime: null as unknown as string,
    lastTransitionTime: now,
  });
  const gates = (pod.spec?.readinessGates ?? []).map((gate) => gate.conditionType);
  const types = ['PodReadyToStartContainers', 'Initialized', 'Ready', 'ContainersReady', ...gates];
  const blank = { imageID: '', lastState: {}, restartCount: 0 };
  const podIP = addressOf(pod.metadata.uid ?? '');
  const inits = (pod.spec?.initContainers ?? []).map((container): ContainerStatus => {
    const sidecar = container.restartPolicy !== undefined;
    return {
      ...blank,
      name: container.name,
      image: container.image ?? '',
      ready: true,
      ...(sidecar ? { started: true } : {}),
      state: sidecar
        ? { running: { startedAt: now } }
        : { terminated: { exitCode: 0, reason: 'Completed', startedAt: now, finishedAt: now } },
    };
  });
  const containers = (pod.spec?.containers ?? []).map((container): ContainerStatus => ({
    ...blank,
    name: container.name,
    image: container.image ?? '',
    ready: true,
    started: true,
    state: { running: { startedAt: now } },
  }));
  const status: PodStatus = {
    ...pod.status,
    phase: 'Running',
    startTime: now,
    conditions: [...(pod.status?.conditions ?? []), ...types.map(condition)],
    ...(inits.length > 0 ? { initContainerStatuses: inits } : {}),
    containerStatuses: containers,
    hostIP,
    hostIPs: [{ ip: hostIP }],
    podIP,
    podIPs: [{ ip: podIP }],
  };
  client.updateStatus<Pod>('pods', { ...pod, status });
}

function succeed(pod: Pod, { client, clock }: ControllerContext): void {
  const now = timeText(clock.now());
  const status: PodStatus = {
    ...pod.status,
    phase: 'Succeeded',
    containerStatuses: (pod.status?.containerStatuses ?? []).map((container) => ({
      ...container,
      ready: false,
      started: false,
      state: { terminated: { exitCode: 0, reason: 'Completed', startedAt: now, finishedAt: now } },
    })),
    conditions: (pod.status?.conditions ?? []).map((condition) =>
      condition.type === 'Ready' || condition.type === 'ContainersReady'
        ? { ...condition, status: 'False', reason: 'PodCompleted' }
        : condition,
    ),
  };
  client.updateStatus<Pod>('pods', { ...pod, status });
}

/** Any address will do, as long as a pod keeps it: FNV-32a of its uid. */
function addressOf(uid: string): string {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(uid)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return `10.244.${1 + (hash % 200)}.${2 + ((hash >>> 8) % 250)}`;
}
