/**
 * Whether the API server answers: its program must run on a control plane's node and listen where clients look for it, and etcd
 * behind it must run. In a cluster whose control plane is not made of pods (a bare one) it always does.
 */
import type { Pod } from './api/types.ts';
import { componentRuns, type Component } from './components.ts';
import { etcdListens } from './kubelet/host/machine.ts';
import type { SimulatedRuntime } from './kubelet/runtime/runtime.ts';
import { controlPlaneNodes } from './node-files.ts';
import type { Clock, Keep } from './store/client.ts';

/** `no-etcd`: it takes requests, and nothing comes of those that need etcd. */
export type ApiState = 'serves' | 'no-etcd' | 'down';

const SECURE_PORT = 6443;
const MIRROR = 'kubernetes.io/config.mirror';

export class ControlPlane {
  readonly #store: Keep;
  readonly #runtime: Pick<SimulatedRuntime, 'listens'>;
  #revision = -1;
  /** Mirror pods of API servers that run, and whether an etcd does: as of that revision. */
  #servers: readonly Pod[] = [];
  #etcd = true;
  #isBare = true;

  readonly #clock: Clock;
  /** As of that revision and time: asked before every turn of every controller. */
  #known: { revision: number; now: number; api: ApiState } = { revision: -1, now: -1, api: 'serves' };
  readonly #running = new Map<Component, boolean>();

  constructor(store: Keep, runtime: Pick<SimulatedRuntime, 'listens'>, clock: Clock) {
    this.#store = store;
    this.#runtime = runtime;
    this.#clock = clock;
  }

  get api(): ApiState {
    const { revision } = this.#store;
    const now = this.#clock.now();
    if (this.#known.revision === revision && this.#known.now === now) return this.#known.api;
    this.#look();
    const api = this.#state();
    this.#known = { revision, now, api };
    return api;
  }

  /** Whether a component's controllers can act: its program runs, and has an API server to talk to. undefined: the API server's own. */
  lets(component: Component | undefined): boolean {
    if (this.api !== 'serves') return false;
    if (component === undefined) return true;
    const known = this.#running.get(component);
    if (known !== undefined) return known;
    const runs = componentRuns(this.#store, component);
    this.#running.set(component, runs);
    return runs;
  }

  #state(): ApiState {
    if (this.#isBare) return 'serves';
    if (!this.#servers.some((pod) => this.#listens(pod))) return 'down';
    return this.#etcd ? 'serves' : 'no-etcd';
  }

  #look(): void {
    const store = this.#store;
    if (store.revision === this.#revision) return;
    this.#revision = store.revision;
    this.#running.clear();
    const hosts = controlPlaneNodes(store);
    this.#isBare = hosts.length === 0;
    this.#etcd = hosts.some((name) => etcdListens(store, name).length > 0);
    this.#servers = hosts.flatMap((name) => {
      const pod = store.get<Pod>('pods', 'kube-system', `kube-apiserver-${name}`);
      const runs = pod?.metadata.annotations?.[MIRROR] !== undefined && statusOf(pod)?.state?.running !== undefined;
      return runs ? [pod] : [];
    });
  }

  /** A program that the runtime has lost is taken at its status' word. */
  #listens(pod: Pod): boolean {
    return this.#runtime.listens(pod.metadata.uid ?? '', SECURE_PORT) ?? statusOf(pod)?.started === true;
  }
}

const statusOf = ({ status }: Pod) => status?.containerStatuses?.[0];
