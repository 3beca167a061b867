/**
 * Each pod has a worker that does one thing at a time: it looks at the pod when something happened (the spec changed, a container
 * started or ended, a probe changed its mind) or when it said it would, and what takes time (pulls, hooks, containers that stop)
 * holds the next look up.
 */
import { equal } from '../api/merge.ts';
import { timeText } from '../api/time.ts';
import type { Pod } from '../api/types.ts';
import { hostAddress } from './address.ts';
import { rejection } from './admit.ts';
import { deadlineOf } from './deadline.ts';
import { evicted, EVICTION_CHECK, isLimited } from './eviction.ts';
import { allRunning, notice, recall } from './made.ts';
import { mounted, REFRESH, shownBy } from './mounting.ts';
import { askUnready, recallProbes, turnProbes } from './probing/manager.ts';
import { admitResize } from './resize.ts';
import { syncPod } from './sync-pod.ts';
import { graceOf, refreshed, terminate } from './terminating.ts';
import { tell, type Life, type Memory, type PodStatus, type Work } from './work.ts';

/** Milliseconds between turns that a container's processes get: less for those that run for long and never sleep long. */
const YOUNG = 60_000;
const OLD = 600_000;
const YOUNG_PAUSE = 50;
const PAUSE = 1000;
const OLD_PAUSE = 2000;
/** Rounds at one moment after which something is wrong with us. */
const MAX_ROUNDS = 50;

export function begin(memory: Memory, key: string, pod: Pod, now: number): Life {
  const address = pod.status?.podIP;
  const life: Life = {
    key,
    stage: 'syncing',
    course: undefined,
    pause: 0,
    asksUnready: false,
    due: true,
    syncAt: Infinity,
    refresh: false,
    pod: undefined,
    grace: Infinity,
    made: new Map(),
    sandbox: address === undefined ? undefined : { address, visibleAt: 0, stopped: false, seen: true },
    reasons: new Map(),
    restarts: new Map(),
    pulls: new Map(),
    mounts: new Map(),
    mounted: false,
    probes: new Map(),
    unwritten: undefined,
    ending: undefined,
    resize: { told: '' },
  };
  recall(life, pod);
  recallProbes(life, pod, now);
  if (life.made.size > 0) mounted(memory, life, pod);
  memory.lives.set(pod.metadata.uid ?? '', life);
  const node = pod.spec?.nodeName ?? '';
  const there = memory.livesOn.get(node);
  if (there) there.add(life);
  else memory.livesOn.set(node, new Set([life]));
  return life;
}

export function forget({ lives, livesOn, shown }: Memory, pod: Pod): void {
  const life = lives.get(pod.metadata.uid ?? '');
  if (life === undefined) return;
  const node = pod.spec?.nodeName ?? '';
  livesOn.get(node)?.delete(life);
  if (livesOn.get(node)?.size === 0) livesOn.delete(node);
  for (const what of shownBy({ pod })) shown.get(what)?.delete(life.key);
  lives.delete(pod.metadata.uid ?? '');
}

/** What of a pod, when it is another, is a reason to look at it. */
const isOther = (a: Pod | undefined, b: Pod): boolean =>
  a === undefined ||
  a.metadata.generation !== b.metadata.generation ||
  a.metadata.deletionTimestamp !== b.metadata.deletionTimestamp ||
  a.metadata.deletionGracePeriodSeconds !== b.metadata.deletionGracePeriodSeconds ||
  !equal(a.spec, b.spec) ||
  !equal(a.metadata.labels, b.metadata.labels) ||
  !equal(a.metadata.annotations, b.metadata.annotations);

/** Does what there is to do now. Returns when to look again: milliseconds since 1970, Infinity for not before something happens. */
export function goOn(work: Work): number {
  const { life, context } = work;
  const now = context.clock.now();
  const { pod } = work;
  const gated =
    (pod.spec?.readinessGates ?? []).length > 0 && !equal(life.pod?.status?.conditions, pod.status?.conditions);
  if (gated || isOther(life.pod, pod)) life.due = true;
  life.pod = pod;
  let wakeAt = allRunning(life).length === 0 ? Infinity : work.runtime.advance(pod.metadata.uid ?? '', now);
  // one that keeps the node busy gets its turns further and further apart
  if (wakeAt !== Infinity) wakeAt = Math.max(wakeAt, now + pauseOf(life, now));
  let again = Infinity;
  for (let rounds = 0; rounds < MAX_ROUNDS; rounds++) {
    const current: Work = { ...work, pod: refreshed(work) };
    again = Math.min(wakeAt, watch(current));
    const { due, syncAt, course } = life;
    if (course === undefined && (due || now >= syncAt)) look(current);
    if (life.course === undefined || !step(current)) break;
  }
  flush(work);
  return Math.min(again, life.course === undefined ? life.syncAt : Math.max(life.pause, now + 1));
}

/** Sees what has happened since. Returns when the next thing will that is known of. */
function watch(work: Work): number {
  const { life, pod } = work;
  const now = work.context.clock.now();
  if (life.stage === 'terminated') return Infinity;
  const ends = notice(work);
  const begun = noticeStarts(life, now);
  if (life.asksUnready) {
    life.asksUnready = false;
    askUnready(work);
  }
  const probes = turnProbes(work);
  if (ends.changed || begun.changed || probes.changed) life.due = true;
  let again = Math.min(ends.again, begun.again, probes.again);
  if (life.stage !== 'syncing') return again;
  if (life.refresh) {
    const start = Date.parse(pod.status?.startTime ?? '') || now;
    life.syncAt = Math.min(life.syncAt, start + Math.ceil((now - start + 1) / REFRESH) * REFRESH);
    again = Math.min(again, life.syncAt);
  }
  if (life.ending === undefined && isLimited(pod)) {
    if (now % EVICTION_CHECK === 0) life.ending = evicted(work);
    if (life.ending !== undefined) end(life);
    again = Math.min(again, (Math.floor(now / EVICTION_CHECK) + 1) * EVICTION_CHECK);
  }
  return again;
}

const end = (life: Life): void => {
  life.stage = 'terminating';
  life.due = true;
};

const pauseOf = (life: Life, now: number): number => {
  const age = now - Math.max(...allRunning(life).map(({ startedAt }) => startedAt));
  return age < YOUNG ? YOUNG_PAUSE : age < OLD ? PAUSE : OLD_PAUSE;
};

/** Whether something the kubelet started has come to be seen just now, and when the next will. */
function noticeStarts(life: Life, now: number): { changed: boolean; again: number } {
  let changed = false;
  let again = Infinity;
  const see = (one: { seen: boolean; visibleAt: number } | undefined) => {
    if (one === undefined || one.seen) return;
    if (one.visibleAt > now) again = Math.min(again, one.visibleAt);
    else if (life.course === undefined) {
      one.seen = true;
      changed = true;
    }
  };
  for (const [made] of life.made.values()) see(made);
  see(life.sandbox);
  return { changed, again };
}

/** Nobody is told that a pod has ended while its containers may still run. */
function withheld(old: PodStatus | undefined, status: PodStatus): PodStatus {
  if (isOver(old) || !isOver(status)) return status;
  const { reason: _reason, message: _message, ...rest } = status;
  return {
    ...rest,
    phase: old?.phase ?? 'Pending',
    ...(old?.reason === undefined ? {} : { reason: old.reason }),
    ...(old?.message === undefined ? {} : { message: old.message }),
  };
}
const isOver = (status: PodStatus | undefined): boolean => status?.phase === 'Failed' || status?.phase === 'Succeeded';

/** Begins another look. */
function look(work: Work): void {
  const { life, pod } = work;
  if (life.stage === 'terminated') {
    life.due = false;
    release(work);
    return;
  }
  life.due = false;
  life.syncAt = Infinity;
  const seen: Work = { ...work, pod: life.unwritten === undefined ? pod : { ...pod, status: life.unwritten } };
  const write = (made: PodStatus, stopped = false): void => {
    const status = stopped ? made : withheld(seen.pod.status, made);
    life.unwritten = status;
    life.asksUnready = true;
    seen.pod = { ...seen.pod, status };
  };
  if (pod.metadata.deletionTimestamp !== undefined) life.stage = 'terminating';
  if (life.stage === 'terminating') {
    life.grace = Math.min(life.grace, graceOf(pod));
    life.course = terminate(seen, write);
    return;
  }
  if (pod.status?.startTime === undefined && reject(seen, write)) {
    life.stage = 'terminated';
    return;
  }
  if (life.mounted) {
    life.refresh = false;
    const place = { podIP: life.sandbox?.address ?? '', hostIP: hostAddress(work.node) };
    work.runtime.mountVolumes({ pod: seen.pod, node: work.node, ...place });
  }
  admitResize(seen);
  life.course = syncPod(seen, write);
}

/** Goes on with what is being done, if it can. Returns whether it came to its end. */
function step(work: Work): boolean {
  const { life, pod } = work;
  // less time to stop than before: what is being done is begun anew
  if (life.stage === 'terminating' && graceOf(pod) < life.grace) {
    life.course = undefined;
    life.due = true;
    return true;
  }
  const step = life.course?.next();
  if (step === undefined) return false;
  if (!step.done) {
    life.pause = step.value.until;
    return false;
  }
  life.course = undefined;
  if (life.stage === 'syncing') {
    if (step.value === 'over' || pod.metadata.deletionTimestamp !== undefined) end(life);
    else life.syncAt = Math.min(life.syncAt, step.value?.again ?? Infinity, deadlineOf(pod));
  } else {
    life.stage = 'terminated';
    flush(work);
    release(work);
  }
  return true;
}

/** A deleted pod goes, now that nothing of it is left on the node. */
function release({ context, pod }: Work): void {
  const { namespace = '', name, uid = '', deletionTimestamp, deletionGracePeriodSeconds } = pod.metadata;
  // let go already: it waits for its finalizers
  if (deletionTimestamp === undefined || deletionGracePeriodSeconds === 0) return;
  context.client.delete('pods', namespace, name, { gracePeriodSeconds: 0, preconditions: { uid } });
}

/** Brings the status that was made to the API server, if it is another than the one there. */
function flush({ life, context, pod }: Work): void {
  const status = life.unwritten;
  life.unwritten = undefined;
  if (status === undefined) return;
  const { namespace = '', name, uid } = pod.metadata;
  const stored = context.client.get<Pod>('pods', namespace, name);
  if (stored === undefined || stored.metadata.uid !== uid || equal(stored.status, status)) return;
  context.client.updateStatus<Pod>('pods', { ...stored, status });
}

function reject(work: Work, write: (status: PodStatus, stopped: boolean) => void): boolean {
  const { context, pod, node } = work;
  const refused = rejection(context.client, pod, node);
  if (refused === undefined) return false;
  tell(work, 'Warning', refused.reason, refused.message);
  const status: PodStatus = {
    ...pod.status,
    phase: 'Failed',
    reason: refused.reason,
    message: `Pod was rejected: ${refused.message}`,
    startTime: timeText(context.clock.now()),
    ...(pod.metadata.generation === undefined ? {} : { observedGeneration: pod.metadata.generation }),
  };
  write(status, true);
  return true;
}
