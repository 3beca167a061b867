/** What the scheduler writes about a pod that it could not place, and about pods it pushes out. */
import type { Pod, PodCondition } from '../api/types.ts';
import { timeText } from '../api/time.ts';
import type { ControllerContext } from '../controllers/controller.ts';
import { DEFAULT_SCHEDULER } from './configuration/profiles.ts';
import { PREEMPTED } from './preemption.ts';

const schedulerOf = (pod: Pod): string => pod.spec?.schedulerName ?? DEFAULT_SCHEDULER;

/** Characters: events.k8s.io allows no longer note. */
const NOTE_LIMIT = 1024;
const CUT = ' ...';

/** Adds or replaces a condition; its transition time moves only with its status. undefined: it says so already. */
function withCondition(pod: Pod, condition: Omit<PodCondition, 'lastTransitionTime'>, now: number): Pod | undefined {
  const conditions = pod.status?.conditions ?? [];
  const old = conditions.find(({ type }) => type === condition.type);
  const { status, reason, message } = condition;
  if (old?.status === status && old.reason === reason && old.message === message) return undefined;
  const next = {
    // written as null, not left out
    lastProbeTime: null,
    lastTransitionTime: old?.status === status ? old.lastTransitionTime : timeText(now),
    ...condition,
    ...(pod.metadata.generation === undefined ? {} : { observedGeneration: pod.metadata.generation }),
    // the wire carries null where the generated type knows only a time
  } as unknown as PodCondition;
  const kept = old ? conditions.map((one) => (one === old ? next : one)) : [...conditions, next];
  return { ...pod, status: { ...pod.status, conditions: kept } };
}

export interface Failure {
  reason: 'Unschedulable' | 'SchedulerError';
  message: string;
  /** The node promised from now on, '' for none; undefined leaves it as it is. */
  nominate?: string | undefined;
}

/** The pod with another promised node, or undefined when it has that one already. */
export function nominated(pod: Pod, node: string): Pod | undefined {
  if ((pod.status?.nominatedNodeName ?? '') === node) return undefined;
  const { nominatedNodeName: _, ...status } = pod.status ?? {};
  return { ...pod, status: node === '' ? status : { ...status, nominatedNodeName: node } };
}

/** Every attempt that fails is told, also with the words of the last: the recorder counts. */
export function reportFailure(pod: Pod, { reason, message, nominate }: Failure, context: ControllerContext): void {
  const condition = { type: 'PodScheduled', status: 'False', reason, message };
  const told = withCondition(pod, condition, context.clock.now());
  context.events.event(schedulerOf(pod), {
    regarding: pod,
    type: 'Warning',
    reason: 'FailedScheduling',
    message: message.length <= NOTE_LIMIT ? message : message.slice(0, NOTE_LIMIT - CUT.length) + CUT,
    action: 'Scheduling',
  });
  const next = (nominate === undefined ? undefined : nominated(told ?? pod, nominate)) ?? told;
  if (next) context.client.updateStatus('pods', next);
}

/** Marks the victim and deletes it, as gently as it asks to be. */
export function evict(victim: Pod, preemptor: Pod, node: string, { client, clock, events }: ControllerContext): void {
  // its end has begun already: nothing to add
  if (victim.metadata.deletionTimestamp) return;
  const message = `${schedulerOf(preemptor)}: preempting to accommodate a higher priority pod`;
  const condition = { type: 'DisruptionTarget', status: 'True', reason: PREEMPTED, message };
  const marked = withCondition(victim, condition, clock.now());
  if (marked) client.updateStatus('pods', marked);
  client.delete('pods', victim.metadata.namespace ?? '', victim.metadata.name);
  events.event(schedulerOf(preemptor), {
    regarding: victim,
    type: 'Normal',
    reason: 'Preempted',
    message: `Preempted by pod ${preemptor.metadata.uid ?? ''} on node ${node}`,
    action: 'Preempting',
  });
}
