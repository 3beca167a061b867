/** Who may do what in a cluster of kubeadm's beyond what every API server brings: joining nodes, and reading how the cluster was set up. */
import type { ClusterRole, ClusterRoleBinding, ConfigMap, Role, RoleBinding } from '../api/types.ts';
import type { Client } from '../store/client.ts';

const GROUP = 'rbac.authorization.k8s.io';
const BOOTSTRAPPERS = 'system:bootstrappers:kubeadm:default-node-token';
const NODES = 'system:nodes';
const PUBLIC = 'kube-public';
const CLUSTER_INFO = 'cluster-info';
/** Of the first control plane's machine: see cluster/nodes.ts. */
const SERVER = 'https://172.30.1.2:6443';

const group = (name: string) => ({ apiGroup: GROUP, kind: 'Group', name });

const clusterBinding = (name: string, role: string, ...groups: string[]): ClusterRoleBinding => ({
  apiVersion: `${GROUP}/v1`,
  kind: 'ClusterRoleBinding',
  metadata: { name },
  roleRef: { apiGroup: GROUP, kind: 'ClusterRole', name: role },
  subjects: groups.map(group),
});

/** Lets `subjects` read one ConfigMap. */
function reading(
  namespace: string,
  name: string,
  configMap: string,
  subjects: RoleBinding['subjects'],
): { role: Role; binding: RoleBinding } {
  const metadata = { namespace, name };
  return {
    role: {
      apiVersion: `${GROUP}/v1`,
      kind: 'Role',
      metadata,
      rules: [{ apiGroups: [''], resources: ['configmaps'], resourceNames: [configMap], verbs: ['get'] }],
    },
    binding: {
      apiVersion: `${GROUP}/v1`,
      kind: 'RoleBinding',
      metadata,
      roleRef: { apiGroup: GROUP, kind: 'Role', name },
      subjects,
    },
  };
}

const getNodes: ClusterRole = {
  apiVersion: `${GROUP}/v1`,
  kind: 'ClusterRole',
  metadata: { name: 'kubeadm:get-nodes' },
  rules: [{ apiGroups: [''], resources: ['nodes'], verbs: ['get'] }],
};

/** How to find and trust the cluster, for machines that join it: read without an account. */
const clusterInfo = (caCertificate: string): Record<string, string> => ({
  kubeconfig: `apiVersion: v1
clusters:
- cluster:
    certificate-authority-data: ${Buffer.from(caCertificate).toString('base64')}
    server: ${SERVER}
  name: ""
contexts: null
current-context: ""
kind: Config
preferences: {}
users: null
`,
});

/** Once the certificate authority is known, which is not shared between clusters. */
export function announceCluster(client: Client, caCertificate: string): void {
  const info = client.get<ConfigMap>('configmaps', PUBLIC, CLUSTER_INFO);
  if (info) client.update<ConfigMap>('configmaps', { ...info, data: clusterInfo(caCertificate) });
}

export function installAccess(client: Client): void {
  client.create(`clusterroles.${GROUP}`, getNodes);
  for (const binding of [
    clusterBinding('kubeadm:cluster-admins', 'cluster-admin', 'kubeadm:cluster-admins'),
    clusterBinding('kubeadm:get-nodes', 'kubeadm:get-nodes', BOOTSTRAPPERS),
    clusterBinding('kubeadm:kubelet-bootstrap', 'system:node-bootstrapper', BOOTSTRAPPERS),
    clusterBinding(
      'kubeadm:node-autoapprove-bootstrap',
      'system:certificates.k8s.io:certificatesigningrequests:nodeclient',
      BOOTSTRAPPERS,
    ),
    clusterBinding(
      'kubeadm:node-autoapprove-certificate-rotation',
      'system:certificates.k8s.io:certificatesigningrequests:selfnodeclient',
      NODES,
    ),
  ]) {
    client.create(`clusterrolebindings.${GROUP}`, binding);
  }
  client.create<ConfigMap>('configmaps', {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: CLUSTER_INFO, namespace: PUBLIC },
    data: clusterInfo(''),
  });
  for (const { role, binding } of [
    reading(PUBLIC, 'kubeadm:bootstrap-signer-clusterinfo', CLUSTER_INFO, [
      { apiGroup: GROUP, kind: 'User', name: 'system:anonymous' },
    ]),
    reading('kube-system', 'kubeadm:kubelet-config', 'kubelet-config', [group(NODES), group(BOOTSTRAPPERS)]),
    reading('kube-system', 'kubeadm:nodes-kubeadm-config', 'kubeadm-config', [group(BOOTSTRAPPERS), group(NODES)]),
  ]) {
    client.create(`roles.${GROUP}`, role);
    client.create(`rolebindings.${GROUP}`, binding);
  }
}
