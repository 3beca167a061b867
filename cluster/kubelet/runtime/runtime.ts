/** The container runtime behind the kubelet: containers with files, processes, logs and ports. */
import type { Node as ClusterNode, Pod } from '../../api/types.ts';
import { parseQuantity } from '../../api/quantity.ts';
import { Affinity } from '../../network/affinity.ts';
import { connect } from '../../network/connect.ts';
import { folder, sizeOf, toBytes, toText, Tree, type Node as FileNode } from '../files/file-tree.ts';
import { applied, changesOf, type StoredNode } from '../files/stored-tree.ts';
import { idOf, lookUpImage } from '../images/lookup.ts';
import type { Dialled, Server, TcpPeer } from '../shell/box.ts';
import { Collector, nothingIn, type Run } from '../shell/coroutine.ts';
import { DEFAULT_PATH } from '../shell/programs.ts';
import { hostFiles } from '../host/host-files.ts';
import { NodeConsole } from '../host/console.ts';
import { HostTree } from '../host/host-tree.ts';
import { imageFiles } from './image-files.ts';
import type { ExecAsked, Execed, Instance, RuntimeParts, StartAsked } from './instance.ts';
import { makeInstance } from './launch.ts';
import { NodeNetwork, PodNetwork, type Listening } from './network.ts';
import type { Process } from './process.ts';
import { limitOf, OutOfMemory } from './memory.ts';
import { kill, runProgram, whyNot } from './programs.ts';
import type { PodPlace } from './environment.ts';
import { showAll, type VolumeStore } from './volumes.ts';

export type { Instance } from './instance.ts';

/** JSON. */
export interface RuntimeSnapshot {
  volumes: Record<string, StoredNode>;
  hosts: Record<string, StoredNode>;
  /** By container id. */
  layers: Record<string, StoredNode>;
  images: Record<string, string>;
}

const NOBODY: readonly Instance[] = [];
const PREVIOUS_KEPT = 1;
/** What a node's own programs hold. */
const SYSTEM_MEMORY = 420 * 2 ** 20;

export class SimulatedRuntime implements VolumeStore {
  readonly #parts: RuntimeParts;
  readonly #instances = new Map<string, Instance>();
  /** Ids by pod uid and container, the newest last. */
  readonly #history = new Map<string, string[]>();
  /** By pod uid: containers that may still run. */
  readonly #byPod = new Map<string, Set<Instance>>();
  readonly #volumes = new Map<string, Tree>();
  readonly #hosts = new Map<string, HostTree>();
  readonly #layers = new Map<string, Tree>();
  readonly #furnished = new Set<string>();
  #inherited = false;
  /** The API server, for programs in containers; whoever serves the cluster says it. */
  api: Server | undefined;
  readonly #listening: Listening;

  constructor(parts: RuntimeParts) {
    this.#parts = parts;
    const current = (): Server | undefined => (parts.apiState?.() === 'no-etcd' ? undefined : this.api);
    this.#listening = {
      apiListens: () => parts.apiState?.() !== 'down',
      affinity: new Affinity(() => parts.clock.now()),
      serverOf: (uid, port) => this.serverOf(uid, port),
      readFile: (uid, path) => this.#readFile(uid, path),
      get api() {
        return current();
      },
    };
  }

  // --- volumes
  volume(key: string): Tree {
    const known = this.#volumes.get(key);
    if (known !== undefined) return known;
    const made = new Tree(folder([], { mode: 0o777 }));
    this.#volumes.set(key, made);
    return made;
  }
  /** Bytes that lie in a volume of the pod's own. */
  usedBy(pod: Pod, volume: string): number {
    const tree = this.#volumes.get(`pod/${pod.metadata.uid ?? ''}/${volume}`);
    return tree === undefined ? 0 : sizeOf(tree.root);
  }
  /** Bytes that a container has written to files of its own, and printed. */
  layerOf(id: string): number {
    return Math.max(0, this.#layers.get(id)?.grown ?? 0);
  }
  host(node: string): HostTree {
    let files: Readonly<Record<string, string>> = {};
    if (!this.#furnished.has(node)) {
      this.#furnished.add(node);
      files = this.#parts.furnish?.(node) ?? {};
    }
    const known = this.#hosts.get(node);
    if (known !== undefined) return known;
    const made = new HostTree(hostFiles(node), this.#parts.store, node);
    made.place(files);
    this.#hosts.set(node, made);
    return made;
  }
  /** Fills the pod's volumes that show other objects, or brings them up to date. */
  mountVolumes(place: Omit<PodPlace, 'store'>): void {
    showAll({ ...place, store: this.#parts.store }, this, this.#parts.clock.now());
  }
  token(pod: Pod, audience: string, seconds: number): string {
    return this.#parts.token(pod, audience, seconds);
  }

  /** A runtime for a cluster that goes its own way from here: the same files, each with its own changes. */
  inherit(from: SimulatedRuntime): void {
    const copy = (to: Map<string, Tree>, trees: ReadonlyMap<string, Tree>) => {
      for (const [key, tree] of trees) to.set(key, new Tree(tree.root, tree.readOnly));
    };
    copy(this.#volumes, from.#volumes);
    for (const [name, tree] of from.#hosts) this.#hosts.set(name, tree.copy(this.#parts.store));
    copy(this.#layers, from.#layers);
    this.#inherited = true;
  }

  /** Starts a container again that this runtime has lost, up to the present; what it did to files then was done already. */
  revive(now: number, start: () => Instance | string): Instance | string {
    // only what was handed over has been through it before
    const trees = this.#inherited ? [...this.#volumes.values(), ...this.#hosts.values(), ...this.#layers.values()] : [];
    const before = trees.map((tree) => tree.root);
    const revived = start();
    if (typeof revived !== 'string') revived.process.advance(now);
    trees.forEach((tree, index) => (tree.root = before[index] ?? tree.root));
    return revived;
  }

  /** The files of volumes, nodes and containers; each is another value once something in it was written. */
  get roots(): readonly FileNode[] {
    return [this.#volumes, this.#hosts, this.#layers].flatMap((trees) => [...trees.values()].map(({ root }) => root));
  }

  /** What was written to volumes, nodes and containers, as a plain value. */
  snapshot(): RuntimeSnapshot {
    const stored = (trees: ReadonlyMap<string, Tree>, base: (key: string) => FileNode | undefined) => {
      const out: Record<string, StoredNode> = {};
      for (const [key, tree] of trees) {
        const change = changesOf(base(key), tree.root);
        if (change !== undefined) out[key] = change;
      }
      return out;
    };
    const fresh = [...this.#hosts.keys()].map((name): [string, FileNode] => [name, hostFiles(name)]);
    const hosts = new Map(fresh);
    const layers = new Map([...this.#layers].filter(([id]) => this.#instances.get(id)?.process.ended === undefined));
    return {
      volumes: stored(this.#volumes, () => undefined),
      hosts: stored(this.#hosts, (name) => hosts.get(name)),
      layers: stored(layers, (id) => {
        const image = this.#instances.get(id)?.image;
        return image && imageFiles(image);
      }),
      images: Object.fromEntries(
        [...layers.keys()].flatMap((id) => {
          const image = this.#instances.get(id)?.image.reference;
          return image === undefined ? [] : [[id, image]];
        }),
      ),
    };
  }
  restore({ volumes, hosts, layers, images }: RuntimeSnapshot): void {
    for (const [key, node] of Object.entries(volumes)) this.#volumes.set(key, new Tree(applied(undefined, node)));
    for (const [name, node] of Object.entries(hosts)) {
      this.#hosts.set(name, new HostTree(applied(hostFiles(name), node), this.#parts.store, name));
    }
    for (const [id, node] of Object.entries(layers)) {
      const found = lookUpImage(images[id] ?? '');
      if (found.kind === 'found') this.#layers.set(id, new Tree(applied(imageFiles(found.image), node)));
    }
    this.#inherited = true;
  }

  // --- containers
  get(id: string): Instance | undefined {
    return this.#instances.get(id);
  }
  /** All that ran under this name, the newest last. */
  history(uid: string, container: string): Instance[] {
    return (this.#history.get(`${uid}|${container}`) ?? []).flatMap((id) => this.#instances.get(id) ?? []);
  }

  /** Makes and starts a container. Returns why it can't be started instead. */
  start(asked: StartAsked): Instance | string {
    const { pod, container, image, id, startedAt } = asked;
    const layer = this.#layers.get(id) ?? new Tree(imageFiles(image));
    this.#layers.set(id, layer);
    const instance = makeInstance(asked, {
      parts: this.#parts,
      volumes: this,
      layer,
      network: new PodNetwork(this.#parts.store, this.#listening, pod, asked.podIP, this.#parts.random),
      room: ({ spec }) => this.roomOn(spec?.nodeName ?? ''),
    });
    if (typeof instance === 'string') return instance;
    this.#instances.set(id, instance);
    const uid = pod.metadata.uid ?? '';
    const own = this.#byPod.get(uid) ?? new Set();
    for (const one of own) if (one.process.ended !== undefined) own.delete(one);
    this.#byPod.set(uid, own.add(instance));
    const key = `${pod.metadata.uid}|${container.name}`;
    const ids = [...(this.#history.get(key) ?? []), id];
    for (const gone of ids.splice(0, Math.max(0, ids.length - 1 - PREVIOUS_KEPT))) this.#forget(gone);
    this.#history.set(key, ids);
    instance.process.advance(startedAt);
    return instance;
  }
  /** Lets a pod's processes catch up with the time, the earliest first. Returns when the next wants to go on. */
  advance(uid: string, now: number): number {
    const own = this.#living(uid);
    for (let rounds = 0; rounds < 10_000; rounds++) {
      let next: Process | undefined;
      for (const { process } of own)
        if (
          process.ended === undefined &&
          process.wakeAt <= now &&
          (next === undefined || process.wakeAt < next.wakeAt)
        )
          next = process;
      if (next === undefined) break;
      next.advance(Math.min(now, next.wakeAt));
    }
    for (const { process } of own) if (process.waitsForEvent) process.advance(now);
    return Math.min(
      Infinity,
      ...own.map(({ process }) => (process.waitsForEvent ? Math.min(process.wakeAt, Infinity) : process.wakeAt)),
    );
  }
  #living(uid: string): Instance[] {
    return [...(this.#byPod.get(uid) ?? [])].filter(({ process }) => process.ended === undefined);
  }

  /** A container's first process is sent a signal, which it may or may not take notice of. */
  signal(instance: Instance, name: string): void {
    kill(instance, { pid: 1, signal: name });
  }
  /** Bytes that a pod's containers hold, by container. */
  heldBy(uid: string): Map<string, number> {
    return new Map(this.#living(uid).map(({ container, memory }) => [container.name, memory.used]));
  }
  /** Bytes of memory that a node has left. */
  roomOn(node: string): number {
    const capacity = this.#parts.store.get<ClusterNode>('nodes', '', node)?.status?.capacity?.['memory'];
    if (capacity === undefined) return Infinity;
    let used = SYSTEM_MEMORY;
    for (const instances of this.#byPod.values()) {
      for (const { pod, process, memory } of instances) {
        if (pod.spec?.nodeName === node && process.ended === undefined) used += memory.used;
      }
    }
    return (parseQuantity(capacity)?.value() ?? Infinity) - used;
  }
  /** It may use that much from now on. */
  limit(id: string, resources: { limits?: Record<string, string> }): void {
    const instance = this.#instances.get(id.replace('containerd://', ''));
    if (instance !== undefined) instance.memory.limit = limitOf(resources);
  }

  /** A container is over, whatever its process thinks. */
  stop(id: string, at: number, code: number): void {
    const instance = this.#instances.get(id);
    instance?.process.end(code, at);
    instance?.listeners.clear();
  }
  #forget(id: string): void {
    this.#instances.delete(id);
    this.#layers.delete(id);
  }
  /** Nothing is kept of a pod that is gone, but what is on the node's disk and in persistent volumes. */
  forgetPod(uid: string): void {
    for (const [key, ids] of this.#history) {
      if (!key.startsWith(`${uid}|`)) continue;
      ids.forEach((id) => {
        this.stop(id, this.#parts.clock.now(), 137);
        this.#forget(id);
      });
      this.#history.delete(key);
    }
    this.#byPod.delete(uid);
    for (const key of this.#volumes.keys()) if (key.startsWith(`pod/${uid}/`)) this.#volumes.delete(key);
  }

  // --- ways in
  /** Another process in the container. */
  exec(instance: Instance, { argv, io, now, terminal, pending }: ExecAsked): Execed {
    const own = {
      get time() {
        return now();
      },
    };
    const box = instance.box(own, terminal);
    const env = new Map(instance.env);
    if (terminal !== undefined) env.set('TERM', 'xterm');
    const words = argv.map(toBytes);
    const failed = (why: string) => ({
      kind: 'refused' as const,
      message: `failed to exec in container: failed to start exec "${idOf(instance.id, now(), this.#parts.random.next())}": OCI runtime exec failed: exec failed: ${why}: unknown`,
    });
    if (words.length === 0) return failed('args must not be empty');
    const problem = whyNot(box, words, env.get('PATH') ?? DEFAULT_PATH, instance.cwd);
    if (problem !== undefined) return failed(`unable to start container process: ${problem}`);
    const run = runProgram(words, { argv: words, env, cwd: instance.cwd, io, box, pending });
    return { kind: 'run', run: spared(run, instance, now) };
  }

  /** Runs a command to its end at once, as a probe or hook does; its sleeps take no time but count. */
  runNow(
    instance: Instance,
    argv: readonly string[],
    limitMs: number,
  ): { code: number; output: string; errors: string; ms: number; timedOut: boolean } | { refused: string } {
    const from = this.#parts.clock.now();
    let time = from;
    const output = new Collector(10 * 1024);
    const errors = new Collector(10 * 1024);
    const both = {
      full: false,
      broken: false,
      isTerminal: false,
      write: (bytes: string) => {
        output.write(bytes);
        errors.write(bytes);
      },
    };
    const execed = this.exec(instance, {
      argv,
      io: { stdin: nothingIn, stdout: output, stderr: both },
      now: () => time,
      pending: () => undefined,
    });
    if (execed.kind === 'refused') return { refused: execed.message };
    for (let turns = 0; turns < 2000; turns++) {
      const step = execed.run.next();
      if (step.done) {
        const [said, complained] = [toText(output.text), toText(errors.text)];
        return { code: step.value, output: said, errors: complained, ms: time - from, timedOut: false };
      }
      const { until } = step.value;
      if (until !== undefined && until !== Infinity) time = Math.max(time, until);
      else if (step.value.event) break;
      if (time - from >= limitMs) break;
    }
    execed.run.return(137);
    return { code: 137, output: toText(output.text), errors: toText(errors.text), ms: limitMs, timedOut: true };
  }

  #readFile(uid: string, path: string): string | undefined {
    const [instance] = this.#living(uid);
    const node = instance?.files.find(path);
    return node?.kind === 'file' ? node.data : undefined;
  }
  serverOf(uid: string, port: number): Server | undefined {
    // asked at every turn of a controller: without a copy of the set
    for (const { process, listeners } of this.#byPod.get(uid) ?? NOBODY) {
      const server = process.ended === undefined ? listeners.get(port) : undefined;
      if (server !== undefined) return server;
    }
    return undefined;
  }
  /** A node's own console; undefined: there is no such node. */
  console(name: string): NodeConsole | undefined {
    const { store, clock, random, machine } = this.#parts;
    const node = store.get<ClusterNode>('nodes', '', name);
    const own = machine?.(name);
    if (node === undefined || own === undefined) return undefined;
    return new NodeConsole({
      node,
      disk: this.host(name),
      machine: own,
      network: new NodeNetwork(store, this.#listening, node, random),
      now: () => clock.now(),
      random: () => random.next(),
    });
  }
  /** A container as its node's own tools see it. */
  containerOf(id: string): { lines(): readonly string[]; stop(): void } | undefined {
    const instance = this.#instances.get(id);
    return (
      instance && {
        lines: () => instance.log.entries.map(({ line }) => line),
        stop: () => this.stop(id, this.#parts.clock.now(), 0),
      }
    );
  }
  /** Whether something in the pod listens there; undefined: none of its containers is known here. */
  listens(uid: string, port: number): boolean | undefined {
    return (this.#byPod.get(uid)?.size ?? 0) === 0 ? undefined : this.serverOf(uid, port) !== undefined;
  }
  /** A connection from the pod's node, as its kubelet makes it: past all policies to the pod itself. */
  reach(
    { pod, node, podIP, from }: { pod: Pod; node: ClusterNode; podIP: string; from: string },
    address: string,
    port: number,
  ): Dialled {
    const onHost = pod.spec?.hostNetwork === true;
    const own = address === podIP || (onHost && (address === 'localhost' || address.startsWith('127.')));
    const server = own ? this.serverOf(pod.metadata.uid ?? '', port) : undefined;
    // who has had his one connection listens no more
    const opened = (peer: TcpPeer): Dialled => (peer.closed ? { kind: 'refused' } : { kind: 'open', peer });
    if (server !== undefined) return opened(server(from));
    if (own && !onHost) return { kind: 'refused' };
    const { store, random } = this.#parts;
    const listeners = {
      pod: ({ metadata }: Pod, asked: number) => this.serverOf(metadata.uid ?? '', asked) !== undefined,
      node: () => false,
    };
    const host = address === 'localhost' ? '127.0.0.1' : address;
    const outcome = connect({ node }, { address: host, port, protocol: 'TCP' }, { store, random, listeners });
    if (outcome.kind === 'connected') {
      const found = 'pod' in outcome ? this.serverOf(outcome.pod.metadata.uid ?? '', outcome.port) : undefined;
      return found === undefined ? { kind: 'refused' } : opened(found(from));
    }
    return outcome.kind === 'outside' || outcome.kind === 'dropped' ? { kind: 'silent' } : outcome;
  }
  /** A connection to a port of a pod; undefined: refused. `from`: the address it seems to come from. */
  dial(uid: string, port: number, from: string): TcpPeer | undefined {
    return this.serverOf(uid, port)?.(from);
  }
}

/** A process beside a container's own that takes too much memory takes the container with it. */
function* spared(run: Run, instance: Instance, now: () => number): Run {
  try {
    return yield* run;
  } catch (fault) {
    if (!(fault instanceof OutOfMemory)) throw fault;
    instance.process.end(137, now(), 'OOMKilled');
    return 137;
  }
}
