/** `drydock grade SCENARIO --kubeconfig FILE`: grades any cluster, a real one too. */
import { existsSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { Command } from 'commander';
import { grade, loadScenario, printProblem, readFiles } from '#grader/index.ts';
import { findingText } from '#grader/show.ts';
import type { CheckResult } from '#grader/types.ts';
import { readCluster } from '#server/authoring/read-cluster.ts';
import { EXIT, UserError } from '../exit.ts';
import { toolsDir } from '../places.ts';

const line = (text: string) => void process.stdout.write(`${text}\n`);

export function gradeCommand(): Command {
  return new Command('grade')
    .description("grade a cluster's present state by a scenario's checks")
    .argument('<scenario>', "the scenario's folder")
    .requiredOption('--kubeconfig <file>', 'kubeconfig of the cluster to grade')
    .option('--home <dir>', 'the home folder in which the checks of files look')
    .addHelpText(
      'after',
      '\nChecks that compare with the start ("unchanged") cannot run: the start of that cluster is not known.\nChecks of files cannot run without --home.',
    )
    .action(run);
}

async function run(path: string, { kubeconfig, home }: { kubeconfig: string; home?: string }): Promise<void> {
  const folder = resolve(path);
  for (const given of [kubeconfig, home]) {
    if (given !== undefined && !existsSync(given)) throw new UserError(`there is no ${given}`);
  }
  const { scenario, problems } = loadScenario(folder, `${basename(dirname(folder))}/${basename(folder)}`, 'own');
  if (!scenario) throw new UserError(problems.map(printProblem).join('\n'));
  const now = await readCluster(scenario, { kubeconfig: resolve(kubeconfig), kubectl: `${toolsDir}/kubectl` }).catch(
    (error: Error) => {
      throw new UserError(error.message);
    },
  );
  const files = home === undefined ? undefined : readFiles(scenario, resolve(home));
  const report = grade(scenario, { now, files });
  report.results.forEach(tell);
  line(`${report.scored} of ${report.possible} points`);
  if (report.scored < report.possible) process.exitCode = EXIT.problems;
}

const MARK = { passed: 'ok  ', failed: 'FAIL', unknown: '?   ' } as const;

function tell({ id, sentence, result, scored, points }: CheckResult): void {
  line(`${MARK[result.outcome]} ${id} (${scored}/${points}): ${sentence.en}`);
  if (result.outcome === 'unknown') line(`       could not be checked: ${result.reason}`);
  if (result.outcome !== 'failed') return;
  if (result.waitsFor) line(`       waits for: ${result.waitsFor.join(', ')}`);
  for (const finding of result.findings) line(`       ${findingText(finding)}`);
  if (result.nearMiss) line(`       ${result.nearMiss.en}`);
}
