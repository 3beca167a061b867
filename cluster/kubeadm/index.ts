/** What kubeadm leaves in a cluster that a control plane alone does not have. */
import type { Node } from '../api/types.ts';
import { placeApiServer } from '../bootstrap.ts';
import { nodeAddress } from '../network/address.ts';
import type { Client } from '../store/client.ts';
import type { Store } from '../store/store.ts';
import { installAccess } from './access.ts';
import { installAddons } from './addons.ts';
import { setUpMachine } from './machine.ts';
import { installMetrics } from './metrics.ts';
import { installStorage } from './storage.ts';

export { announceCluster } from './access.ts';
export { furnishMachine, machineFiles, renewCertificates } from './machine.ts';

const CONTROL_PLANE = 'node-role.kubernetes.io/control-plane';
const SECURE_PORT = 6443;
/** Where the control plane of a cluster would be that has only workers. */
const FIRST_NODE = '172.30.1.2';

/** The nodes are there already; their kubelets start what stands in the manifests. */
export function installKubeadm(client: Client, store: Store): void {
  installAccess(client);
  installAddons(client);
  installStorage(client);
  installMetrics(client);
  const nodes = store.list<Node>('nodes');
  for (const node of nodes) setUpMachine(store, node);
  const own = nodes.filter(({ metadata }) => metadata.labels?.[CONTROL_PLANE] !== undefined);
  placeApiServer(store, own.length > 0 ? own.map((node) => nodeAddress(node) ?? '') : [FIRST_NODE], SECURE_PORT);
}
