import { availableParallelism } from 'node:os';
import type { Logger } from 'pino';
import { ClusterHost } from '#cluster/serve/host.ts';
import type { Clusters } from '../ports.ts';

/** A core is left for the terminals; more than four threads serve nobody on one machine. */
const MAX_WORKERS = 4;

export async function openClusters(log: Logger): Promise<Clusters> {
  const workers = Math.max(1, Math.min(MAX_WORKERS, availableParallelism() - 1));
  return ClusterHost.start({ workers, onFault: (what) => log.error({ fault: what }, 'a cluster made a mistake') });
}
