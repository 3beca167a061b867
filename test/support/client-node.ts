/** A bare cluster served on loopback, and the unmodified JavaScript client set up for it. */
import { KubeConfig } from '@kubernetes/client-node';
import { serveCluster, type ServedCluster } from '#cluster/serve/served-cluster.ts';

export interface ClientNode {
  config: KubeConfig;
  served: ServedCluster;
}

/** A fault inside the server fails the test that caused it. */
export async function serveForClientNode(): Promise<ClientNode> {
  const served = await serveCluster({
    start: { now: Date.now(), bare: true, kubelet: 'stand-in' },
    listen: { host: '127.0.0.1', port: 0 },
    onFault: (what, fault) => {
      throw new Error(what, { cause: fault });
    },
  });
  const address = served.address();
  if (!('port' in address)) throw new Error('no port');
  const config = new KubeConfig();
  config.loadFromString(served.kubeconfig(`https://127.0.0.1:${address.port}`));
  return { config, served };
}
