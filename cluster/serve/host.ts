/**
 * Learners' clusters in worker threads, so that no cluster can slow a keystroke. The main thread holds handles; a handle's
 * methods are messages to the worker that owns the cluster.
 */
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { KubeObject } from '../api/types.ts';
import type { SetupStep } from '../setup.ts';
import type { Trial, TrialStep } from '../trial.ts';
import type { FromWorker, Methods } from './host-protocol.ts';
import type { ConsoleMethods, ConsoleRequest } from './node-console.ts';
import type { Change } from './served-cluster.ts';

/** A cluster's objects and time as a plain value. */
export interface ClusterState {
  /** Milliseconds since 1970. */
  now: number;
  resources: Record<string, readonly KubeObject[]>;
}

export interface CreateOptions {
  nodes?: readonly string[];
  seed?: number;
  /** Milliseconds since 1970; default: the present. */
  now?: number;
  /** Goes on from a state that `snapshot()` or `store()` gave. */
  restore?: Uint8Array;
  /** Folder for a journal of what happens after each `store()`; a cluster restored from such a state is brought up to date from it. */
  journal?: string;
  /** Told of each write by a client. */
  onChange?: (change: Change) => void;
}

export interface LiveCluster {
  readonly id: string;
  /** The administrator's, for https://127.0.0.1:6443: where the workspace offers the API. */
  readonly kubeconfig: string;
  /** A connection to the cluster's HTTPS server. */
  connect(): Socket;
  state(): Promise<ClusterState>;
  /** All of it as bytes, to store and to come back to. */
  snapshot(): Promise<Uint8Array>;
  /** As `snapshot`, handed to `save`; once that is done, the journal of what came before is given up. */
  store(save: (snapshot: Uint8Array) => Promise<void>): Promise<void>;
  /** What came since the last `store`: bytes in the journal, and whether files changed, which are not in it. */
  unstored(): Promise<{ journalBytes: number; files: boolean }>;
  /** To be followed by `store`: nothing is journalled until then. */
  reset(snapshot: Uint8Array): Promise<void>;
  setup(steps: readonly SetupStep[]): Promise<void>;
  /** Tries steps on a copy: of the cluster as it is, or of the one in a snapshot. */
  tryOut(steps: readonly TrialStep[], from?: Uint8Array): Promise<Trial>;
  /** Works until nothing is left to do at the present time. */
  settle(): Promise<void>;
  /** Lets `ms` milliseconds of cluster time go by at once. */
  pass(ms: number): Promise<void>;
  /** Whether the API server takes connections; while it does not, those to `connect()` fail. */
  readonly listens: boolean;
  /** Told when that changes. Returns how to stop. */
  onListening(listener: (on: boolean) => void): () => void;
  /** A node's own console, past the API server. Its methods are rejected where there is no such node. */
  node(name: string): LiveNode;
  close(): Promise<void>;
}

type Asks = {
  [M in keyof ConsoleMethods]: (argument: ConsoleMethods[M]['argument']) => Promise<ConsoleMethods[M]['result']>;
};
export interface LiveNode extends Asks {
  /** Told soon after something on the node's disk has changed. Returns how to stop. */
  onChange(listener: () => void): () => void;
}

const API_IN_WORKSPACE = 'https://127.0.0.1:6443';

interface Waiting {
  resolve(value: unknown): void;
  reject(reason: Error): void;
}

/** What the host has heard of a cluster, and who wants to hear of it. */
class News {
  listens = true;
  readonly listeners = new Set<(on: boolean) => void>();
  /** By node. */
  readonly disks = new Map<string, Set<() => void>>();

  listening(on: boolean): void {
    this.listens = on;
    for (const listener of this.listeners) listener(on);
  }
  changed(node: string): void {
    for (const listener of this.disks.get(node) ?? []) listener();
  }
}

class WorkerLine {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  #sent = 0;
  clusters = 0;
  /** By the cluster's id. */
  readonly listeners = new Map<string, (change: Change) => void>();
  readonly news = new Map<string, News>();

  constructor(onFault: (what: string) => void) {
    this.#worker = new Worker(new URL('./host-worker.ts', import.meta.url), { execArgv: [] });
    this.#worker.on('message', (message: FromWorker) => {
      if ('fault' in message) {
        onFault(message.fault);
        return;
      }
      if ('change' in message) {
        this.listeners.get(message.cluster)?.(message.change);
        return;
      }
      if ('listens' in message) {
        this.news.get(message.cluster)?.listening(message.listens);
        return;
      }
      if ('disk' in message) {
        this.news.get(message.cluster)?.changed(message.disk);
        return;
      }
      const waiting = this.#waiting.get(message.id);
      this.#waiting.delete(message.id);
      if (this.#waiting.size === 0) this.#worker.unref();
      if (message.error === undefined) waiting?.resolve(message.result);
      else waiting?.reject(new Error(message.error));
    });
    this.#worker.on('error', (error: Error) => this.#fail(error));
    this.#worker.on('exit', () => this.#fail(new Error('the clusters of this worker are gone: it has stopped')));
    // an idle worker keeps no process alive, one that owes an answer does
    this.#worker.unref();
  }

  call<M extends keyof Methods>(
    method: M,
    cluster: string,
    argument: Methods[M]['argument'],
  ): Promise<Methods[M]['result']> {
    const id = ++this.#sent;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve: resolve, reject });
      this.#worker.ref();
      this.#worker.postMessage({ id, method, cluster, argument });
    });
  }

  async stop(): Promise<void> {
    await this.#worker.terminate();
  }

  #fail(error: Error): void {
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
}

export interface HostOptions {
  /** Threads. Default 1: a worker serves many clusters. */
  workers?: number;
  /** Told of our own mistakes inside a cluster. */
  onFault?: (what: string) => void;
}

/** Sockets live in `drydock-clusters-<pid>-<random>`: a path in the data folder could be too long for a socket's. */
const FOLDER = 'drydock-clusters-';

/** Removes what processes left that were killed. */
async function removeLeftovers(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const pid = name.startsWith(FOLDER) ? Number(name.slice(FOLDER.length).split('-')[0]) : Number.NaN;
    if (Number.isNaN(pid) || existsSync(`/proc/${pid}`)) continue;
    await rm(join(tmpdir(), name), { recursive: true, force: true });
  }
}

export class ClusterHost {
  readonly #lines: WorkerLine[];
  readonly #folder: string;
  readonly #open = new Map<string, LiveCluster>();
  #made = 0;

  private constructor(lines: WorkerLine[], folder: string) {
    this.#lines = lines;
    this.#folder = folder;
  }

  static async start({ workers = 1, onFault = () => undefined }: HostOptions = {}): Promise<ClusterHost> {
    await removeLeftovers();
    const folder = await mkdtemp(join(tmpdir(), `${FOLDER}${process.pid}-`));
    return new ClusterHost(
      Array.from({ length: workers }, () => new WorkerLine(onFault)),
      folder,
    );
  }

  async create({ onChange, ...options }: CreateOptions = {}): Promise<LiveCluster> {
    const id = String(++this.#made);
    const line = this.#lines.toSorted((a, b) => a.clusters - b.clusters)[0];
    if (!line) throw new Error('the host has no workers');
    line.clusters++;
    const path = join(this.#folder, id);
    let made: Methods['create']['result'];
    try {
      made = await line.call('create', id, { ...options, path, server: API_IN_WORKSPACE });
    } catch (error) {
      line.clusters--;
      throw error;
    }
    if (onChange) line.listeners.set(id, onChange);
    const news = new News();
    line.news.set(id, news);
    const live: LiveCluster = {
      id,
      kubeconfig: made.kubeconfig,
      connect: () => connect(path),
      state: () => line.call('state', id, undefined),
      snapshot: () => line.call('snapshot', id, undefined),
      store: async (save) => {
        await save(await line.call('store', id, undefined));
        await line.call('stored', id, undefined);
      },
      unstored: () => line.call('unstored', id, undefined),
      reset: (snapshot) => line.call('reset', id, snapshot),
      setup: (steps) => line.call('setup', id, steps),
      tryOut: (steps, from) => line.call('tryOut', id, { steps, ...(from ? { from } : {}) }),
      settle: () => line.call('settle', id, undefined),
      pass: (ms) => line.call('pass', id, ms),
      get listens() {
        return news.listens;
      },
      onListening: (listener) => {
        news.listeners.add(listener);
        return () => news.listeners.delete(listener);
      },
      node: (name) => liveNode(line, id, news, name),
      close: async () => {
        if (!this.#open.delete(id)) return;
        line.clusters--;
        line.listeners.delete(id);
        line.news.delete(id);
        await line.call('close', id, undefined);
      },
    };
    this.#open.set(id, live);
    return live;
  }

  async close(): Promise<void> {
    await Promise.all([...this.#open.values()].map((live) => live.close()));
    await Promise.all(this.#lines.map((line) => line.stop()));
    await rm(this.#folder, { recursive: true, force: true });
  }
}

function liveNode(line: WorkerLine, id: string, news: News, node: string): LiveNode {
  const ask = (request: ConsoleRequest) => line.call('console', id, request);
  // the answer's type is the request's own: see ConsoleMethods
  const method = <M extends keyof ConsoleMethods>(name: M): Asks[M] =>
    ((argument: ConsoleMethods[M]['argument']) =>
      ask({ method: name, node, ...argument } as ConsoleRequest)) as Asks[M];
  return {
    run: method('run'),
    read: method('read'),
    write: method('write'),
    remove: method('remove'),
    list: method('list'),
    stat: method('stat'),
    onChange: (listener) => {
      const known = news.disks.get(node);
      const listeners = known ?? new Set();
      news.disks.set(node, listeners.add(listener));
      // a cluster that is closed meanwhile has nothing to tell any more
      if (!known) line.call('watchDisk', id, node).catch(() => undefined);
      return () => listeners.delete(listener);
    },
  };
}
