/**
 * npm run fidelity [-- --only TEXT] [--area REGEXP] [--verbose] [--write]: runs the recorded cases, prints what differs and
 * the totals; --write keeps the passing list and docs/fidelity.md.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { nameOf, passingCases, recordedCases, toolsDir, writePassing } from './cases.ts';
import { runCase, type CaseResult } from './run-case.ts';

/** Cases at a time: they wait for kubectl most of the time. */
const AT_ONCE = 3;
/** Runs that a case must pass beyond its first before it may not fail again. */
const CONFIRMED = 2;
const SHOWN = Number(process.env['SHOWN'] ?? 700);

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    area: { type: 'string' },
    verbose: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
  },
});

const area = new RegExp(values.area ?? '');
const cases = recordedCases().filter((one) => one.name.includes(values.only ?? '') && area.test(one.area));
const results: CaseResult[] = [];
const queue = cases.values();

async function work(): Promise<void> {
  for (const one of queue) results.push(tell(await runCase(one, toolsDir)));
}

/** Of cases that passed for the first time, those that pass CONFIRMED times more: a test that may not fail must not do so by chance. */
async function passingAgain(names: readonly string[]): Promise<string[]> {
  let still = cases.filter((one) => names.includes(nameOf(one)));
  for (let round = 0; round < CONFIRMED; round++) {
    const rest = still.values();
    const again: typeof still = [];
    const confirm = async () => {
      for (const one of rest) if (tell(await runCase(one, toolsDir)).differences.length === 0) again.push(one);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, confirm));
    still = again;
  }
  return still.map(nameOf);
}

function tell(result: CaseResult): CaseResult {
  const good = result.differences.length === 0;
  process.stdout.write(
    `${good ? 'same' : 'DIFF'} ${result.area}/${result.name} ${result.sameSteps}/${result.steps} steps\n`,
  );
  if (!values.verbose) return result;
  for (const { step, run, what, expected, actual } of result.differences) {
    const text = (value: unknown) => JSON.stringify(value)?.slice(0, SHOWN);
    process.stdout.write(
      `   ${step}: $ ${run.slice(0, 200)}\n     want ${what}: ${text(expected)}\n     got  ${what}: ${text(actual)}\n`,
    );
  }
  return result;
}

interface Total {
  cases: number;
  sameCases: number;
  steps: number;
  sameSteps: number;
  states: number;
  sameStates: number;
}

function total(of: readonly CaseResult[]): Total {
  const sum = (count: (result: CaseResult) => number) => of.reduce((all, result) => all + count(result), 0);
  return {
    cases: of.length,
    sameCases: sum(({ differences }) => Number(differences.length === 0)),
    steps: sum(({ steps }) => steps),
    sameSteps: sum(({ sameSteps }) => sameSteps),
    states: sum(({ states }) => states),
    sameStates: sum(({ sameStates }) => sameStates),
  };
}

const share = (same: number, all: number) => `${same}/${all}`;
const percent = (same: number, all: number) => (all === 0 ? '–' : `${((100 * same) / all).toFixed(1)} %`);

function report(): string {
  const areas = [...new Set(results.map((one) => one.area))].sort();
  const rows = areas.map((name) => {
    const {
      cases: all,
      sameCases,
      steps,
      sameSteps,
      states,
      sameStates,
    } = total(results.filter((one) => one.area === name));
    return `| ${name} | ${share(sameCases, all)} | ${share(sameSteps, steps)} | ${share(sameStates, states)} |`;
  });
  const all = total(results);
  return `# Fidelity

How much of what a real Kubernetes 1.35.4 answered our cluster answers word for word. Each case is a session at the command line,
recorded from a real control plane (area \`kubelet\`: with a real kubelet) with kubectl 1.35.2, most of them twice; a step is the same when its
exit status, output and errors are the same after times, ids, addresses and generated names are made comparable; a state is the
same when the objects named are. Written by \`npm run fidelity -- --write\`; \`test/conformance/passing.json\` lists the cases that
may not fail again.

**${percent(all.sameSteps, all.steps)} of ${all.steps} steps, ${percent(all.sameStates, all.states)} of ${all.states} states, ${all.sameCases} of ${all.cases} cases from end to end.**

| area | cases | steps | states |
|---|---|---|---|
${rows.join('\n')}
| **all** | **${share(all.sameCases, all.cases)}** | **${share(all.sameSteps, all.steps)}** | **${share(all.sameStates, all.states)}** |
`;
}

await Promise.all(Array.from({ length: AT_ONCE }, work));
const { sameCases, steps, sameSteps, states, sameStates } = total(results);
process.stdout.write(
  `steps ${sameSteps}/${steps}, states ${sameStates}/${states}, cases ${sameCases}/${cases.length} wholly the same\n`,
);
let good = results.filter(({ differences }) => differences.length === 0).map(nameOf);
const lost = passingCases().filter((name) => cases.some((one) => nameOf(one) === name) && !good.includes(name));
if (lost.length > 0) process.stdout.write(`passed before, differs now: ${lost.join(', ')}\n`);
if (values.write) {
  if (cases.length < recordedCases().length) throw new Error('--write needs all cases: leave out --only and --area');
  const known = new Set(passingCases());
  good = good.filter((name) => known.has(name)).concat(await passingAgain(good.filter((name) => !known.has(name))));
  writePassing(good);
  writeFileSync(join(import.meta.dirname, '../../docs/fidelity.md'), report());
}
process.exitCode = lost.length > 0 ? 1 : 0;
