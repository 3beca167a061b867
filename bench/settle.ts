/** What it costs that a cluster comes to rest, and that it stays there: CPU time of this process, medians. */
import { Cluster } from '#cluster/cluster.ts';
import type { Deployment } from '#cluster/api/types.ts';
import { median, row } from './measure.ts';

const NOW = 1_780_000_000_000;
const RUNS = 9;
/** Milliseconds of an idle cluster's life that are measured. */
const IDLE_MS = 60 * 60 * 1000;

const deployment = (replicas: number): Deployment => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', namespace: 'default' },
  spec: {
    replicas,
    selector: { matchLabels: { app: 'web' } },
    template: {
      metadata: { labels: { app: 'web' } },
      spec: { containers: [{ name: 'web', image: 'nginx:1.27', resources: { requests: { cpu: '10m' } } }] },
    },
  },
});

/** Milliseconds of CPU, user and system. */
function cpuOf(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

/** Until all replicas run; the nodes pull the image once. */
function rollOut(nodes: number, replicas: number, seed: number): number {
  const names = Array.from({ length: nodes }, (_, index) => `node${String(index + 1).padStart(2, '0')}`);
  const cluster = Cluster.create({ now: NOW, nodes: ['controlplane', ...names], seed });
  const client = cluster.client('kubernetes-admin');
  const spent = cpuOf(() => {
    client.create('deployments.apps', deployment(replicas));
    cluster.settle();
    cluster.advance(30_000);
  });
  const ready = client.get<Deployment>('deployments.apps', 'default', 'web')?.status?.readyReplicas;
  if (ready !== replicas) throw new Error(`${ready} of ${replicas} replicas are ready`);
  return spent;
}

export function benchSettling(): void {
  const measure = (nodes: number, replicas: number, runs: number) =>
    // the first runs are not counted: there is something to compile
    median(Array.from({ length: runs + 2 }, (_, run) => rollOut(nodes, replicas, run)).slice(2));
  row('a deployment of 50 replicas until all run', `${measure(2, 50, RUNS).toFixed(0)} ms of CPU`, '50 ms');
  row('500 pods over 20 nodes until all run', `${measure(20, 500, 3).toFixed(0)} ms of CPU`, '1000 ms');
  const cluster = Cluster.create({ now: NOW });
  const idle = cpuOf(() => cluster.advance(IDLE_MS));
  row('an idle cluster, share of a core', `${((idle / IDLE_MS) * 100).toFixed(3)} %`, '0.05 %');
}
