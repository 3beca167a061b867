/**
 * Whether the API server answers: its program must run on a control plane's node and listen where clients look for it, and etcd
 * behind it must run. In a cluster whose control plane is not made of pods (a bare one) it always does.
 */
import type { Pod } from './api/types.ts';
import { etcdListens } from './kubelet/host/machine.ts';
import type { SimulatedRuntime } from './kubelet/runtime/runtime.ts';
import { controlPlaneNodes } from './node-files.ts';
import type { Keep } from './store/client.ts';

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

  constructor(store: Keep, runtime: Pick<SimulatedRuntime, 'listens'>) {
    this.#store = store;
    this.#runtime = runtime;
  }

  get api(): ApiState {
    this.#look();
    if (this.#isBare) return 'serves';
    if (!this.#servers.some((pod) => this.#listens(pod))) return 'down';
    return this.#etcd ? 'serves' : 'no-etcd';
  }

  #look(): void {
    const store = this.#store;
    if (store.revision === this.#revision) return;
    this.#revision = store.revision;
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
