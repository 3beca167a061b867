/** Containers as the pod's status shows them. */
import { timeText } from '../api/time.ts';
import type { Container, ContainerStatus, Pod } from '../api/types.ts';
import { restartsIn } from './container-rules.ts';
import { containersIn, ROLES, visible } from './made.ts';
import { standing } from './probing/manager.ts';
import { isSidecar, nowOf, type ContainerRole, type Made, type Work } from './work.ts';

const mountsOf = (container: Container): Pick<ContainerStatus, 'volumeMounts'> => {
  const mounts = (container.volumeMounts ?? []).map(({ name, mountPath, readOnly }) => ({
    name,
    mountPath,
    ...(readOnly === true ? { readOnly: true, recursiveReadOnly: 'Disabled' } : {}),
  }));
  return mounts.length === 0 ? {} : { volumeMounts: mounts };
};

const stateOf = (made: Made): NonNullable<ContainerStatus['state']> =>
  made.exit === undefined ? { running: { startedAt: timeText(made.startedAt) } } : { terminated: made.exit };

function fromMade(made: Made, container: Container, older: Made | undefined): ContainerStatus {
  const asked = container.resources ?? {};
  const requests = asked.requests;
  return {
    name: made.name,
    image: made.image,
    imageID: made.imageID,
    containerID: made.id,
    restartCount: made.restartCount,
    ready: false,
    started: false,
    lastState: older === undefined ? {} : stateOf(older),
    state: stateOf(made),
    ...mountsOf(container),
    ...(requests === undefined ? {} : { allocatedResources: requests }),
    resources: made.exit === undefined ? made.resources : asked,
  };
}

/** As it stands without looking at probes. */
function plain(
  { life, pod }: Work,
  role: ContainerRole,
  container: Container,
  old: ContainerStatus | undefined,
  now: number,
): ContainerStatus {
  const [made, older] = visible(life, container.name, now);
  let status: ContainerStatus;
  if (made !== undefined) status = fromMade(made, container, older);
  else if (old?.state?.terminated !== undefined) status = old;
  else {
    const reason = containersIn(pod, 'initContainers').length > 0 ? 'PodInitializing' : 'ContainerCreating';
    status = {
      name: container.name,
      image: container.image ?? '',
      imageID: '',
      ready: false,
      started: false,
      restartCount: old?.restartCount ?? 0,
      lastState: old?.lastState ?? {},
      state: { waiting: { reason: role === 'ephemeralContainers' ? 'ContainerCreating' : reason } },
      ...mountsOf(container),
    };
  }
  if (!mayStart(pod, role, container, made)) return status;
  const waiting = life.reasons.get(container.name);
  if (waiting === undefined) return status;
  const { terminated } = status.state ?? {};
  return { ...status, lastState: terminated ? { terminated } : (status.lastState ?? {}), state: { waiting } };
}

function mayStart(pod: Pod, role: ContainerRole, container: Container, made: Made | undefined): boolean {
  if (pod.metadata.deletionTimestamp !== undefined) return false;
  if (made === undefined) return true;
  return made.exit !== undefined && restartsIn(role, pod, container, made.exit.exitCode);
}

export type ContainerStatuses = Required<
  Pick<NonNullable<Pod['status']>, 'initContainerStatuses' | 'containerStatuses' | 'ephemeralContainerStatuses'>
>;

const byName = (statuses: readonly ContainerStatus[] = []): ContainerStatus[] =>
  statuses.toSorted((a, b) => (a.name < b.name ? -1 : 1));

/** All of a pod's containers: init containers in the spec's order, the others by name. */
export function statusesOf(work: Work): ContainerStatuses {
  const now = nowOf(work);
  const [init, main, ephemeral] = ROLES.map(([role, field]) => {
    const before = (work.pod.status?.[field] ?? []) as readonly ContainerStatus[];
    return containersIn(work.pod, role).map((container) => {
      const old = before.find((one) => one.name === container.name);
      return judged(work, role, container, plain(work, role, container, old, now));
    });
  });
  return {
    initContainerStatuses: init ?? [],
    containerStatuses: byName(main),
    ephemeralContainerStatuses: byName(ephemeral),
  };
}

/** Whether it has started and is ready, as its probes stand. */
function judged(work: Work, role: ContainerRole, container: Container, status: ContainerStatus): ContainerStatus {
  if (role === 'ephemeralContainers') {
    // nobody probes them: they are neither ready nor said to have started
    const { started: _started, ...rest } = status;
    return rest;
  }
  const running = status.state?.running !== undefined;
  const id = status.containerID ?? '';
  const startup = standing(work.life, container, 'startup', id);
  const started = running && (startup === undefined || startup === 'success');
  if (role === 'initContainers' && !isSidecar(container)) {
    return { ...status, started, ready: status.state?.terminated?.exitCode === 0 };
  }
  const readiness = standing(work.life, container, 'readiness', id);
  return { ...status, started, ready: started && (readiness === undefined || readiness === 'success') };
}
