/** Storage by request: Rancher's local-path provisioner and its class, which is not the default one. */
import type {
  ClusterRole,
  ClusterRoleBinding,
  ConfigMap,
  Deployment,
  Namespace,
  ServiceAccount,
  StorageClass,
} from '../api/types.ts';
import type { Client } from '../store/client.ts';
import { PREFERS_CONTROL_PLANE, TOLERATES_CONTROL_PLANE } from './placement.ts';

const NAMESPACE = 'local-path-storage';
const NAME = 'local-path-provisioner';
const ACCOUNT = 'local-path-provisioner-service-account';
const ROLE = 'local-path-provisioner-role';
const RBAC = 'rbac.authorization.k8s.io';

const namespace: Namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE } };
const account: ServiceAccount = {
  apiVersion: 'v1',
  kind: 'ServiceAccount',
  metadata: { name: ACCOUNT, namespace: NAMESPACE },
};
const role: ClusterRole = {
  apiVersion: `${RBAC}/v1`,
  kind: 'ClusterRole',
  metadata: { name: ROLE },
  rules: [
    {
      apiGroups: [''],
      resources: ['nodes', 'persistentvolumeclaims', 'configmaps', 'pods', 'pods/log'],
      verbs: ['get', 'list', 'watch'],
    },
    {
      apiGroups: [''],
      resources: ['persistentvolumes'],
      verbs: ['get', 'list', 'watch', 'create', 'patch', 'update', 'delete'],
    },
    { apiGroups: [''], resources: ['events'], verbs: ['create', 'patch'] },
    { apiGroups: ['storage.k8s.io'], resources: ['storageclasses'], verbs: ['get', 'list', 'watch'] },
  ],
};
const roleBinding: ClusterRoleBinding = {
  apiVersion: `${RBAC}/v1`,
  kind: 'ClusterRoleBinding',
  metadata: { name: 'local-path-provisioner-bind' },
  roleRef: { apiGroup: RBAC, kind: 'ClusterRole', name: ROLE },
  subjects: [{ kind: 'ServiceAccount', name: ACCOUNT, namespace: NAMESPACE }],
};
const config: ConfigMap = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'local-path-config', namespace: NAMESPACE },
  data: {
    'config.json':
      '{"nodePathMap":[{"node":"DEFAULT_PATH_FOR_NON_LISTED_NODES","paths":["/opt/local-path-provisioner"]}]}\n',
  },
};
const deployment: Deployment = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: NAME, namespace: NAMESPACE },
  spec: {
    replicas: 1,
    selector: { matchLabels: { app: NAME } },
    template: {
      metadata: { labels: { app: NAME } },
      spec: {
        serviceAccountName: ACCOUNT,
        affinity: PREFERS_CONTROL_PLANE,
        tolerations: [TOLERATES_CONTROL_PLANE],
        containers: [
          {
            name: NAME,
            image: 'docker.io/rancher/local-path-provisioner:v0.0.32',
            imagePullPolicy: 'IfNotPresent',
            command: [NAME, '--debug', 'start', '--config', '/etc/config/config.json'],
            volumeMounts: [{ name: 'config-volume', mountPath: '/etc/config/' }],
            env: [{ name: 'POD_NAMESPACE', valueFrom: { fieldRef: { fieldPath: 'metadata.namespace' } } }],
          },
        ],
        volumes: [{ name: 'config-volume', configMap: { name: 'local-path-config' } }],
      },
    },
  },
};
const storageClass: StorageClass = {
  apiVersion: 'storage.k8s.io/v1',
  kind: 'StorageClass',
  metadata: { name: 'local-path' },
  provisioner: 'rancher.io/local-path',
  volumeBindingMode: 'WaitForFirstConsumer',
  reclaimPolicy: 'Delete',
};

export function installStorage(client: Client): void {
  client.create('namespaces', namespace);
  client.create('serviceaccounts', account);
  client.create(`clusterroles.${RBAC}`, role);
  client.create(`clusterrolebindings.${RBAC}`, roleBinding);
  client.create('configmaps', config);
  client.create('deployments.apps', deployment);
  client.create('storageclasses.storage.k8s.io', storageClass);
}
