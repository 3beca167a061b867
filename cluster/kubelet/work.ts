/** What a kubelet keeps in its head about its pods, and what one look at a pod is given. */
import type { Container, ContainerStatus, Node, Pod, PodCondition } from '../api/types.ts';
import type { ControllerContext } from '../controllers/controller.ts';
import type { Client } from '../store/client.ts';
import type { ProbeWorker } from './probing/worker.ts';
import type { SimulatedRuntime } from './runtime/runtime.ts';

export const COMPONENT = 'kubelet';

export type PodStatus = NonNullable<Pod['status']>;
export type ContainerRole = 'initContainers' | 'containers' | 'ephemeralContainers';
export type Terminated = NonNullable<NonNullable<ContainerStatus['state']>['terminated']>;
export type Waiting = NonNullable<NonNullable<ContainerStatus['state']>['waiting']>;

/** What a pod's worker waits for before it goes on: a moment (milliseconds since 1970), or a process that ends. */
export interface Pause {
  until: number;
}
/** Work on a pod that takes time: pulls, hooks, containers that stop. */
export type Course<T> = Generator<Pause, T, void>;

/** A container as the runtime has it. Times are milliseconds since 1970. */
export interface Made {
  name: string;
  role: ContainerRole;
  /** `containerd://` and 64 digits. */
  id: string;
  image: string;
  imageID: string;
  /** As the spec named the image that it was made from. */
  asked: string;
  restartCount: number;
  startedAt: number;
  /** Set once the kubelet has seen that it ended. */
  exit?: Terminated;
  /** When the kubelet sees that it is there. */
  visibleAt: number;
  /** A look at the pod has come since. */
  seen: boolean;
  resources: NonNullable<Container['resources']>;
}

interface BackOff {
  ms: number;
  /** When it was made longer the last time. */
  at: number;
}

/** One pod's worker. Lost when a cluster is restored or forked, as a restarted kubelet loses it. */
export interface Life {
  key: string;
  stage: 'syncing' | 'terminating' | 'terminated';
  /** What it is in the middle of. */
  course: Course<'over' | { again: number } | undefined> | undefined;
  pause: number;
  /** Its status was made: containers that are not ready are asked again. */
  asksUnready: boolean;
  /** Something happened: look at the pod as soon as nothing else is being done. */
  due: boolean;
  /** Look again then, whatever happens. */
  syncAt: number;
  /** The pod that was looked at last. */
  pod: Pod | undefined;
  /** Milliseconds that it may take to stop; it only ever gets less. */
  grace: number;
  /** By container, the newest first. */
  made: Map<string, Made[]>;
  sandbox: { address: string; visibleAt: number; stopped: boolean; seen: boolean } | undefined;
  /** Why a container does not run, by its name. */
  reasons: Map<string, Waiting>;
  /** By container and image. */
  restarts: Map<string, BackOff>;
  /** By image as the spec names it. */
  pulls: Map<string, BackOff & { message: string }>;
  /** By volume: mounts that failed. */
  mounts: Map<string, { attempts: number; retryAt: number }>;
  mounted: boolean;
  /** What its volumes show has changed. */
  refresh: boolean;
  probes: Map<string, ProbeWorker>;
  /** Status that is made and not yet written: a look that follows at once replaces it. */
  unwritten: PodStatus | undefined;
  /** Why the pod was put to an end, once it was. */
  ending: (Pick<PodStatus, 'reason' | 'message'> & { condition?: PodCondition; grace?: number }) | undefined;
  resize: { progress?: PodCondition; pending?: PodCondition; taken?: string; told: string };
}

export interface Memory {
  /** By pod uid. */
  lives: Map<string, Life>;
  /** The same lives by the name of their node. */
  livesOn: Map<string, Set<Life>>;
  /** Keys of pods by `configmaps/namespace/name` and the like: what their volumes show. */
  shown: Map<string, Set<string>>;
  /** When a node was last short of memory. */
  pressedAt: Map<string, number>;
}

const memories = new WeakMap<Client, Memory>();
export function memoryOf(client: Client): Memory {
  const known = memories.get(client);
  if (known !== undefined) return known;
  const fresh: Memory = { lives: new Map(), livesOn: new Map(), shown: new Map(), pressedAt: new Map() };
  memories.set(client, fresh);
  return fresh;
}

export interface Work {
  context: ControllerContext;
  memory: Memory;
  runtime: SimulatedRuntime;
  life: Life;
  /** As it was when the look began. */
  pod: Pod;
  node: Node;
}

export const nowOf = ({ context }: Work): number => context.clock.now();

export function tell(
  { context, pod, node }: Work,
  type: 'Normal' | 'Warning',
  reason: string,
  message: string,
  container?: Pick<Made, 'role' | 'name'>,
): void {
  const where = container === undefined ? {} : { fieldPath: `spec.${container.role}{${container.name}}` };
  context.events.event(COMPONENT, { regarding: pod, type, reason, message, ...where }, node.metadata.name);
}

/** `web_default(0b1c...)`: how the kubelet names pods in its messages. */
export const podText = (pod: Pod): string => `${pod.metadata.name}_${pod.metadata.namespace}(${pod.metadata.uid})`;
export const isSidecar = (container: Container): boolean => container.restartPolicy === 'Always';

/** The runtime is looked through every second: what happens in it is seen at the next full one. */
const RELIST = 1000;
export const noticedAt = (at: number): number => Math.floor(at / RELIST) * RELIST + RELIST;
