/** Changing what a running container may use: taken on, put off, or never possible on this node; then carried out. */
import { isTerminal, podRequests } from '../api/pods.ts';
import { allocatableOf, requestsOf } from '../api/requests.ts';
import { equal } from '../api/merge.ts';
import { timeText } from '../api/time.ts';
import type { Container, Pod, PodCondition } from '../api/types.ts';
import { podsOn } from '../store/client.ts';
import { containersIn, newest, runs } from './made.ts';
import { isSidecar, nowOf, tell, type Made, type Work } from './work.ts';

const COMPUTE = ['cpu', 'memory'] as const;
type Resources = NonNullable<Container['resources']>;

interface Refusal {
  reason: 'Infeasible' | 'Deferred';
  message: string;
}

const resizable = ({ pod }: Work): Container[] => [
  ...containersIn(pod, 'containers'),
  ...containersIn(pod, 'initContainers').filter(isSidecar),
];
/** A pod that stays as it was made until the node takes its wish on. */
const wished = (work: Work): boolean =>
  resizable(work).some((container) => {
    const made = newest(work.life, container.name);
    return runs(made) && !equal(made.resources, container.resources ?? {});
  });

/** What the spec asks for, whatever the pod has. */
const askedBy = (pod: Pod): Record<string, number> => {
  const requests = podRequests(pod);
  return { cpu: requests.get('cpu')?.milliValue() ?? 0, memory: requests.get('memory')?.value() ?? 0 };
};

/** Why the node can't give the pod what its spec now asks for. */
function refusalOf({ context, pod, node }: Work): Refusal | undefined {
  const allocatable = allocatableOf(node);
  const others = podsOn(context.client, node.metadata.name).filter(
    (other) => other.metadata.uid !== pod.metadata.uid && !isTerminal(other),
  );
  const wanted = askedBy(pod);
  for (const resource of COMPUTE) {
    const requested = wanted[resource] ?? 0;
    const capacity = allocatable[resource] ?? 0;
    if (requested > capacity) {
      const message = `Node didn't have enough capacity: ${resource}, requested: ${requested}, capacity: ${capacity}`;
      return { reason: 'Infeasible', message };
    }
  }
  for (const resource of COMPUTE) {
    const requested = wanted[resource] ?? 0;
    const capacity = allocatable[resource] ?? 0;
    const used = others.reduce((sum, other) => sum + (requestsOf(other)[resource] ?? 0), 0);
    if (requested + used > capacity) {
      const message = `Node didn't have enough resource: ${resource}, requested: ${requested}, used: ${used}, capacity: ${capacity}`;
      return { reason: 'Deferred', message };
    }
  }
  return undefined;
}

/** What a resize event carries. */
function detail({ pod }: Work, error?: string): string {
  const containers = (list: readonly Container[]) =>
    list.map(({ name, resources }) => ({ name, resources: sorted(resources ?? {}) }));
  const init = containersIn(pod, 'initContainers').filter(isSidecar);
  return JSON.stringify({
    ...(init.length === 0 ? {} : { initContainers: containers(init) }),
    containers: containers(containersIn(pod, 'containers')),
    generation: pod.metadata.generation,
    ...(error === undefined ? {} : { error }),
  });
}
const sorted = ({ limits, requests }: Resources): Resources => {
  const ordered = (one: Record<string, string>) =>
    Object.fromEntries(Object.entries(one).toSorted(([a], [b]) => (a < b ? -1 : 1)));
  return { ...(limits ? { limits: ordered(limits) } : {}), ...(requests ? { requests: ordered(requests) } : {}) };
};

/** Takes the pod's wish on, or says why not. Called before its status is made. */
export function admitResize(work: Work): void {
  const { life, pod } = work;
  const now = nowOf(work);
  const { resize } = life;
  const condition = (type: string, rest: Partial<PodCondition>, before: PodCondition | undefined): PodCondition => ({
    type,
    status: 'True',
    ...rest,
    lastProbeTime: timeText(now),
    lastTransitionTime: before?.lastTransitionTime ?? timeText(now),
    ...(pod.metadata.generation === undefined ? {} : { observedGeneration: pod.metadata.generation }),
  });
  if (!wished(work)) {
    delete resize.pending;
    if (resize.progress !== undefined) {
      delete resize.progress;
      tell(work, 'Normal', 'ResizeCompleted', `Pod resize completed: ${detail(work)}`);
    }
    return;
  }
  const key = `${pod.metadata.generation ?? ''}`;
  if (resize.taken === key) return;
  const refusal = refusalOf(work);
  if (refusal !== undefined) {
    resize.pending = condition('PodResizePending', { ...refusal }, resize.pending);
    const told = `${key} ${refusal.reason}`;
    if (resize.told !== told) {
      tell(
        work,
        'Warning',
        `Resize${refusal.reason}`,
        `Pod resize ${refusal.reason}: ${detail(work, refusal.message)}`,
      );
    }
    resize.told = told;
    return;
  }
  delete resize.pending;
  resize.taken = key;
  resize.progress = condition('PodResizeInProgress', {}, undefined);
  tell(work, 'Normal', 'ResizeStarted', `Pod resize started: ${detail(work)}`);
}

/** Why a container has to be started anew for what it is to have; undefined: it has not. */
export function needsRestart({ life }: Work, made: Made, container: Container): string | undefined {
  if (life.resize.progress === undefined) return undefined;
  const policies =
    (container as { resizePolicy?: { resourceName: string; restartPolicy: string }[] }).resizePolicy ?? [];
  const wanted = container.resources ?? {};
  const differs = (resource: string) =>
    made.resources.limits?.[resource] !== wanted.limits?.[resource] ||
    made.resources.requests?.[resource] !== wanted.requests?.[resource];
  const restarts = policies.some((one) => one.restartPolicy === 'RestartContainer' && differs(one.resourceName));
  return restarts ? `Container ${container.name} resize requires restart` : undefined;
}

/** Carries out what was taken on. */
export function resizeContainers(work: Work): boolean {
  const { life } = work;
  if (life.resize.progress === undefined) return false;
  let changed = false;
  for (const container of resizable(work)) {
    const made = newest(life, container.name);
    if (!runs(made) || equal(made.resources, container.resources ?? {})) continue;
    made.resources = container.resources ?? {};
    work.runtime.limit(made.id, made.resources);
    changed = true;
  }
  return changed;
}
