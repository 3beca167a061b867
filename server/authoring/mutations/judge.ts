/** Tries each mutant on a copy of the solved cluster and grades what comes of it. */
import { StatusError } from '#cluster/api/status.ts';
import type { KubeObject } from '#cluster/api/types.ts';
import type { Cluster } from '#cluster/cluster.ts';
import { schemaFor } from '#cluster/registry/decode.ts';
import { decodeObject } from '#cluster/schema/decode.ts';
import { tryOut } from '#cluster/trial.ts';
import { grade } from '#grader/index.ts';
import { trialSteps } from '#grader/checks/index.ts';
import { isCustom, resourceOf } from '#grader/manifest.ts';
import type { ClusterState, FoundFile, GradingInput, Report, Scenario, Trial } from '#grader/types.ts';
import { written } from './changes.ts';
import type { Edit, Mutant } from './mutants.ts';
import { putAt, same } from './places.ts';

export type Verdict =
  | { judged: 'right' }
  /** It breaks the demand and costs nothing, or does no harm and costs points: of these checks. */
  | { judged: 'wrong'; costs: string[] }
  /** The API refuses it. */
  | { judged: 'refused' }
  /** The API makes of it what was there before, as of a field with a default that is left out. */
  | { judged: 'same' };

/** Milliseconds of cluster time for what comes of a change: as after a solution. */
const REST_MS = 60_000;
/** Milliseconds of cluster time until a deleted object is gone, pods with their grace period included. */
const GONE_MS = 40_000;

export class Jury {
  readonly #scenario: Scenario;
  readonly #solved: Cluster;
  readonly #before: ClusterState;
  readonly #files: Readonly<Record<string, FoundFile>>;
  readonly #trialsBefore: ReadonlyMap<string, Trial>;

  constructor(options: {
    scenario: Scenario;
    /** At rest in its solved state. */
    solved: Cluster;
    /** As the learner found it. */
    start: Cluster;
    before: ClusterState;
    files: Readonly<Record<string, FoundFile>>;
  }) {
    this.#scenario = options.scenario;
    this.#solved = options.solved;
    this.#before = options.before;
    this.#files = options.files;
    this.#trialsBefore = new Map(
      trialSteps(options.scenario.checks).map(([id, steps]) => [id, tryOut(options.start, steps)]),
    );
  }

  /** A copy of the solved cluster. */
  copy(): Cluster {
    return this.#solved.fork();
  }

  report(cluster: Cluster, files = this.#files): Report {
    const trials: Record<string, { now: Trial; before?: Trial }> = {};
    for (const [id, steps] of trialSteps(this.#scenario.checks)) {
      const before = this.#trialsBefore.get(id);
      trials[id] = { now: tryOut(cluster, steps), ...(before ? { before } : {}) };
    }
    const now = { now: cluster.now, resources: cluster.objects() };
    const input: GradingInput = { now, before: this.#before, files, trials };
    return grade(this.#scenario, input);
  }

  judge(mutant: Mutant): Verdict {
    let verdict: Verdict = { judged: 'refused' };
    for (const edit of mutant.edits) {
      const copy = this.copy();
      const done = edited(copy, mutant, edit);
      if (!done) continue;
      copy.advance(REST_MS);
      if (!isOtherwise(copy, mutant, edit)) {
        verdict = { judged: 'same' };
        continue;
      }
      return verdictOf(this.report(copy), mutant.breaks);
    }
    return verdict;
  }
}

export function verdictOf(report: Report, breaks: boolean): Verdict {
  const costs = report.results
    .filter(({ scored, points, result }) => scored < points || result.outcome === 'unknown')
    .map(({ id }) => id);
  return costs.length > 0 === breaks ? { judged: 'right' } : { judged: 'wrong', costs };
}

const placeOf = ({ resource, object: { metadata } }: Mutant) =>
  [resource, metadata.namespace ?? '', metadata.name] as const;

/** Whether the API took it. */
function edited(cluster: Cluster, mutant: Mutant, edit: Edit): boolean {
  const client = cluster.client('kubernetes-admin');
  const place = placeOf(mutant);
  try {
    if ('remove' in edit) client.delete(...place);
    else if ('make' in edit) client.create(mutant.resource, bare(edit.make));
    else return changed(cluster, mutant, edit.put);
    return true;
  } catch (error) {
    return refused(error);
  }
}

function changed(cluster: Cluster, mutant: Mutant, put: Extract<Edit, { put: unknown }>['put']): boolean {
  const client = cluster.client('kubernetes-admin');
  const place = placeOf(mutant);
  const current = client.get<KubeObject>(...place);
  if (!current) return false;
  const copy = structuredClone(current);
  // later places first, so that taking out an entry moves none that is still to be found
  for (const { steps, value } of put.toReversed()) putAt(copy, steps, structuredClone(value));
  try {
    client.update(mutant.resource, decoded(copy));
    return true;
  } catch (error) {
    if (!refused(error) && !mutant.breaks) return false;
  }
  // what can't be changed in place is made anew, as a learner would have made it
  try {
    client.delete(...place, { gracePeriodSeconds: 0 });
    cluster.advance(GONE_MS);
    client.create(mutant.resource, bare(copy));
    return true;
  } catch (error) {
    return refused(error);
  }
}

/** false for what the API refuses; anything else is a fault of ours. */
function refused(error: unknown): false {
  if (error instanceof StatusError) return false;
  throw error;
}

/** With the empty values that the API's types have where nothing is written. */
function decoded(object: KubeObject): KubeObject {
  const { kind = '', apiVersion = '' } = object as { kind?: string; apiVersion?: string };
  const info = resourceOf(kind, apiVersion);
  // a custom resource stays as it is written: its fields are its definition's matter
  return info && !isCustom(info) ? decodeObject(object, schemaFor(info)).object : object;
}

/** As somebody would write it. */
function bare(object: KubeObject): KubeObject {
  const { metadata, ...rest } = structuredClone(object) as KubeObject & Record<string, unknown>;
  delete rest['status'];
  const { name, namespace, labels, annotations } = metadata;
  return decoded({
    ...rest,
    metadata: {
      name,
      ...(namespace === undefined ? {} : { namespace }),
      ...(labels ? { labels } : {}),
      ...(annotations ? { annotations } : {}),
    },
  });
}

/** Defaults and controllers may have brought back what was there. */
function isOtherwise(cluster: Cluster, mutant: Mutant, edit: Edit): boolean {
  const now = cluster.client('kubernetes-admin').get<KubeObject>(...placeOf(mutant));
  if ('remove' in edit) return now === undefined || now.metadata.deletionTimestamp !== undefined;
  if ('make' in edit) return now !== undefined;
  return now === undefined || !same(written(mutant.resource, now), written(mutant.resource, mutant.object));
}
