/** Start, fork and memory of clusters. */
import { Cluster } from '#cluster/cluster.ts';
import { median, row, times } from './measure.ts';

const CLUSTERS = 1000;
const RUNS = 30;
const MIB = 1024 * 1024;

export async function benchClusters(rivalReadyMs: number | undefined): Promise<void> {
  const boot = median(
    await times(RUNS, (run) => void Cluster.create({ now: 1_780_000_000_000 + run * 1000, seed: run })),
  );
  const rival =
    rivalReadyMs === undefined
      ? 'rival not built'
      : `1/${Math.round(rivalReadyMs / boot)} of the real control plane's ${(rivalReadyMs / 1000).toFixed(1)} s`;
  row('a fresh cluster of 3 nodes, at rest', `${boot.toFixed(1)} ms, ${rival}`, '20 ms');

  const origin = Cluster.create({ now: 1_780_000_000_000 });
  const forked = median(await times(RUNS, () => void origin.fork()));
  row('fork', `${forked.toFixed(2)} ms`, '1 ms');

  globalThis.gc?.();
  const before = process.memoryUsage();
  const kept = Array.from({ length: CLUSTERS }, (_, seed) => Cluster.create({ now: 1_780_000_000_000, seed }));
  globalThis.gc?.();
  const after = process.memoryUsage();
  const each = (after.heapUsed + after.external - before.heapUsed - before.external) / kept.length / MIB;
  row(
    `memory of an idle cluster, over ${kept.length}`,
    `${each.toFixed(2)} MiB, 1/${Math.round(650 / each)} of the real control plane's 650 MB`,
    '1 MB',
  );
}
