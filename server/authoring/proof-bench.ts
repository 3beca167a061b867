/** A scenario on a fresh cluster: set-up, a script, and what it is worth. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ClusterHost, LiveCluster } from '#cluster/serve/host.ts';
import { grade, readFiles, tryAll } from '#grader/index.ts';
import type { ClusterState, FoundFile, Report, Scenario } from '#grader/types.ts';
import type { Workspaces } from '#workspace/index.ts';

export interface ProofParts {
  clusters: ClusterHost;
  workspaces: Workspaces;
}

/** What a run came to. */
export type Ended =
  | {
      report: Report;
      before: ClusterState;
      now: ClusterState;
      files: Record<string, FoundFile>;
      /** Of the cluster as the learner found it, and as it was graded. */
      start: Uint8Array;
      snapshot: Uint8Array;
    }
  /** Why it did not come to an end, a line each. */
  | { stopped: string[] };

/** Milliseconds a script may take. */
const SCRIPT_MS = 120_000;
/** Milliseconds of cluster time before a script: a learner reads the task, and whatever the setup began comes to rest. */
const READING_MS = 60_000;
/** Milliseconds of cluster time after a script: images are pulled, pods start. */
const REST_MS = 60_000;
/** While a script waits, cluster time goes by at this many milliseconds in as many of real time. */
const HURRY = { ms: 250, every: 25 };
const MAY_FAIL = 'where a command is meant to fail, write "|| true" after it';

let serial = 0;

export class ProofBench {
  readonly #scenario: Scenario;
  readonly #seed: number;
  readonly #parts: ProofParts;

  /** `seed`: the cluster's; the variant is the scenario as it is given. */
  constructor(scenario: Scenario, seed: number, parts: ProofParts) {
    this.#scenario = scenario;
    this.#seed = seed;
    this.#parts = parts;
  }

  /** From a fresh cluster. undefined: nothing is done. */
  async run(script: string | undefined): Promise<Ended> {
    const cluster = await this.#parts.clusters.create({ nodes: this.#scenario.nodes, seed: this.#seed });
    try {
      try {
        await cluster.setup(this.#scenario.setup);
      } catch (error) {
        return { stopped: [`the setup was refused: ${(error as Error).message}`] };
      }
      return await this.#attempt(cluster, script);
    } finally {
      await cluster.close();
    }
  }

  async #attempt(cluster: LiveCluster, script: string | undefined): Promise<Ended> {
    const scenario = this.#scenario;
    // what a learner starts from: the cluster right after the setup, not yet at rest
    const before = await cluster.state();
    const start = await cluster.snapshot();
    const folder = await mkdtemp(join(tmpdir(), 'drydock-proof-'));
    const home = join(folder, 'candidate');
    try {
      await cluster.pass(READING_MS);
      const stopped = script === undefined ? [] : await this.#play(cluster, script, home);
      if (stopped.length > 0) return { stopped };
      await cluster.pass(REST_MS);
      const now = await cluster.state();
      const files = readFiles(scenario, home);
      const tried = await tryAll(scenario, cluster, () => Promise.resolve(start));
      const report = grade(scenario, { now, before, files, ...tried });
      return { report, before, now, files, start, snapshot: await cluster.snapshot() };
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  /** Why the script did not run to its end. */
  async #play(cluster: LiveCluster, script: string, home: string): Promise<string[]> {
    const workspace = await this.#parts.workspaces.open({
      id: `proof-${process.pid}-${++serial}`,
      home,
      files: this.#scenario.home,
      kubeconfig: cluster.kubeconfig,
      connect: () => cluster.connect(),
    });
    const hurry = new AbortController();
    const hurried = hurryUp(cluster, hurry.signal);
    try {
      // a script that stumbles on its way proves nothing, even if the end is right
      const ran = await workspace.run(`set -eo pipefail\n${script}`, { timeoutMs: SCRIPT_MS });
      if (ran.timedOut) return [`the script did not end within ${SCRIPT_MS / 1000} s`];
      if (ran.exitCode === 0) return [];
      return [`the script stopped with exit code ${ran.exitCode}: ${ran.stderr.trim()}`, MAY_FAIL];
    } finally {
      hurry.abort();
      await hurried;
      await workspace.close();
    }
  }
}

/** Waiting is what scripts do most: their cluster's time goes by ten times as fast, as between a learner's commands. */
async function hurryUp(cluster: LiveCluster, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await sleep(HURRY.every);
    await cluster.pass(HURRY.ms);
  }
}
