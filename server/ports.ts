/** What the server asks of the three parts it joins: clusters, workspaces, scenarios. server/live/*.ts connects the real ones, tests connect their own. */
import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import type { Blueprint } from '#grader/index.ts';
import type { ClusterState, GradingInput, Report, Scenario, SetupStep, Trial, TrialStep } from '#grader/types.ts';

/** A learner's cluster, running in a worker thread. */
export interface LiveCluster {
  id: string;
  /** Text of a kubeconfig whose server is https://127.0.0.1:6443. */
  kubeconfig: string;
  /** A new connection to the cluster's HTTPS port. */
  connect(): Duplex;
  state(): Promise<ClusterState>;
  /** Everything needed to make the same cluster again, its certificates included. */
  snapshot(): Promise<Uint8Array>;
  /** Hands a snapshot to `save`; once that is done, the journal of what came before is given up. */
  store(save: (snapshot: Uint8Array) => Promise<void>): Promise<void>;
  /** What came since the last `store`: bytes in the journal, and whether files changed, which are not in it. */
  unstored(): Promise<{ journalBytes: number; files: boolean }>;
  /** Back to a snapshot of the same cluster; connections and kubeconfig stay good. Nothing is journalled until the next `store`. */
  reset(snapshot: Uint8Array): Promise<void>;
  setup(steps: readonly SetupStep[]): Promise<void>;
  /** Tries steps on a copy: of the cluster as it is, or of the one in a snapshot. */
  tryOut(steps: readonly TrialStep[], from?: Uint8Array): Promise<Trial>;
  close(): Promise<void>;
}

/** A write that a client asked for and got. */
export interface Change {
  /** `create update patch delete deletecollection` */
  verb: string;
  /** With its group: `deployments.apps`. */
  resource: string;
  namespace: string;
  /** Empty for a collection. */
  name: string;
}

export interface ClusterRequest {
  nodes: readonly string[];
  seed: number;
  /** From `store` or `snapshot`. */
  restore?: Uint8Array;
  /** Folder in which each write is put down before it is confirmed, and from which a stored cluster is brought up to date. */
  journal: string;
  onChange?: (change: Change) => void;
}

export interface Clusters {
  create(options: ClusterRequest): Promise<LiveCluster>;
  close(): Promise<void>;
}

export interface TerminalSize {
  cols: number;
  rows: number;
}

/** What a terminal shows, as sequences that draw it on an empty one. */
export interface Screenshot extends TerminalSize {
  data: string;
}

/** Gets what a terminal shows, without being able to hold it up: who acknowledges too little gets a snapshot in place of what it missed. */
export interface TerminalWatcher {
  snapshot(screen: Screenshot): void;
  output(chunk: Uint8Array): void;
  lead(state: TerminalSize & { leading: boolean }): void;
  exit(): void;
  closed(): void;
}

export type WatchTerminal = (watcher: TerminalWatcher) => { ack(bytes: number): void; stop(): void };

/** A learner's machine: one sandbox with a home folder. Terminals attach to it in server/sockets/terminal.ts. */
export interface LiveWorkspace {
  /** Nothing can attach any more; opening again gives another. */
  readonly closed: boolean;
  /** Names of the terminals that are open, oldest first. */
  readonly terminals: readonly string[];
  /** How often something was typed: who looks twice knows whether anybody is there. */
  readonly inputs: number;
  /** Shows a sentence on every terminal. */
  say(sentence: string): void;
  /** Ends all that runs, with a sentence on every terminal; the next key makes the machine anew. */
  sleep(sentence: string): Promise<void>;
  readonly asleep: boolean;
  /** What each terminal shows. */
  screens(): Promise<Record<string, Screenshot>>;
  close(): Promise<void>;
}

/** A cluster as a machine reaches it. */
export interface ClusterAccess {
  kubeconfig: string;
  connect: () => Duplex;
}

/** A host that `ssh` reaches from `base`; its cluster is brought up at the first login. */
export interface HostRequest {
  hostname: string;
  /** Absolute path of the home folder, which is kept. */
  home: string;
  /** What lies in the home from its first day, by path in it. */
  files?: Readonly<Record<string, string>>;
  cluster: () => Promise<ClusterAccess>;
}

/** A machine straight on the host where the cluster is, or `base` with hosts behind it. */
export type WorkspaceRequest = {
  id: string;
  /** Absolute path of the home folder, which is kept. */
  home: string;
  /** What lies in the home from its first day, by path in it. */
  files?: Readonly<Record<string, string>>;
  /** What the prompt shows; left out, `base`. */
  hostname?: string;
  /** Called before the machine is made again after a sleep. */
  beforeWake?: () => Promise<void>;
  /** Told of each terminal that is made. */
  onTerminal?: (name: string, watch: WatchTerminal) => void;
  /** What terminals showed when the machine was closed, and a sentence to put under it. */
  screens?: { sentence: string; of: Readonly<Record<string, Screenshot>> };
} & ((ClusterAccess & { hosts?: undefined }) | { hosts: readonly HostRequest[] });

export interface Workspaces {
  /** What keeps learners apart and which limits are in force, for the administrator. */
  readonly description?: string;
  /** Whether machines can have hosts, and why not; left out: they can't. */
  readonly hosts?: { possible: true } | { possible: false; why: string };
  open(request: WorkspaceRequest): Promise<LiveWorkspace>;
  close(): Promise<void>;
}

/** Something wrong in a scenario folder, for its author. */
export interface ScenarioProblem {
  file: string;
  /** Counted from 1; 0 where the whole file is meant. */
  line: number;
  message: string;
}

export interface ScenarioLibrary {
  /** The valid scenarios now on disk, and what is wrong with the others. */
  current(): {
    scenarios: readonly Scenario[];
    blueprints: readonly Blueprint[];
    problems: readonly ScenarioProblem[];
  };
  /** The scenario with what this seed draws; the same seed gives the same. Undefined: its files no longer load. */
  variant(scenario: Scenario, seed: number): Scenario | undefined;
  grade(scenario: Scenario, input: GradingInput): Report;
  close(): void;
}

/** The WebSocket of a terminal, as `ws` gives it. */
export type TerminalSocket = WebSocket;

/** Everything the server is joined with. */
export interface Parts {
  clusters: Clusters;
  workspaces: Workspaces;
  scenarios: ScenarioLibrary;
  /** Ties an accepted WebSocket to a machine that `workspaces` opened. */
  attach(options: {
    socket: TerminalSocket;
    workspace: LiveWorkspace;
    /** Which of its terminals. */
    terminal: string;
  }): void;
}
