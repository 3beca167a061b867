/** How pods end: deleted with grace, or stopped because their time is over. */
import { isTerminal } from '../api/pods.ts';
import type { Container, ContainerStatus, Pod } from '../api/types.ts';
import { end, instanceOf, outcomeOf, stopCode } from './container-outcome.ts';
import { lookUpImage } from './images.ts';
import { conditionsOf } from './pod-status.ts';
import type { Outcome } from './process.ts';
import type { Instance } from './runtime/runtime.ts';
import { graceOf, isDue, keyOf, lookAgainAt, tell, type Work } from './work.ts';

/** Milliseconds that a container takes to stop when it heeds the signal. */
const STOP_TIME = 300;
/** Between looks at a container that has been told. */
const NOTICE = 1000;

interface Running {
  instance: Instance | undefined;
  container: Container;
  status: ContainerStatus;
  outcome: Outcome | undefined;
}

function running(work: Work): Running[] {
  const { pod } = work;
  const containers = [...(pod.spec?.initContainers ?? []), ...(pod.spec?.containers ?? [])];
  const statuses = [...(pod.status?.initContainerStatuses ?? []), ...(pod.status?.containerStatuses ?? [])];
  return statuses.flatMap((status) => {
    const container = containers.find((one) => one.name === status.name);
    if (container === undefined || !status.state?.running) return [];
    const looked = lookUpImage(status.image);
    const instance = looked.kind === 'found' ? instanceOf(work, container, status, looked.image) : undefined;
    work.runtime.advance(pod.metadata.uid ?? '', work.now);
    const outcome = looked.kind === 'found' ? outcomeOf(work, container, looked.image) : undefined;
    return [{ container, status, outcome, instance }];
  });
}

/** Milliseconds that the hook before stopping takes; it runs once. */
function hookTime(work: Work, container: Container, instance: Instance | undefined, since: number): number {
  const hook = container.lifecycle?.preStop;
  if (hook?.sleep) return hook.sleep.seconds * 1000;
  const command = hook?.exec?.command;
  if (command === undefined || instance === undefined) return 0;
  const key = `${keyOf(work, container)}|preStop ${since}`;
  const known = work.memory.retries.get(key);
  if (known !== undefined) return known;
  const ran = work.runtime.runNow(instance, command, graceOf(work.pod));
  const ms = 'refused' in ran ? 0 : ran.ms;
  work.memory.retries.set(key, ms);
  return ms;
}

/**
 * Containers told to stop at `since`, and gone at the latest `graceMs` later. Returns the statuses once all have stopped,
 * and undefined before.
 */
export function stopContainers(work: Work, since: number, graceMs: number): Pick<Pod, 'status'> | undefined {
  const { pod, now } = work;
  const alive = running(work);
  const ends = alive.map(({ container, status, outcome, instance }) => {
    const role = (pod.spec?.initContainers ?? []).includes(container) ? 'initContainers' : 'containers';
    if (isDue(work, `${container.name}|stop ${since}`)) {
      tell(work, 'Normal', 'Killing', `Stopping container ${container.name}`, { role, name: container.name });
      instance?.process.signal('TERM');
      work.runtime.advance(pod.metadata.uid ?? '', now);
    }
    const startedAt = Date.parse(status.state?.running?.startedAt ?? '');
    const own = instance?.process.ended?.at ?? (outcome?.kind === 'runs' ? startedAt + outcome.ms : Infinity);
    if (own === Infinity) lookAgainAt(work, now + NOTICE);
    const heeds = outcome?.kind === 'runs' && outcome.stopsOnSignal;
    const stopped = heeds ? since + hookTime(work, container, instance, since) + STOP_TIME : Infinity;
    const at = Math.min(own, stopped, since + graceMs);
    const code =
      at === own && outcome?.kind === 'runs'
        ? (instance?.process.ended?.code ?? outcome.exitCode)
        : at === stopped && outcome
          ? stopCode(outcome)
          : 137;
    return { name: container.name, at: Math.max(at, since), code };
  });
  const last = Math.max(since, ...ends.map((one) => one.at));
  if (now < last) {
    lookAgainAt(work, last);
    return undefined;
  }
  const stopped = (statuses: readonly ContainerStatus[] | undefined) =>
    statuses?.map((status) => {
      const ended = ends.find((one) => one.name === status.name);
      return ended === undefined ? status : end(work, status, ended.at, ended.code);
    });
  const init = stopped(pod.status?.initContainerStatuses);
  const main = stopped(pod.status?.containerStatuses);
  return {
    status: {
      ...pod.status,
      ...(init === undefined ? {} : { initContainerStatuses: init }),
      ...(main === undefined ? {} : { containerStatuses: main }),
    },
  };
}

/** A deleted pod goes when its containers have stopped; until then it runs, and after that it has ended one way or the other. */
export function terminate(work: Work): void {
  const { pod, context } = work;
  const { namespace = '', name, uid = '', deletionTimestamp = '', deletionGracePeriodSeconds } = pod.metadata;
  const grace = graceOf(pod);
  const since = Math.min(Date.parse(deletionTimestamp) - grace, work.now);
  const stopped = stopContainers(work, since, grace)?.status;
  if (stopped === undefined) return;
  const main = stopped.containerStatuses ?? [];
  if (main.some((status) => status.state?.terminated) && !isTerminal(pod)) {
    const statuses = { init: stopped.initContainerStatuses ?? [], main };
    const failed = main.some((status) => (status.state?.terminated ?? status.lastState?.terminated)?.exitCode !== 0);
    const phase = failed ? 'Failed' : 'Succeeded';
    const conditions = conditionsOf(work, phase, statuses, false);
    context.client.updateStatus<Pod>('pods', { ...pod, status: { ...stopped, phase, conditions } });
  }
  // let go already: it waits for its finalizers
  if (deletionGracePeriodSeconds === 0) return;
  context.client.delete('pods', namespace, name, { gracePeriodSeconds: 0, preconditions: { uid } });
}
