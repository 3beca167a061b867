/** `drydock scenario test|lint|new|schema`: for those who write tasks. */
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { Command } from 'commander';
import {
  findScenarios,
  lintScenario,
  loadScenario,
  printProblem,
  blueprintJsonSchema,
  scenarioJsonSchema,
  type Problem,
  scenarioReference,
} from '#grader/index.ts';
import type { Scenario } from '#grader/types.ts';
import { scaffoldScenario } from '#server/authoring/scaffold-scenario.ts';
import { EXIT, UserError } from '../exit.ts';
import { repository, toolsDir } from '../places.ts';

const SHIPPED = join(repository, 'scenarios');
const line = (text: string) => void process.stdout.write(`${text}\n`);

export function scenarioCommand(): Command {
  const command = new Command('scenario').description('write, check and prove scenarios');
  command
    .command('test')
    .description('prove scenarios through the real shell and kubectl: setup alone, every solution, every mistake')
    .argument('[path]', 'a scenario, or a folder of scenarios', SHIPPED)
    .action(test);
  command
    .command('lint')
    .description('read scenarios and name what is wrong, with file and line')
    .argument('[path]', 'a scenario, or a folder of scenarios', SHIPPED)
    .action(lint);
  command
    .command('new')
    .description('start a scenario: a folder that passes "scenario test"')
    .argument('<path>', 'the folder to make: my-pack/my-task')
    .action((path: string) => {
      const folder = resolve(path);
      if (existsSync(folder)) throw new UserError(`${path} is already there; name a folder that is not`);
      for (const file of scaffoldScenario(folder)) line(`  ${relative(process.cwd(), file)}`);
      line(`Next: edit the files, then run: drydock scenario test ${path}`);
    });
  command
    .command('reference')
    .description('print every key of scenario.yaml, as docs/scenario-reference.md has them')
    .action(() => void process.stdout.write(scenarioReference()));
  command
    .command('schema')
    .description('print the JSON Schema of scenario.yaml, for editors')
    .option('--exam', 'that of exams/*.yaml instead')
    .action(({ exam }: { exam?: boolean }) =>
      line(JSON.stringify(exam === true ? blueprintJsonSchema() : scenarioJsonSchema(), null, 2)),
    );
  return command;
}

type Read = (folder: string, id: string) => { scenario?: Scenario; problems: Problem[] };
const forUse: Read = (folder, id) => loadScenario(folder, id, 'own');

function load(path: string, read: Read): { scenarios: Scenario[]; problems: Problem[] } {
  const root = resolve(path);
  if (!existsSync(root)) throw new UserError(`there is no ${path}`);
  const folders = findScenarios(root);
  if (folders.length === 0) throw new UserError(`no scenario.yaml in or below ${path}`);
  const loaded = folders.map((folder) => read(folder, `${basename(dirname(folder))}/${basename(folder)}`));
  return {
    scenarios: loaded.map(({ scenario }) => scenario).filter((scenario) => scenario !== undefined),
    problems: loaded.flatMap(({ problems }) => problems),
  };
}

const tellProblems = (problems: readonly Problem[]) => {
  for (const problem of problems) {
    const file = relative(process.cwd(), problem.file);
    line(printProblem({ ...problem, file: file.startsWith('..') ? problem.file : file }));
  }
};

function lint(path: string): void {
  const { scenarios, problems } = load(path, lintScenario);
  tellProblems(problems);
  const errors = problems.filter(({ level }) => level === undefined).length;
  const counted = (count: number, what: string) => `${count} ${what}${count === 1 ? '' : 's'}`;
  line(
    `${counted(scenarios.length, 'scenario')} read, ${counted(errors, 'problem')}, ${counted(problems.length - errors, 'warning')}`,
  );
  if (errors > 0) process.exitCode = EXIT.problems;
}

async function test(path: string): Promise<void> {
  const [{ ClusterHost }, { proveScenario }, { createWorkspaces, SandboxUnavailableError }] = await Promise.all([
    import('#cluster/serve/host.ts'),
    import('#server/authoring/prove-scenario.ts'),
    import('#workspace/index.ts'),
  ]);
  const { scenarios, problems } = load(path, forUse);
  tellProblems(problems);
  const dataDir = await mkdtemp(join(tmpdir(), 'drydock-proof-data-'));
  const faults: string[] = [];
  const clusters = await ClusterHost.start({ onFault: (what) => faults.push(what) });
  let failed = problems.length;
  let passed = 0;
  try {
    const workspaces = await createWorkspaces({ toolsDir, dataDir, log: () => undefined });
    try {
      for (const scenario of scenarios) {
        line(scenario.id);
        const proofs = await proveScenario(scenario, { clusters, workspaces }, ({ name, passed: good, reasons }) => {
          line(`  ${good ? 'ok  ' : 'FAIL'} ${name}`);
          for (const reason of reasons) line(`       ${reason}`);
        });
        passed += proofs.filter((proof) => proof.passed).length;
        failed += proofs.filter((proof) => !proof.passed).length;
      }
    } finally {
      await workspaces.close();
    }
  } catch (error) {
    if (error instanceof SandboxUnavailableError) throw new UserError(error.message);
    throw error;
  } finally {
    await clusters.close();
    await rm(dataDir, { recursive: true, force: true });
  }
  for (const fault of faults) line(`fault in the cluster: ${fault}`);
  line(`${passed} passed, ${failed + faults.length} failed`);
  if (failed + faults.length > 0) process.exitCode = EXIT.problems;
}
