/** Stopping containers: the hook before it, their turn, the signal, and the end of their grace. */
import type { Container, Pod } from '../api/types.ts';
import { runHook } from './hooks.ts';
import { allRunning, bareId, containersIn, findContainer, instanceOf, runs } from './made.ts';
import { isSidecar, nowOf, tell, type Course, type Made, type Work } from './work.ts';

/** Seconds: everybody gets as much, whatever was asked. */
const LEAST_GRACE = 2;
/** Milliseconds that a container takes to go once it is killed. */
const KILL_TIME = 100;

export interface Why {
  /** Default: `Stopping container web`. */
  message?: string;
  /** Seconds, instead of what the pod says. */
  grace?: number;
  /** Others it waits for before it is told. */
  turn?: () => boolean;
}

const graceOf = (pod: Pod): number =>
  pod.metadata.deletionGracePeriodSeconds ?? pod.spec?.terminationGracePeriodSeconds ?? 30;

/** Until it has ended. */
export function* stopContainer(
  work: Work,
  made: Made,
  container: Container,
  { message, grace = graceOf(work.pod), turn }: Why = {},
): Course<void> {
  if (!runs(made)) return;
  const begun = nowOf(work);
  tell(work, 'Normal', 'Killing', message ?? `Stopping container ${container.name}`, made);
  let left = grace;
  const hook = container.lifecycle?.preStop;
  if (hook !== undefined && left > 0) {
    const limit = begun + left * 1000;
    const why = yield* runHook(work, made, container, hook, limit);
    if (why !== undefined && nowOf(work) < limit) {
      tell(work, 'Warning', 'FailedPreStopHook', 'PreStopHook failed', made);
    }
    left -= Math.floor((nowOf(work) - begun) / 1000);
  }
  if (turn !== undefined && left > 0) {
    const from = nowOf(work);
    const until = from + left * 1000;
    while (!turn() && nowOf(work) < until) yield { until };
    left -= Math.floor((nowOf(work) - from) / 1000);
  }
  const deadline = nowOf(work) + Math.max(left, LEAST_GRACE) * 1000;
  const instance = instanceOf(work, made);
  const uid = work.pod.metadata.uid ?? '';
  if (instance !== undefined) {
    work.runtime.signal(instance, 'TERM');
    for (;;) {
      const wakeAt = work.runtime.advance(uid, nowOf(work));
      if (instance.process.ended !== undefined || nowOf(work) >= deadline) break;
      yield { until: Math.min(deadline, Math.max(wakeAt, nowOf(work) + 50)) };
    }
    if (instance.process.ended === undefined) {
      work.runtime.stop(bareId(made.id), nowOf(work), 137);
      const gone = nowOf(work) + KILL_TIME;
      while (nowOf(work) < gone) yield { until: gone };
    }
  }
}

/** All at once; the course ends with the last of them. */
function* together(courses: Course<void>[]): Course<void> {
  let open = courses.map((course) => ({ course, until: -Infinity }));
  for (;;) {
    open = open.filter((one) => {
      const step = one.course.next();
      if (!step.done) one.until = step.value.until;
      return !step.done;
    });
    if (open.length === 0) return;
    yield { until: Math.min(...open.map(({ until }) => until)) };
  }
}

/** All containers of a pod: sidecars after those that they were started for, the last one first. `grace`: seconds. */
export function stopAll(work: Work, grace?: number): Course<void> {
  const { life, pod } = work;
  const alive = allRunning(life);
  const init = containersIn(pod, 'initContainers');
  const ordered = init.some(isSidecar);
  const over = (made: Made) =>
    work.runtime.get(bareId(made.id))?.process.ended !== undefined || made.exit !== undefined;
  const turnOf = (made: Made): (() => boolean) | undefined => {
    const place = init.findIndex(({ name }) => name === made.name);
    if (!ordered || place === -1) return undefined;
    const before = alive.filter(
      (other) => other.role === 'containers' || init.findIndex(({ name }) => name === other.name) > place,
    );
    return () => before.every(over);
  };
  return together(
    alive.flatMap((made) => {
      const container = findContainer(pod, made.name);
      if (container === undefined) return [];
      const turn = turnOf(made);
      return [
        stopContainer(work, made, container, {
          ...(grace === undefined ? {} : { grace }),
          ...(turn === undefined ? {} : { turn }),
        }),
      ];
    }),
  );
}
