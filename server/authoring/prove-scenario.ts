/**
 * Proves a scenario through the real shell and kubectl: nothing done scores nothing, each solution all, each mistake fails exactly
 * what it names; and by mutation, in process, that every part of the solution counts.
 */
import { clusterIn } from '#cluster/serve/stored.ts';
import { FIRST_SEED, loadVariant } from '#grader/index.ts';
import type { Scenario } from '#grader/types.ts';
import { failsExactly, scoresAll, scoresNothing } from './judge-report.ts';
import { Jury } from './mutations/judge.ts';
import { proveMutations } from './mutations/index.ts';
import { ProofBench, type Ended, type ProofParts } from './proof-bench.ts';

export type { ProofParts };

export interface Proof {
  /** `setup alone`, `solutions/01-imperative.sh`, `mistakes/wrong-namespace.sh`, `mutations: 41 of 41`; with ` (seed 1)` where the task varies. */
  name: string;
  passed: boolean;
  /** Why it failed, a line each; empty when it passed. */
  reasons: string[];
}

/** Seeds of the clusters that each solution is run on: names, addresses and the scheduler's draws are others on each. */
const CLUSTERS = [1, 2];
const DRAWN = [1, 2];
/** Scripts that run at a time: while one waits for its pods another has the processor. */
const AT_ONCE = 3;

interface Run {
  name: string;
  scenario: Scenario;
  seed: number;
  script: string | undefined;
  judge: (ended: Ended) => string[];
}

/** Calls `tell` with each finding, in the order of the folder. */
export async function proveScenario(
  scenario: Scenario,
  parts: ProofParts,
  tell: (proof: Proof) => void,
): Promise<Proof[]> {
  const kept = new Map<string, Ended>();
  const runs = runsOf(scenario, kept);
  const names = [...new Set(runs.map(({ name }) => name))];
  const entries = new Map(names.map((name) => [name, { left: 0, reasons: [] as string[] }]));
  for (const { name } of runs) entry(name).left++;
  const proofs: Proof[] = [];
  if (scenario.solutions.length === 0) add('solutions', ['there is no solution: write solutions/01-<way>.sh']);
  const waiting = [...runs];
  const work = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const ended = await new ProofBench(next.scenario, next.seed, parts).run(next.script);
      const { reasons } = entry(next.name);
      for (const reason of next.judge(ended)) if (!reasons.includes(reason)) reasons.push(reason);
      entry(next.name).left--;
      tellThoseDone();
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  const mutations = mutationsOf(scenario, kept);
  if (mutations) add(mutations.name, mutations.reasons);
  return proofs;

  function entry(name: string) {
    const found = entries.get(name);
    if (!found) throw new Error(`a run of nothing: ${name}`);
    return found;
  }
  function add(name: string, reasons: string[]) {
    const proof = { name, passed: reasons.length === 0, reasons };
    proofs.push(proof);
    tell(proof);
  }
  function tellThoseDone() {
    for (let name = names[0]; name !== undefined && entry(name).left === 0; name = names[0]) {
      add(name, entry(name).reasons);
      names.shift();
    }
  }
}

/** Solutions twice on each variant, each time on another cluster; mistakes once. What mutations start from is kept. */
function runsOf(scenario: Scenario, kept: Map<string, Ended>): Run[] {
  const [seed = 1] = CLUSTERS;
  const keeps = (name: string, judge: Run['judge']) => (ended: Ended) => {
    kept.set(name, ended);
    return judge(ended);
  };
  const proofs = variantsOf(scenario).flatMap(({ variant, suffix }, position): Run[] => {
    const run = (name: string, script: string | undefined, judge: Run['judge'], on: number): Run => ({
      name: `${name}${suffix}`,
      scenario: variant,
      seed: on,
      script,
      judge: position === 0 && on === seed ? keeps(name, judge) : judge,
    });
    return [
      run('setup alone', undefined, scoresNothing, seed),
      ...variant.solutions.flatMap(({ name, text }) =>
        CLUSTERS.map((on) => run(`solutions/${name}.sh`, text, scoresAll, on)),
      ),
    ];
  });
  const mistakes = scenario.mistakes.map(({ name, text, fails }): Run => {
    const judge = (ended: Ended) => failsExactly(ended, fails);
    return { name: `mistakes/${name}.sh`, scenario, seed, script: text, judge };
  });
  return [...proofs, ...mistakes];
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

/** undefined where setup or solutions do not even end: that has been told. */
function mutationsOf(
  scenario: Scenario,
  kept: ReadonlyMap<string, Ended>,
): { name: string; reasons: string[] } | undefined {
  const idle = kept.get('setup alone');
  const solutions = scenario.solutions.flatMap(({ name }) => {
    const ended = kept.get(`solutions/${name}.sh`);
    return ended && 'report' in ended && scoresAll(ended).length === 0 ? [ended] : [];
  });
  const [first] = solutions;
  if (!idle || !('report' in idle) || !first || solutions.length < scenario.solutions.length) return undefined;
  const jury = new Jury({
    scenario,
    solved: clusterIn(first.snapshot),
    start: clusterIn(first.start),
    before: first.before,
    files: first.files,
  });
  const { right, judged, listed, reasons } = proveMutations({
    scenario,
    jury,
    idle: idle.now,
    solved: solutions.map(({ now }) => now),
    files: solutions.map(({ files }) => files),
  });
  const percent = judged === 0 ? 100 : Math.floor((right * 100) / judged);
  const exceptions = listed === 0 ? '' : `, ${listed} listed as harmless`;
  return { name: `mutations: ${right} of ${judged} judged right, ${percent} %${exceptions}`, reasons };
}
