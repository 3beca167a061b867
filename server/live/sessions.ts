/** The clusters and workspaces that are up now. Sessions themselves live in the database; what is here can be closed and made again. */
import path from 'node:path';
import type { Logger } from 'pino';
import { readFiles, tryAll } from '#grader/index.ts';
import type { ClusterState, GradingInput, Scenario } from '#grader/types.ts';
import { AppError, isAppError } from '../errors.ts';
import type { Change, ClusterAccess, Clusters, LiveCluster, LiveWorkspace, Workspaces } from '../ports.ts';
import { hostOf } from '../sessions/host-of.ts';
import { Turns } from '../turns.ts';
import { DEFAULT_RECORDING, Recordings, type RecordingSettings } from '../recording/recordings.ts';
import { saveStates, SessionFiles, setupHash } from './files.ts';
import { DEFAULT_LIFE, type LifeSettings } from './life.ts';
import { Machines } from './machines.ts';

/** Milliseconds after the last request or terminal during which a session counts as being worked on. */
const ACTIVE_MS = 60_000;
/** Milliseconds without a terminal after which a session's cluster is saved and put away. */
const IDLE_MS = 20 * 60_000;
/** Bytes of a journal at which the cluster is stored anew: reading so much at a start takes about 10 ms. */
const JOURNAL_BYTES = 512 * 1024;
/** Milliseconds between two looks for recordings that are too old. */
const SWEEP_EVERY_MS = 60 * 60_000;

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

interface Live {
  files: SessionFiles;
  cluster: LiveCluster;
  before: ClusterState;
  touched: number;
}

export class LiveSessions {
  readonly #clusters: Clusters;
  readonly #workspaces: Workspaces;
  readonly #dataDir: string;
  readonly #now: () => number;
  readonly #log: Logger;
  readonly recordings: Recordings;
  readonly #machines: Machines;
  readonly #live = new Map<string, Promise<Live>>();
  /** Those of them whose cluster is there. */
  readonly #up = new Map<string, Live>();
  /** Clusters that are not in their starting state yet. */
  readonly #coming = new Map<string, PromiseWithResolvers<LiveCluster>>();
  readonly #bases = new Map<string, BasePlan>();
  /** Machines, by the id of their session or base; one may be there, asleep, while its cluster is not. */
  readonly #shells = new Map<string, Promise<LiveWorkspace>>();
  /** When a machine was last opened or left, in milliseconds since 1970. */
  readonly #seen = new Map<string, number>();
  /** Terminals that show a machine now, by the id of its session or base. */
  readonly #terminals = new Map<string, number>();
  #sweptAt = 0;
  /** By session: checks, resets and saves of one session never overlap. */
  readonly #turns = new Turns();

  constructor(options: {
    clusters: Clusters;
    workspaces: Workspaces;
    dataDir: string;
    now: () => number;
    log: Logger;
    life?: LifeSettings;
    recording?: RecordingSettings;
  }) {
    const { workspaces, dataDir, now, log, life = DEFAULT_LIFE, recording = DEFAULT_RECORDING } = options;
    this.recordings = new Recordings({ dataDir, settings: recording, now, log });
    this.#machines = new Machines({ workspaces, recordings: this.recordings, life, now, log });
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
    const known = await this.#known(plan.id);
    if (known?.asleep) return known;
    const getting = this.#get(plan);
    // The machine is made while the cluster gets its starting state; nobody is let in before both are there.
    const coming = this.#coming.get(plan.id)?.promise;
    // Why it does not come is told by the other.
    const cluster = (await coming?.catch(() => undefined)) ?? (await getting).cluster;
    const opening = this.#openOnce(plan.id, () => {
      const files = new SessionFiles(this.#dataDir, plan.id);
      return this.#machines.open(files, {
        id: plan.id,
        home: files.home,
        files: plan.scenario.home,
        hostname: hostOf(plan.scenario),
        kubeconfig: cluster.kubeconfig,
        connect: () => (this.#up.get(plan.id)?.cluster ?? cluster).connect(),
        beforeWake: () => this.open(plan),
      });
    });
    const [, state] = await Promise.allSettled([opening, getting]);
    if (state.status === 'rejected') await this.closeWorkspace(plan.id);
    await getting;
    return opening;
  }

  /** The machine that is there, if one is. */
  async #known(id: string): Promise<LiveWorkspace | undefined> {
    const opening = this.#shells.get(id);
    // who opened it was told why it could not be had
    const machine = await opening?.catch(() => undefined);
    if (machine?.closed !== true) return machine;
    if (this.#shells.get(id) === opening) this.#shells.delete(id);
    return undefined;
  }

  async #openOnce(id: string, open: () => Promise<LiveWorkspace>): Promise<LiveWorkspace> {
    await this.#known(id);
    let opening = this.#shells.get(id);
    if (opening === undefined) {
      opening = open();
      this.#shells.set(id, opening);
    }
    this.#seen.set(id, this.#now());
    try {
      return await opening;
    } catch (error) {
      if (this.#shells.get(id) === opening) this.#shells.delete(id);
      throw noSandbox(error);
    }
  }

  /** Whether `base` can be had; where it can't, each session's own machine is straight on its host. */
  get hosts(): { possible: true } | { possible: false; why: string } {
    return this.#workspaces.hosts ?? { possible: false, why: 'there are no machines at all' };
  }

  /** The machine `base`, opened when first asked for. Clusters and hosts are made at the first login. Throws `no-sandbox`. */
  async base(plan: BasePlan): Promise<LiveWorkspace> {
    this.#bases.set(plan.id, plan);
    return this.#openOnce(plan.id, () => this.#openBase(plan));
  }

  async #openBase(plan: BasePlan): Promise<LiveWorkspace> {
    const files = new SessionFiles(this.#dataDir, plan.id);
    await files.prepare();
    return this.#machines.open(files, {
      id: plan.id,
      home: files.home,
      hosts: plan.hosts.map(({ hostname, session }) => ({
        hostname,
        home: new SessionFiles(this.#dataDir, session.id).home,
        files: session.scenario.home,
        cluster: () => this.#access(session),
      })),
    });
  }

  /** What a machine knows of a session's cluster: each connection goes to the one that is up then. */
  async #access(plan: SessionPlan): Promise<ClusterAccess> {
    const live = await this.#get(plan);
    return { kubeconfig: live.cluster.kubeconfig, connect: () => (this.#up.get(plan.id) ?? live).cluster.connect() };
  }

  /** Counts a terminal that attached to a session's machine, or to `base`; call the result when it has gone. */
  async attached(plan: SessionPlan | BasePlan): Promise<() => void> {
    const { id } = plan;
    const lives = 'hosts' in plan || (await this.#known(id))?.asleep ? [] : [await this.#get(plan)];
    this.#terminals.set(id, (this.#terminals.get(id) ?? 0) + 1);
    let gone = false;
    return () => {
      if (gone) return;
      gone = true;
      const left = (this.#terminals.get(id) ?? 1) - 1;
      if (left > 0) this.#terminals.set(id, left);
      else this.#terminals.delete(id);
      this.#seen.set(id, this.#now());
      for (const live of lives) live.touched = this.#now();
    };
  }

  /** Whether the session has a cluster, up or put away: one that has none was never worked on. */
  async begun(id: string): Promise<boolean> {
    return this.#live.has(id) || (await new SessionFiles(this.#dataDir, id).latest()) !== undefined;
  }

  /** What a grader reads: the cluster as it is now and as the task gave it, and what was tried on copies of both. Saves the cluster as well. */
  async states(plan: SessionPlan): Promise<GradingInput> {
    return this.#turns.take(plan.id, async () => {
      const live = await this.#get(plan);
      this.#mark(plan.id, 'check');
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
      this.#mark(plan.id, 'reset');
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
    const opening = this.#shells.get(id);
    this.#shells.delete(id);
    this.#bases.delete(id);
    this.#seen.delete(id);
    const machine = await opening?.catch(() => undefined);
    if (machine !== undefined) await this.#machines.close(id, machine);
  }

  async close(id: string): Promise<void> {
    await this.#turns.take(id, () => this.#close(id, { save: true }));
  }

  async closeAll(): Promise<void> {
    await Promise.all([...this.#shells.keys()].map((id) => this.closeWorkspace(id)));
    await Promise.all([...this.#live.keys()].map((id) => this.close(id)));
  }

  /** Called every few seconds: saves what is worked on, puts away what is not. */
  async tick(): Promise<void> {
    await this.#machines.tick();
    for (const id of this.#shells.keys()) {
      if (!this.#terminals.has(id) && this.#now() - (this.#seen.get(id) ?? 0) > IDLE_MS) await this.closeWorkspace(id);
    }
    const worked = this.#workedOn();
    for (const [id, opening] of this.#live) {
      const live = await opening.catch(() => undefined);
      if (live === undefined) continue;
      if (worked.has(id)) live.touched = this.#now();
      const quiet = this.#now() - live.touched;
      if (quiet > IDLE_MS) await this.#turns.take(id, () => this.#putAway(id, { save: true }));
      else if (quiet < ACTIVE_MS) await this.#turns.take(id, () => this.#saveFilesAndMuch(live));
    }
    if (this.#now() - this.#sweptAt < SWEEP_EVERY_MS) return;
    this.#sweptAt = this.#now();
    await this.recordings.sweep();
  }

  /** Sessions on whose machine, or on the `base` from which they are reached, a page looks and nobody sleeps. */
  #workedOn(): Set<string> {
    const ids = new Set([...this.#terminals.keys()].filter((id) => !this.#machines.asleep(id)));
    for (const plan of this.#bases.values()) {
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
    const coming = Promise.withResolvers<LiveCluster>();
    // Whether or not anybody waits for it: who asked for the start is told why it failed.
    coming.promise.catch(() => undefined);
    this.#coming.set(plan.id, coming);
    try {
      await files.prepare();
      const { cluster, before } =
        (await this.#restore(plan, files)) ?? (await this.#create(plan, files, coming.resolve));
      const live: Live = { files, cluster, before, touched: this.#now() };
      this.#up.set(plan.id, live);
      coming.resolve(cluster);
      return live;
    } catch (error) {
      coming.reject(error);
      throw error;
    } finally {
      this.#coming.delete(plan.id);
    }
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
        onChange: (change) => this.#changed(plan.id, change),
      });
      return { cluster, before: start.state };
    } catch (error) {
      this.#log.error({ err: error, session: plan.id }, 'saved cluster cannot be restored');
      throw new AppError('session-damaged', { cause: error });
    }
  }

  /** `made` gets the cluster before it is set up. */
  async #create(
    plan: SessionPlan,
    files: SessionFiles,
    made: (cluster: LiveCluster) => void,
  ): Promise<Pick<Live, 'cluster' | 'before'>> {
    // Of a session that never came to be stored.
    await files.dropCluster();
    const cluster = await this.#clusters.create({
      nodes: plan.scenario.nodes,
      seed: plan.seed,
      journal: files.journal,
      onChange: (change) => this.#changed(plan.id, change),
    });
    made(cluster);
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

  /** A marker in the recording, of the session's own machine or of the `base` that leads to it. */
  #changed(id: string, { verb, resource, namespace, name }: Change): void {
    const place = [namespace, name].filter((part) => part !== '').join('/');
    this.#mark(id, `${verb} ${resource} ${place}`.trimEnd());
  }

  #mark(id: string, label: string): void {
    this.recordings.mark(id, label);
    for (const plan of this.#bases.values()) {
      if (plan.hosts.some(({ session }) => session.id === id)) this.recordings.mark(plan.id, label);
    }
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
    await this.closeWorkspace(id);
    await this.#putAway(id, options);
  }

  /** The cluster alone: a machine that sleeps stays, and asks for it when it is woken. */
  async #putAway(id: string, options: { save: boolean }): Promise<void> {
    const live = await this.#live.get(id)?.catch(() => undefined);
    if (live === undefined) return;
    try {
      if (options.save) await this.#save(live);
    } finally {
      this.#live.delete(id);
      this.#up.delete(id);
      await live.cluster.close();
    }
  }
}

const noSandbox = (error: unknown): AppError =>
  isAppError(error) ? error : new AppError('no-sandbox', { detail: (error as Error).message, cause: error });
