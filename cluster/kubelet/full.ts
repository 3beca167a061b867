/** A node with containers that pull, start, run, fail and end as they do on a real one. */
import { equal } from '../api/merge.ts';
import { isTerminal } from '../api/pods.ts';
import type { Container, ContainerStatus, Node, Pod } from '../api/types.ts';
import { timeText } from '../api/time.ts';
import type { Again, Controller } from '../controllers/controller.ts';
import { namespacedKey, splitKey } from '../controllers/controller.ts';
import { isNodeOff } from '../controllers/node-lifecycle/index.ts';
import type { Client } from '../store/client.ts';
import { allocateAddress, hostAddress } from './address.ts';
import { rejection } from './admit.ts';
import { step, untouched } from './container.ts';
import type { Place, RestartPolicy } from './container-outcome.ts';
import { stopContainers, terminate } from './ending.ts';
import { mountProblem } from './mounts.ts';
import { conditionsOf, incomplete, phaseOf, type Statuses } from './pod-status.ts';
import { resize } from './resize.ts';
import type { SimulatedRuntime } from './runtime/runtime.ts';
import { forget, graceOf, isDue, lookAgainAt, memoryOf, tell, type PodStatus, type Work } from './work.ts';

/** Milliseconds between attempts to mount: doubling. */
const MOUNT_FIRST = 500;
const MOUNT_LAST = 122_000;
const DEADLINE = 'Pod was active on the node longer than the specified deadline';

export const makeFullKubelet = (runtime: SimulatedRuntime): Controller => ({
  name: 'kubelet',
  user: 'system:kubelet',
  watches: {
    pods: ({ type, object }, { client }) => {
      if (type === 'DELETED') {
        forget(memoryOf(client), object.metadata.uid ?? '');
        runtime.forgetPod(object.metadata.uid ?? '');
      }
      return type !== 'DELETED' && (object as Pod).spec?.nodeName ? [namespacedKey(object)] : [];
    },
    nodes: ({ type, object }, { client }) => (type === 'ADDED' ? podsOn(client, object.metadata.name) : []),
    // a node that is switched on again looks after its pods
    'leases.coordination.k8s.io': ({ type, object, old }, { client }) =>
      type === 'MODIFIED' && !equal(object.metadata.annotations, old?.metadata.annotations)
        ? podsOn(client, object.metadata.name)
        : [],
  },
  reconcile(key, context): Again {
    const { client, clock } = context;
    const { namespace, name } = splitKey(key);
    const pod = client.get<Pod>('pods', namespace, name);
    const node = pod?.spec?.nodeName ? client.get<Node>('nodes', '', pod.spec.nodeName) : undefined;
    if (pod === undefined || node === undefined || isNodeOff(client, node.metadata.name)) return;
    const now = clock.now();
    const work: Work = {
      context,
      memory: memoryOf(client),
      runtime,
      pod,
      node,
      now,
      podIP: pod.status?.podIP ?? '',
      againAt: Infinity,
    };
    if (pod.metadata.deletionTimestamp !== undefined) terminate(work);
    else if (!isTerminal(pod)) sync(work);
    return work.againAt === Infinity ? undefined : { afterMs: Math.max(1, work.againAt - now) };
  },
});

const podsOn = (client: Client, nodeName: string): string[] =>
  client
    .list<Pod>('pods')
    .filter((pod) => pod.spec?.nodeName === nodeName)
    .map(namespacedKey);

function sync(work: Work): void {
  const { pod, context, node } = work;
  if (pod.status?.startTime === undefined && reject(work)) return;
  const started: PodStatus = { startTime: timeText(work.now), ...pod.status };
  work.pod = { ...pod, status: started };
  if (isOverdue(work)) return;

  const mounted = mount(work);
  const hostIP = hostAddress(node);
  if (mounted && work.podIP === '') {
    work.podIP = pod.spec?.hostNetwork === true ? hostIP : allocateAddress(context.client, node);
  }
  const statuses = mounted ? stepContainers(work) : waitingContainers(work);
  const phase = phaseOf(pod, statuses);
  const ended = phase === 'Succeeded' || phase === 'Failed';
  const { podIP } = work;
  const resized = resize(work, statuses.main, conditionsOf(work, phase, statuses, podIP !== '' && !ended));
  write(work, {
    ...started,
    phase,
    conditions: resized.conditions,
    hostIP,
    hostIPs: [{ ip: hostIP }],
    ...(podIP === '' ? {} : { podIP, podIPs: [{ ip: podIP }] }),
    ...(statuses.init.length === 0 ? {} : { initContainerStatuses: statuses.init }),
    containerStatuses: resized.statuses.toSorted((a, b) => (a.name < b.name ? -1 : 1)),
    ...ephemeral(work, mounted),
  });
}

function write(work: Work, status: PodStatus): void {
  const { pod, context } = work;
  const { generation } = pod.metadata;
  const next = { ...status, ...(generation === undefined ? {} : { observedGeneration: generation }) };
  const stored = context.client.get<Pod>('pods', pod.metadata.namespace ?? '', pod.metadata.name);
  if (stored === undefined || equal(stored.status, next)) return;
  context.client.updateStatus<Pod>('pods', { ...stored, status: next });
}

function reject(work: Work): boolean {
  const refused = rejection(work.context.client, work.pod, work.node);
  if (refused === undefined) return false;
  tell(work, 'Warning', refused.reason, refused.message);
  write(work, {
    ...work.pod.status,
    phase: 'Failed',
    reason: refused.reason,
    message: `Pod was rejected: ${refused.message}`,
    startTime: timeText(work.now),
  });
  return true;
}

/** activeDeadlineSeconds: the containers are stopped, and the pod has failed. */
function isOverdue(work: Work): boolean {
  const { pod } = work;
  const seconds = pod.spec?.activeDeadlineSeconds;
  if (seconds === undefined) return false;
  const deadline = Date.parse(pod.status?.startTime ?? '') + seconds * 1000;
  if (work.now < deadline) {
    lookAgainAt(work, deadline);
    return false;
  }
  const stopped = stopContainers(work, deadline, graceOf(pod));
  // said at each look at a pod whose time is over
  if (stopped !== undefined || isDue(work, 'deadline')) tell(work, 'Normal', 'DeadlineExceeded', DEADLINE);
  if (stopped === undefined) return true;
  const statuses: Statuses = {
    init: stopped.status?.initContainerStatuses ?? [],
    main: stopped.status?.containerStatuses ?? [],
  };
  write(work, {
    ...stopped.status,
    phase: 'Failed',
    reason: 'DeadlineExceeded',
    message: DEADLINE,
    conditions: conditionsOf(work, 'Failed', statuses, false),
  });
  return true;
}

/** Whether all volumes are there; if not, says so and waits a while. A pod that has its address is past this. */
function mount(work: Work): boolean {
  if (work.podIP !== '') return true;
  const uid = work.pod.metadata.uid ?? '';
  const known = work.memory.mounts.get(uid);
  if (known !== undefined && work.now < known.retryAt) {
    lookAgainAt(work, known.retryAt);
    return false;
  }
  const problem = mountProblem(work.context.client, work.pod);
  if (problem === undefined) return true;
  const attempts = (known?.attempts ?? 0) + 1;
  const retryAt = work.now + Math.min(MOUNT_FIRST * 2 ** (attempts - 1), MOUNT_LAST);
  work.memory.mounts.set(uid, { attempts, retryAt });
  tell(work, 'Warning', 'FailedMount', problem);
  lookAgainAt(work, retryAt);
  return false;
}

const waitingFor = (pod: Pod): Place['waitingFor'] =>
  (pod.spec?.initContainers ?? []).length > 0 ? 'PodInitializing' : 'ContainerCreating';
const statusIn = (statuses: readonly ContainerStatus[] | undefined, container: Container) =>
  statuses?.find((status) => status.name === container.name);

function waitingContainers(work: Work): Statuses {
  const { pod } = work;
  const wait = (current: readonly ContainerStatus[] | undefined) => (container: Container) =>
    statusIn(current, container) ?? untouched(container, { waitingFor: waitingFor(pod) });
  return {
    init: (pod.spec?.initContainers ?? []).map(wait(pod.status?.initContainerStatuses)),
    main: (pod.spec?.containers ?? []).map(wait(pod.status?.containerStatuses)),
  };
}

/** Init containers one after the other, sidecars beside what follows them, then all others at once. */
function stepContainers(work: Work): Statuses {
  const { pod } = work;
  const policy = (pod.spec?.restartPolicy ?? 'Always') as RestartPolicy;
  const waiting = waitingContainers(work);
  let blocked = false;
  const init = (pod.spec?.initContainers ?? []).map((container, position): ContainerStatus => {
    const before = waiting.init[position] ?? untouched(container, { waitingFor: 'PodInitializing' });
    if (blocked) return before;
    const sidecar = container.restartPolicy === 'Always';
    const initPolicy = sidecar ? 'Always' : policy === 'Never' ? 'Never' : 'OnFailure';
    const place: Place = { role: 'initContainers', restartPolicy: initPolicy, waitingFor: 'PodInitializing' };
    const after = step(work, container, before, place);
    const done = after.state?.terminated?.exitCode === 0;
    blocked = sidecar ? after.started !== true : !done;
    return sidecar ? after : { ...after, ready: done };
  });
  if (incomplete(pod, init).length > 0 && !hasBegun(pod)) return { init, main: waiting.main };
  const place: Place = { role: 'containers', restartPolicy: policy, waitingFor: waitingFor(pod) };
  const main = (pod.spec?.containers ?? []).map((container, position) =>
    step(work, container, waiting.main[position], place),
  );
  return { init: stopSidecars(work, init, main), main };
}

const hasBegun = (pod: Pod): boolean =>
  (pod.status?.containerStatuses ?? []).some((status) => !status.state?.waiting || status.lastState?.terminated);

/** Sidecars end with the last container that will not run again. */
function stopSidecars(work: Work, init: ContainerStatus[], main: readonly ContainerStatus[]): ContainerStatus[] {
  const policy = work.pod.spec?.restartPolicy ?? 'Always';
  const over = main.every(({ state }) => {
    const code = state?.terminated?.exitCode;
    return code !== undefined && policy !== 'Always' && (policy === 'Never' || code === 0);
  });
  if (!over) return init;
  const ended = timeText(work.now);
  return init.map((status) =>
    status.state?.running
      ? {
          ...status,
          ready: false,
          started: false,
          state: {
            terminated: {
              ...(status.containerID === undefined ? {} : { containerID: status.containerID }),
              exitCode: 137,
              reason: 'Error',
              startedAt: status.state.running.startedAt ?? ended,
              finishedAt: ended,
            },
          },
        }
      : status,
  );
}

/** Containers that `kubectl debug` adds: started once, never again. */
function ephemeral(work: Work, mounted: boolean): Pick<PodStatus, 'ephemeralContainerStatuses'> {
  const containers = work.pod.spec?.ephemeralContainers ?? [];
  if (containers.length === 0 || !mounted) return {};
  const place: Place = { role: 'ephemeralContainers', restartPolicy: 'Never', waitingFor: 'ContainerCreating' };
  return {
    ephemeralContainerStatuses: containers.map((container) => {
      const before = statusIn(work.pod.status?.ephemeralContainerStatuses, container);
      // nobody probes them: they are neither ready nor said to have started
      const { started: _started, ...status } = step(work, container, before, place);
      return { ...status, ready: false };
    }),
  };
}
