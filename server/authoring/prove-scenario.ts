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
/** Series of scripts that run at a time: while one waits for its pods another has the processor. */
const AT_ONCE = 3;

/** Scripts that run one after the other, each on the same cluster as it was at the start. */
interface Series {
  scenario: Scenario;
  seed: number;
  runs: { name: string; script: string | undefined; judge: (ended: Ended) => string[] }[];
}

/** Calls `tell` with each finding, in the order of the folder. */
export async function proveScenario(
  scenario: Scenario,
  parts: ProofParts,
  tell: (proof: Proof) => void,
): Promise<Proof[]> {
  const kept = new Map<string, Ended>();
  const series = seriesOf(scenario, kept);
  const names = [...new Set(series.flatMap(({ runs }) => runs.map(({ name }) => name)))];
  const left = new Map(names.map((name) => [name, { runs: 0, reasons: [] as string[] }]));
  for (const { runs } of series) for (const { name } of runs) entry(name).runs++;
  const proofs: Proof[] = [];
  if (scenario.solutions.length === 0) add('solutions', ['there is no solution: write solutions/01-<way>.sh']);
  const waiting = [...series];
  const work = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const { scenario: variant, seed, runs } = next;
      const ended = await new ProofBench(variant, seed, parts).run(runs.map(({ script }) => script));
      for (const [index, { name, judge }] of runs.entries()) {
        const { reasons } = entry(name);
        const outcome = ended[index];
        for (const reason of outcome ? judge(outcome) : []) if (!reasons.includes(reason)) reasons.push(reason);
        entry(name).runs--;
      }
      tellThoseDone();
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  const mutations = mutationsOf(scenario, kept);
  if (mutations) add(mutations.name, mutations.reasons);
  return proofs;

  function entry(name: string) {
    const found = left.get(name);
    if (!found) throw new Error(`a run of nothing: ${name}`);
    return found;
  }
  function add(name: string, reasons: string[]) {
    const proof = { name, passed: reasons.length === 0, reasons };
    proofs.push(proof);
    tell(proof);
  }
  function tellThoseDone() {
    for (let name = names[0]; name !== undefined && entry(name).runs === 0; name = names[0]) {
      add(name, entry(name).reasons);
      names.shift();
    }
  }
}

/** Solutions twice on each variant, each time on another cluster; mistakes once. */
function seriesOf(scenario: Scenario, kept: Map<string, Ended>): Series[] {
  const series = variantsOf(scenario).flatMap(({ variant, suffix }, position): Series[] => {
    const keeps = (name: string, judge: (ended: Ended) => string[]) => (ended: Ended) => {
      kept.set(name, ended);
      return judge(ended);
    };
    return CLUSTERS.map((seed, again) => {
      const first = position === 0 && again === 0;
      const alone = { name: `setup alone${suffix}`, script: undefined, judge: scoresNothing };
      const solutions = variant.solutions.map(({ name, text }) => {
        const run = `solutions/${name}.sh`;
        return { name: `${run}${suffix}`, script: text, judge: first ? keeps(run, scoresAll) : scoresAll };
      });
      const setup = first ? { ...alone, judge: keeps('setup alone', scoresNothing) } : alone;
      return { scenario: variant, seed, runs: again === 0 ? [setup, ...solutions] : solutions };
    });
  });
  const mistakes: Series = {
    scenario,
    seed: CLUSTERS[0] ?? 1,
    runs: scenario.mistakes.map(({ name, text, fails }) => ({
      name: `mistakes/${name}.sh`,
      script: text,
      judge: (ended: Ended) => failsExactly(ended, fails),
    })),
  };
  return [...series.filter(({ runs }) => runs.length > 0), ...(mistakes.runs.length > 0 ? [mistakes] : [])];
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
