/** The scheduler: a controller whose key is a pod that waits for a node. */
import type { Pod } from '../api/types.ts';
import { splitKey, type Again, type Controller, type ControllerContext } from '../controllers/controller.ts';
import { bind } from './binding.ts';
import { findFeasible } from './filtering.ts';
import { Cycle, priorityOf } from './framework.ts';
import { preempt } from './preemption.ts';
import { evict, nominated, reportFailure } from './reporting.ts';
import { pickNode } from './scoring.ts';
import { noNodeSentence } from './sentence.ts';
import { takeSnapshot, type Snapshot } from './snapshot.ts';
import { isWaiting, watches } from './wake.ts';

/** Milliseconds: a pod that fits nowhere is tried again after this long even if nothing that matters to it has changed. */
const RETRY_MS = 5 * 60 * 1000;
/** Milliseconds: how long volumes may take to be bound for a pod. */
const BIND_TIMEOUT_MS = 10 * 60 * 1000;
/** The verdict of the plugin for resource claims, which pods here don't have. It is asked before preemption. */
const NO_CLAIMS = 'no new claims to deallocate';
/** What it says when the pod was refused before that plugin had seen it. */
const NOT_SEEN = 'not found';

/** What can't be read from the store. Lost with the process, as a real scheduler's queue is. */
interface Memory {
  /** By key, milliseconds since 1970. */
  failedAt: Map<string, number>;
  waitingSince: Map<string, number>;
}
const memories = new WeakMap<ControllerContext, Memory>();
function memoryOf(context: ControllerContext): Memory {
  const known = memories.get(context);
  if (known) return known;
  const memory = { failedAt: new Map<string, number>(), waitingSince: new Map<string, number>() };
  memories.set(context, memory);
  return memory;
}

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

function fail(
  cycle: Cycle,
  diagnosis: ReturnType<typeof findFeasible>,
  again: boolean,
  context: ControllerContext,
): void {
  const { pod, snapshot } = cycle;
  const nodes = snapshot.nodes.length;
  const reason = 'Unschedulable';
  if (diagnosis.refused) {
    const message = noNodeSentence({ nodes, ...diagnosis, after: NOT_SEEN });
    reportFailure(pod, { reason, message, again }, context);
    return;
  }
  const outcome = preempt(cycle, diagnosis);
  if (outcome.kind === 'none') {
    const message = noNodeSentence({ nodes, ...diagnosis, after: `${NO_CLAIMS}, ${outcome.message}` });
    reportFailure(pod, { reason, message, again, nominate: outcome.forget ? '' : undefined }, context);
    return;
  }
  const message = noNodeSentence({ nodes, ...diagnosis });
  reportFailure(pod, { reason, message, again, nominate: outcome.node }, context);
  clearPromises(outcome.node, pod, snapshot, context);
  for (const victim of outcome.victims) evict(victim, pod, outcome.node, context);
}

function reconcile(key: string, context: ControllerContext): Again {
  const { client, clock, random } = context;
  const { namespace, name } = splitKey(key);
  const pod = client.get<Pod>('pods', namespace, name);
  const { failedAt, waitingSince } = memoryOf(context);
  if (!pod || !isWaiting(pod)) {
    failedAt.delete(key);
    waitingSince.delete(key);
    return undefined;
  }
  const now = clock.now();
  const snapshot = takeSnapshot(client);
  const tried = failedAt.get(key);
  const again = tried !== undefined && now - tried >= RETRY_MS;
  if (snapshot.nodes.length === 0) {
    const message = 'no nodes available to schedule pods';
    reportFailure(pod, { reason: 'Unschedulable', message, nominate: '', again }, context);
    failedAt.set(key, now);
    return { afterMs: RETRY_MS };
  }
  const cycle = new Cycle(pod, snapshot, client);
  const diagnosis = findFeasible(cycle);
  const chosen = pickNode(cycle, diagnosis.feasible, random);
  if (!chosen) {
    waitingSince.delete(key);
    // the time of the last telling counts: what is not told again must not put off the next telling
    if (tried === undefined || again) failedAt.set(key, now);
    fail(cycle, diagnosis, again, context);
    return { afterMs: RETRY_MS - (now - (failedAt.get(key) ?? now)) };
  }
  if (bind(pod, chosen, context) === 'bound') {
    failedAt.delete(key);
    waitingSince.delete(key);
    return undefined;
  }
  const since = waitingSince.get(key) ?? now;
  waitingSince.set(key, since);
  if (now - since < BIND_TIMEOUT_MS) return { afterMs: BIND_TIMEOUT_MS - (now - since) };
  waitingSince.set(key, now);
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
