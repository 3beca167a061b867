/** What kubeadm leaves in a cluster that a control plane alone does not have. */
import type { Node } from '../api/types.ts';
import type { Client } from '../store/client.ts';
import type { Store } from '../store/store.ts';
import { installAccess } from './access.ts';
import { installAddons } from './addons.ts';
import { setUpMachine } from './machine.ts';
import { installMetrics } from './metrics.ts';
import { installStorage } from './storage.ts';

export { announceCluster } from './access.ts';
export { furnishMachine } from './machine.ts';

/** The nodes are there already; their kubelets start what stands in the manifests. */
export function installKubeadm(client: Client, store: Store): void {
  installAccess(client);
  installAddons(client);
  installStorage(client);
  installMetrics(client);
  for (const node of store.list<Node>('nodes')) setUpMachine(store, node);
}
