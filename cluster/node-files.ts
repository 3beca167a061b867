/**
 * The files of the cluster's machines that something in the cluster depends on: static pods' manifests. They lie in the store beside
 * the objects, so that forks and snapshots carry them, under a name that no client can ask for.
 */
import type { KubeObject } from './api/types.ts';
import type { Reader } from './store/client.ts';
import type { Store } from './store/store.ts';

export const NODE_FILES = 'nodefiles.drydock';
/** Where the kubelets look for static pods: their staticPodPath. */
export const MANIFESTS = '/etc/kubernetes/manifests';

interface NodeFiles extends KubeObject {
  /** Text by absolute path. */
  files: Record<string, string>;
}

/** Text by absolute path, of one node. */
export const nodeFiles = (store: Reader, node: string): Readonly<Record<string, string>> =>
  store.get<NodeFiles>(NODE_FILES, '', node)?.files ?? {};

/** Without a text the file is removed. */
export function writeNodeFile(store: Store, node: string, path: string, text: string | undefined): void {
  const { [path]: _before, ...others } = nodeFiles(store, node);
  const files = text === undefined ? others : { ...others, [path]: text };
  const written: NodeFiles = { apiVersion: 'drydock/v1', kind: 'NodeFiles', metadata: { name: node }, files };
  store.put(NODE_FILES, written);
}
