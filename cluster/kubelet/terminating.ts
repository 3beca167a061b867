/** The last look at a pod: its containers are stopped, what became of them is told, and a deleted pod is let go. */
import type { ContainerStatus, Pod } from '../api/types.ts';
import { allRunning, close } from './made.ts';
import { makeStatus } from './pod-status.ts';
import { stopProbes } from './probing/manager.ts';
import { stopAll } from './stopping.ts';
import { isSidecar, type Course, type PodStatus, type Work } from './work.ts';

/** Seconds. */
export const graceOf = (pod: Pod): number =>
  pod.metadata.deletionGracePeriodSeconds ?? pod.spec?.terminationGracePeriodSeconds ?? 30;

/** As it is now: others may have written to it meanwhile. */
export function refreshed(work: Work): Pod {
  const { namespace = '', name, uid } = work.pod.metadata;
  const stored = work.context.client.get<Pod>('pods', namespace, name);
  return stored?.metadata.uid === uid && stored !== undefined ? stored : work.pod;
}

export function* terminate(work: Work, write: (status: PodStatus, stopped?: boolean) => void): Course<undefined> {
  const { life } = work;
  write(makeStatus(work));
  stopProbes(life, ['liveness', 'startup']);
  const override = life.ending?.grace;
  yield* stopAll(work, override);
  for (const made of allRunning(life)) close(work, made);
  stopProbes(life);
  if (life.sandbox !== undefined) life.sandbox.stopped = true;
  work.pod = refreshed(work);
  const status = makeStatus(work, true);
  work.pod = { ...work.pod, status };
  // once more when its volumes are gone
  write(located(work.pod, makeStatus(work, true)), true);
  return undefined;
}

/** A container of which nothing is known any more counts as ended; a pod that never ran has failed. */
function located(pod: Pod, status: PodStatus): PodStatus {
  const unknown = (one: ContainerStatus): ContainerStatus => ({
    ...one,
    state: {
      terminated: {
        exitCode: 137,
        reason: 'ContainerStatusUnknown',
        message: 'The container could not be located when the pod was terminated',
        startedAt: null as unknown as string,
        finishedAt: null as unknown as string,
      },
    },
  });
  const lost = (one: ContainerStatus) => (one.state?.terminated ? one : unknown(one));
  const init = status.initContainerStatuses ?? [];
  const begun = init.findLastIndex(({ state, lastState }) => !state?.waiting || lastState?.terminated !== undefined);
  const lastInit = Math.max(begun, init.length > 0 ? 0 : -1);
  const phase = status.phase === 'Succeeded' || status.phase === 'Failed' ? status.phase : 'Failed';
  return {
    ...status,
    phase,
    ...(init.length === 0
      ? {}
      : { initContainerStatuses: init.map((one, place) => (place <= lastInit ? lost(one) : one)) }),
    ...(hasInitialized(pod) ? { containerStatuses: (status.containerStatuses ?? []).map(lost) } : {}),
  };
}

function hasInitialized({ spec, status }: Pod): boolean {
  const containers = spec?.initContainers ?? [];
  if (containers.length === 0) return true;
  if ((status?.containerStatuses ?? []).some(({ state, lastState }) => !state?.waiting || lastState?.terminated))
    return true;
  const last = status?.initContainerStatuses?.at(-1);
  const container = containers.at(-1);
  if (last === undefined || container === undefined) return false;
  if (isSidecar(container)) return last.state?.running !== undefined && last.started === true;
  return (last.state?.terminated ?? last.lastState?.terminated)?.exitCode === 0;
}
