/** Proves a scenario through the real shell and kubectl: nothing done scores nothing, each solution all, each mistake fails exactly what it names. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ClusterHost } from '#cluster/serve/host.ts';
import { FIRST_SEED, grade, loadVariant, readFiles, tryAll } from '#grader/index.ts';
import { findingText } from '#grader/show.ts';
import type { Outcome, Report, Scenario } from '#grader/types.ts';
import type { Workspaces } from '#workspace/index.ts';

export interface ProofParts {
  clusters: ClusterHost;
  workspaces: Workspaces;
}

export interface Proof {
  /** `setup alone`, `solutions/01-imperative.sh`, `mistakes/wrong-namespace.sh`; with ` (seed 1)` where the task varies. */
  name: string;
  passed: boolean;
  /** Why it failed, a line each; empty when it passed. */
  reasons: string[];
}

/** Milliseconds a script may take. */
const SCRIPT_MS = 120_000;
/** Milliseconds of cluster time before a script: a learner reads the task, and whatever the setup began comes to rest. */
const READING_MS = 60_000;
/** Milliseconds of cluster time after a script: images are pulled, pods start. */
const REST_MS = 60_000;
const SEED = 1;
const DRAWN = [1, 2];
const MAY_FAIL = 'where a command is meant to fail, write "|| true" after it';

let serial = 0;

/** Calls `tell` with each finding as it comes. */
export async function proveScenario(
  scenario: Scenario,
  parts: ProofParts,
  tell: (proof: Proof) => void,
): Promise<Proof[]> {
  const proofs: Proof[] = [];
  const add = (name: string, reasons: string[]) => {
    const proof = { name, passed: reasons.length === 0, reasons };
    proofs.push(proof);
    tell(proof);
  };
  if (scenario.solutions.length === 0) add('solutions', ['there is no solution: write solutions/01-<way>.sh']);
  for (const { variant, suffix } of variantsOf(scenario)) {
    add(`setup alone${suffix}`, await attempt(variant, parts, undefined, scoresNothing));
    for (const { name, text } of variant.solutions) {
      add(`solutions/${name}.sh${suffix}`, await attempt(variant, parts, text, scoresAll));
    }
  }
  for (const { name, text, fails } of scenario.mistakes) {
    add(`mistakes/${name}.sh`, await attempt(scenario, parts, text, (report) => failsExactly(report, fails)));
  }
  return proofs;
}

/** What an author reads, and two that are drawn. */
function variantsOf(scenario: Scenario): { variant: Scenario; suffix: string }[] {
  if (!scenario.varies) return [{ variant: scenario, suffix: '' }];
  return [FIRST_SEED, ...DRAWN].map((seed) => {
    const variant = loadVariant(scenario, seed);
    if (variant === undefined) throw new Error(`${scenario.id} no longer loads`);
    return { variant, suffix: ` (seed ${seed})` };
  });
}

async function attempt(
  scenario: Scenario,
  { clusters, workspaces }: ProofParts,
  script: string | undefined,
  judge: (report: Report) => string[],
): Promise<string[]> {
  const cluster = await clusters.create({ nodes: scenario.nodes, seed: SEED });
  const home = await mkdtemp(join(tmpdir(), 'drydock-proof-'));
  try {
    try {
      await cluster.setup(scenario.setup);
    } catch (error) {
      return [`the setup was refused: ${(error as Error).message}`];
    }
    // what a learner starts from: the cluster right after the setup, not yet at rest
    const before = await cluster.state();
    const start = await cluster.snapshot();
    await cluster.pass(READING_MS);
    if (script !== undefined) {
      const workspace = await workspaces.open({
        id: `proof-${process.pid}-${++serial}`,
        home: join(home, 'candidate'),
        files: scenario.home,
        kubeconfig: cluster.kubeconfig,
        connect: () => cluster.connect(),
      });
      try {
        // a script that stumbles on its way proves nothing, even if the end is right
        const ran = await workspace.run(`set -eo pipefail\n${script}`, { timeoutMs: SCRIPT_MS });
        if (ran.timedOut) return [`the script did not end within ${SCRIPT_MS / 1000} s`];
        if (ran.exitCode !== 0) {
          return [`the script stopped with exit code ${ran.exitCode}: ${ran.stderr.trim()}`, MAY_FAIL];
        }
      } finally {
        await workspace.close();
      }
    }
    await cluster.pass(REST_MS);
    const now = await cluster.state();
    const files = readFiles(scenario, join(home, 'candidate'));
    const tried = await tryAll(scenario, cluster, () => Promise.resolve(start));
    return judge(grade(scenario, { now, before, files, ...tried }));
  } finally {
    await cluster.close();
    await rm(home, { recursive: true, force: true });
  }
}

function why(id: string, result: Outcome): string {
  switch (result.outcome) {
    case 'passed':
      return `${id}: passed`;
    case 'unknown':
      return `${id}: could not be checked: ${result.reason}`;
    case 'failed':
      return `${id}: ${result.findings.map(findingText).join('; ')}`;
  }
}

const unknowns = ({ results }: Report): string[] =>
  results.filter(({ result }) => result.outcome === 'unknown').map(({ id, result }) => why(id, result));

const scoresNothing = (report: Report): string[] => [
  ...unknowns(report),
  ...report.results.filter(({ scored }) => scored > 0).map(({ id }) => `${id} passes though nothing was done`),
];

const scoresAll = (report: Report): string[] =>
  report.results.filter(({ result }) => result.outcome !== 'passed').map(({ id, result }) => why(id, result));

function failsExactly(report: Report, fails: readonly string[]): string[] {
  const failed = report.results.filter(({ result }) => result.outcome === 'failed').map(({ id }) => id);
  const tooFew = fails.filter((id) => !failed.includes(id)).map((id) => `${id} should fail and passes`);
  const tooMany = report.results
    .filter(({ id }) => failed.includes(id) && !fails.includes(id))
    .map(({ id, result }) => `fails without being named: ${why(id, result)}`);
  return [...unknowns(report), ...tooFew, ...tooMany];
}
