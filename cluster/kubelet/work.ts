/** One look at one pod: what the stages share, and what a kubelet keeps in its head between looks. */
import type { Container, Node, Pod } from '../api/types.ts';
import type { ControllerContext } from '../controllers/controller.ts';
import type { Client } from '../store/client.ts';
import type { SimulatedRuntime } from './runtime/runtime.ts';

export const COMPONENT = 'kubelet';

/** Times are milliseconds since 1970. Lost when a cluster is restored or forked, as a restarted kubelet loses it. */
export interface Memory {
  /** By pod uid, container and image. */
  pulls: Map<string, Pull>;
  /** By pod uid: mounts that failed. */
  mounts: Map<string, { attempts: number; retryAt: number }>;
  /** By pod uid and container: when to try again to make it. */
  retries: Map<string, number>;
  /** Things said once, or when they were said last. */
  said: Map<string, number>;
  /** By pod uid, container, start and kind: how a probe that runs a command stands. */
  probes: Map<string, ProbeMemory>;
}
export interface ProbeMemory {
  /** Runs so far, counted from 1. */
  run: number;
  passes: boolean;
  /** How often in a row it came out like that. */
  same: number;
  message: string;
  errored: boolean;
}
export interface Pull {
  startedAt: number;
  /** When it is done, one way or the other. */
  until: number;
  failures: number;
  /** Set once it has failed: the registry's words, and when to try again. */
  failed?: { message: string; at: number; retryAt: number };
  done: boolean;
}

const memories = new WeakMap<Client, Memory>();
export function memoryOf(client: Client): Memory {
  const known = memories.get(client);
  if (known !== undefined) return known;
  const fresh: Memory = { pulls: new Map(), mounts: new Map(), retries: new Map(), said: new Map(), probes: new Map() };
  memories.set(client, fresh);
  return fresh;
}

/** Nothing is remembered of a pod that is gone. */
export function forget({ pulls, mounts, retries, said, probes }: Memory, uid: string): void {
  for (const map of [pulls, mounts, retries, said, probes]) {
    for (const key of map.keys()) if (key.startsWith(uid)) map.delete(key);
  }
}

export type PodStatus = NonNullable<Pod['status']>;
export type ContainerRole = 'initContainers' | 'containers' | 'ephemeralContainers';

export interface Work {
  context: ControllerContext;
  memory: Memory;
  runtime: SimulatedRuntime;
  pod: Pod;
  node: Node;
  now: number;
  /** The pod's own address, once it has one. */
  podIP: string;
  /** When to look again; kept at the earliest asked for. */
  againAt: number;
}

export const lookAgainAt = (work: Work, at: number): void => {
  work.againAt = Math.min(work.againAt, at);
};

export function tell(
  { context, pod, node }: Work,
  type: 'Normal' | 'Warning',
  reason: string,
  message: string,
  container?: { role: ContainerRole; name: string },
): void {
  const where = container === undefined ? {} : { fieldPath: `spec.${container.role}{${container.name}}` };
  context.events.event(COMPONENT, { regarding: pod, type, reason, message, ...where }, node.metadata.name);
}

/** True the first time, and again once `everyMs` have passed. */
export function isDue({ memory, pod, now }: Work, what: string, everyMs = Infinity): boolean {
  const key = `${pod.metadata.uid}|${what}`;
  const last = memory.said.get(key);
  if (last !== undefined && now - last < everyMs) return false;
  memory.said.set(key, now);
  return true;
}

export const keyOf = ({ pod }: Work, container: Container): string => `${pod.metadata.uid}|${container.name}`;
/** `web_default(0b1c...)`: how the kubelet names pods in its messages. */
export const podText = ({ pod }: Work): string => `${pod.metadata.name}_${pod.metadata.namespace}(${pod.metadata.uid})`;
export const graceOf = (pod: Pod): number =>
  (pod.metadata.deletionGracePeriodSeconds ?? pod.spec?.terminationGracePeriodSeconds ?? 30) * 1000;
