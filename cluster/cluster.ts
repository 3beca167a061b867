/** One simulated cluster: its parts joined, and its time. The public face of this folder. */
import { ISSUER, unsigned, usernameOf, type TokenSigner } from './access/tokens.ts';
import type { ResourceMetrics } from './api/resource-metrics.ts';
import type { KubeObject, Pod } from './api/types.ts';
import { admissionPlugins } from './admission/index.ts';
import { announceApiServer, bootstrapStore } from './bootstrap.ts';
import { ManualClock } from './clock.ts';
import type { Component } from './components.ts';
import { ControlPlane, type ApiState } from './control-plane.ts';
import type { Controller } from './controllers/controller.ts';
import { apiServerIdentity } from './controllers/api-server-identity/index.ts';
import { apiServiceAvailability } from './controllers/api-service-availability/index.ts';
import { customResourceDefinitions } from './controllers/custom-resource-definition/index.ts';
import { makeControllers } from './controllers/index.ts';
import { gateway } from './controllers/gateway/index.ts';
import { ingressNginx } from './controllers/ingress-nginx/index.ts';
import { localPathProvisioner } from './controllers/local-path-provisioner/index.ts';
import { nodeHeartbeat } from './controllers/node-lifecycle/heartbeat.ts';
import { Recorder } from './events.ts';
import { announceCluster, furnishMachine, installKubeadm, machineFiles, renewCertificates } from './kubeadm/index.ts';
import { kinds } from './kinds/index.ts';
import { FIRST_DATABASE } from './kubelet/control-plane/etcd-databases.ts';
import type { NodeConsole } from './kubelet/host/console.ts';
import { machineOf } from './kubelet/host/machine.ts';
import { controlPlaneNodes, nodeFiles } from './node-files.ts';
import { makeKubelet } from './kubelet/index.ts';
import { SimulatedRuntime, type RuntimeSnapshot } from './kubelet/runtime/runtime.ts';
import { staticPods } from './kubelet/static-pods.ts';
import { MetricsServer } from './metrics/metrics-server.ts';
import { noteProxies } from './network/proxy-rules.ts';
import { Loop } from './loop.ts';
import { DEFAULT_NODES, makeNode } from './nodes.ts';
import { SeededRandom } from './random.ts';
import { Registry } from './registry/registry.ts';
import { resourceName, resources, type ResourceInfo } from './schema/resources.ts';
import { configurationProblem } from './scheduler/configuration/read.ts';
import { scheduler } from './scheduler/index.ts';
import type { Client } from './store/client.ts';
import { Store, type StoreSnapshot } from './store/store.ts';
import { unsignedCertificates, type CertificateSigner } from './x509/certificate.ts';

export type KubeletKind = 'real' | 'stand-in';

export interface ClusterOptions {
  /** Names of the nodes; one called `controlplane` is tainted as such. */
  nodes?: readonly string[];
  /** Draws names, ids and addresses. */
  seed?: number;
  /** Milliseconds since 1970 at which the cluster starts. */
  now: number;
  /** Nothing in kube-system beyond what a control plane makes by itself. */
  bare?: boolean;
  /** `stand-in`: containers start at once and never fail, without events; what most conformance cases were recorded with. Default: `real`. */
  kubelet?: KubeletKind;
  /** PEM of the certificate authority, published to every namespace. */
  caCertificate?: string;
  /** Signs ServiceAccount tokens. Default: none does. */
  tokens?: TokenSigner;
  /** Signs what certificate requests ask for. Default: certificates without a signature. */
  certificates?: CertificateSigner;
  /** Told of our own mistakes: a controller that threw. */
  onFault?: (what: string, fault: unknown) => void;
  /** The order in which controllers take their turns, for tests: the outcome must not depend on it. */
  turns?: (controllers: readonly Controller[]) => readonly Controller[];
}

/** All of a cluster as a plain value (JSON). */
export interface ClusterSnapshot {
  version: 1;
  now: number;
  random: number;
  kubelet: KubeletKind;
  caCertificate: string;
  store: StoreSnapshot;
  /** Files of nodes, volumes and containers; clusters stored by older versions have none. */
  files?: RuntimeSnapshot;
}

const HOUR_MS = 60 * 60 * 1000;
/** Milliseconds until the pods of kube-system run. */
const ADDONS_START_MS = 60_000;
/** Prepared clusters kept: one for each set of nodes that the scenarios use. */
const PREPARED_KEPT = 16;
const prepared = new Map<string, Cluster>();

interface State {
  store: Store;
  clock: ManualClock;
  random: SeededRandom;
  kubelet: KubeletKind;
  caCertificate: string;
  tokens: TokenSigner;
  certificates: CertificateSigner;
  onFault: (what: string, fault: unknown) => void;
  turns?: ClusterOptions['turns'];
}

// ordered by name, and by version where a resource has two
const resourceMap: ReadonlyMap<string, ResourceInfo> = new Map(
  resources.toReversed().map((info) => [resourceName(info), info]),
);

const userOf = (controller: Controller) => ({
  username: controller.user ?? `system:serviceaccount:kube-system:${controller.name}`,
  groups: controller.user
    ? ['system:authenticated']
    : ['system:serviceaccounts', 'system:serviceaccounts:kube-system', 'system:authenticated'],
});

/** What the machines do themselves, whether the API server answers or not. */
const ON_NODES: ReadonlySet<string> = new Set(['kubelet', staticPods.name, nodeHeartbeat.name]);

/** What a controller is a part of, where that is not the controller manager. undefined: the API server, and what is always there. */
const PART_OF: ReadonlyMap<string, Component | undefined> = new Map([
  [customResourceDefinitions.name, undefined],
  [apiServiceAvailability.name, undefined],
  [apiServerIdentity.name, undefined],
  ['kube-scheduler-leader-election', 'kube-scheduler'],
  // it looks itself which schedulers run
  [scheduler.name, undefined],
  [localPathProvisioner.name, 'local-path-provisioner'],
  [ingressNginx.name, undefined],
  [gateway.name, undefined],
]);
const KUBELET_CONF = '/etc/kubernetes/kubelet.conf';
const DATABASE = '/var/lib/etcd/member/snap/db';
const componentOf = ({ name }: Controller): Component | undefined =>
  PART_OF.has(name) ? PART_OF.get(name) : 'kube-controller-manager';

export class Cluster {
  readonly registry: Registry;
  /** Containers of the full kubelet: their files, processes, logs and ports. */
  readonly runtime: SimulatedRuntime;
  readonly metrics: ResourceMetrics;
  readonly #state: State;
  readonly #loop: Loop;
  readonly #controlPlane: ControlPlane;
  #apiTold: ApiState = 'serves';
  /** Revision at which it was last looked where kube-proxy runs. */
  #noted = -1;
  readonly #apiListeners = new Set<(state: ApiState) => void>();

  private constructor(state: State) {
    this.#state = state;
    const { store, clock, random, tokens } = state;
    const counter = { drawn: 0 };
    this.metrics = new MetricsServer(store, clock);
    this.registry = new Registry({
      store,
      clock,
      random,
      tokens,
      admission: admissionPlugins,
      kinds,
      resources: resourceMap,
    });
    this.runtime = new SimulatedRuntime({
      store,
      clock,
      random: new SeededRandom(1),
      pressed: (node) => this.#loop.wake('kubelet', `/${node}`),
      ended: ({ metadata }) => this.#loop.wake('kubelet', `${metadata.namespace ?? ''}/${metadata.name}`),
      token: (pod, audience, seconds) => podToken({ store, clock, tokens }, { pod, audience, seconds }),
      furnish: (node) => {
        const { certificates, caCertificate } = state;
        furnishMachine(store, node, { signer: certificates, caCertificate, now: clock.now() });
        const files: Record<string, string> =
          nodeFiles(store, node)[KUBELET_CONF] === undefined ? {} : { ...machineFiles() };
        if (controlPlaneNodes(store).includes(node)) files[DATABASE] = FIRST_DATABASE;
        return files;
      },
      apiState: () => this.api,
      machine: (node) => {
        const fresh = () => emptyEtcd(store, clock.now());
        const machine = machineOf({
          store,
          node,
          client: () => this.client('system:systemd'),
          fresh,
          authority: state.caCertificate,
          apiServes: () => this.api === 'serves',
          container: (id) => this.runtime.containerOf(id),
          renew: (paths) => {
            const { certificates, caCertificate } = state;
            renewCertificates(store, node, paths, { signer: certificates, caCertificate, now: clock.now() });
          },
        });
        return Object.assign(machine, { schedulerProblem: configurationProblem });
      },
    });
    const { runtime } = this;
    this.#controlPlane = new ControlPlane(store, runtime, clock);
    // the scheduler first: it sees a node before what the controllers will have made of it
    const all: Controller[] = [
      scheduler,
      ...makeControllers({ ...state, metrics: this.metrics }),
      staticPods,
      makeKubelet({ bare: state.kubelet === 'stand-in', runtime }),
    ];
    this.#loop = new Loop({
      store,
      clock,
      controllers: state.turns?.(all) ?? all,
      acts: (controller) => ON_NODES.has(controller.name) || this.#controlPlane.lets(componentOf(controller)),
      context: (controller) => {
        const client = this.registry.client(userOf(controller));
        return { client, clock, random, events: new Recorder(client, clock, counter) };
      },
      onFault: (controller, key, fault) => state.onFault(`${controller.name} ${key}`, fault),
    });
  }

  /** A cluster that has come to rest: bootstrap objects, Ready nodes. */
  static create(options: ClusterOptions): Cluster {
    const {
      nodes = DEFAULT_NODES,
      seed = 1,
      now,
      bare = false,
      kubelet = 'real',
      caCertificate = '',
      tokens = unsigned,
      certificates = unsignedCertificates,
      onFault = rethrow,
    } = options;
    if (!bare)
      return Cluster.#prepared({ ...options, nodes, seed, kubelet, caCertificate, tokens, certificates, onFault });
    const cluster = new Cluster({
      store: bootstrapStore(now),
      clock: new ManualClock(now),
      random: new SeededRandom(seed),
      kubelet,
      caCertificate,
      tokens,
      certificates,
      onFault,
    });
    const client = cluster.client('system:bootstrap');
    announceApiServer(client, caCertificate, now);
    nodes.forEach((name, position) => {
      const node = makeNode(name, position, now, kubelet);
      client.create('nodes', node);
      // a node is registered without the status that its kubelet then reports
      client.updateStatus('nodes', node);
    });
    cluster.#loop.sync(cluster.store);
    cluster.settle();
    return cluster;
  }

  /**
   * A cluster that kubeadm has set up and whose own pods run. Made once for each set of nodes and each hour, and forked: it is
   * up to an hour older than `now`, as the exam's clusters are older than the exam.
   */
  static #prepared(options: Required<Omit<ClusterOptions, 'bare' | 'turns'>>): Cluster {
    const { nodes, now, seed, kubelet, caCertificate, tokens, certificates, onFault } = options;
    const setUpAt = Math.floor(now / HOUR_MS) * HOUR_MS - ADDONS_START_MS;
    const key = JSON.stringify([nodes, setUpAt, kubelet]);
    let template = prepared.get(key);
    if (!template) {
      template = Cluster.create({ ...options, now: setUpAt, seed: 1, caCertificate: '', bare: true });
      installKubeadm(template.client('system:bootstrap'), template.store);
      template.advance(ADDONS_START_MS);
      if (prepared.size >= PREPARED_KEPT) prepared.clear();
      prepared.set(key, template);
    }
    const cluster = new Cluster({
      store: template.store.fork(),
      clock: new ManualClock(now),
      random: new SeededRandom(seed),
      kubelet,
      caCertificate,
      tokens,
      certificates,
      onFault,
    });
    announceApiServer(cluster.client('system:bootstrap'), caCertificate, now);
    announceCluster(cluster.client('system:bootstrap'), caCertificate);
    cluster.#loop.sync(cluster.store);
    cluster.settle();
    return cluster;
  }

  static restore(
    snapshot: ClusterSnapshot,
    {
      onFault = rethrow,
      tokens = unsigned,
      certificates = unsignedCertificates,
      turns,
    }: Pick<ClusterOptions, 'onFault' | 'tokens' | 'certificates' | 'turns'> = {},
  ): Cluster {
    const cluster = new Cluster({
      store: Store.restore(snapshot.store),
      clock: new ManualClock(snapshot.now),
      random: new SeededRandom(snapshot.random),
      kubelet: snapshot.kubelet,
      caCertificate: snapshot.caCertificate,
      tokens,
      certificates,
      onFault,
      ...(turns ? { turns } : {}),
    });
    if (snapshot.files) cluster.runtime.restore(snapshot.files);
    cluster.#loop.sync(cluster.#state.store);
    cluster.settle();
    return cluster;
  }

  get store(): Store {
    return this.#state.store;
  }

  get now(): number {
    return this.#state.clock.now();
  }

  /** Where its chance stands: part of what a stored cluster goes on from. */
  get randomState(): number {
    return this.#state.random.state;
  }

  /** Whether nothing is left to do at the present time. */
  get idle(): boolean {
    return this.#loop.idle;
  }

  /** Whether there are real containers on its nodes, and not stand-ins. */
  get hasContainers(): boolean {
    return this.#state.kubelet === 'real';
  }

  /** When something will happen by itself, in milliseconds since 1970. */
  get nextTimer(): number | undefined {
    return this.#loop.nextTimer();
  }

  /** A client without a limit on what it may do; `user` shows in managedFields. */
  client(user: string): Client {
    return this.registry.client({ username: user, groups: ['system:masters', 'system:authenticated'] });
  }

  /** Runs every loop until nothing is left to do now. */
  settle(): void {
    this.#loop.settle();
    if (this.store.revision !== this.#noted) {
      noteProxies(this.store);
      this.#noted = this.store.revision;
    }
    const { api } = this;
    if (api === this.#apiTold) return;
    this.#apiTold = api;
    for (const listener of this.#apiListeners) listener(api);
  }

  /** A node's own console: root's shell and files, past the API server. undefined: there is no such node, or it has no containers. */
  node(name: string): NodeConsole | undefined {
    return this.hasContainers ? this.runtime.console(name) : undefined;
  }

  /** Whether the API server answers, for those who lead requests to it. What is done through `client()` is past it. */
  get api(): ApiState {
    return this.#controlPlane.api;
  }
  /** Called when that has changed, once nothing is left to do. Returns how to stop. */
  onApi(listener: (state: ApiState) => void): () => void {
    this.#apiListeners.add(listener);
    return () => this.#apiListeners.delete(listener);
  }

  /** Lets `ms` milliseconds pass, stopping at each timer on the way. */
  advance(ms: number): void {
    const end = this.now + ms;
    this.settle();
    for (let next = this.nextTimer; next !== undefined && next <= end; next = this.nextTimer) {
      this.#state.clock.moveTo(next);
      this.settle();
    }
    this.#state.clock.moveTo(end);
    this.settle();
  }

  /** A cluster that starts as this one is now and goes its own way: try something, look, throw it away. */
  fork(): Cluster {
    const { store, clock, random, ...rest } = this.#state;
    const fork = new Cluster({
      ...rest,
      store: store.fork(),
      clock: new ManualClock(clock.now()),
      random: new SeededRandom(random.state),
    });
    fork.runtime.inherit(this.runtime);
    fork.#loop.sync(fork.store);
    return fork;
  }

  snapshot(): ClusterSnapshot {
    const { store, clock, random, kubelet, caCertificate } = this.#state;
    return {
      version: 1,
      now: clock.now(),
      random: random.state,
      kubelet,
      caCertificate,
      store: store.snapshot(),
      ...(this.hasContainers ? { files: this.runtime.snapshot() } : {}),
    };
  }

  /** All objects by resource name: what graders read. */
  objects(): Record<string, readonly KubeObject[]> {
    return this.store.snapshot().resources;
  }
}

/** What an API server writes into an empty etcd, and the nodes that are registered: their kubelets do it again. */
const emptyEtcd = (store: Store, now: number): StoreSnapshot['resources'] => ({
  ...bootstrapStore(now).snapshot().resources,
  nodes: store.list('nodes'),
});

/** The token that a pod's projected volume holds: its account's, bound to the pod. */
function podToken(
  { store, clock, tokens }: Pick<State, 'store' | 'clock' | 'tokens'>,
  { pod, audience, seconds }: { pod: Pod; audience: string; seconds: number },
): string {
  const { namespace = '', name, uid = '' } = pod.metadata;
  const account = pod.spec?.serviceAccountName ?? 'default';
  const found = store.get<KubeObject>('serviceaccounts', namespace, account);
  const now = Math.floor(clock.now() / 1000);
  return tokens.sign({
    aud: [audience === '' ? ISSUER : audience],
    exp: now + seconds,
    iat: now,
    iss: ISSUER,
    jti: uid,
    'kubernetes.io': {
      namespace,
      pod: { name, uid },
      serviceaccount: { name: account, uid: found?.metadata.uid ?? '' },
    },
    nbf: now,
    sub: usernameOf(namespace, account),
  });
}

function rethrow(what: string, fault: unknown): never {
  throw new Error(`${what} failed`, { cause: fault });
}
