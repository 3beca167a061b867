/** The scheduler: a controller whose key is a pod that waits for a node. */
import type { Pod } from '../api/types.ts';
import { splitKey, type Again, type Controller, type ControllerContext } from '../controllers/controller.ts';
import { attempt, type Unschedulable } from './attempt.ts';
import { bind } from './binding.ts';
import { DEFAULT_SCHEDULER } from './configuration/profiles.ts';
import { priorityOf } from './framework.ts';
import { waitingPods, type Waiting } from './memory.ts';
import type { Profile } from './profile.ts';
import { evict, nominated, reportFailure } from './reporting.ts';
import { profileFor } from './schedulers.ts';
import { takeSnapshot, type Assumed, type Snapshot } from './snapshot.ts';
import { byPriority, isWaiting, watches } from './wake.ts';

/** Milliseconds: a pod that fits nowhere is tried again after this long even if nothing that matters to it has changed. */
const RETRY_MS = 5 * 60 * 1000;
/** Milliseconds: an attempt that failed for something else is repeated after this long, doubling. */
const BACKOFF_FIRST = 1000;
const BACKOFF_LAST = 10_000;

function clearPromises(
  node: string,
  below: Pod,
  { nominated: promised }: Snapshot,
  { client }: ControllerContext,
): void {
  for (const pod of promised) {
    if (pod.status?.nominatedNodeName !== node || priorityOf(pod) >= priorityOf(below)) continue;
    const free = nominated(pod, '');
    if (free) client.updateStatus('pods', free);
  }
}

/** One look at one pod. */
interface Look {
  key: string;
  pod: Pod;
  profile: Profile;
  context: ControllerContext;
  /** What is known from before. */
  before: Waiting;
  now: number;
}

function reconcile(key: string, context: ControllerContext): Again {
  const { client, clock, random } = context;
  const { namespace, name } = splitKey(key);
  const pod = client.get<Pod>('pods', namespace, name);
  const waiting = waitingPods(context);
  const profile = pod && isWaiting(pod) && profileFor(pod.spec?.schedulerName ?? DEFAULT_SCHEDULER, context);
  if (!pod || !profile) {
    waiting.delete(key);
    return undefined;
  }
  const [before, now] = [waiting.get(key) ?? {}, clock.now()];
  if (before.notBefore !== undefined && now < before.notBefore) return { afterMs: before.notBefore - now };
  if (!profile.preEnqueue.every((plugin) => plugin.preEnqueue?.(pod, client) ?? true)) {
    waiting.set(key, { rejectedBy: GATED });
    return undefined;
  }
  const look: Look = { key, pod, profile, context, before, now };
  const snapshot = takeSnapshot(client, assumedPods(key, context));
  const outcome = attempt(pod, { reader: client, random, profile, snapshot });
  if (outcome.kind === 'unschedulable') return wait(look, outcome, snapshot);
  if (outcome.kind === 'failed') return backOff(look, outcome.message);
  if (bind(pod, outcome.node, context) === 'waiting for volumes') return awaitVolumes(look, outcome.node.name);
  waiting.delete(key);
  return undefined;
}

/** What keeps a pod out of the queue: it is looked at again when a claim comes. */
const GATED: ReadonlySet<string> = new Set(['DynamicResources']);

function wait(look: Look, { message, nominate, victims, rejectedBy }: Unschedulable, snapshot: Snapshot): Again {
  const { key, pod, context, before, now } = look;
  const again = before.toldAt !== undefined && now - before.toldAt >= RETRY_MS;
  // the time of the last telling counts: what is not told again must not put off the next telling
  const toldAt = again ? now : (before.toldAt ?? now);
  // before anything is written: what is written may wake pods, this one too
  waitingPods(context).set(key, { toldAt, ...(rejectedBy ? { rejectedBy } : {}) });
  reportFailure(pod, { reason: 'Unschedulable', message, nominate }, context);
  if (nominate) clearPromises(nominate, pod, snapshot, context);
  for (const victim of victims) evict(victim, pod, nominate ?? '', context);
  return { afterMs: RETRY_MS - (now - toldAt) };
}

function backOff({ key, pod, context, before, now }: Look, message: string): Again {
  const errors = (before.errors ?? 0) + 1;
  const afterMs = Math.min(BACKOFF_FIRST * 2 ** (errors - 1), BACKOFF_LAST);
  waitingPods(context).set(key, { errors, notBefore: now + afterMs });
  reportFailure(pod, { reason: 'SchedulerError', message, nominate: '' }, context);
  return { afterMs };
}

/** Pods other than this one whose volumes are being bound. */
function assumedPods(except: string, context: ControllerContext): Assumed[] {
  return [...waitingPods(context)].flatMap(([key, { assumedOn }]) => {
    if (assumedOn === undefined || key === except) return [];
    const { namespace, name } = splitKey(key);
    const pod = context.client.get<Pod>('pods', namespace, name);
    return pod && isWaiting(pod) ? [{ pod, node: assumedOn }] : [];
  });
}

/** Being bound takes its time, but not for ever. */
function awaitVolumes({ key, pod, profile, context, before, now }: Look, assumedOn: string): Again {
  const since = before.bindingSince ?? now;
  const left = profile.bindTimeoutMs - (now - since);
  waitingPods(context).set(key, { bindingSince: left > 0 ? since : now, ...(left > 0 ? { assumedOn } : {}) });
  if (left > 0) return { afterMs: left };
  const message = 'running PreBind plugin "VolumeBinding": binding volumes: context deadline exceeded';
  reportFailure(pod, { reason: 'SchedulerError', message, nominate: '' }, context);
  return { afterMs: profile.bindTimeoutMs };
}

/** The queue: more important pods first, whoever came first. */
function sorted(keys: readonly string[], { client }: ControllerContext): readonly string[] {
  if (keys.length < 2) return keys;
  const pods = new Map<string, Pod>();
  for (const key of keys) {
    const { namespace, name } = splitKey(key);
    const pod = client.get<Pod>('pods', namespace, name);
    if (pod) pods.set(key, pod);
  }
  return keys.toSorted((a, b) => {
    const [first, second] = [pods.get(a), pods.get(b)];
    return first && second ? byPriority(first, second) : 0;
  });
}

export const scheduler: Controller = {
  name: 'default-scheduler',
  user: 'system:kube-scheduler',
  watches,
  sorted,
  reconcile,
};
