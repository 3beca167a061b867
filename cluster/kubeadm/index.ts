/** What kubeadm leaves in a cluster that a control plane alone does not have. */
import { stringify } from 'yaml';
import type { Node } from '../api/types.ts';
import { MANIFESTS, writeNodeFile } from '../node-files.ts';
import type { Client } from '../store/client.ts';
import type { Store } from '../store/store.ts';
import { installAccess } from './access.ts';
import { installAddons } from './addons.ts';
import { controlPlanePods } from './manifests.ts';
import { installMetrics } from './metrics.ts';
import { installStorage } from './storage.ts';

export { announceCluster } from './access.ts';

const CONTROL_PLANE = 'node-role.kubernetes.io/control-plane';

/** The nodes are there already; their kubelets start what stands in the manifests. */
export function installKubeadm(client: Client, store: Store): void {
  installAccess(client);
  installAddons(client);
  installStorage(client);
  installMetrics(client);
  for (const { metadata, status } of store.list<Node>('nodes')) {
    if (metadata.labels?.[CONTROL_PLANE] === undefined) continue;
    const address = status?.addresses?.find(({ type }) => type === 'InternalIP')?.address ?? '';
    for (const pod of controlPlanePods(metadata.name, address)) {
      writeNodeFile(store, metadata.name, `${MANIFESTS}/${pod.metadata.name}.yaml`, stringify(pod));
    }
  }
}
