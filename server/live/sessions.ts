/** The clusters and workspaces that are up now. Sessions themselves live in the database; what is here can be closed and made again. */
import path from 'node:path';
import type { Logger } from 'pino';
import { readFiles, tryAll } from '#grader/index.ts';
import type { ClusterState, GradingInput, Scenario } from '#grader/types.ts';
import { AppError, isAppError } from '../errors.ts';
import type { ClusterAccess, Clusters, LiveCluster, LiveWorkspace, Workspaces } from '../ports.ts';
import { hostOf } from '../sessions/host-of.ts';
import { Turns } from '../turns.ts';
import { saveStates, SessionFiles, setupHash } from './files.ts';

/** Milliseconds after the last request or terminal during which a session counts as being worked on. */
const ACTIVE_MS = 60_000;
/** Milliseconds without a terminal after which a session's cluster is saved and put away. */
const IDLE_MS = 20 * 60_000;
/** Bytes of a journal at which the cluster is stored anew: reading so much at a start takes about 10 ms. */
const JOURNAL_BYTES = 512 * 1024;

export interface SessionPlan {
  id: string;
  scenario: Scenario;
  seed: number;
}

/** One machine for several sessions: the exam's `base`, from which `ssh` leads to a host for each. */
export interface BasePlan {
  /** As that of a session: it names the folder with the files of `base` itself. */
  id: string;
  hosts: readonly { hostname: string; session: SessionPlan }[];
}

interface Base {
  plan: BasePlan;
  workspace: Promise<LiveWorkspace>;
}

interface Live {
  plan: SessionPlan;
  files: SessionFiles;
  cluster: LiveCluster;
  before: ClusterState;
  workspace: Promise<LiveWorkspace> | undefined;
  touched: number;
}

export class LiveSessions {
  readonly #clusters: Clusters;
  readonly #workspaces: Workspaces;
  readonly #dataDir: string;
  readonly #now: () => number;
  readonly #log: Logger;
  readonly #live = new Map<string, Promise<Live>>();
  readonly #bases = new Map<string, Base>();
  /** Terminals that show a machine now, by the id of its session or base. */
  readonly #terminals = new Map<string, number>();
  /** By session: checks, resets and saves of one session never overlap. */
  readonly #turns = new Turns();

  constructor(options: {
    clusters: Clusters;
    workspaces: Workspaces;
    dataDir: string;
    now: () => number;
    log: Logger;
  }) {
    this.#clusters = options.clusters;
    this.#workspaces = options.workspaces;
    this.#dataDir = options.dataDir;
    this.#now = options.now;
    this.#log = options.log;
  }

  /** Brings the session's cluster up: the saved one, or a new one in the scenario's starting state. */
  async open(plan: SessionPlan): Promise<void> {
    await this.#get(plan);
  }

  /** The session's machine, opened when first asked for. Throws `no-sandbox` where none can be built. */
  async workspace(plan: SessionPlan): Promise<LiveWorkspace> {
    const live = await this.#get(plan);
    if ((await live.workspace?.catch(() => undefined))?.closed) live.workspace = undefined;
    const opening = (live.workspace ??= this.#workspaces.open({
      id: plan.id,
      home: live.files.home,
      hostname: hostOf(plan.scenario),
      kubeconfig: live.cluster.kubeconfig,
      connect: () => live.cluster.connect(),
    }));
    try {
      return await opening;
    } catch (error) {
      if (live.workspace === opening) live.workspace = undefined;
      throw noSandbox(error);
    }
  }

  /** Whether `base` can be had; where it can't, each session's own machine is straight on its host. */
  get hosts(): { possible: true } | { possible: false; why: string } {
    return this.#workspaces.hosts ?? { possible: false, why: 'there are no machines at all' };
  }

  /** The machine `base`, opened when first asked for. Clusters and hosts are made at the first login. Throws `no-sandbox`. */
  async base(plan: BasePlan): Promise<LiveWorkspace> {
    let base = this.#bases.get(plan.id);
    if ((await base?.workspace.catch(() => undefined))?.closed && this.#bases.get(plan.id) === base) {
      this.#bases.delete(plan.id);
    }
    base = this.#bases.get(plan.id);
    if (base === undefined) {
      base = { plan, workspace: this.#openBase(plan) };
      this.#bases.set(plan.id, base);
    }
    try {
      return await base.workspace;
    } catch (error) {
      if (this.#bases.get(plan.id) === base) this.#bases.delete(plan.id);
      throw noSandbox(error);
    }
  }

  async #openBase(plan: BasePlan): Promise<LiveWorkspace> {
    const files = new SessionFiles(this.#dataDir, plan.id);
    await files.prepare();
    return this.#workspaces.open({
      id: plan.id,
      home: files.home,
      hosts: plan.hosts.map(({ hostname, session }) => ({
        hostname,
        home: new SessionFiles(this.#dataDir, session.id).home,
        cluster: () => this.#access(session),
      })),
    });
  }

  /** What a machine knows of a session's cluster: each connection goes to the one that is up then. */
  async #access(plan: SessionPlan): Promise<ClusterAccess> {
    const live = await this.#get(plan);
    return { kubeconfig: live.cluster.kubeconfig, connect: () => live.cluster.connect() };
  }

  /** Counts a terminal that attached to a session's machine, or to `base`; call the result when it has gone. */
  async attached(plan: SessionPlan | BasePlan): Promise<() => void> {
    const { id } = plan;
    const lives = 'hosts' in plan ? [] : [await this.#get(plan)];
    this.#terminals.set(id, (this.#terminals.get(id) ?? 0) + 1);
    let gone = false;
    return () => {
      if (gone) return;
      gone = true;
      const left = (this.#terminals.get(id) ?? 1) - 1;
      if (left > 0) this.#terminals.set(id, left);
      else this.#terminals.delete(id);
      for (const live of lives) live.touched = this.#now();
    };
  }

  /** What a grader reads: the cluster as it is now and as the task gave it, and what was tried on copies of both. Saves the cluster as well. */
  async states(plan: SessionPlan): Promise<GradingInput> {
    return this.#turns.take(plan.id, async () => {
      const live = await this.#get(plan);
      const now = await live.cluster.state();
      await this.#saveFilesAndMuch(live);
      const start = async () => (await live.files.start())?.snapshot;
      const files = readFiles(plan.scenario, live.files.home);
      return { now, before: live.before, files, ...(await tryAll(plan.scenario, live.cluster, start)) };
    });
  }

  /** Keeps what a question of an attempt was graded from, so that a corrected check can be run over it again. */
  async keepStates(attemptId: string, position: number, input: GradingInput): Promise<void> {
    await saveStates(path.join(this.#dataDir, 'attempts', attemptId, `${position}.json.gz`), input);
  }

  /** Back to the scenario's starting state; the home folder stays. A scenario whose setup was edited is built anew. */
  async reset(plan: SessionPlan): Promise<void> {
    await this.#turns.take(plan.id, async () => {
      const files = new SessionFiles(this.#dataDir, plan.id);
      const start = await files.start();
      const damaged = await this.#get(plan).then(
        () => false,
        (error: unknown) => isAppError(error) && error.code === 'session-damaged',
      );
      if (damaged || start === undefined || start.setupHash !== setupHash(plan.scenario)) {
        await this.#close(plan.id, { save: false });
        await files.dropCluster();
        await this.#get(plan);
        return;
      }
      const live = await this.#get(plan);
      await live.cluster.reset(start.snapshot);
      await this.#save(live);
    });
  }

  /** Ends the shells of a session's machine or of `base`, and with them whatever still ran; clusters stay. */
  async closeWorkspace(id: string): Promise<void> {
    const base = this.#bases.get(id);
    if (base !== undefined) {
      this.#bases.delete(id);
      await (await base.workspace.catch(() => undefined))?.close();
    }
    const live = await this.#live.get(id)?.catch(() => undefined);
    const workspace = live?.workspace;
    if (live !== undefined) live.workspace = undefined;
    await (await workspace?.catch(() => undefined))?.close();
  }

  async close(id: string): Promise<void> {
    await this.#turns.take(id, () => this.#close(id, { save: true }));
  }

  async closeAll(): Promise<void> {
    await Promise.all([...this.#bases.keys()].map((id) => this.closeWorkspace(id)));
    await Promise.all([...this.#live.keys()].map((id) => this.close(id)));
  }

  /** Called every few seconds: saves what is worked on, puts away what is not. */
  async tick(): Promise<void> {
    const watched = this.#watched();
    for (const [id, opening] of this.#live) {
      const live = await opening.catch(() => undefined);
      if (live === undefined) continue;
      if (watched.has(id)) live.touched = this.#now();
      const quiet = this.#now() - live.touched;
      if (quiet > IDLE_MS) await this.close(id);
      else if (quiet < ACTIVE_MS) await this.#turns.take(id, () => this.#saveFilesAndMuch(live));
    }
  }

  /** Sessions that a terminal shows now, their own or that of the `base` from which they are reached. */
  #watched(): Set<string> {
    const ids = new Set(this.#terminals.keys());
    for (const { plan } of this.#bases.values()) {
      if (ids.has(plan.id)) for (const { session } of plan.hosts) ids.add(session.id);
    }
    return ids;
  }

  async #get(plan: SessionPlan): Promise<Live> {
    let opening = this.#live.get(plan.id);
    if (opening === undefined) {
      opening = this.#start(plan);
      this.#live.set(plan.id, opening);
      opening.catch(() => this.#live.delete(plan.id));
    }
    const live = await opening;
    live.touched = this.#now();
    return live;
  }

  async #start(plan: SessionPlan): Promise<Live> {
    const files = new SessionFiles(this.#dataDir, plan.id);
    await files.prepare();
    const { cluster, before } = (await this.#restore(plan, files)) ?? (await this.#create(plan, files));
    return {
      plan,
      files,
      cluster,
      before,
      workspace: undefined,
      touched: this.#now(),
    };
  }

  async #restore(plan: SessionPlan, files: SessionFiles): Promise<Pick<Live, 'cluster' | 'before'> | undefined> {
    try {
      const latest = await files.latest();
      if (latest === undefined) return undefined;
      const start = await files.start();
      if (start === undefined) return undefined;
      const { nodes } = plan.scenario;
      const cluster = await this.#clusters.create({
        nodes,
        seed: plan.seed,
        restore: latest,
        journal: files.journal,
      });
      return { cluster, before: start.state };
    } catch (error) {
      this.#log.error({ err: error, session: plan.id }, 'saved cluster cannot be restored');
      throw new AppError('session-damaged', { cause: error });
    }
  }

  async #create(plan: SessionPlan, files: SessionFiles): Promise<Pick<Live, 'cluster' | 'before'>> {
    // Of a session that never came to be stored.
    await files.dropCluster();
    const cluster = await this.#clusters.create({
      nodes: plan.scenario.nodes,
      seed: plan.seed,
      journal: files.journal,
    });
    try {
      await cluster.setup(plan.scenario.setup);
    } catch (error) {
      await cluster.close();
      this.#log.error({ err: error, scenario: plan.scenario.id }, 'setup failed');
      throw new AppError('setup-failed', { detail: (error as Error).message, cause: error });
    }
    const before = await cluster.state();
    await files.saveStart({
      snapshot: await cluster.snapshot(),
      state: before,
      setupHash: setupHash(plan.scenario),
    });
    await cluster.store((snapshot) => files.saveLatest(snapshot));
    return { cluster, before };
  }

  async #save(live: Live): Promise<void> {
    await live.cluster.store((snapshot) => live.files.saveLatest(snapshot));
  }

  /** What the journal does not have, files of containers and volumes; and the whole when the journal has grown long. */
  async #saveFilesAndMuch(live: Live): Promise<void> {
    const { journalBytes, files } = await live.cluster.unstored();
    if (files || journalBytes > JOURNAL_BYTES) await this.#save(live);
  }

  async #close(id: string, options: { save: boolean }): Promise<void> {
    const live = await this.#live.get(id)?.catch(() => undefined);
    if (live === undefined) return;
    await this.closeWorkspace(id);
    try {
      if (options.save) await this.#save(live);
    } finally {
      this.#live.delete(id);
      await live.cluster.close();
    }
  }
}

const noSandbox = (error: unknown): AppError =>
  isAppError(error) ? error : new AppError('no-sandbox', { detail: (error as Error).message, cause: error });
