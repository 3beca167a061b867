/** A pod's status as its kubelet tells it: phase and conditions, from its containers. */
import type { Container, ContainerStatus, Pod, PodCondition } from '../api/types.ts';
import { timeText } from '../api/time.ts';
import { hostAddress } from './address.ts';
import { restartsAfter } from './container-rules.ts';
import { statusesOf, type ContainerStatuses } from './container-statuses.ts';
import { overdue } from './deadline.ts';
import { isMirrorPod } from './static-pods.ts';
import { isSidecar, nowOf, type Life, type PodStatus, type Work } from './work.ts';

type Phase = NonNullable<PodStatus['phase']>;

const statusIn = (statuses: readonly ContainerStatus[], { name }: Container) =>
  statuses.find((status) => status.name === name);
const lastExit = ({ state, lastState }: ContainerStatus) =>
  state?.terminated ?? (state?.waiting && lastState?.terminated);

/** `over`: its containers have been stopped for good. */
export function phaseOf(pod: Pod, statuses: ContainerStatuses, over: boolean): Phase {
  const { initContainerStatuses: init, containerStatuses: main } = statuses;
  const containers = pod.spec?.containers ?? [];
  let initialising = 0;
  let sidecarsPending = 0;
  let running = 0;
  let waiting = 0;
  for (const container of pod.spec?.initContainers ?? []) {
    const status = statusIn(init, container);
    if (status === undefined) initialising++;
    else if (isSidecar(container)) {
      if (status.state?.running) {
        running++;
        if (status.started !== true) sidecarsPending++;
      } else if (lastExit(status) === undefined) {
        sidecarsPending++;
        waiting++;
      }
    } else {
      const exit = lastExit(status);
      if (exit === undefined) initialising++;
      else if (exit.exitCode !== 0 && !restartsAfter(pod, container, exit.exitCode)) return 'Failed';
    }
  }
  let stopped = 0;
  let forGood = 0;
  let succeeded = 0;
  for (const container of containers) {
    const status = statusIn(main, container);
    if (status?.state?.running) running++;
    else {
      const exit = status && lastExit(status);
      if (exit === undefined) waiting++;
      else {
        stopped++;
        if (!restartsAfter(pod, container, exit.exitCode)) forGood++;
        if (status?.state?.terminated?.exitCode === 0) succeeded++;
      }
    }
  }
  const begun = main.some(({ state, lastState }) => state?.running || state?.terminated || lastState?.terminated);
  if (initialising > 0 || (sidecarsPending > 0 && !begun) || waiting > 0) return 'Pending';
  if (running > 0) return 'Running';
  if (stopped === 0) return 'Pending';
  if (!(over && !isMirrorPod(pod)) && stopped !== forGood) return 'Running';
  return stopped === succeeded ? 'Succeeded' : 'Failed';
}

type Verdict = Pick<PodCondition, 'status' | 'reason' | 'message'>;
const TRUE: Verdict = { status: 'True' };

function containersReady(pod: Pod, phase: Phase, statuses: ContainerStatuses): Verdict {
  if (phase === 'Succeeded') return { status: 'False', reason: 'PodCompleted' };
  if (phase === 'Failed') return { status: 'False', reason: 'PodFailed' };
  const unready = [
    ...(pod.spec?.initContainers ?? []).filter(
      (one) => isSidecar(one) && statusIn(statuses.initContainerStatuses, one)?.ready !== true,
    ),
    ...(pod.spec?.containers ?? []).filter((one) => statusIn(statuses.containerStatuses, one)?.ready !== true),
  ].map(({ name }) => name);
  if (unready.length === 0) return TRUE;
  const message = `containers with unready status: [${unready.join(' ')}]`;
  return { status: 'False', reason: 'ContainersNotReady', message };
}

function podReady(pod: Pod, containers: Verdict): Verdict {
  if (containers.status !== 'True') return containers;
  const problems = (pod.spec?.readinessGates ?? []).flatMap(({ conditionType }) => {
    const condition = (pod.status?.conditions ?? []).find((one) => one.type === conditionType);
    if (condition === undefined) {
      return [`corresponding condition of pod readiness gate "${conditionType}" does not exist.`];
    }
    if (condition.status === 'True') return [];
    return [`the status of pod readiness gate "${conditionType}" is not "True", but ${condition.status}`];
  });
  if (problems.length === 0) return TRUE;
  return { status: 'False', reason: 'ReadinessGatesNotReady', message: problems.join(', ') };
}

function initialized(pod: Pod, phase: Phase, statuses: ContainerStatuses): Verdict {
  if (phase === 'Succeeded') return { status: 'True', reason: 'PodCompleted' };
  const begun = statuses.containerStatuses.some(
    ({ state, lastState }) => state?.running || state?.terminated || lastState?.terminated,
  );
  const names = (pod.spec?.initContainers ?? [])
    .filter((container) => {
      const status = statusIn(statuses.initContainerStatuses, container);
      return isSidecar(container) ? status?.started !== true : status?.ready !== true;
    })
    .map(({ name }) => name);
  if (begun || names.length === 0) return TRUE;
  const message = `containers with incomplete status: [${names.join(' ')}]`;
  return { status: 'False', reason: 'ContainersNotInitialized', message };
}

/** All conditions in the kubelet's order, after those that others have set. */
function conditionsOf(work: Work, phase: Phase, statuses: ContainerStatuses): PodCondition[] {
  const { pod, life } = work;
  const now = nowOf(work);
  const current = pod.status?.conditions ?? [];
  const containers = containersReady(pod, phase, statuses);
  const { sandbox } = life;
  const ready = sandbox !== undefined && !sandbox.stopped && sandbox.visibleAt <= now;
  const verdicts: [string, Verdict][] = [
    ['PodReadyToStartContainers', { status: ready ? 'True' : 'False' }],
    ['Initialized', initialized(pod, phase, statuses)],
    ['Ready', podReady(pod, containers)],
    ['ContainersReady', containers],
    ['PodScheduled', TRUE],
  ];
  const generation = pod.metadata.generation === undefined ? {} : { observedGeneration: pod.metadata.generation };
  const own = verdicts.map(([type, verdict]): PodCondition => {
    const before = current.find((condition) => condition.type === type);
    const unchanged = before?.status === verdict.status && before.lastTransitionTime !== undefined;
    return {
      type,
      ...verdict,
      // the field is always there, and nothing is ever put into it
      lastProbeTime: null as unknown as string,
      lastTransitionTime: unchanged ? before.lastTransitionTime : timeText(now),
      ...generation,
    };
  });
  const ended = phase === 'Failed' || phase === 'Succeeded';
  const resize = ended ? [] : [life.resize.pending, life.resize.progress].filter((one) => one !== undefined);
  const disruption = life.ending?.condition;
  const others = current.filter(
    ({ type }) => !KUBELETS.has(type) && !(disruption !== undefined && type === disruption.type),
  );
  return [...others, ...resize, ...(disruption === undefined ? [] : [disruption]), ...own];
}
const KUBELETS = new Set([
  'PodReadyToStartContainers',
  'Initialized',
  'Ready',
  'ContainersReady',
  'PodScheduled',
  'PodResizePending',
  'PodResizeInProgress',
]);

const addressOf = (life: Life, now: number): string | undefined =>
  life.sandbox !== undefined && life.sandbox.visibleAt <= now ? life.sandbox.address : undefined;

/** `over`: its containers have been stopped for good. */
export function makeStatus(work: Work, over = false): PodStatus {
  const { pod, life, node } = work;
  const now = nowOf(work);
  const old: PodStatus = pod.status ?? {};
  if (life.ending === undefined || life.ending.reason === 'DeadlineExceeded') life.ending = overdue(work);
  const statuses = statusesOf(work);
  let phase = phaseOf(pod, statuses, over);
  if (old.phase === 'Failed' || old.phase === 'Succeeded') ({ phase } = old);
  const ending = life.ending;
  if (ending !== undefined) phase = 'Failed';
  const said =
    ending !== undefined
      ? { ...(ending.reason ? { reason: ending.reason } : {}), ...(ending.message ? { message: ending.message } : {}) }
      : phase === old.phase
        ? { ...(old.reason ? { reason: old.reason } : {}), ...(old.message ? { message: old.message } : {}) }
        : {};
  const hostIP = hostAddress(node);
  const podIP = addressOf(life, now) ?? (pod.spec?.hostNetwork === true ? hostIP : old.podIP);
  const { reason: _reason, message: _message, ...kept } = old;
  const { initContainerStatuses, containerStatuses, ephemeralContainerStatuses } = statuses;
  const generation = pod.metadata.generation;
  return {
    ...kept,
    startTime: old.startTime ?? timeText(now),
    phase,
    ...said,
    conditions: conditionsOf(work, phase, statuses),
    hostIP,
    hostIPs: [{ ip: hostIP }],
    ...(podIP === undefined || podIP === '' ? {} : { podIP, podIPs: [{ ip: podIP }] }),
    ...(initContainerStatuses.length === 0 ? {} : { initContainerStatuses }),
    containerStatuses,
    ...(ephemeralContainerStatuses.length === 0 ? {} : { ephemeralContainerStatuses }),
    ...(generation === undefined ? {} : { observedGeneration: generation }),
  };
}
