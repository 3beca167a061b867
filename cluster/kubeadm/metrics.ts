/** The metrics server: what `kubectl top` and autoscalers ask. */
import type {
  ClusterRole,
  ClusterRoleBinding,
  Deployment,
  KubeObject,
  RoleBinding,
  Service,
  ServiceAccount,
} from '../api/types.ts';
import type { Client } from '../store/client.ts';
import { PREFERS_CONTROL_PLANE, TOLERATES_CONTROL_PLANE } from './placement.ts';

const NAME = 'metrics-server';
const NAMESPACE = 'kube-system';
const RBAC = 'rbac.authorization.k8s.io';
const labels = { 'k8s-app': NAME };

const account: ServiceAccount = {
  apiVersion: 'v1',
  kind: 'ServiceAccount',
  metadata: { name: NAME, namespace: NAMESPACE, labels },
};
const subjects = [{ kind: 'ServiceAccount', name: NAME, namespace: NAMESPACE }];

const roles: ClusterRole[] = [
  {
    apiVersion: `${RBAC}/v1`,
    kind: 'ClusterRole',
    metadata: {
      name: 'system:aggregated-metrics-reader',
      labels: {
        ...labels,
        'rbac.authorization.k8s.io/aggregate-to-admin': 'true',
        'rbac.authorization.k8s.io/aggregate-to-edit': 'true',
        'rbac.authorization.k8s.io/aggregate-to-view': 'true',
      },
    },
    rules: [{ apiGroups: ['metrics.k8s.io'], resources: ['pods', 'nodes'], verbs: ['get', 'list', 'watch'] }],
  },
  {
    apiVersion: `${RBAC}/v1`,
    kind: 'ClusterRole',
    metadata: { name: `system:${NAME}`, labels },
    rules: [
      { apiGroups: [''], resources: ['nodes/metrics'], verbs: ['get'] },
      { apiGroups: [''], resources: ['pods', 'nodes'], verbs: ['get', 'list', 'watch'] },
    ],
  },
];
const clusterBinding = (name: string, role: string): ClusterRoleBinding => ({
  apiVersion: `${RBAC}/v1`,
  kind: 'ClusterRoleBinding',
  metadata: { name, labels },
  roleRef: { apiGroup: RBAC, kind: 'ClusterRole', name: role },
  subjects,
});
const reader: RoleBinding = {
  apiVersion: `${RBAC}/v1`,
  kind: 'RoleBinding',
  metadata: { name: `${NAME}-auth-reader`, namespace: NAMESPACE, labels },
  roleRef: { apiGroup: RBAC, kind: 'Role', name: 'extension-apiserver-authentication-reader' },
  subjects,
};
const service: Service = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: NAME, namespace: NAMESPACE, labels },
  spec: {
    selector: labels,
    ports: [{ name: 'https', appProtocol: 'https', port: 443, protocol: 'TCP', targetPort: 'https' }],
  },
};
const probe = (path: string) => ({ httpGet: { path, port: 'https', scheme: 'HTTPS' }, periodSeconds: 10 });
const deployment: Deployment = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: NAME, namespace: NAMESPACE, labels },
  spec: {
    selector: { matchLabels: labels },
    strategy: { rollingUpdate: { maxUnavailable: 0 } },
    template: {
      metadata: { labels },
      spec: {
        serviceAccountName: NAME,
        priorityClassName: 'system-cluster-critical',
        affinity: PREFERS_CONTROL_PLANE,
        tolerations: [TOLERATES_CONTROL_PLANE],
        nodeSelector: { 'kubernetes.io/os': 'linux' },
        containers: [
          {
            name: NAME,
            image: 'registry.k8s.io/metrics-server/metrics-server:v0.8.0',
            imagePullPolicy: 'IfNotPresent',
            args: [
              '--cert-dir=/tmp',
              '--secure-port=10250',
              '--kubelet-preferred-address-types=InternalIP,ExternalIP,Hostname',
              '--kubelet-use-node-status-port',
              '--metric-resolution=15s',
              '--kubelet-insecure-tls',
            ],
            ports: [{ containerPort: 10250, name: 'https', protocol: 'TCP' }],
            livenessProbe: { ...probe('/livez'), failureThreshold: 3 },
            readinessProbe: { ...probe('/readyz'), failureThreshold: 3, initialDelaySeconds: 20 },
            resources: { requests: { cpu: '100m', memory: '200Mi' } },
            securityContext: {
              allowPrivilegeEscalation: false,
              capabilities: { drop: ['ALL'] },
              readOnlyRootFilesystem: true,
              runAsNonRoot: true,
              runAsUser: 1000,
              seccompProfile: { type: 'RuntimeDefault' },
            },
            volumeMounts: [{ mountPath: '/tmp', name: 'tmp-dir' }],
          },
        ],
        volumes: [{ emptyDir: {}, name: 'tmp-dir' }],
      },
    },
  },
};
const apiService = {
  apiVersion: 'apiregistration.k8s.io/v1',
  kind: 'APIService',
  metadata: { name: 'v1beta1.metrics.k8s.io', labels },
  spec: {
    group: 'metrics.k8s.io',
    groupPriorityMinimum: 100,
    insecureSkipTLSVerify: true,
    service: { name: NAME, namespace: NAMESPACE },
    version: 'v1beta1',
    versionPriority: 100,
  },
} satisfies KubeObject & { spec: object };

export function installMetrics(client: Client): void {
  client.create('serviceaccounts', account);
  for (const role of roles) client.create(`clusterroles.${RBAC}`, role);
  client.create(`rolebindings.${RBAC}`, reader);
  client.create(
    `clusterrolebindings.${RBAC}`,
    clusterBinding(`${NAME}:system:auth-delegator`, 'system:auth-delegator'),
  );
  client.create(`clusterrolebindings.${RBAC}`, clusterBinding(`system:${NAME}`, `system:${NAME}`));
  client.create('services', service);
  client.create('deployments.apps', deployment);
  client.create<KubeObject>('apiservices.apiregistration.k8s.io', apiService);
}
