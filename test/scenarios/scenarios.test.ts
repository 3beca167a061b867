/** Every shipped scenario, proved through the real shell and kubectl. Needs bubblewrap: where it cannot be had these fail and say why. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ClusterHost } from '#cluster/serve/host.ts';
import { lintScenario, loadScenario, loadScenarios, printProblem, type Scenario } from '#grader/index.ts';
import { proveScenario } from '#server/authoring/prove-scenario.ts';
import { scaffoldScenario } from '#server/authoring/scaffold-scenario.ts';
import { createWorkspaces, type Workspaces } from '#workspace/index.ts';

/** Milliseconds for one scenario: a dozen scripts, each of a few kubectl calls. */
const PROOF_MS = 300_000;

const path = (relative: string) => fileURLToPath(new URL(`../../${relative}`, import.meta.url));
const loaded = loadScenarios([{ path: path('scenarios'), origin: 'own' }]);

const faults: string[] = [];
let clusters: ClusterHost;
let workspaces: Workspaces;
let dataDir: string;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'drydock-scenarios-'));
  clusters = await ClusterHost.start({ onFault: (what) => faults.push(what) });
  workspaces = await createWorkspaces({ toolsDir: path('.cache/tools'), dataDir, log: () => undefined });
});

afterAll(async () => {
  await workspaces.close();
  await clusters.close();
  await rm(dataDir, { recursive: true, force: true });
});

const failures = async (scenario: Scenario) => {
  const proofs = await proveScenario(scenario, { clusters, workspaces }, () => undefined);
  return proofs.filter(({ passed }) => !passed);
};

test('every scenario loads', () => {
  expect(loaded.problems).toEqual([]);
  expect(loaded.scenarios.length).toBeGreaterThanOrEqual(5);
});

describe.each(loaded.scenarios.map((scenario) => ({ id: scenario.id, scenario })))('$id', ({ scenario }) => {
  test(
    'is proved: nothing done scores nothing, solutions score full, mistakes fail what they name',
    async () => {
      expect(await failures(scenario)).toEqual([]);
      expect(faults.splice(0)).toEqual([]);
    },
    PROOF_MS,
  );

  test('lint finds no error', () => {
    const { problems } = lintScenario(scenario.folder, scenario.id);
    expect(problems.filter(({ level }) => level === undefined).map(printProblem)).toEqual([]);
  });

  test('every check is failed by a mistake', () => {
    const failed = new Set(scenario.mistakes.flatMap(({ fails }) => fails));
    expect(scenario.checks.map(({ id }) => id).filter((id) => !failed.has(id))).toEqual([]);
  });

  test('both languages name the same objects', () => {
    const names = (text: string) => [...new Set(text.match(/`[^`]+`/g))].sort();
    expect(names(scenario.task.ko)).toEqual(names(scenario.task.en));
  });
});

test(
  'what "drydock scenario new" writes is proved as it is',
  async () => {
    const folder = join(dataDir, 'my-pack', 'first-task');
    scaffoldScenario(folder);
    const { scenario, problems } = loadScenario(folder, 'my-pack/first-task', 'own');
    expect(problems).toEqual([]);
    expect(scenario && (await failures(scenario))).toEqual([]);
  },
  PROOF_MS,
);

test(
  'a scenario that proves nothing is found out',
  async () => {
    const folder = join(dataDir, 'my-pack', 'second-task');
    scaffoldScenario(folder);
    const { scenario } = loadScenario(folder, 'my-pack/second-task', 'own');
    const proofs = scenario && {
      ...scenario,
      setup: [
        ...scenario.setup,
        { apply: [{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'Not_A_Name' } }] },
      ],
    };
    expect(proofs && (await failures(proofs))[0]?.reasons[0]).toMatch(/^the setup was refused: .*Not_A_Name/);
    const scripts = scenario && {
      ...scenario,
      solutions: [
        { name: '01-nothing', text: 'true\n' },
        { name: '02-stumbles', text: 'kubectl get nothing\n' },
      ],
      mistakes: [{ name: 'none', text: 'kubectl label namespace second-task stage=test\n', fails: ['stage-label'] }],
    };
    expect(scripts && (await failures(scripts))).toEqual([
      {
        name: 'solutions/01-nothing.sh',
        passed: false,
        reasons: ['stage-label: Namespace second-task metadata.labels.stage: expected test, found nothing'],
      },
      {
        name: 'solutions/02-stumbles.sh',
        passed: false,
        reasons: [
          'the script stopped with exit code 1: error: the server doesn\'t have a resource type "nothing"',
          'where a command is meant to fail, write "|| true" after it',
        ],
      },
      { name: 'mistakes/none.sh', passed: false, reasons: ['stage-label should fail and passes'] },
    ]);
  },
  PROOF_MS,
);
