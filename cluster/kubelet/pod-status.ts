/** A pod's phase and conditions, from its containers. */
import type { ContainerStatus, Pod, PodCondition } from '../api/types.ts';
import { timeText } from '../api/time.ts';
import type { PodStatus, Work } from './work.ts';

const isSidecar = (pod: Pod, name: string): boolean =>
  (pod.spec?.initContainers ?? []).some((one) => one.name === name && one.restartPolicy === 'Always');

export interface Statuses {
  init: ContainerStatus[];
  main: ContainerStatus[];
}

/** Init containers that have not done their part. */
export function incomplete(pod: Pod, init: readonly ContainerStatus[]): string[] {
  return (pod.spec?.initContainers ?? [])
    .filter((container) => {
      const status = init.find((one) => one.name === container.name);
      if (container.restartPolicy === 'Always') return status?.started !== true;
      return status?.state?.terminated?.exitCode !== 0;
    })
    .map((container) => container.name);
}

export function phaseOf(pod: Pod, { init, main }: Statuses): NonNullable<PodStatus['phase']> {
  const policy = pod.spec?.restartPolicy ?? 'Always';
  const regular = init.filter((status) => !isSidecar(pod, status.name));
  const failedInit = regular.some((status) => (status.state?.terminated?.exitCode ?? 0) !== 0);
  if (failedInit && policy === 'Never') return 'Failed';
  const begun = main.some((status) => !status.state?.waiting || status.lastState?.terminated);
  if (incomplete(pod, init).length > 0 && !begun) return 'Pending';
  if (main.some((status) => status.state?.waiting && !status.lastState?.terminated)) return 'Pending';
  if (main.some((status) => status.state?.running)) return 'Running';
  if (policy === 'Always') return 'Running';
  const codes = main.map((status) => (status.state?.terminated ?? status.lastState?.terminated)?.exitCode ?? 0);
  if (codes.every((code) => code === 0)) return 'Succeeded';
  return policy === 'Never' ? 'Failed' : 'Running';
}

type Verdict = Pick<PodCondition, 'status' | 'reason' | 'message'>;
const TRUE: Verdict = { status: 'True' };

function containersReady(pod: Pod, phase: string, { init, main }: Statuses): Verdict {
  if (phase === 'Succeeded') return { status: 'False', reason: 'PodCompleted' };
  if (phase === 'Failed') return { status: 'False', reason: 'PodFailed' };
  const unready = [...init.filter((status) => isSidecar(pod, status.name)), ...main]
    .filter((status) => !status.ready)
    .map((status) => status.name);
  if (unready.length === 0) return TRUE;
  return {
    status: 'False',
    reason: 'ContainersNotReady',
    message: `containers with unready status: [${unready.join(' ')}]`,
  };
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

function initialized(pod: Pod, phase: string, { init }: Statuses): Verdict {
  if (phase === 'Succeeded') return { status: 'True', reason: 'PodCompleted' };
  const names = incomplete(pod, init);
  if (names.length === 0) return TRUE;
  return {
    status: 'False',
    reason: 'ContainersNotInitialized',
    message: `containers with incomplete status: [${names.join(' ')}]`,
  };
}

/** All conditions in the kubelet's order, after those that others have set. */
export function conditionsOf(work: Work, phase: string, statuses: Statuses, sandbox: boolean): PodCondition[] {
  const { pod, now } = work;
  const current = pod.status?.conditions ?? [];
  const containers = containersReady(pod, phase, statuses);
  const verdicts: [string, Verdict][] = [
    ['PodReadyToStartContainers', { status: sandbox ? 'True' : 'False' }],
    ['Initialized', initialized(pod, phase, statuses)],
    ['Ready', podReady(pod, containers)],
    ['ContainersReady', containers],
    ['PodScheduled', TRUE],
  ];
  const own = verdicts.map(([type, verdict]): PodCondition => {
    const before = current.find((condition) => condition.type === type);
    const unchanged = before?.status === verdict.status && before.lastTransitionTime !== undefined;
    return {
      type,
      ...verdict,
      // the field is always there, and nothing is ever put into it
      lastProbeTime: null as unknown as string,
      lastTransitionTime: unchanged ? before.lastTransitionTime : timeText(now),
      ...(pod.metadata.generation === undefined ? {} : { observedGeneration: pod.metadata.generation }),
    };
  });
  const types = new Set(verdicts.map(([type]) => type));
  return [...current.filter((condition) => !types.has(condition.type)), ...own];
}
