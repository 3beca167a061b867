/** A check: options read from a scenario, run over a cluster's state. */
import type { Trial } from '#cluster/trial.ts';
import type { ClusterState, FoundFile, Outcome } from '../types.ts';
import type { ManifestProblem } from '../manifest.ts';

export interface CheckInput {
  now: ClusterState;
  /** The state the learner started from; undefined where nobody has kept it. */
  before?: ClusterState;
  /** What came of trying this check's steps on a copy of the cluster; undefined where none can be made. */
  trial?: Trial;
  /** By path: what stands in the files of the learner's home; undefined where it cannot be read. */
  files?: Readonly<Record<string, FoundFile>>;
  /** Clusters of other questions of the exam, by the name of their host: only to say where something was done by mistake. */
  others?: Readonly<Record<string, { now: ClusterState; before?: ClusterState }>>;
}

/** Of the single things that a check demands, how many hold. */
export interface Demands {
  held: number;
  of: number;
}

export interface KindRef {
  kind: string;
  apiVersion?: string;
}

export interface Check<Options> {
  kind: string;
  /** The kinds it looks at: all that has to be read of a cluster that keeps no state for us. */
  reads(options: Options): readonly KindRef[];
  /** What is wrong with the options beyond their shape: unknown kinds and fields. */
  problems(options: Options): ManifestProblem[];
  /** Paths of files in the learner's home that it looks into. */
  files?(options: Options): readonly string[];
  /** Throws only when the check itself is at fault: that becomes the outcome "unknown". */
  run(options: Options, input: CheckInput): Outcome;
  /** For partial points, where a check demands several things. Throws as `run` does. */
  demands?(options: Options, input: CheckInput): Demands;
}
