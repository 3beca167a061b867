/** Starting one container: back-off, image, settings, process, hook. */
import { timeText } from '../api/time.ts';
import type { Container } from '../api/types.ts';
import { hostAddress } from './address.ts';
import { configProblem } from './container-config.ts';
import { runHook } from './hooks.ts';
import { idOf } from './images/lookup.ts';
import { bareId, EPOCH, newest, remember } from './made.ts';
import { pull } from './pulling.ts';
import { stopContainer } from './stopping.ts';
import {
  noticedAt,
  nowOf,
  podText,
  tell,
  type ContainerRole,
  type Course,
  type Made,
  type Waiting,
  type Work,
} from './work.ts';

/** Milliseconds. */
const BACKOFF_FIRST = 10_000;
const BACKOFF_LAST = 300_000;
/** A container that ran so long starts over with its back-off. */
const BACKOFF_RESET = 2 * BACKOFF_LAST;

/** What the runtime takes to start a container: one that has waited long is not hurried. */
const START_TIME = 500;
const LATE_START_TIME = 2000;

/** Why it did not start, and when to try again where that is known. */
export interface NotStarted {
  waiting: Waiting;
  retryAt?: number;
}

const goDuration = (ms: number): string => {
  const minutes = Math.floor(ms / 60_000);
  return `${minutes > 0 ? `${minutes}m` : ''}${(ms % 60_000) / 1000}s`;
};

/** Milliseconds from the end of a container to its next start: none after the first end, then 10 s, 20 s, 40 s ... 5 min. */
function backOff(work: Work, container: Container, last: Made): NotStarted | undefined {
  const { restarts } = work.life;
  const now = nowOf(work);
  const key = `${container.name} ${container.image ?? ''}`;
  const endedAt = Date.parse(last.exit?.finishedAt ?? EPOCH);
  const before = last.restartCount - 1;
  // what a restarted kubelet has forgotten follows from how often it was started
  const known =
    restarts.get(key) ??
    (before < 0 || last.asked !== container.image
      ? undefined
      : { ms: Math.min(BACKOFF_FIRST * 2 ** before, BACKOFF_LAST), at: last.startedAt || endedAt });
  const fresh = known === undefined || endedAt - known.at > BACKOFF_RESET;
  if (!fresh && now - endedAt < known.ms) {
    const pod = podText(work.pod);
    tell(work, 'Warning', 'BackOff', `Back-off restarting failed container ${container.name} in pod ${pod}`, last);
    const message = `back-off ${goDuration(known.ms)} restarting failed container=${container.name} pod=${pod}`;
    return { waiting: { reason: 'CrashLoopBackOff', message }, retryAt: endedAt + known.ms };
  }
  restarts.set(key, { ms: fresh ? BACKOFF_FIRST : Math.min(known.ms * 2, BACKOFF_LAST), at: now });
  return undefined;
}

/** Returns why it did not start; undefined: it runs. */
export function* startContainer(work: Work, role: ContainerRole, container: Container): Course<NotStarted | undefined> {
  const at = { role, name: container.name };
  const last = newest(work.life, container.name);
  const held = last?.exit === undefined ? undefined : backOff(work, container, last);
  if (held !== undefined) return held;
  const pulled = yield* pull(work, container, at);
  if ('waiting' in pulled) {
    tell(work, 'Warning', 'Failed', `Error: ${pulled.waiting.reason}`, at);
    return { waiting: pulled.waiting };
  }
  const { image } = pulled;
  const wrong = (reason: string, message: string): NotStarted => {
    tell(work, 'Warning', 'Failed', `Error: ${message}`, at);
    return { waiting: { reason, message } };
  };
  const problem = configProblem(work.context.client, work.pod, container, image, podText(work.pod));
  if (problem !== undefined) return wrong('CreateContainerConfigError', problem);

  const { pod, node, life } = work;
  const now = nowOf(work);
  const restartCount = last === undefined ? 0 : last.restartCount + 1;
  const id = `containerd://${idOf(pod.metadata.uid ?? '', container.name, restartCount, image.digest)}`;
  const made: Made = {
    ...at,
    id,
    image: image.reference,
    imageID: `${image.repository}@${image.digest}`,
    asked: container.image ?? '',
    restartCount,
    startedAt: now,
    // a first start is seen at once, that nobody waits for longer than need be
    visibleAt: last === undefined ? now : noticedAt(now + (restartCount > 1 ? LATE_START_TIME : START_TIME)),
    seen: false,
    resources: container.resources ?? {},
  };
  const hostIP = hostAddress(node);
  const podIP = life.sandbox?.address ?? '';
  const started = work.runtime.start({ pod, node, podIP, hostIP, container, image, id: bareId(id), startedAt: now });
  if (typeof started === 'string' && started.startsWith('failed to generate container')) {
    return wrong('CreateContainerError', started);
  }
  tell(work, 'Normal', 'Created', 'Container created', at);
  remember(life, made);
  if (typeof started === 'string') {
    made.startedAt = 0;
    made.exit = {
      containerID: id,
      exitCode: 128,
      reason: 'StartError',
      message: started,
      startedAt: EPOCH,
      finishedAt: timeText(now),
    };
    return wrong('RunContainerError', started);
  }
  tell(work, 'Normal', 'Started', 'Container started', at);
  // what has ended already was never seen to run
  if (started.process.ended !== undefined) made.visibleAt = Math.max(made.visibleAt, noticedAt(now));
  const hook = container.lifecycle?.postStart;
  if (hook === undefined) return undefined;
  const why = yield* runHook(work, made, container, hook, Infinity);
  if (why === undefined) return undefined;
  tell(work, 'Warning', 'FailedPostStartHook', 'PostStartHook failed', at);
  yield* stopContainer(work, made, container, { message: 'FailedPostStartHook' });
  return { waiting: { reason: 'PostStartHookError', message: why } };
}
