/** The same kubectl on our cluster and on the real control plane, in turn. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ClusterHost } from '#cluster/serve/host.ts';
import { createServer } from 'node:net';
import { pairs, row } from './measure.ts';

const execute = promisify(execFile);
const RUNS = 15;

const manifest = (run: number) => `apiVersion: v1
kind: ConfigMap
metadata: {name: bench}
data: {run: "${run}"}
`;

export async function benchKubectl(kubectl: string, rival: string | undefined): Promise<void> {
  if (rival === undefined) {
    row('kubectl get pods, apply -f', 'not measured: no real control plane (set ORACLE)', 'ratio 1.0');
    return;
  }
  const folder = await mkdtemp(join(tmpdir(), 'drydock-bench-'));
  const host = await ClusterHost.start();
  const live = await host.create();
  // kubectl needs a port: bytes are piped as the workspace pipes them
  const door = createServer((socket) => {
    const inside = live.connect();
    socket.pipe(inside).pipe(socket);
    for (const end of [socket, inside]) end.on('error', () => socket.destroy());
  });
  await new Promise<void>((resolve) => {
    door.listen(0, '127.0.0.1', () => resolve());
  });
  try {
    const address = door.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    const ours = join(folder, 'ours.conf');
    const file = join(folder, 'cm.yaml');
    await writeFile(ours, live.kubeconfig.replace('https://127.0.0.1:6443', `https://127.0.0.1:${port}`));
    const run = (kubeconfig: string, ...args: string[]) =>
      execute(kubectl, ['--kubeconfig', kubeconfig, ...args], {
        env: { HOME: folder, PATH: '/usr/bin:/bin' } as unknown as NodeJS.ProcessEnv,
      }).then(() => undefined);
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
    const apply = async (kubeconfig: string, round: number) => {
      await writeFile(file, manifest(round));
      await run(kubeconfig, 'apply', '-f', file);
    };
    const applied = await pairs(
      RUNS,
      (round) => apply(ours, round),
      (round) => apply(rival, round),
    );
    await run(rival, 'delete', '-f', file);
    row(
      'kubectl apply -f',
      `${applied.a.toFixed(0)} ms against ${applied.b.toFixed(0)} ms: ratio ${applied.ratio.toFixed(2)}`,
      'ratio 1.0',
    );
  } finally {
    door.close();
    await live.close();
    await host.close();
    await rm(folder, { recursive: true, force: true });
  }
}
