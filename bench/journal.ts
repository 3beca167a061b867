/** What it costs a write to be put down in a journal: the same writes to a cluster with one and to one without, in turn. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serveCluster } from '../cluster/serve/served-cluster.ts';
import { Connection } from './connection.ts';
import { median, row } from './measure.ts';

const WRITES = 300;

async function target(folder: string, name: string, journal: boolean) {
  const onFault = (what: string, fault: unknown): never => {
    throw new Error(what, { cause: fault });
  };
  const served = await serveCluster({
    start: { now: Date.now(), nodes: ['node01'] },
    listen: { host: '127.0.0.1', port: 0 },
    onFault,
    ...(journal && { journal: { folder: join(folder, name) } }),
  });
  served.journal?.turn();
  const address = served.address();
  const kubeconfig = join(folder, `${name}.conf`);
  writeFileSync(kubeconfig, served.kubeconfig(`https://127.0.0.1:${'port' in address ? address.port : 0}`));
  return { served, connection: new Connection(kubeconfig, process.pid, 1) };
}

export async function benchJournal(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'drydock-bench-journal-'));
  const [withOne, without] = [await target(folder, 'with', true), await target(folder, 'without', false)];
  const write =
    ({ connection }: typeof withOne) =>
    async (run: number): Promise<void> => {
      for (let n = 0; n < WRITES; n += 1) {
        const metadata = { name: `c${run}-${n}` };
        const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { key: 'x'.repeat(500) } };
        await connection.ask('POST', '/api/v1/namespaces/default/configmaps', JSON.stringify(object));
      }
    };
  // Of the CPU, client and server together: others may be busy on this machine.
  const spent = async (work: () => Promise<void>): Promise<number> => {
    const before = process.cpuUsage();
    await work();
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000 / WRITES;
  };
  const found: { a: number; b: number }[] = [];
  for (let run = 0; run < 21; run += 1) {
    const a = await spent(() => write(withOne)(run));
    const b = await spent(() => write(without)(run));
    // The first rounds compile.
    if (run >= 4) found.push({ a, b });
  }
  const of = (pick: (pair: { a: number; b: number }) => number): number => median(found.map(pick));
  row(
    'CPU of a POST of a ConfigMap, with a journal',
    `${of(({ a }) => a).toFixed(3)} ms; without ${of(({ b }) => b).toFixed(3)} ms: ${of(({ a, b }) => a / b).toFixed(2)}`,
    'at most 1.10',
  );
  for (const { served, connection } of [withOne, without]) {
    connection.close();
    await served.close();
  }
  rmSync(folder, { recursive: true, force: true });
}
