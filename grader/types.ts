/** What passes between the grader and those who use it. Shapes only: parsing is in schema.ts, running in grade.ts. */
import type { ClusterState } from '#cluster/serve/host.ts';
import type { Trial, TrialStep } from '#cluster/trial.ts';
import type { SetupStep } from '#cluster/setup.ts';

/** A text that learners read, in both languages. */
export interface Text {
  en: string;
  ko: string;
}

/** From 1, one command that everybody knows, to 5. */
export type Difficulty = 1 | 2 | 3 | 4 | 5;

/** The CKA curriculum's domains. */
export type Domain =
  | 'storage'
  | 'troubleshooting'
  | 'workloads-and-scheduling'
  | 'cluster-architecture'
  | 'services-and-networking';

/** A scenario folder, loaded and valid. */
export interface Scenario {
  /** `<pack>/<slug>`, as in the folder's path. */
  id: string;
  /** Absolute path of the folder. */
  folder: string;
  /** Shipped with Drydock, or from an instructor's own folder. */
  origin: 'shipped' | 'own';
  title: Text;
  domain: Domain;
  competencies: string[];
  difficulty: Difficulty;
  minutes: number;
  points: number;
  /** Whether names and numbers are drawn by a seed. */
  varies: boolean;
  /** What an exam calls the host that leads to this cluster; undefined: the exam chooses. */
  host?: string;
  nodes: string[];
  /** Markdown. */
  task: Text;
  hints: Text[];
  /** Markdown; why, how to verify, the fast way, where it is documented. Shown with the solutions. */
  explanation?: Text;
  links: { title: string; url: string }[];
  setup: SetupStep[];
  /** What lies in the learner's home from the start, by path in it. */
  home: Record<string, string>;
  checks: CheckSpec[];
  solutions: Script[];
  mistakes: (Script & { fails: string[] })[];
  /** Changes of the solved state that the proof by mutation leaves alone, with the author's reason. */
  mutations: { harmless: { change: string; reason: string }[] };
}

export interface Script {
  /** File name without `.sh`: `01-imperative`. */
  name: string;
  /** Bash. */
  text: string;
}

export interface CheckSpec {
  id: string;
  points: number;
  sentence: Text;
  /** The check's kind (`object`, `list`, `unchanged`) and its own parsed options. */
  run: { kind: string; options: unknown };
  /** Points for the share of its demands that hold, rounded down. */
  partial?: boolean;
  /** Ids of checks without which this one says nothing. */
  needs?: string[];
}

/** What was found where a file of the learner's home should be. */
export type FoundFile =
  | { text: string }
  /** `beside`: other files near it, as paths from the home on. `onHost`: another host of the exam that has it. */
  | { missing: true; beside: readonly string[]; onHost?: string }
  /** Something is there that is not read: too large, no regular file, a link out of the home. */
  | { refused: string };

/** What a scenario's checks are run over. */
export interface GradingInput {
  now: ClusterState;
  /** The state the learner started from; undefined where nobody has kept it. */
  before?: ClusterState;
  /** By check: what came of its steps on a copy of the cluster as it is, and of the one at the start. */
  trials?: Readonly<Record<string, { now: Trial; before?: Trial }>>;
  /** By path: the files that the checks look into; undefined where nobody can read them. */
  files?: Readonly<Record<string, FoundFile>>;
  /** Clusters of other questions of the exam, by the name of their host: only to say where something was done by mistake. */
  others?: Readonly<Record<string, { now: ClusterState; before?: ClusterState }>>;
}

/** One difference between expected and actual. */
export interface Finding {
  /** Which object: `ResourceQuota team-blue/compute`. */
  object: string;
  /** The field's path in it, '' for the object itself. */
  path: string;
  expected: string;
  /** What is there, or '' for nothing. */
  actual: string;
}

export type Outcome =
  | { outcome: 'passed' }
  | {
      outcome: 'failed';
      findings: Finding[];
      /** What comes close: the right object in the wrong namespace, a name one letter off, ... */
      nearMiss?: Text;
      /** Ids of checks that this one needs and that failed: until they hold, nothing can be said of it. */
      waitsFor?: string[];
    }
  /** Could not be checked: costs the learner nothing, is reported to the author. */
  | { outcome: 'unknown'; reason: string };

export interface CheckResult {
  id: string;
  sentence: Text;
  points: number;
  /** 0 or `points`; with partial points what is in between. */
  scored: number;
  result: Outcome;
}

export interface Report {
  scenario: string;
  results: CheckResult[];
  scored: number;
  /** Points that count: those of checks that could not run are left out. */
  possible: number;
}

export type { ClusterState, SetupStep, Trial, TrialStep };
