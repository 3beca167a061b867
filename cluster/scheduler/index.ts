/** The scheduler: a controller whose key is a pod that waits for a node. */
import type { Pod } from '../api/types.ts';
import { splitKey, type Again, type Controller, type ControllerContext } from '../controllers/controller.ts';
import { attempt } from './attempt.ts';
import { bind } from './binding.ts';
import { priorityOf } from './framework.ts';
import { waitingPods } from './memory.ts';
import { evict, nominated, reportFailure } from './reporting.ts';
import { takeSnapshot, type Snapshot } from './snapshot.ts';
import { isWaiting, watches } from './wake.ts';

/** Milliseconds: a pod that fits nowhere is tried again after this long even if nothing that matters to it has changed. */
const RETRY_MS = 5 * 60 * 1000;
/** Milliseconds: how long volumes may take to be bound for a pod. */
const BIND_TIMEOUT_MS = 10 * 60 * 1000;
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

function reconcile(key: string, context: ControllerContext): Again {
  const { client, clock, random } = context;
  const { namespace, name } = splitKey(key);
  const pod = client.get<Pod>('pods', namespace, name);
  const waiting = waitingPods(context);
  if (!pod || !isWaiting(pod)) {
    waiting.delete(key);
    return undefined;
  }
  const before = waiting.get(key) ?? {};
  const now = clock.now();
  const again = before.toldAt !== undefined && now - before.toldAt >= RETRY_MS;
  // the time of the last telling counts: what is not told again must not put off the next telling
  const toldAt = again ? now : (before.toldAt ?? now);
  const retry = { afterMs: RETRY_MS - (now - toldAt) };
  const snapshot = takeSnapshot(client);
  const outcome = attempt(pod, client, random, snapshot);
  if (outcome.kind === 'unschedulable') {
    const { message, nominate, victims, rejectedBy } = outcome;
    // before anything is written: what is written may wake pods, this one too
    waiting.set(key, { toldAt, ...(rejectedBy ? { rejectedBy } : {}) });
    reportFailure(pod, { reason: 'Unschedulable', message, nominate, again }, context);
    if (nominate) clearPromises(nominate, pod, snapshot, context);
    for (const victim of victims) evict(victim, pod, nominate ?? '', context);
    return retry;
  }
  if (bind(pod, outcome.node, context) === 'bound') {
    waiting.delete(key);
    return undefined;
  }
  const since = before.bindingSince ?? now;
  if (now - since < BIND_TIMEOUT_MS) {
    waiting.set(key, { bindingSince: since });
    return { afterMs: BIND_TIMEOUT_MS - (now - since) };
  }
  waiting.set(key, { bindingSince: now });
  const message = 'running PreBind plugin "VolumeBinding": binding volumes: context deadline exceeded';
  reportFailure(pod, { reason: 'SchedulerError', message, nominate: '', again: true }, context);
  return { afterMs: BIND_TIMEOUT_MS };
}

export const scheduler: Controller = {
  name: 'default-scheduler',
  user: 'system:kube-scheduler',
  watches,
  reconcile,
};
