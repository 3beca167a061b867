/** A check: options read from a scenario, run over a cluster's state. */
import type { Trial } from '#cluster/trial.ts';
import type { ClusterState, Outcome } from '../types.ts';
import type { ManifestProblem } from '../manifest.ts';

export interface CheckInput {
  now: ClusterState;
  /** The state the learner started from; undefined where nobody has kept it. */
  before?: ClusterState;
  /** What came of trying this check's steps on a copy of the cluster; undefined where none can be made. */
  trial?: Trial;
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
  /** Throws only when the check itself is at fault: that becomes the outcome "unknown". */
  run(options: Options, input: CheckInput): Outcome;
}
