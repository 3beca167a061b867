/** The probes of a pod: one worker each, from when its volumes are there until its containers have stopped. */
import type { Container, ContainerStatus, Pod } from '../../api/types.ts';
import { newest } from '../made.ts';
import { isSidecar, nowOf, type Life, type Work } from '../work.ts';
import { FIRST_VERDICT, probeOf, turn, type ProbeKind, type ProbeWorker, type Verdict } from './worker.ts';

const KINDS: readonly ProbeKind[] = ['startup', 'readiness', 'liveness'];
const keyOf = (container: string, kind: ProbeKind): string => `${container} ${kind}`;

const probed = (pod: Pod): Container[] => [
  ...(pod.spec?.containers ?? []),
  ...(pod.spec?.initContainers ?? []).filter(isSidecar),
];

/** Starts the workers that the pod needs and does not have. */
export function startProbes({ life, pod, context }: Work): void {
  for (const container of probed(pod)) {
    for (const kind of KINDS) {
      if (probeOf(container, kind) === undefined || life.probes.has(keyOf(container.name, kind))) continue;
      life.probes.set(keyOf(container.name, kind), {
        kind,
        container: container.name,
        id: '',
        verdict: 'unknown',
        last: 'unknown',
        run: 0,
        onHold: false,
        next: context.clock.now(),
        awaited: undefined,
      });
    }
  }
}

/** After a restart of the kubelet a container stands as its status says, until it is asked again. */
export function recallProbes(life: Life, pod: Pod, now: number): void {
  const statuses: readonly ContainerStatus[] = [
    ...(pod.status?.containerStatuses ?? []),
    ...(pod.status?.initContainerStatuses ?? []),
  ];
  for (const container of probed(pod)) {
    const status = statuses.find((one) => one.name === container.name);
    if (status?.state?.running === undefined) continue;
    const verdicts: Record<ProbeKind, Verdict> = {
      startup: status.started === true ? 'success' : 'unknown',
      readiness: status.ready ? 'success' : 'failure',
      liveness: 'success',
    };
    for (const kind of KINDS) {
      if (probeOf(container, kind) === undefined) continue;
      const verdict = verdicts[kind];
      const worker: ProbeWorker = {
        kind,
        container: container.name,
        id: status.containerID ?? '',
        verdict,
        last: verdict,
        run: 0,
        onHold: kind === 'startup' && verdict === 'success',
        next: now,
        awaited: undefined,
      };
      life.probes.set(keyOf(container.name, kind), worker);
    }
  }
}

export function stopProbes(life: Life, kinds: readonly ProbeKind[] = KINDS): void {
  for (const [key, worker] of life.probes) if (kinds.includes(worker.kind)) life.probes.delete(key);
}

/** What a probe says of a container; undefined: it has none of that kind. */
export function standing(life: Life, container: Container, kind: ProbeKind, id: string): Verdict | undefined {
  if (probeOf(container, kind) === undefined) return undefined;
  const worker = life.probes.get(keyOf(container.name, kind));
  return worker === undefined || worker.id !== id ? FIRST_VERDICT[kind] : worker.verdict;
}

/** A container that has started and is not ready is asked at once whenever its pod is looked at. */
export function askUnready(work: Work): void {
  const { life, pod } = work;
  if (life.probes.size === 0) return;
  for (const container of probed(pod)) {
    const worker = life.probes.get(keyOf(container.name, 'readiness'));
    if (worker === undefined || worker.awaited !== undefined || !hasStarted(work, container)) continue;
    const made = newest(life, container.name);
    if (worker.id !== made?.id || worker.verdict !== 'success') worker.next = nowOf(work);
  }
}

function hasStarted({ life, context }: Work, container: Container): boolean {
  const made = newest(life, container.name);
  if (made === undefined || made.exit !== undefined || made.visibleAt > context.clock.now()) return false;
  const startup = standing(life, container, 'startup', made.id);
  return startup === undefined || startup === 'success';
}

/** Gives every worker its turn. Returns whether a verdict changed that the pod has to be looked at for, and when the next turn is. */
export function turnProbes(work: Work): { changed: boolean; again: number } {
  let changed = false;
  let again = Infinity;
  const containers = work.life.probes.size === 0 ? [] : probed(work.pod);
  for (const worker of work.life.probes.values()) {
    const container = containers.find((one) => one.name === worker.container);
    if (container === undefined) continue;
    if (turn(work, worker, container, hasStarted(work, container))) changed = true;
    // one that has had its say sleeps until there is another container
    const asleep = worker.onHold && worker.id === newest(work.life, worker.container)?.id;
    if (!asleep) again = Math.min(again, worker.awaited?.at ?? worker.next);
  }
  return { changed, again };
}
