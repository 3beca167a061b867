/** The life of one container, one step at a time: image, settings, start, run, end, back-off, and again. */
import { timeText } from '../api/time.ts';
import type { Container, ContainerStatus } from '../api/types.ts';
import { configProblem } from './container-config.ts';
import {
  bareId,
  end,
  EPOCH,
  instanceOf,
  lastWords,
  outcomeOf,
  startInstance,
  stopCode,
  type Place,
  type Terminated,
} from './container-outcome.ts';
import { probe } from './container-probes.ts';
import { idOf, lookUpImage, type Image } from './images.ts';
import { pull } from './pulling.ts';
import type { Instance } from './runtime/instance.ts';
import { graceOf, isDue, keyOf, lookAgainAt, podText, tell, type Work } from './work.ts';

/** Milliseconds. */
const BACKOFF_FIRST = 10_000;
const BACKOFF_LAST = 300_000;
/** A container that ran so long starts over with its back-off. */
const BACKOFF_RESET = 10 * 60_000;
/** The kubelet notices an end by looking once a second. */
const NOTICE = 1000;
/** A container that can't be made is tried again at once when its sandbox is noticed, then with every look at the pod. */
const CONFIG_RETRY_FIRST = 1000;
const CONFIG_RETRY = 12_000;
const WAIT_POLL = 2000;

export const untouched = (container: Container, { waitingFor }: Pick<Place, 'waitingFor'>): ContainerStatus => ({
  name: container.name,
  image: container.image ?? '',
  imageID: '',
  ready: false,
  started: false,
  restartCount: 0,
  lastState: {},
  state: { waiting: { reason: waitingFor } },
  ...mountsOf(container),
});

const mountsOf = (container: Container): Pick<ContainerStatus, 'volumeMounts'> => {
  const mounts = (container.volumeMounts ?? []).map(({ name, mountPath, readOnly }) => ({
    name,
    mountPath,
    ...(readOnly === true ? { readOnly: true, recursiveReadOnly: 'Disabled' } : {}),
  }));
  return mounts.length === 0 ? {} : { volumeMounts: mounts };
};

/** The container's next status; asks for another look where something will happen by itself. */
export function step(
  work: Work,
  container: Container,
  before: ContainerStatus | undefined,
  place: Place,
): ContainerStatus {
  const status = before ?? untouched(container, place);
  if (status.state?.running) return stepRunning(work, container, status, place);
  if (status.state?.terminated) return stepTerminated(work, container, status, place, status.state.terminated);
  const last = status.lastState?.terminated;
  if (status.state?.waiting?.reason === 'RunContainerError' && last !== undefined) {
    return stepTerminated(work, container, status, place, last);
  }
  if (status.state?.waiting?.reason === 'CrashLoopBackOff' && last !== undefined) {
    const startAt = Date.parse(last.finishedAt ?? EPOCH) + backOff(status.restartCount, last);
    if (work.now < startAt) {
      lookAgainAt(work, startAt);
      return status;
    }
  }
  return start(work, container, status, place);
}

/** Milliseconds from the end of a container to its next start: none after the first end, then 10 s, 20 s, 40 s ... 5 min. */
function backOff(restarts: number, { startedAt = EPOCH, finishedAt = EPOCH }: Terminated): number {
  const ran = Date.parse(finishedAt) - Date.parse(startedAt);
  const began = startedAt !== EPOCH;
  if (restarts === 0 || (began && ran > BACKOFF_RESET)) return 0;
  return Math.min(BACKOFF_FIRST * 2 ** (restarts - 1), BACKOFF_LAST);
}

function stepTerminated(
  work: Work,
  container: Container,
  status: ContainerStatus,
  place: Place,
  terminated: Terminated,
): ContainerStatus {
  const failed = terminated.exitCode !== 0;
  const restarts = place.restartPolicy === 'Always' || (place.restartPolicy === 'OnFailure' && failed);
  if (!restarts) return status;
  const finishedAt = Date.parse(terminated.finishedAt ?? EPOCH);
  if (work.now < finishedAt + NOTICE) {
    lookAgainAt(work, finishedAt + NOTICE);
    return status;
  }
  const wait = backOff(status.restartCount, terminated);
  if (work.now >= finishedAt + wait) return start(work, container, status, place);
  lookAgainAt(work, finishedAt + wait);
  const message = `Back-off restarting failed container ${container.name} in pod ${podText(work)}`;
  tell(work, 'Warning', 'BackOff', message, { role: place.role, name: container.name });
  const why = `back-off ${wait === BACKOFF_LAST ? '5m0s' : goSeconds(wait)} restarting failed container=${container.name} pod=${podText(work)}`;
  return {
    ...status,
    ready: false,
    started: false,
    lastState: { terminated },
    state: { waiting: { reason: 'CrashLoopBackOff', message: why } },
  };
}
const goSeconds = (ms: number): string => {
  const minutes = Math.floor(ms / 60_000);
  return `${minutes > 0 ? `${minutes}m` : ''}${(ms % 60_000) / 1000}s`;
};

function start(work: Work, container: Container, status: ContainerStatus, place: Place): ContainerStatus {
  const at = { role: place.role, name: container.name };
  const retryAt = work.memory.retries.get(keyOf(work, container));
  if (status.state?.waiting?.reason === 'CreateContainerConfigError' && retryAt !== undefined && work.now < retryAt) {
    lookAgainAt(work, retryAt);
    return status;
  }
  const pulled = pull(work, container, place.role);
  if (pulled === 'later') return { ...status, ...(status.imageID === '' ? { image: container.image ?? '' } : {}) };
  if ('waiting' in pulled) {
    return {
      ...status,
      image: container.image ?? '',
      ready: false,
      started: false,
      state: { waiting: pulled.waiting },
    };
  }
  const { image } = pulled;
  const problem = configProblem(work.context.client, work.pod, container, image, podText(work));
  if (problem !== undefined) {
    tell(work, 'Warning', 'Failed', `Error: ${problem}`, at);
    const again = status.state?.waiting?.reason === 'CreateContainerConfigError' ? CONFIG_RETRY : CONFIG_RETRY_FIRST;
    work.memory.retries.set(keyOf(work, container), work.now + again);
    lookAgainAt(work, work.now + again);
    return { ...status, state: { waiting: { reason: 'CreateContainerConfigError', message: problem } } };
  }
  return launch(work, container, status, place, image);
}

function launch(
  work: Work,
  container: Container,
  status: ContainerStatus,
  place: Place,
  image: Image,
): ContainerStatus {
  const at = { role: place.role, name: container.name };
  const previous = status.state?.terminated ?? status.lastState?.terminated;
  const restartCount = previous === undefined ? 0 : status.restartCount + 1;
  const containerID = `containerd://${idOf(work.pod.metadata.uid ?? '', container.name, restartCount, image.digest)}`;
  const now = timeText(work.now);
  tell(work, 'Normal', 'Created', 'Container created', at);
  const created: ContainerStatus = {
    ...status,
    image: image.reference,
    imageID: `${image.repository}@${image.digest}`,
    containerID,
    restartCount,
    lastState: previous === undefined ? {} : { terminated: previous },
    ...mountsOf(container),
    ...resourcesOf(container),
  };
  const instance = startInstance(work, container, image, { id: bareId(containerID), startedAt: work.now });
  if (typeof instance === 'string') {
    const outcome = { message: instance };
    tell(work, 'Warning', 'Failed', `Error: ${outcome.message}`, at);
    lookAgainAt(work, work.now + NOTICE);
    const terminated = {
      containerID,
      exitCode: 128,
      reason: 'StartError',
      message: outcome.message,
      startedAt: EPOCH,
      finishedAt: now,
    };
    const failed = { ...created, ready: false, started: false };
    if (place.restartPolicy === 'Never') return { ...failed, state: { terminated } };
    const waiting = { reason: 'RunContainerError', message: outcome.message };
    return { ...failed, lastState: { terminated }, state: { waiting } };
  }
  tell(work, 'Normal', 'Started', 'Container started', at);
  const running = { ...created, state: { running: { startedAt: now } } };
  const hook = container.lifecycle?.postStart?.exec?.command;
  if (hook !== undefined && hookFails(work, instance, hook)) {
    tell(work, 'Warning', 'FailedPostStartHook', 'PostStartHook failed', at);
    tell(work, 'Normal', 'Killing', 'FailedPostStartHook', at);
    lookAgainAt(work, work.now + NOTICE);
    return end(work, running, work.now, stopCode(outcomeOf(work, container, image)));
  }
  return stepRunning(work, container, running, place);
}

function resourcesOf(container: Container): Pick<ContainerStatus, 'resources' | 'allocatedResources'> {
  const { requests, limits } = container.resources ?? {};
  return {
    ...(requests === undefined ? {} : { allocatedResources: requests }),
    resources: { ...(limits === undefined ? {} : { limits }), ...(requests === undefined ? {} : { requests }) },
  };
}

function hookFails(work: Work, instance: Instance, command: readonly string[]): boolean {
  const ran = work.runtime.runNow(instance, command, graceOf(work.pod));
  return 'refused' in ran || ran.code !== 0;
}

/** The spec names another image than the container was made from. */
function isOtherImage(container: Container, status: ContainerStatus): boolean {
  const wanted = lookUpImage(container.image ?? '');
  return wanted.kind === 'found' ? wanted.image.reference !== status.image : container.image !== status.image;
}

function stepRunning(work: Work, container: Container, status: ContainerStatus, place: Place): ContainerStatus {
  const at = { role: place.role, name: container.name };
  const startedAt = Date.parse(status.state?.running?.startedAt ?? EPOCH);
  const looked = lookUpImage(status.image);
  if (looked.kind !== 'found') return status;
  if (isOtherImage(container, status)) {
    if (isDue(work, `${container.name}|changed ${container.image}`)) {
      tell(work, 'Normal', 'Killing', `Container ${container.name} definition changed, will be restarted`, at);
    }
    const ended = end(work, status, work.now, 0);
    return start(work, container, ended, place);
  }
  const instance = instanceOf(work, container, status, looked.image);
  const wakeAt = work.runtime.advance(work.pod.metadata.uid ?? '', work.now);
  const outcome = outcomeOf(work, container, looked.image);
  if (outcome.kind !== 'runs') return status;
  const endsAt = (instance?.startedAt ?? startedAt) + outcome.ms;
  if (endsAt <= work.now) {
    lookAgainAt(work, Math.max(endsAt, startedAt) + NOTICE);
    return end(
      work,
      status,
      Math.max(endsAt, startedAt),
      outcome.exitCode,
      outcome.reason,
      lastWords(container, outcome, instance),
    );
  }
  lookAgainAt(work, endsAt);
  const age = work.now - startedAt;
  const pause = age < 60_000 ? 50 : age < 600_000 ? NOTICE : WAIT_POLL;
  if (wakeAt !== Infinity) lookAgainAt(work, Math.max(wakeAt, work.now + pause));
  return probe(work, container, status, { place, outcome, image: looked.image, startedAt, instance });
}
