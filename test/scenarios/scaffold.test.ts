/** What authors begin with, and what the proof finds out. */
import { expect, test } from '@jest/globals';
import { join } from 'node:path';
import { loadScenario } from '#grader/index.ts';
import { scaffoldScenario } from '#server/authoring/scaffold-scenario.ts';
import { dataDir, failures, PROOF_MS } from './bench.ts';

test(
  'what "drydock scenario new" writes is proved as it is',
  async () => {
    const folder = join(dataDir(), 'my-pack', 'first-task');
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
    const folder = join(dataDir(), 'my-pack', 'second-task');
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
