/** How pods end: deleted with grace, or stopped because their time is over. */
import { isTerminal } from '../api/pods.ts';
import type { Container, ContainerStatus, Pod } from '../api/types.ts';
import { end, outcomeOf, stopCode } from './container.ts';
import { lookUpImage } from './images.ts';
import { conditionsOf } from './pod-status.ts';
import type { Outcome } from './process.ts';
import { readScript } from './shell-script.ts';
import { graceOf, isDue, lookAgainAt, tell, type Work } from './work.ts';

/** Milliseconds that a container takes to stop when it heeds the signal. */
const STOP_TIME = 300;

interface Running {
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
    const outcome = looked.kind === 'found' ? outcomeOf(work, container, looked.image) : undefined;
    return [{ container, status, outcome }];
  });
}

/** Milliseconds that the hook before stopping takes. */
function hookTime(container: Container): number {
  const hook = container.lifecycle?.preStop;
  if (hook?.sleep) return hook.sleep.seconds * 1000;
  const [program, ...args] = hook?.exec?.command ?? [];
  const run = (argv: readonly string[]) => ({ ms: argv[0] === 'sleep' ? Number(argv[1] ?? 0) * 1000 : 0, exitCode: 0 });
  const script = args[args.indexOf('-c') + 1];
  if (script !== undefined && /^(.*\/)?(ba|a)?sh$/.test(program ?? '')) {
    return readScript(script, { run, resolves: () => true }).ms;
  }
  return program === undefined ? 0 : run([program, ...args]).ms;
}

/**
 * Containers told to stop at `since`, and gone at the latest `graceMs` later. Returns the statuses once all have stopped,
 * and undefined before.
 */
export function stopContainers(work: Work, since: number, graceMs: number): Pick<Pod, 'status'> | undefined {
  const { pod, now } = work;
  const alive = running(work);
  const ends = alive.map(({ container, status, outcome }) => {
    const role = (pod.spec?.initContainers ?? []).includes(container) ? 'initContainers' : 'containers';
    if (isDue(work, `${container.name}|stop ${since}`)) {
      tell(work, 'Normal', 'Killing', `Stopping container ${container.name}`, { role, name: container.name });
    }
    const startedAt = Date.parse(status.state?.running?.startedAt ?? '');
    const own = outcome?.kind === 'runs' ? startedAt + outcome.ms : Infinity;
    const heeds = outcome?.kind === 'runs' && outcome.stopsOnSignal;
    const stopped = heeds ? since + hookTime(container) + STOP_TIME : Infinity;
    const at = Math.min(own, stopped, since + graceMs);
    const code =
      at === own && outcome?.kind === 'runs' ? outcome.exitCode : at === stopped && outcome ? stopCode(outcome) : 137;
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
