/**
 * The files of the cluster's machines that something in the cluster depends on: static pods' manifests. They lie in the store beside
 * the objects, so that forks and snapshots carry them, under a name that no client can ask for.
 */
import type { KubeObject } from './api/types.ts';
import type { Keep, Reader } from './store/client.ts';

export const NODE_FILES = 'nodefiles.drydock';
/** Where the kubelets look for static pods: their staticPodPath. */
export const MANIFESTS = '/etc/kubernetes/manifests';
/** Where containerd looks for a network. */
export const CNI_CONFIGS = '/etc/cni/net.d';
/** Written by kubeadm on machines that it has made part of a control plane. */
export const ADMIN_CONFIG = '/etc/kubernetes/admin.conf';

interface NodeFiles extends KubeObject {
  /** Text by absolute path. */
  files: Record<string, string>;
}

const NONE: Readonly<Record<string, string>> = {};

/** Text by absolute path, of one node. The same object as long as nothing changes. */
export const nodeFiles = (store: Reader, node: string): Readonly<Record<string, string>> =>
  store.get<NodeFiles>(NODE_FILES, '', node)?.files ?? NONE;

/** Names of the machines that kubeadm has made part of a control plane. */
export const controlPlaneNodes = (store: Reader): string[] =>
  store
    .list<NodeFiles>(NODE_FILES)
    .filter(({ files }) => files[ADMIN_CONFIG] !== undefined)
    .map(({ metadata }) => metadata.name);

export function putNodeFiles(store: Keep, node: string, files: Readonly<Record<string, string>>): void {
  const written: NodeFiles = {
    apiVersion: 'drydock/v1',
    kind: 'NodeFiles',
    metadata: { name: node },
    files: { ...files },
  };
  store.put(NODE_FILES, written);
}

/** Without a text the file is removed. */
export function writeNodeFile(store: Keep, node: string, path: string, text: string | undefined): void {
  const { [path]: _before, ...others } = nodeFiles(store, node);
  putNodeFiles(store, node, text === undefined ? others : { ...others, [path]: text });
}
