/** The same kubectl on `drydock cluster --bare` and on the real control plane, in turn. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { pairs, row } from './measure.ts';

const execute = promisify(execFile);
const RUNS = 25;

const manifest = (run: number) => `apiVersion: v1
kind: ConfigMap
metadata: {name: bench}
data: {run: "${run}"}
`;

export async function benchKubectl(kubectl: string, ours: string, rival: string | undefined): Promise<void> {
  if (rival === undefined) {
    row('kubectl get pods, apply -f', 'not measured: no real control plane (set ORACLE)', 'ratio 1.0');
    return;
  }
  const folder = await mkdtemp(join(tmpdir(), 'drydock-bench-'));
  try {
    const environment = { HOME: folder, PATH: '/usr/bin:/bin' } as unknown as NodeJS.ProcessEnv;
    const run = async (kubeconfig: string, ...args: string[]) => {
      await execute(kubectl, ['--kubeconfig', kubeconfig, ...args], { env: environment });
    };
    const get = await pairs(
      RUNS,
      () => run(ours, 'get', 'pods', '-A'),
      () => run(rival, 'get', 'pods', '-A'),
    );
    row(
      'kubectl get pods -A',
      `${get.a.toFixed(0)} ms against ${get.b.toFixed(0)} ms: ratio ${get.ratio.toFixed(2)}`,
      'ratio 1.0',
    );
    const file = join(folder, 'cm.yaml');
    const apply = async (kubeconfig: string, round: number) => {
      await writeFile(file, manifest(round));
      await run(kubeconfig, 'apply', '-f', file);
    };
    const applied = await pairs(
      RUNS,
      (round) => apply(ours, round),
      (round) => apply(rival, round),
    );
    row(
      'kubectl apply -f',
      `${applied.a.toFixed(0)} ms against ${applied.b.toFixed(0)} ms: ratio ${applied.ratio.toFixed(2)}`,
      'ratio 1.0',
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
