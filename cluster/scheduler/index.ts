/** The scheduler: a controller whose key is a pod that waits for a node. */
import type { Pod } from '../api/types.ts';
import { splitKey, type Again, type Controller, type ControllerContext } from '../controllers/controller.ts';
import { bind } from './binding.ts';
import { findFeasible, rejectors } from './filtering.ts';
import { Cycle, priorityOf } from './framework.ts';
import { waitingPods } from './memory.ts';
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
  if (snapshot.nodes.length === 0) {
    const message = 'no nodes available to schedule pods';
    reportFailure(pod, { reason: 'Unschedulable', message, nominate: '', again }, context);
    waiting.set(key, { toldAt });
    return retry;
  }
  const cycle = new Cycle(pod, snapshot, client);
  const diagnosis = findFeasible(cycle);
  const chosen = pickNode(cycle, diagnosis.feasible, random);
  if (!chosen) {
    // before anything is written: what is written may wake pods, this one too
    waiting.set(key, { toldAt, rejectedBy: rejectors(diagnosis) });
    fail(cycle, diagnosis, again, context);
    return retry;
  }
  if (bind(pod, chosen, context) === 'bound') {
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
