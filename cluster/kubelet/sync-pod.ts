/** One look at a pod that lives: its status first, then what its containers need. */
import type { Container } from '../api/types.ts';
import { sandboxProblem } from '../network/cni.ts';
import { allocateAddress, hostAddress } from './address.ts';
import { idOf } from './images/lookup.ts';
import { restartsIn } from './container-rules.ts';
import { close, containersIn, isOtherThanAsked, newest, runs } from './made.ts';
import { mountVolumes } from './mounting.ts';
import { makeStatus } from './pod-status.ts';
import { standing, startProbes } from './probing/manager.ts';
import { needsRestart, resizeContainers } from './resize.ts';
import { startContainer } from './starting.ts';
import { stopAll, stopContainer, type Why } from './stopping.ts';
import {
  isSidecar,
  noticedAt,
  nowOf,
  tell,
  type ContainerRole,
  type Course,
  type Made,
  type Memory,
  type PodStatus,
  type Work,
} from './work.ts';

/** How it came out: `over`, the pod has ended; otherwise when to look again, in milliseconds since 1970. */
export type Synced = 'over' | { again: number };

/** Milliseconds until a look that did not come out well is tried again. */
const RETRY = 10_000;
const RESYNC = 60_000;
const SPREAD = 1.25;

/** `write`: keeps the status; it reaches the API server when the look takes time, or at its end. */
export function* syncPod(work: Work, write: (status: PodStatus) => void): Course<Synced> {
  const status = makeStatus(work);
  write(status);
  if (status.phase === 'Failed' || status.phase === 'Succeeded') return 'over';
  if (!work.life.mounted) {
    const mounted = yield* mountVolumes(work);
    if (!mounted) return { again: nowOf(work) + RETRY * SPREAD };
  }
  startProbes(work);
  const actions = decide(work);
  const failures = yield* act(work, actions);
  if (failures.length === 0) return { again: Infinity };
  // a back-off says when it is over; nothing else does
  const known = failures.filter((one) => one !== undefined);
  const wait = known.length === 0 ? RETRY : Math.min(Math.max(0, Math.min(...known) - nowOf(work)), RESYNC);
  return { again: nowOf(work) + Math.round(wait * SPREAD) };
}

interface Kill extends Why {
  made: Made;
  container: Container;
}
interface Actions {
  /** Nothing runs and nothing will: what is left is stopped. */
  stopAll: boolean;
  kill: Kill[];
  start: Record<ContainerRole, Container[]>;
}

function decide(work: Work): Actions {
  const { pod, life } = work;
  const actions: Actions = {
    stopAll: false,
    kill: [],
    start: { ephemeralContainers: [], initContainers: [], containers: [] },
  };
  for (const container of containersIn(pod, 'ephemeralContainers')) {
    if (newest(life, container.name) === undefined) actions.start.ephemeralContainers.push(container);
  }
  if (!decideInit(work, actions)) return actions;
  let kept = 0;
  for (const container of containersIn(pod, 'containers')) {
    const made = newest(life, container.name);
    if (!runs(made)) {
      if (made === undefined || restartsIn('containers', pod, container, made.exit?.exitCode ?? 0)) {
        actions.start.containers.push(container);
      }
      continue;
    }
    const why = whyToKill(work, made, container, 'Container');
    if (why === undefined) {
      kept++;
      continue;
    }
    const again = why.changed || (container.restartPolicy ?? pod.spec?.restartPolicy ?? 'Always') !== 'Never';
    const message = again && why.plain !== true ? `${why.message}, will be restarted` : why.message;
    actions.kill.push({ made, container, ...why, message });
    if (again) actions.start.containers.push(container);
  }
  if (kept === 0 && actions.start.containers.length === 0) {
    actions.stopAll = true;
    actions.start.initContainers = [];
  }
  return actions;
}

interface Reason {
  message: string;
  /** Nothing is added to the message. */
  plain?: boolean;
  changed: boolean;
  grace?: number;
}
function whyToKill(work: Work, made: Made, container: Container, what: string): Reason | undefined {
  const { pod, life } = work;
  const { name } = container;
  if (isOtherThanAsked(made, container)) return { message: `${what} ${name} definition changed`, changed: true };
  for (const kind of ['liveness', 'startup'] as const) {
    if (standing(life, container, kind, made.id) !== 'failure') continue;
    const probe = kind === 'liveness' ? container.livenessProbe : container.startupProbe;
    const own = pod.metadata.deletionGracePeriodSeconds ?? probe?.terminationGracePeriodSeconds;
    const message = `${what} ${name} failed ${kind} probe`;
    return { message, changed: false, ...(own === undefined ? {} : { grace: own }) };
  }
  const resized = needsRestart(work, made, container);
  return resized === undefined ? undefined : { message: resized, changed: true, plain: true };
}

/** What the init containers need, from the last that was begun; whether all have done their part. */
function decideInit(work: Work, actions: Actions): boolean {
  const { pod, life } = work;
  const containers = containersIn(pod, 'initContainers');
  if (containers.length === 0) return true;
  const start: Container[] = [];
  let done = containersIn(pod, 'containers').some(({ name }) => runs(newest(life, name)));
  let later = done;
  for (let place = containers.length - 1; place >= 0; place--) {
    const container = containers[place];
    if (container === undefined) continue;
    const made = newest(life, container.name);
    const sidecar = isSidecar(container);
    if (made === undefined) {
      if (later && sidecar) start.push(container);
      continue;
    }
    if (later && !sidecar) continue;
    const next = (): void => {
      const following = containers[place + 1];
      if (following === undefined) done = true;
      else if (!later) start.push(following);
    };
    if (!runs(made)) {
      if (sidecar) start.push(container);
      else if (made.exit?.exitCode === 0) next();
      else if (restartsIn('initContainers', pod, container, made.exit?.exitCode ?? 0)) start.push(container);
      else {
        actions.stopAll = true;
        return false;
      }
    } else if (sidecar) {
      const startup = standing(life, container, 'startup', made.id);
      if (startup === undefined || startup === 'success') next();
      const why = whyToKill(work, made, container, 'Init container');
      if (why !== undefined) {
        actions.kill.push({ made, container, ...why });
        start.push(container);
      }
    }
    later = true;
  }
  const [first] = containers;
  if (!later && first !== undefined) start.push(first);
  actions.start.initContainers = start.toReversed();
  return done;
}

/** Returns, for each container that did not start, when to try again where that is known. */
function* act(work: Work, { stopAll: stop, kill, start }: Actions): Course<(number | undefined)[]> {
  const { life } = work;
  const failures: (number | undefined)[] = [];
  if (stop) {
    yield* stopAll(work);
    if (life.sandbox !== undefined) life.sandbox.stopped = true;
    return failures;
  }
  for (const { made, container, ...why } of kill) {
    yield* stopContainer(work, made, container, why);
    close(work, made);
  }
  if (!makeSandbox(work)) return [undefined];
  const begin = function* (role: ContainerRole, container: Container): Course<boolean> {
    const failed = yield* startContainer(work, role, container);
    if (failed === undefined) life.reasons.delete(container.name);
    else {
      life.reasons.set(container.name, failed.waiting);
      failures.push(failed.retryAt);
    }
    return failed === undefined;
  };
  for (const container of start.ephemeralContainers) yield* begin('ephemeralContainers', container);
  for (const container of start.initContainers) {
    const well = yield* begin('initContainers', container);
    if (!well && !isSidecar(container)) return failures;
  }
  if (resizeContainers(work)) life.syncAt = Math.min(life.syncAt, noticedAt(nowOf(work)));
  for (const container of start.containers) yield* begin('containers', container);
  return failures;
}

/** Given out there, whether it is to be seen in a pod or not yet. */
const addressesOn = (node: string, { livesOn }: Memory): string[] =>
  Array.from(livesOn.get(node) ?? [], ({ sandbox }) => sandbox?.address ?? '');

/** Whether there is one: without the network's agent on the node none can be made, but on the host's own network. */
function makeSandbox(work: Work): boolean {
  const { life, pod, node, context, memory } = work;
  if (life.sandbox !== undefined && !life.sandbox.stopped) return true;
  const now = nowOf(work);
  const sandbox = idOf(pod.metadata.uid ?? '', 'sandbox', now);
  const problem =
    pod.spec?.hostNetwork === true ? undefined : sandboxProblem(context.client, node.metadata.name, { sandbox, now });
  if (problem !== undefined) {
    tell(work, 'Warning', 'FailedCreatePodSandBox', problem);
    return false;
  }
  const address =
    pod.spec?.hostNetwork === true
      ? hostAddress(node)
      : allocateAddress(context.client, node, addressesOn(node.metadata.name, memory));
  life.sandbox = { address, visibleAt: nowOf(work), stopped: false, seen: false };
  return true;
}
